"""The door to the compiled loops: loads them from the user's cache or has them compiled, and says whether they are there.

They are compiled by a process of their own, a few seconds once for each processor and version of the program: so the window
is not held up, and closing it ends the compiler at once. What is kept is object code, named by the processor, by LLVM's
version and by the sources; code that was made for another processor is never loaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import platformdirs

from convgui.engine.layers import error_function

CACHE = "CONVGUI_CACHE_DIR"
"""The variable of the environment that names another folder for compiled code."""

_lock = threading.Lock()
_loaded: Any = None
_failure: Exception | None = None
_compiler: subprocess.Popen[bytes] | None = None
_stops = 0
"""How often the compiler was told to end; whoever waits for it compares."""


def ready() -> Any | None:
    """Return the compiled functions if they have been loaded, else None. Never waits."""
    return _loaded


def load() -> Any | None:
    """Load the compiled functions, waiting for the compiler if need be.

    Returns
    -------
    namespace or None
        The exports of `compiled.build`, and the records and sizes that their callers need; None if the compiler does not
        work on this machine, so that the reference serves, or if it was stopped meanwhile.
    """
    global _loaded, _failure
    before = _stops
    with _lock:
        if _loaded is None and _failure is None and _stops == before:
            try:
                _loaded = _functions(_code(before))
            except Exception as error:  # whatever ails the compiler, the reference gives the same values
                _failure = error if _stops == before else None
        return _loaded


def load_kept() -> None:
    """Load the compiled functions if an earlier start has left them in the cache; nothing is compiled.

    A file that cannot be used is left to `load`.
    """
    global _loaded
    with _lock:
        if _loaded is None and _failure is None and (code := _read(_kept())) is not None:
            with suppress(Exception):
                _loaded = _functions(code)


def failure() -> Exception | None:
    """Return why the compiled functions could not be loaded, if that was tried and failed."""
    return _failure


def kind() -> str:
    """Return the kind of processor that is compiled for, which decides between strategies."""
    from convgui.engine.strategies.compiled import processor

    return processor.KIND


def stop() -> None:
    """End the compiler, if it is at work: the program is about to close. Whoever waits for it gets None."""
    global _stops
    _stops += 1
    if (compiler := _compiler) is not None:
        with suppress(OSError):
            compiler.kill()


def _functions(code: bytes) -> Any:
    """Return the functions of object code with all that is known to those who call them."""
    from convgui.engine.strategies.compiled import build, correlate, fourier, processor, records, tiles
    from convgui.engine.strategies.compiled.kinds import Record

    return SimpleNamespace(
        **build.loaded(code),
        **{name: value.dtype for name, value in vars(records).items() if isinstance(value, Record)},
        KINDS=records.KINDS,
        MAPS=processor.MAPS,
        ROWS=processor.ROWS,
        WIDE=correlate.WIDE,
        LANES=processor.LANES,
        ACROSS=processor.DEEP * processor.LANES,
        KIND=processor.KIND,
        SLACK=correlate.SLACK,
        BAND=fourier.BAND,
        STRIP=tiles.STRIP,
    )


def _code(stops: int) -> bytes:
    """Return the object code for this processor, from the cache where it is there, unless `stop` is called meanwhile."""
    path = _kept()
    code = _read(path)
    if code is None:
        code = _made(stops)
        with suppress(OSError):  # a cache that cannot be written costs the next start some seconds, nothing else
            _write(path, code)
    return code


def _kept() -> Path:
    """Return where object code for this processor, of these sources, is kept."""
    return _folder() / f"loops-{_processor()}-{_sources()}.o"


def _folder() -> Path:
    """Return where compiled code is kept: in the user's cache, so that an install that cannot be written to is quick too."""
    return Path(os.environ.get(CACHE) or platformdirs.user_cache_dir("convgui", appauthor=False))


def _processor() -> str:
    """Return some letters that stand for the processor and for the LLVM that compiles for it."""
    import llvmlite
    from llvmlite.binding import llvm_version_info

    from convgui.engine.strategies.compiled import processor

    described = (processor.name(), processor.flags(), processor.triple(), llvmlite.__version__, llvm_version_info)
    return sha256(repr(described).encode()).hexdigest()[:12]


def _sources() -> str:
    """Return some letters that stand for what is compiled."""
    found = sha256()
    for path in (*sorted((Path(__file__).parent / "compiled").glob("*.py")), Path(error_function.__file__)):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]


def _read(path: Path) -> bytes | None:
    """Return the code that a file holds behind its digest; None if there is none, or if it is damaged."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, code = stored[:32], stored[32:]
    return code if code and sha256(code).digest() == digest else None


def _write(path: Path, code: bytes) -> None:
    """Keep code, in place of what former versions of the program left for the same processor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}")
    try:
        written.write_bytes(sha256(code).digest() + code)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
    for old in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.o"):
        if old != path:
            old.unlink(missing_ok=True)


def _made(stops: int) -> bytes:
    """Return object code made by a process of its own, or here where none can be started."""
    code = b"" if getattr(sys, "frozen", False) else _made_elsewhere(stops)
    if not code and _stops == stops:
        from convgui.engine.strategies.compiled import build

        code = build.compiled()
    if not code:
        raise RuntimeError("the compiler was stopped")
    return code


def _made_elsewhere(stops: int) -> bytes:
    """Return object code made by a process of its own; nothing if that could not be started, failed or was stopped."""
    global _compiler
    program = f"import sys; sys.path[:] = {sys.path!r}; from convgui.engine.strategies.compiled import build; build.main()"
    try:
        compiler = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return b""
    with compiler:
        _compiler = compiler
        if _stops != stops:  # before there was anything to end
            compiler.kill()
        try:
            code, _ = compiler.communicate()
        finally:
            _compiler = None
    return code if compiler.returncode == 0 else b""

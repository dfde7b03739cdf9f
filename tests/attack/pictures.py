"""Attacks on the door through which files come: ``python -m tests.attack.pictures [--tries N] [--seed S] [FOLDER ...]``.

Small files of every format, and all files of the folders that are named, are damaged by a seed and opened as the window does
it: in a process that is ended when it takes too long. Each must open, or be refused in a sentence that begins with its name.
What opened is compared with an independent decoder where there is one. Faults are kept in a folder that is named at the end.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from convgui.io.errors import FileError
from convgui.worker.decoder import Decoder
from tests.attack import files
from tests.attack.reference import agrees

SECONDS = 60.0
"""Seconds after which a file takes too long."""

MOST_MEMORY = 2_500_000_000
"""Bytes that opening a small file may take."""

NUMBERS = (0, 1, 2, 3, 127, 128, 255, 256, 32767, 32768, 65535, 2**24, 2**31 - 1, 2**31, 2**32 - 1)


def mutant(data, seed, others):
    """Return damaged bytes: flipped, cut, doubled, left out, numbers set to extremes, or joined with another file."""
    rng = random.Random(seed)
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        at = rng.randrange(min(len(data), 400) if rng.random() < 0.6 else len(data)) if data else 0
        kind = rng.randrange(8)
        if kind == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            data[at : at + 1] = bytes([data[at] ^ 1 << rng.randrange(8)]) if data else b""
        elif kind == 2:
            width = rng.choice((1, 2, 4, 8))
            number = rng.choice(NUMBERS) % (1 << 8 * width)
            data[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))
        elif kind == 3:
            del data[at:]
        elif kind == 4:
            del data[at : at + rng.randrange(1, 64)]
        elif kind == 5:
            data[at:at] = data[at : at + rng.randrange(1, 256)]
        elif kind == 6:
            data[at:at] = rng.randbytes(rng.randrange(1, 32))
        else:
            data[at:] = rng.choice(others)[at:]
    return bytes(data)


@dataclass
class Attack:
    """Opens files, counts what became of them, and keeps what is a fault."""

    folder: Path
    counts: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    decoder: Decoder = field(default_factory=Decoder)

    def try_bytes(self, name, data):
        """Open bytes as a file of that name; return the source, or None if it was refused."""
        path = self.folder / name
        path.write_bytes(data)
        source = self.try_file(path)
        if not any(fault.startswith(f"{name}: ") for fault in self.faults):
            path.unlink()
        return source

    def try_file(self, path):
        """Open a file; return the source, or None if it was refused."""
        self.counts["tries"] += 1
        begun = time.monotonic()
        try:
            source = self.decoder.open(path, lambda: time.monotonic() > begun + SECONDS)
            wrong = self._wrong(source)
        except FileError as error:
            self.counts["refused"] += 1
            source, wrong = None, self._unexplained(path, str(error))
        except BaseException as error:
            source, wrong = None, f"{type(error).__name__}: {error} after {time.monotonic() - begun:.1f} s"
        else:
            self.counts["opened"] += 1
        wrong = wrong or self._hungry()
        if wrong:
            self.faults.append(f"{path.name}: {wrong}")
        elif source is not None:
            self._compare(path, source)
        return source

    def _wrong(self, source):
        array = source.array
        if array.dtype not in (np.uint8, np.uint16, np.float32) or array.ndim not in (2, 3) or array.flags.writeable:
            return f"opened as {array.dtype} {array.shape}, writeable: {array.flags.writeable}"
        return ""

    def _unexplained(self, path, text):
        if "broke down" in text or not text.startswith(path.name) or not text.endswith(".") or "\n" in text:
            return f"refused with {text!r}"
        return ""

    def _hungry(self):
        """Return a fault if the process took too much memory, and end it so that the next file is told from this one."""
        process = self.decoder._process
        try:
            status = Path(f"/proc/{process._process.pid}/status").read_text()
            peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024
        except (OSError, TypeError, AttributeError):
            return ""
        self.counts["peak"] = max(self.counts["peak"], peak)
        if peak <= MOST_MEMORY:
            return ""
        process.end()
        return f"took {peak / 1e9:.1f} GB"

    def _compare(self, path, source):
        verdict = agrees(path, source)
        if verdict is None:
            return
        self.counts["compared"] += 1
        if not verdict:
            self.differing.append(path.name)

    def report(self):
        """Return one line of figures, and one for each fault and each difference."""
        counts = ", ".join(f"{self.counts[name]:,} {name}" for name in ("tries", "refused", "opened", "compared"))
        lines = [
            f"{counts}, {len(self.differing)} differ, {len(self.faults)} faults; peak {self.counts['peak'] / 1e6:,.0f} MB"
        ]
        return "\n".join(
            lines + [f"FAULT {fault}" for fault in self.faults] + [f"DIFFERS {name}" for name in self.differing]
        )


def attack(folder, seeds, tries, seed, show=lambda text: None):
    """Damage `seeds`, name to bytes, so many times, and open them; return the `Attack`."""
    work = Attack(Path(folder))
    rng = random.Random(seed)
    names, others = list(seeds), list(seeds.values())
    try:
        for number in range(tries):
            name = names[number % len(names)]
            work.try_bytes(f"{number:06d}-{name}", mutant(seeds[name], rng.random(), others))
            if number % 500 == 499:
                show(work.report().splitlines()[0])
    finally:
        work.decoder.close()
    return work


def main(words=None):
    """Attack for as long as it is told to; return 1 if there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.attack.pictures", description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", help="folders whose files are opened as they are, and damaged")
    parser.add_argument("--tries", type=int, default=5000, help="damaged files that are opened (default: 5000)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed damages the same bytes")
    options = parser.parse_args(words)
    folder = Path(tempfile.mkdtemp(prefix="convgui-attack-"))
    seeds, faults = files.originals(), 0
    whole = Attack(folder)
    for name, data in {**seeds, **files.bombs()}.items():
        whole.try_bytes(name, data)
    print(f"formats and bombs: {whole.report()}")
    faults += len(whole.faults)
    found = [path for place in options.folders for path in sorted(Path(place).rglob("*")) if path.is_file()]
    if found:
        plain = Attack(folder, decoder=whole.decoder)
        for path in found:
            plain.try_file(path)
        print(f"files as they are: {plain.report()}")
        faults += len(plain.faults)
        seeds |= {path.name: path.read_bytes() for path in found if path.stat().st_size < 300_000}
    whole.decoder.close()
    work = attack(folder, seeds, options.tries, options.seed, lambda text: print(text, flush=True))
    faults += len(work.faults)
    print(f"damaged, seed {options.seed}: {work.report()}\nfaults are kept in {folder}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Sessions of ONNX Runtime: a model that is run as it is, with no optimisation, and any of its tensors as outputs."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from convgui.engine.strategies.tiles import Cancelled, threads
from convgui.io.errors import FileError, file_error
from convgui.io.weights.runtime.rewritten import rewritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Model
    from convgui.io.weights.onnx.values import Values

MISSING = "needs one more package: pip install 'convgui[onnx]' (onnxruntime, which has none for macOS on Intel)"

OFTEN = 0.05
"""Seconds between two looks whether a run is still wanted."""


class Refused(Exception):
    """The model does not run on what it is given; why, as the end of a sentence."""


@dataclass(frozen=True, eq=False)
class Held:
    """What sessions are made of: the file as it was, with what lies beside it, its graph, and its input."""

    values: Values
    model: Model
    input: str


@lru_cache(maxsize=4)
def session(held: Held, names: tuple[str, ...], free: bool) -> Any:
    """Return a session that makes some tensors; `free`: whose rows and columns are any.

    Raises
    ------
    FileError
        If ONNX Runtime is not installed, or refuses the model.
    """
    stored = held.values.stored
    file = stored.path.name
    try:
        import onnxruntime
    except ImportError as error:
        raise FileError(f"{file}: {MISSING}.") from error
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = threads()
    outside = {name: value for name, value in held.model.graph.values.items() if value.external is not None}
    if outside:  # read as we read it: from a bare name beside the model, checked
        given = [onnxruntime.OrtValue.ortvalue_from_numpy(_exact(held.values, value)) for value in outside.values()]
        options.add_external_initializers(list(outside), given)
    data = rewritten(stored.bytes(0, stored.size), held.input, names, free)
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except MemoryError:
        raise
    except OSError as error:
        raise file_error(stored.path, error) from error
    except Exception as error:  # of many classes, all of one library
        raise FileError(f"{file}: cannot be run ({_line(error)}).") from error


def run(made: Any, names: list[str], given: dict[str, NDArray[Any]], cancelled: Callable[[], bool]) -> list[NDArray[Any]]:
    """Return what a session makes.

    Raises
    ------
    Refused
        If it does not run on that.
    Cancelled
        If it was cancelled.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.log_severity_level = 4
    with _watched(options, cancelled):
        try:
            found: list[NDArray[Any]] = made.run(names, given, options)
        except MemoryError:
            raise
        except Exception as error:  # of many classes, all of one library
            if cancelled():
                raise Cancelled from error
            raise Refused(_line(error)) from error
    return found


@contextmanager
def _watched(options: Any, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Have a run end when it is cancelled: the library looks for it between two operations."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(OFTEN):
            if cancelled():
                options.terminate = True
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _exact(values: Values, value: Any) -> NDArray[Any]:
    """Return a tensor of another file in its own dtype."""
    array = values.read(value, whole=True)
    return array.astype(value.dtype) if value.dtype in ("float16", "float32", "float64") else array


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")

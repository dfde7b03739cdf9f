"""The words of the command line: which there are, and what is said of those that there are not."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, NoReturn

from convgui import __version__
from convgui.batch.targets import FIELDS
from convgui.cli import terminal
from convgui.cli.described import Together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FORMATS = ("png", "jpg", "webp", "tif", "npy", "npz", "csv", "png16", "zarr")
_FORMAT_ALIASES = {"jpeg": "jpg", "tiff": "tif"}
_TAKE_NUMBERS = ("--kernel", "--bias", "--threshold", "--padding", "--stride", "--dilation", "--page", "--preset")
_BEGINS_A_NUMBER = re.compile(r"[-\u2212][\d.(]")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong and how to mend it in one line."""

    def error(self, message: str) -> NoReturn:
        terminal.say(f"{self.prog}: {message.rstrip('.')}; '{self.prog} --help' shows the options.")
        self.exit(terminal.USAGE_ERROR)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Write help and version so that a full disk is told."""
        terminal.write(message)


def joined(words: Sequence[str]) -> list[str]:
    """Return the words with ``--bias -1e-3`` as one, since argparse would take a number with a minus for an option.

    >>> joined(["--bias", "-1e-3", "a.png"])
    ['--bias=-1e-3', 'a.png']
    """
    found: list[str] = []
    for word in words:
        if found and found[-1] in _TAKE_NUMBERS and _BEGINS_A_NUMBER.match(word):
            found[-1] = f"{found[-1]}={word}"
        else:
            found.append(word)
    return found


def window_parser() -> argparse.ArgumentParser:
    """Return the parser of `convgui FILE...`."""
    parser = _Parser(
        prog="convgui",
        description="A light table for convolution. Opens a window on the files, or on a sample photo.",
        epilog="Without a window: 'convgui apply --help', 'convgui weights --help', 'convgui kernels --help'.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="photos or tables of numbers to open")
    parser.add_argument(
        "--page", metavar="N", help="which page, frame, channel or array of the first file: a number from 1, or a name"
    )
    parser.add_argument("--version", action="version", version=f"convgui {__version__}")
    return parser


def weights_parser() -> argparse.ArgumentParser:
    """Return the parser of `convgui weights`."""
    parser = _Parser(
        prog="convgui weights",
        description="List what a file of weights holds: its tensors, and the layers of its network.",
    )
    parser.add_argument("file", metavar="FILE", help="safetensors, ONNX, Keras (.keras, .h5), npz, npy, TensorFlow.js")
    return parser


def kernels_parser() -> argparse.ArgumentParser:
    """Return the parser of `convgui kernels`."""
    parser = _Parser(prog="convgui kernels", description="List the kernels: name, family, parameters, what it does.")
    parser.add_argument("search", nargs="*", help="words that must occur")
    return parser


def apply_parser() -> argparse.ArgumentParser:
    """Return the parser of `convgui apply`."""
    from convgui.cli.network import FROM_FILE, PRESETS, read_size
    from convgui.engine.layers.activations import ACTIVATIONS
    from convgui.engine.layers.border import BORDERS
    from convgui.engine.looking.many import TOPK, USUAL_TOPK
    from convgui.engine.looking.together import TOGETHER
    from convgui.engine.names import read_counts, read_padding
    from convgui.engine.source import PRESETS as COLOURS

    parser = _Parser(prog="convgui apply", description="Write the activation maps of pictures, without a window.")
    parser.add_argument(
        "inputs", nargs="+", metavar="PATH", help="photos or tables of numbers, folders of such, or patterns"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--kernel",
        metavar="KERNEL",
        help="a kernel of the catalogue (NAME or NAME,size=9,sigma=1.5), one that you kept (its name), a kernel file, "
        'or the weights themselves: "1 0 -1; 2 0 -2; 1 0 -1"',
    )
    what.add_argument("--recipe", metavar="FILE", help="a recipe that the window saved")
    what.add_argument(
        "--weights",
        metavar="FILE",
        help="layers of a trained network: safetensors, ONNX, Keras, npz, npy, TensorFlow.js; 'convgui weights FILE' lists "
        "them",
    )
    parser.add_argument(
        "--layer",
        metavar="NAME",
        help="the last layer of the network that is applied: its name, its number, or a tensor that it is made of; or a "
        "bank, which is applied alone (default: the last layer)",
    )
    parser.add_argument(
        "--as",
        dest="together",
        type=_way,
        metavar="{" + ",".join((*TOGETHER, f"{TOPK}[=K]")) + "}",
        help="all maps as one picture; pca has the same basis for all pictures; topk keeps the K maps with the largest "
        f"sums, {USUAL_TOPK} if it is not said (default: all maps)",
    )
    parser.add_argument(
        "--preset",
        type=_preset,
        metavar="{" + ",".join((*PRESETS, FROM_FILE)) + "}",
        help="how pictures are prepared for the network (default: as the file says, else 0..1)",
    )
    parser.add_argument(
        "--size",
        type=_worded(read_size),
        metavar="ROWSxCOLS|FACTOR",
        help="the size that pictures are brought to before the network, or by how much (default: theirs, if the network "
        "takes it)",
    )
    parser.add_argument("--out", metavar="DIR", help="folder to write to; it is made if need be")
    parser.add_argument("--recursive", action="store_true", help="search the folders in folders too")
    parser.add_argument(
        "--name",
        default="{stem}-{recipe}",
        metavar="TEMPLATE",
        help="names of the results, from {" + "}, {".join(FIELDS) + "}; / makes folders (default: {stem}-{recipe})",
    )
    parser.add_argument("--jobs", type=_worded(_processes), metavar="N", help="processes at most (default: one a core)")
    parser.add_argument(
        "--scheduler",
        metavar="WHERE",
        help="a Dask cluster that does it: tcp://host:8786, a scheduler file, or local (needs convgui[cluster])",
    )
    parser.add_argument(
        "--send", action="store_true", help="workers get the pictures' bytes and send the results back; nothing is shared"
    )
    parser.add_argument(
        "--resume", action="store_true", help="leave out what an earlier run into DIR did and nobody has changed since"
    )
    parser.add_argument(
        "--measure",
        metavar="FILE",
        help="a table with the strongest value of each map and where it is, mean, standard deviation, energy, and the share "
        "of values above a threshold: .csv, or .parquet with pyarrow",
    )
    parser.add_argument("--threshold", type=_worded(_number), default=0.0, metavar="X", help="for that share (default: 0)")
    parser.add_argument(
        "--format",
        default="png",
        type=_format,
        metavar="{" + ",".join(FORMATS) + "}",
        help="png, jpg, webp: coloured picture; tif (float32), npy, npz, csv, png16, zarr: numbers (default: png); of "
        "pictures larger than memory tif, npy or zarr",
    )
    parser.add_argument(
        "--page",
        metavar="N",
        help="which page, frame, channel or array of each input: a number from 1, or a name",
    )
    parser.add_argument(
        "--padding",
        type=_worded(read_padding),
        metavar="P",
        help="same, valid, full; or cells: 1 on all sides, 1,2 for rows and columns, 1,2,3,4 above, below, left, right",
    )
    parser.add_argument("--border", type=_named("border"), metavar="B", help=", ".join(BORDERS))
    parser.add_argument(
        "--stride", type=_worded(read_counts), metavar="N", help="distance of the map's cells: N, or rows,columns"
    )
    parser.add_argument(
        "--dilation", type=_worded(read_counts), metavar="N", help="distance of the weights: N, or rows,columns"
    )
    parser.add_argument("--bias", type=_worded(_number), metavar="X", help="added to each sum")
    parser.add_argument("--activation", type=_named("activation"), metavar="A", help=", ".join(ACTIVATIONS))
    parser.add_argument(
        "--colour", "--color", dest="colour", type=_named("colour mode"), metavar="C", help=", ".join(COLOURS)
    )
    parser.add_argument("--flip", action="store_true", help="mathematical convolution: the kernel is turned")
    parser.add_argument("--force", action="store_true", help="replace files that exist; inputs never")
    return parser


def _worded(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a reader whose own sentence is shown, and not argparse's."""

    def checked(text: str) -> Any:
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return checked


def _named(what: str) -> Callable[[str], str]:
    from convgui.engine.names import setting_name

    return _worded(lambda text: setting_name(what, text))


def _format(text: str) -> str:
    known = text.lower().lstrip(".")
    known = _FORMAT_ALIASES.get(known, known)
    if known not in FORMATS:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(FORMATS)}, received {text!r}")
    return known


def _way(text: str) -> Together:
    """Read a way, and for ``topk`` how many maps are kept: ``topk`` alone keeps four, ``topk=-1`` all."""
    from convgui.engine.looking.many import ALL, TOPK, USUAL_TOPK
    from convgui.engine.looking.together import TOGETHER

    known, given, count = text.lower().replace(" ", "").replace("\u2212", "-").partition("=")
    known = known.replace("-", "_")
    if known == TOPK:
        if not given:
            return Together(TOPK, USUAL_TOPK)
        if count == str(ALL) or (re.fullmatch(r"\d{1,9}", count, re.ASCII) and int(count)):
            return Together(TOPK, int(count))
        raise argparse.ArgumentTypeError(f"expected topk=K with a number of maps K, or {ALL} for all, received {text!r}")
    if given or known not in TOGETHER:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join((*TOGETHER, f'{TOPK}=K'))}, received {text!r}")
    return Together(known)


def _preset(text: str) -> str:
    from convgui.cli.network import FROM_FILE, PRESETS

    known = re.sub(r"\s+", "", text.lower()).replace("\u2212", "-").replace("…", "..")
    if known not in (*PRESETS, FROM_FILE):
        raise argparse.ArgumentTypeError(f"expected one of {', '.join((*PRESETS, FROM_FILE))}, received {text!r}")
    return known


def _processes(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII) or int(text) < 1:
        raise ValueError(f"expected a number of processes, at least 1, received {text!r}")
    return int(text)


def _number(text: str) -> float:
    from convgui.engine.numerals import read_number

    return read_number(text)

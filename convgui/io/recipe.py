"""Recipes: the document as JSON, from which it is opened again, applied to other pictures and run without a window."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.alpha import has_alpha, on_white
from convgui.engine.checks import layers_fault, reading_fault
from convgui.engine.looking.limits import Limits
from convgui.engine.looking.many import Many
from convgui.engine.masked import unmasked
from convgui.engine.network import Chain, evaluate, learn
from convgui.engine.reading import Reading
from convgui.engine.source import Source, unit_scale
from convgui.engine.strategies import jit
from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError
from convgui.io.recipe_layers import layer_from, layer_to
from convgui.io.recipe_schema import StoredRecipe, StoredSource, display_from, display_to, reading_from, reading_to
from convgui.io.recipe_v1 import upgraded
from convgui.io.strict_json import fit, read_object, shown
from convgui.io.weights.referred import LEAST, Referred, referred

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from numpy.typing import ArrayLike, NDArray

    from convgui.batch.job import Outcome
    from convgui.engine.layers.base import Layer

FORMAT, VERSION = "convgui recipe", 2
LARGEST = 128_000_000
"""Bytes beyond which a file is no recipe."""

MOST_CELLS = 4096
"""Numbers of a grid that stand in a recipe."""

INDENTED = 1_000_000
"""Bytes up to which it is written with one number in a line, as people read it."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """Reading, layers, display, and of the source what is needed to know it again: name, shape and hash, not its pixels.

    Parameters
    ----------
    layers : tuple of Layer
        At least one.
    colours, limits, map
        How the map of the looked-at layer is shown; see `convgui.model.state.Display`.
    source : dict
        What the recipe was made on; nothing is computed from it.
    reading : Reading
        How stored numbers become the planes that the first layer reads.
    looked : int
        Which layer is looked at, counted from 0; from the last one where it is negative.
    below, photo
        What is shown beside the map: which map of the layer's input, or the photo.
    many
        How several maps are looked at together.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> recipe = Recipe((Conv(Kernel([[0, 1]])),))
    >>> recipe.apply(np.array([[0, 1, 0, 1, 1, 0]], np.float32)).tolist()
    [[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]
    """

    layers: tuple[Layer, ...]
    colours: str = "auto"
    limits: Limits = field(default_factory=Limits)
    map: int = 0
    source: dict[str, Any] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    looked: int = -1
    below: int | None = None
    photo: bool = False
    many: Many = field(default_factory=Many)

    def __post_init__(self) -> None:
        if self.looked < 0:
            object.__setattr__(self, "looked", self.looked + len(self.layers))

    def made_on(self, source: Source, file_digest: str = "") -> Recipe:
        """Return the recipe with what is needed to know its source again, see `describe_source`."""
        return replace(self, source=describe_source(source, file_digest))

    def apply(self, image: ArrayLike | Source) -> NDArray[np.float32]:
        """Return the maps that the window shows of an image: those of the layer that is looked at.

        Parameters
        ----------
        image : array_like, shape (rows, cols) or (rows, cols, channels), or Source
            Stored numbers; bytes and 16-bit numbers are brought to 0..1 as the window does it.

        Returns
        -------
        ndarray of float32, shape (rows, cols), or (rows, cols, maps) if there are several

        Raises
        ------
        ValueError
            If a setting has no meaning, or a layer does not fit what it reads.
        """
        if isinstance(image, Source):
            source = image
        else:
            array = unmasked(image, "image")
            if has_alpha(array):
                array, _ = on_white(array, np.iinfo(array.dtype).max)
            source = Source(array, unit_scale(array.dtype))
        jit.load()  # the reference, which serves small pictures until the compiler is there, has other last bits
        maps = evaluate(self.chain(source))
        return maps[0] if len(maps) == 1 else np.moveaxis(maps, 0, -1)

    def apply_many(
        self, paths: Sequence[str | PathLike[str]], out: str | PathLike[str] | None = None, **options: Any
    ) -> Iterator[Outcome]:
        """Apply the recipe to many files, by processes of this machine or by a cluster, and tell of each as it is done.

        Parameters
        ----------
        paths : sequence of path-like
            Files, folders, and patterns.
        out : path-like, optional
            The folder of the results; it is made if need be. None if nothing is written, and maps are measured only.
        **options
            ``format`` (png, jpg, webp, tif, npy, npz, csv, png16, zarr; npy by default), ``name`` (a template; "{stem}"),
            ``recursive``, ``resume``, ``force``, ``threshold`` (measures are taken), ``jobs`` (processes), ``client`` (a
            `distributed.Client` of a Dask cluster) and ``send`` (its workers share no files with this machine); as
            ``convgui apply`` has them.

        Yields
        ------
        Outcome
            With ``task.path``; ``fault``, one sentence, empty if all went well; ``entry.written``, the files, and
            ``entry.rows``, the measures of each map.

        Raises
        ------
        ValueError, FileError
            If nothing is to be done, a template has no meaning, or a folder cannot be read.

        Examples
        --------
        >>> import tempfile
        >>> from convgui.engine.kernels.kernel import Kernel
        >>> from convgui.engine.layers.conv import Conv
        >>> folder = Path(tempfile.mkdtemp())
        >>> np.save(folder / "a.npy", np.eye(4, dtype=np.float32))
        >>> recipe = Recipe((Conv(Kernel([[0, 1]])),))
        >>> for done in recipe.apply_many([folder], out=folder / "maps", threshold=0.5):
        ...     print(Path(done.task.path).name, done.fault or done.entry.written[0].name, done.entry.rows[0]["mean"])
        a.npy a.npy 0.1875
        """
        from convgui.batch.many import apply_many  # the one import that points upwards: a recipe is the door to all of this

        return apply_many(self, paths, out, **options)

    def chain(self, source: Source) -> Chain:
        """Return the layers on a source, up to the one that is looked at.

        Raises
        ------
        ValueError
            If a setting has no meaning, or a layer does not fit what it reads.
        """
        if fault := reading_fault(self.reading) or layers_fault(self.layers):
            raise ValueError(fault)
        if self.looked >= len(self.layers):
            raise ValueError(f"Expected one of {len(self.layers)} layers to look at, received number {self.looked}.")
        chain = Chain(source, self.reading, self.layers).upto(self.looked + 1)
        learn(chain)
        if chain.fault is not None:
            raise ValueError(chain.fault.sentence)
        return chain


def describe_source(source: Source, file_digest: str = "") -> dict[str, Any]:
    """Return name, shape, dtype, scale and SHA-256 of a source; of several pages or readings which one it is.

    The SHA-256 is that of the stored numbers; of a picture that is larger than memory of some blocks of its cells, which is
    said as `sampled`. Where the digest of the file is known, that stands there instead, as `file_sha256`: with many
    pictures it costs a tenth.

    Of a small grid its numbers stand there too, as it often is in no file: see `described_grid`.
    """
    by_file = file_digest and not source.in_parts and not _in_full(source)
    known = {"file_sha256": file_digest} if by_file else {"sha256": _digest(source)}
    sampled = {"sampled": True} if source.in_parts else {}
    chosen = {"page": source.page, "page_name": source.pages[source.page - 1]} if source.pages else {}
    return {
        "name": source.name,
        "shape": list(source.shape),
        "dtype": str(source.dtype),
        "scale": source.scale,
        **known,
        **sampled,
        **chosen,
        **({"reading": source.reading} if source.reading else {}),
        **({"grid": source.array.tolist(), "sequence": source.sequence} if _in_full(source) else {}),
    }


BLOCKS, BLOCK = 4, 64
"""Blocks along rows and along columns, and their sides, by which a picture that is larger than memory is known."""


def _digest(source: Source) -> str:
    if not source.in_parts:
        return hashlib.sha256(np.ascontiguousarray(source.array).data).hexdigest()
    known: dict[str, Any] = vars(source)
    if "_digest" not in known:
        down, across = (np.linspace(0, max(n - BLOCK, 0), BLOCKS).astype(int).tolist() for n in (source.rows, source.cols))
        digest = hashlib.sha256()
        for top, left in ((top, left) for top in down for left in across):
            rows, cols = range(top, min(top + BLOCK, source.rows)), range(left, min(left + BLOCK, source.cols))
            digest.update(np.ascontiguousarray(source.part(rows, cols)).data)
        known["_digest"] = digest.hexdigest()
    return str(known["_digest"])


def _in_full(source: Source) -> bool:
    return source.toy and source.array.size <= MOST_CELLS and bool(np.isfinite(source.array).all())


def described_grid(about: dict[str, Any]) -> Source | None:
    """Return the small grid that `describe_source` has written in full, None if there is none or it is not what it says.

    >>> source = Source(np.eye(2, dtype=np.float32), name="eye", toy=True)
    >>> described_grid(describe_source(source)).array.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    try:
        array = np.array(about["grid"], np.dtype(str(about["dtype"])))
        if array.size > MOST_CELLS:
            return None
        scale, sequence = float(about.get("scale", 1.0)), bool(about.get("sequence"))
        source = Source(array, scale, str(about.get("name", "grid")), toy=True, sequence=sequence)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return source if describe_source(source)["sha256"] == about.get("sha256") else None


def save_recipe(path: str | Path, recipe: Recipe, *, inside: bool = False) -> None:
    """Write a recipe; weights of files are named by path and hash, or stand `inside`.

    Raises
    ------
    FileError
        If it cannot be written, or has a setting with which it could not be read again.
    """
    document = to_document(recipe, inside=inside)
    name = Path(path).name
    from_document(document, f"{name} cannot be written", Path(path).absolute().parent)
    data = json.dumps(document, allow_nan=False).encode()
    if len(data) <= INDENTED:
        data = json.dumps(document, indent=1, allow_nan=False).encode()
    if len(data) > LARGEST:
        raise FileError(f"{name} cannot be written: it would have {len(data):,} bytes, a recipe has at most {LARGEST:,}.")
    write_bytes(path, data)


def read_recipe(path: str | Path) -> Recipe:
    """Read a recipe from a file of its own; `io.carrying.load_recipe` also finds those that other files carry.

    Raises
    ------
    FileError
        If the file cannot be read, is no recipe, or has a setting that is unknown, out of bounds or of a wrong type; the
        sentence says where in the file it stands.
    """
    name, document = Path(path).name, read_object(path, LARGEST)
    if document.get("format") != FORMAT:
        raise FileError(f"{name} is no recipe: expected the format {FORMAT!r}, received {shown(document.get('format'))}.")
    read_version(document, name)
    return from_document(document, name, Path(path).absolute().parent)


def read_version(document: dict[str, Any], name: str) -> int:
    """Return the version of a document; FileError if it is none that this program reads."""
    version = document.get("version")
    if type(version) is not int or version < 1:
        raise FileError(f"{name}: version: expected a whole number of at least 1, received {shown(version)}.")
    if version > VERSION:
        raise FileError(
            f"{name} is a recipe of version {shown(version)}, this program reads up to version {VERSION}: update convgui."
        )
    return version


def is_recipe(path: str | Path) -> bool:
    """Whether a file says that it is a recipe; False also if it cannot be read."""
    try:
        return read_object(path, LARGEST).get("format") == FORMAT
    except FileError:
        return False


def to_document(recipe: Recipe, *, inside: bool = False, most: int = LEAST) -> dict[str, Any]:
    """Return a recipe as what is written; weights of files are named by path and hash, or stand `inside`.

    `most`: weights of a bank up to which they stand in it in any case.
    """
    refer = partial(referred, most=most)
    return {
        "format": FORMAT,
        "version": VERSION,
        "reading": reading_to(recipe.reading),
        "layers": [layer_to(layer) if inside else layer_to(layer, refer) for layer in recipe.layers],
        "looked": recipe.looked,
        "display": display_to(recipe.colours, recipe.limits, recipe.map, recipe.below, recipe.photo, recipe.many),
        "source": recipe.source,
    }


def text_of(recipe: Recipe, *, inside: bool = False) -> str:
    """Return a recipe as the text that files carry: JSON in one line, of plain letters only; `inside` as `to_document`.

    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> text_of(Recipe((Conv(Kernel([[1.0]], "n\u00e4h")),)))[:50]
    '{"format": "convgui recipe", "version": 2, "readin'
    """
    return json.dumps(to_document(recipe, inside=inside), allow_nan=False)


def from_document(document: dict[str, Any], name: str, folder: Path | None = None) -> Recipe:
    """Return the recipe that a document of any version describes; FileError with the place of what is wrong.

    `folder`: where files of weights are looked for, beside the places where they were.
    """
    try:
        stored = fit(upgraded(document) if document.get("version") == 1 else document, StoredRecipe)
        fit(stored.source, StoredSource, "source")
        reading = reading_from(stored.reading)
        find = Referred(folder)
        layers = tuple(layer_from(layer, f"layers[{k}]", find) for k, layer in enumerate(stored.layers))
        if stored.looked >= len(layers):
            raise ValueError(f"looked: expected one of {len(layers)} layers, counted from 0, received {stored.looked}.")
        display = display_from(stored.display)
    except ValueError as error:
        raise FileError(f"{name}: {error}") from error
    return Recipe(layers, source=stored.source, reading=reading, looked=stored.looked, **display)

"""JSON from outside: read strictly, checked against a schema, and faults named with their place in the file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

from convgui.io.errors import FileError, decode_text, read_bytes

if TYPE_CHECKING:
    from os import PathLike

T = TypeVar("T")

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "settings in braces",
    "null": "null",
}
"""What the schema's types are called in a sentence."""


def read_object(path: str | PathLike[str], most: int) -> dict[str, Any]:
    """Read a file that holds a JSON object.

    Parameters
    ----------
    path : path-like
    most : int
        Bytes that such a file has at most.

    Raises
    ------
    FileError
        If it cannot be read, is no JSON object, nests too deeply, names a setting twice or has a number that is none.
    """
    path = Path(path)
    return parse_object(decode_text(read_bytes(path, most), path.name), path.name)


def parse_object(text: str, name: str) -> dict[str, Any]:
    """Return the JSON object that a text is; FileError as `read_object` has it, with the file's name."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FileError(f"{name}: is no JSON text: line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise FileError(f"{name}: is no usable JSON text: its lists are nested too deeply.") from error
    except ValueError as error:
        raise FileError(f"{name}: is no usable JSON text: {error}.") from error
    if not isinstance(document, dict):
        raise FileError(f"{name}: expected a JSON object, received {_kind(document)}.")
    return document


def fit(document: Any, schema: type[T], place: str = "") -> T:
    """Return a document as its schema has it; no value is converted.

    Parameters
    ----------
    document : object
        From `read_object`, or a part of it.
    schema : type
        A msgspec struct, or another type that msgspec knows.
    place : str
        Where the document stands in the file.

    Raises
    ------
    ValueError
        One sentence: place, what was expected, what was received.

    Examples
    --------
    >>> fit([1, True], list[int], "stride")
    Traceback (most recent call last):
    ValueError: stride[1]: expected a whole number, received true.
    """
    try:
        return msgspec.convert(document, schema, strict=True)
    except msgspec.ValidationError as error:
        raise ValueError(_sentence(str(error), document, place)) from error
    except UnicodeEncodeError as error:
        where = f"{place}: " if place else ""
        raise ValueError(f"{where}expected text, received half a character ({shown(error.object)}).") from error
    except RecursionError as error:
        raise ValueError(f"{place}: expected plain settings, received lists nested too deeply.") from error


def _sentence(said: str, document: Any, place: str) -> str:
    """Return msgspec's complaint in the words of this program, with the value that it is about."""
    fault, _, path = said.partition(" - at `$")
    path = path.rstrip("`")
    where = f"{place}{path}".lstrip(".")
    where = f"{where}: " if where else ""
    if missing := re.fullmatch(r"Object missing required field `(.*)`", fault):
        return f"{where}has no {missing[1]}."
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", fault, re.DOTALL):
        return f"{where}has a setting {shown(unknown[1])}, which is unknown."
    if fault.startswith("Invalid"):
        return f"{where}received {shown(_value_at(document, path))}, which is unknown."
    return f"{where}expected {_expected(fault)}, received {shown(_value_at(document, path))}."


def _expected(fault: str) -> str:
    """Return what was expected: "Expected `int` >= 1" is a whole number of at least 1."""
    if "out of range" in fault:
        return "a number that a computer can hold"
    wanted = re.match(r"Expected `([^`]*)`", fault)
    kinds = [_WORDS.get(kind.strip(), kind.strip()) for kind in (wanted[1] if wanted else "").split("|")]
    bound = re.search(r"(of length )?(>=|<=|>|<) ([-+.e\d]+)", fault)
    exact = re.search(r"of length (\d+)", fault)
    text = " or ".join(kinds)
    if bound:
        word = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}[bound[2]]
        length = "with a length " if bound[1] else ""
        return f"{text} {length}of {word} {float(bound[3]):g}"
    return f"{text} with a length of {exact[1]}" if exact else text


def _value_at(document: Any, path: str) -> Any:
    """Return the value at a place such as `.layers[0].stride`; None if it cannot be told."""
    try:
        for name, index in re.findall(r"\.([^.\[\]]+)|\[(\d+)\]", path):
            document = document[name] if name else document[int(index)]
    except (KeyError, IndexError, TypeError):
        return None
    return document


def shown(value: Any) -> str:
    """Return a JSON value as a sentence can hold it.

    >>> shown([1, 2]), shown(None), shown("x" * 50)
    ('[1, 2]', 'null', '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."')
    """
    if isinstance(value, list | dict) and len(value) > 8:
        return f"{_kind(value)} of {len(value):,}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**20:
        return "a whole number of many digits"
    if isinstance(value, str) and len(value) > 40:
        value = f"{value[:38]}..."
    try:
        text = json.dumps(value)
    except RecursionError:
        return _kind(value)
    return text if len(text) <= 80 else _kind(value)


def lower_first(sentence: str) -> str:
    """Return a sentence as it goes on after a place and a colon."""
    return sentence[:1].lower() + sentence[1:]


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, _ in pairs:
        if not name.isascii() and any("\ud800" <= letter <= "\udfff" for letter in name):
            raise ValueError(f"the name {shown(name)} of a setting is no text")
    settings = dict(pairs)
    if len(settings) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the setting {shown(twice)} stands there twice")
    return settings


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no finite number")

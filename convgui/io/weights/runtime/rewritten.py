"""A model's bytes with other outputs, and with an input of any size: protocol buffers are merged field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.io.weights.protobuf import FIXED32, FIXED64, LENGTH, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convgui.io.weights.protobuf import Field

_GRAPH, _INPUT, _OUTPUT, _SHAPES = 7, 11, 12, 13


def rewritten(data: bytes, name: str, outputs: Iterable[str], free: bool) -> bytes:
    """Return a model that has other outputs; where it is `free`, its input may have any rows and columns.

    Parameters
    ----------
    data : bytes
    name : str
        Of the input.
    outputs : iterable of str
        Of tensors; they have no shape, so that the runtime tells it.
    free : bool
        Whether the sizes of the input but for the channels become symbols, and shapes that were noted are left out.
    """
    reader, made = Reader(data), bytearray()
    graphs = [one for one in reader.fields(0, len(data)) if one.number == _GRAPH and one.wire == LENGTH]
    for one in reader.fields(0, len(data)):
        if one.number != _GRAPH or one.wire != LENGTH:
            made += _field(reader, one)
    inside = bytearray()
    for graph in graphs:
        for one in reader.fields(graph.start, graph.stop):
            if one.number == _OUTPUT or (free and one.number == _SHAPES):
                continue
            described = one.number == _INPUT and free and _name(reader, one) == name
            inside += _stretch(_INPUT, _freed(reader, one)) if described else _field(reader, one)
    for output in outputs:
        inside += _stretch(_OUTPUT, _stretch(1, output.encode()))
    return bytes(made + _stretch(_GRAPH, bytes(inside)))


def _freed(reader: Reader, whole: Field, depth: int = 0) -> bytes:
    """Return the description of an input with symbols for the batch, and for all sizes larger than some channels.

    It is a name and, nested, the type (2), that of a tensor (1), its shape (2), and the axes (1).
    """
    made, count = bytearray(), 0
    for one in reader.fields(whole.start, whole.stop):
        nested = one.wire == LENGTH and one.number == (2, 1, 2)[depth] if depth < 3 else False
        if depth < 3 and nested:
            made += _stretch(one.number, _freed(reader, one, depth + 1))
        elif depth == 3 and one.number == 1:
            sizes = [axis.value for axis in reader.fields(one.start, one.stop) if axis.number == 1]
            symbol = _stretch(1, _stretch(2, f"free_{count}".encode()))
            made += symbol if not count or not sizes or sizes[0] > 4 else _field(reader, one)
            count += 1
        else:
            made += _field(reader, one)
    return bytes(made)


def _name(reader: Reader, whole: Field) -> str:
    return next((reader.text(one) for one in reader.fields(whole.start, whole.stop) if one.number == 1), "")


def _field(reader: Reader, one: Field) -> bytes:
    """Return a field as it is written."""
    data = bytes(reader.data[one.start : one.stop])
    if one.wire == LENGTH:
        return _stretch(one.number, data)
    assert one.wire in (0, FIXED32, FIXED64)
    return _varint(one.number << 3 | one.wire) + data


def _stretch(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | LENGTH) + _varint(len(data)) + data


def _varint(n: int) -> bytes:
    r"""Return a number of seven bits a byte.

    >>> _varint(300)
    b'\xac\x02'
    """
    found = bytearray()
    while n > 127:
        found.append(n & 127 | 128)
        n >>= 7
    return bytes([*found, n])

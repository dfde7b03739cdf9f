"""What layers inside of a chain were computed last: blocks of their values, bounded in bytes, so that they serve again.

A block is known by the source, the reading and the layers that made it. So it serves whatever comes after these: an edit of
a later layer, another map of it, a cell that is explained.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from convgui.engine.layers.base import Block, Maps, Needs

KEPT = 96_000_000
"""Bytes that are kept in all."""

MOST = 64
"""Blocks that are kept in all."""

LARGEST = KEPT // 4
"""Bytes of the largest block that is kept."""


class _Entry(NamedTuple):
    """A block, who made it, and its first and last map if there are no gaps between them."""

    owners: tuple[weakref.ref[Any], ...]
    block: Block
    first: int
    last: int

    @classmethod
    def of(cls, key: tuple[Any, ...], block: Block) -> _Entry:
        first, last = (int(block.maps[0]), int(block.maps[-1])) if len(block.maps) else (0, -1)
        gaps = last - first + 1 != len(block.maps)
        return cls(tuple(weakref.ref(part) for part in _owners(key)), block, first, -1 if gaps else last)


class Cache:
    """Blocks by what made them; the oldest goes first.

    Parameters
    ----------
    kept : int
        Bytes that are kept at most.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept, self._lock = kept, threading.Lock()
        self._entries: dict[tuple[Any, ...], list[_Entry]] = {}
        self._order: list[tuple[tuple[Any, ...], _Entry]] = []
        self.bytes = 0

    def find(self, key: tuple[Any, ...], needs: Needs) -> Block | None:
        """Return a block made by `key` that holds what is needed."""
        if not len(needs.maps):
            return None
        first, last = int(needs.maps[0]), int(needs.maps[-1])
        for entry in reversed(self._entries.get(_name(key), ())):
            among = entry.first <= first and last <= entry.last
            if not among and (entry.last >= 0 or not _among(needs.maps, entry.block.maps)):
                continue
            if _holds(entry.block, needs) and all(a() is b for a, b in zip(entry.owners, _owners(key), strict=True)):
                return entry.block
        return None

    def keep(self, key: tuple[Any, ...], block: Block) -> None:
        """Keep a block, and let the oldest ones go if there are too many bytes."""
        entry = _Entry.of(key, block)
        name = _name(key)
        with self._lock:
            self._let_go([(old, e) for old, e in self._order if any(owner() is None for owner in e.owners)])
            self._entries.setdefault(name, []).append(entry)
            self._order.append((name, entry))
            self.bytes += block.values.nbytes
            while self.bytes > self._kept or len(self._order) > MOST:
                self._let_go(self._order[:1])

    def clear(self) -> None:
        """Let all blocks go."""
        with self._lock:
            self._entries, self._order, self.bytes = {}, [], 0

    def _let_go(self, gone: list[tuple[tuple[Any, ...], _Entry]]) -> None:
        for name, entry in gone:
            self._order = [(other, e) for other, e in self._order if e is not entry]
            self._entries[name] = [e for e in self._entries[name] if e is not entry]
            if not self._entries[name]:
                del self._entries[name]
            self.bytes -= entry.block.values.nbytes


kept = Cache()
"""Blocks of layers inside of all chains of this process."""


def _owners(key: tuple[Any, ...]) -> list[Any]:
    """Return the parts of a key that are known by identity: the source and the layers."""
    source, _, layers = key
    return [source, *layers]


def _name(key: tuple[Any, ...]) -> tuple[Any, ...]:
    source, reading, layers = key
    return id(source), reading, tuple(id(layer) for layer in layers)


def _holds(block: Block, needs: Needs) -> bool:
    _, rows, cols = block.values.shape
    return (
        block.top <= needs.rows.start
        and needs.rows.stop <= block.top + rows
        and block.left <= needs.cols.start
        and needs.cols.stop <= block.left + cols
    )


def _among(some: Maps, maps: Maps) -> bool:
    """Whether some maps are among those of a block; both ascend."""
    at = maps.searchsorted(some)
    return bool(at[-1] < len(maps) and (maps[at] == some).all())

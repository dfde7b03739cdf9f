"""What each layer is known by while it is moved and edited, so that its thumbnail stays with it."""

from __future__ import annotations


class Keys:
    """Gives each layer a number that stays with it.

    A layer that is edited is another object at the same place; one that is moved is the same object at another place.

    >>> keys, a, b, c = Keys(), object(), object(), object()
    >>> keys.of((a, b)), keys.of((b, a)), keys.of((b, c)), keys.of((c,)), keys.of((a, c))
    ((1, 2), (2, 1), (2, 1), (1,), (3, 1))
    """

    def __init__(self) -> None:
        self._layers: tuple[object, ...] = ()
        self._keys: tuple[int, ...] = ()
        self._next = 1

    def of(self, layers: tuple[object, ...]) -> tuple[int, ...]:
        """Return the keys of the layers, new ones for those that are new."""
        known = {id(layer): key for layer, key in zip(self._layers, self._keys, strict=True)}
        found = [known.get(id(layer)) for layer in layers]
        if len(layers) == len(self._layers):
            for place, key in enumerate(self._keys):
                if found[place] is None and key not in found:
                    found[place] = key
        taken: set[int] = set()
        keys: list[int] = []
        for before in found:
            key = before if before is not None and before not in taken else 0
            if not key:
                key, self._next = self._next, self._next + 1
            taken.add(key)
            keys.append(key)
        self._layers, self._keys = tuple(layers), tuple(keys)
        return self._keys

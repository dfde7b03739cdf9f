"""Patterns: the article's toy grids, other small grids to count on, and synthetic pictures that show a kernel's nature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SIDE = 512


@dataclass(frozen=True)
class Pattern:
    """A pattern by name; `make` returns values of shape (rows, cols), with channels behind."""

    id: str
    label: str
    text: str
    make: Callable[[], NDArray[np.float64]] = field(repr=False)
    toy: bool = False


def _article_2d() -> NDArray[np.float64]:
    return np.array([[0, 1, 0, 1, 1, 0]] * 6, float)


def _step_edge(side: int) -> NDArray[np.float64]:
    grid = np.zeros((side, side))
    grid[:, side // 2 :] = 1
    return grid


def _impulse(side: int) -> NDArray[np.float64]:
    grid = np.zeros((side, side))
    grid[side // 2, side // 2] = 1
    return grid


def _cross() -> NDArray[np.float64]:
    grid = np.zeros((9, 9))
    grid[4, 1:8] = grid[1:8, 4] = 1
    return grid


def _seven() -> NDArray[np.float64]:
    rows = ["........", ".######.", ".....##.", "....##..", "...##...", "..##....", "..##....", "........"]
    return np.array([[1.0 if c == "#" else 0.0 for c in row] for row in rows])


def _sequence(kind: str) -> NDArray[np.float64]:
    steps = np.zeros((1, 16))
    if kind == "step":
        steps[0, 8:] = 1
    elif kind == "impulse":
        steps[0, 7] = 1
    else:
        steps[0] = np.arange(16)
    return steps


def _channels() -> NDArray[np.float64]:
    """Return a wave, a ramp with a fall, and pulses: 16 steps of three channels, to one decimal."""
    t = np.arange(16)
    return np.round(np.stack([0.5 + 0.5 * np.sin(t / 2.5), t % 9 / 8, t % 5 == 2], axis=-1), 1)[None]


def _plane() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    return x, y


def _rings() -> NDArray[np.float64]:
    x, y = _plane()
    return 0.5 + 0.5 * np.cos(np.hypot(x, y) * 2 * np.pi / 24)


def _zone_plate() -> NDArray[np.float64]:
    """Waves whose frequency at (x, y) is (x, y) / SIDE cycles per pixel: half a cycle, the finest, at the rim."""
    x, y = _plane()
    plate: NDArray[np.float64] = 0.5 + 0.5 * np.cos((x**2 + y**2) * np.pi / SIDE)
    return plate


def _checker() -> NDArray[np.float64]:
    i, j = np.mgrid[:SIDE, :SIDE] // 32
    return ((i + j) % 2).astype(float)


def _gratings() -> NDArray[np.float64]:
    """Four quarters: stripes at 0, 45, 90 and 135 degrees, 12 pixels from one to the next."""
    x, y = _plane()
    waves = [0.5 + 0.5 * np.cos(2 * np.pi / 12 * (x * np.cos(a) - y * np.sin(a))) for a in np.deg2rad([0, 45, 90, 135])]
    half = SIDE // 2
    result: NDArray[np.float64] = waves[0].copy()
    result[:half, half:], result[half:, :half], result[half:, half:] = (
        waves[1][:half, half:],
        waves[2][half:, :half],
        waves[3][half:, half:],
    )
    return result


def _lines() -> NDArray[np.float64]:
    """Thin spokes in all directions."""
    x, y = _plane()
    spoke = np.pi / 12
    off = np.abs((np.arctan2(y, x) + spoke / 2) % spoke - spoke / 2) * np.hypot(x, y)
    return np.clip(1.5 - off, 0, 1) * (np.hypot(x, y) > 12) * (np.hypot(x, y) < 240)


def _ramp() -> NDArray[np.float64]:
    return np.broadcast_to(np.linspace(0, 1, SIDE), (SIDE, SIDE)).copy()


def _noise() -> NDArray[np.float64]:
    return np.random.default_rng(2016).uniform(0, 1, (SIDE, SIDE))


def _chirp() -> NDArray[np.float64]:
    t = np.linspace(0, 1, SIDE)
    return (0.5 + 0.5 * np.sin(2 * np.pi * (2 * t + 40 * t**2)))[None]


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        id="article-1d",
        label="Conv1D sequence",
        text="The six steps 0 1 0 1 1 0 of the Conv1D article, with its kernel 0 1.",
        make=lambda: _article_2d()[:1],
        toy=True,
    ),
    Pattern(
        id="article-2d",
        label="Conv2D grid",
        text="The 6 × 6 grid of the Conv2D article, with its kernel of 3 × 3.",
        make=_article_2d,
        toy=True,
    ),
    Pattern("toy-edge", "Edge 8 × 8", "Dark at the left, light at the right.", lambda: _step_edge(8), True),
    Pattern(
        "toy-impulse",
        "Impulse 7 × 7",
        "A single 1: the map shows the kernel itself, turned.",
        lambda: _impulse(7),
        True,
    ),
    Pattern("toy-cross", "Cross 9 × 9", "Lines in two directions, with ends and a crossing.", _cross, True),
    Pattern("toy-seven", "Seven 8 × 8", "A digit, as a network for handwriting sees it.", _seven, True),
    Pattern("toy-steps", "Step, 16 steps", "A sequence that jumps from 0 to 1.", lambda: _sequence("step"), True),
    Pattern("toy-pulse", "Impulse, 16 steps", "A sequence with a single 1.", lambda: _sequence("impulse"), True),
    Pattern("toy-ramp", "Ramp, 16 steps", "A sequence that rises by 1 each step.", lambda: _sequence("ramp"), True),
    Pattern(
        id="toy-channels",
        label="Three channels, 16 steps",
        text="A wave, a ramp that falls, and pulses: one sequence of three channels.",
        make=_channels,
        toy=True,
    ),
    Pattern("edge", "Edge", "Dark at the left, light at the right.", lambda: _step_edge(SIDE)),
    Pattern("impulse", "Impulse", "A single bright pixel: the map shows the kernel itself, turned.", lambda: _impulse(SIDE)),
    Pattern("ramp", "Ramp", "Brightness that rises evenly: a first derivative gives a constant, a second gives 0.", _ramp),
    Pattern("checker", "Checkerboard", "Squares of 32 pixels: edges in two directions, and corners.", _checker),
    Pattern("rings", "Rings", "Edges in all directions at once.", _rings),
    Pattern(
        "zone-plate",
        "Zone plate",
        "All frequencies in all directions, the finest at the rim: the map swings as the frequency response.",
        _zone_plate,
    ),
    Pattern("gratings", "Gratings", "Stripes in four directions, 12 pixels from one to the next.", _gratings),
    Pattern("spokes", "Spokes", "Thin lines in all directions.", _lines),
    Pattern("noise", "Noise", "Each pixel by chance: what is left of it shows the noise gain.", _noise),
    Pattern("chirp", "Chirp, 512 steps", "A sequence that swings faster and faster.", _chirp),
)


def pattern(id: str) -> Source:
    """Return a pattern as a source of float32 values.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> pattern("article-1d").array.tolist()
    [[0.0, 1.0, 0.0, 1.0, 1.0, 0.0]]
    """
    for found in PATTERNS:
        if found.id == id:
            return Source(found.make().astype(np.float32), name=found.label, toy=found.toy)
    raise ValueError(f"Expected a pattern of {', '.join(p.id for p in PATTERNS)}, received {id!r}.")

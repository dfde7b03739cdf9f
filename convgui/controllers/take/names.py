"""Names and folders that are suggested for exports: they say source, kernel and operation, and take no name that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.controllers.take.captions import has_kernel, padding_words, pair
from convgui.model.layer_words import title
from convgui.views.take.figure_parts import AS_USUAL, GROUNDS, SCALES, FigureOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.layers.conv import Conv
    from convgui.model.state import State

LONGEST = 120
"""Letters of a suggested name; file systems take some 255 bytes."""


def stem(state: State, kind: str) -> str:
    """Return the name without its ending that is suggested for an export of a kind: picture, figure, numbers, animation.

    >>> from convgui.engine.kernels import catalogue
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.patterns import pattern
    >>> from convgui.engine.reading import Reading
    >>> from convgui.model.state import State
    >>> layer = Conv(catalogue.make("sobel-x"), padding="valid", stride=(2, 2))
    >>> stem(State(pattern("toy-seven"), Reading(), (layer,)), "figure")
    'seven-8-8-sobel-x-valid-stride2-figure'
    """
    words = [Path(state.source.name).stem if state.source.path else _bare(state.source.name), *_done(state)]
    if kind in ("picture", "figure") and state.output_shape is not None and state.output_shape.maps > 1:
        words += [_which(state) if kind == "picture" else f"map{state.map}"]
    words += ["over"] if kind == "picture" and state.over_photo else []
    words += [] if kind == "picture" else [kind]
    return _joined(words) or kind


def _which(state: State) -> str:
    """Return which of several maps a picture shows."""
    if state.way == "grid":
        some = state.output_shape is not None and state.shown_maps < state.output_shape.maps
        return f"top{state.shown_maps}" if some else "maps"
    return state.display.many.together if state.way == "picture" else f"map{state.map}"


def suffix(state: State) -> str:
    """Return what is done to a picture, for the names of results of many pictures: kernel and operation.

    >>> from convgui.engine.kernels import catalogue
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.patterns import pattern
    >>> from convgui.engine.reading import Reading
    >>> from convgui.model.state import State
    >>> suffix(State(pattern("toy-seven"), Reading(), (Conv(catalogue.make("sobel-x"), padding="valid"),)))
    'sobel-x-valid'
    """
    return _joined(_done(state)) or "map"


def _done(state: State) -> list[str]:
    """Return what is done to the source: the layer, its kernel, its settings and its function."""
    conv, kernel, function = state.conv, state.kernel, state.unit.applied
    words = [f"layer {state.looked + 1}"] if state.unit.start else []
    if state.bank is not None:  # whose maps are made by all of a filter's kernels
        words += [title(state.unit.layer)]
    else:
        words += [state.title if kernel is None or not has_kernel(state) else kernel.entry or kernel.name or "custom"]
    if conv is not None and has_kernel(state):
        words += _settings(conv, steps=state.input.sequence)
    return words + ([function.function] if function is not None and function.function != "linear" else [])


def _joined(words: list[str]) -> str:
    return "-".join(part for part in map(_plain, words) if part)[:LONGEST].rstrip("-")


def _settings(conv: Conv, *, steps: bool) -> list[str]:
    """Return what differs from a plain convolution, as `stride2`."""
    padding = conv.padding if isinstance(conv.padding, str) else f"padding{padding_words(conv)}"
    return [
        padding if padding != "same" else "",
        conv.border if conv.border != "zeros" and padding != "valid" else "",
        f"stride{pair(conv.stride, steps=steps)}" if max(conv.stride) > 1 else "",
        f"dilation{pair(conv.dilation, steps=steps)}" if max(conv.dilation) > 1 else "",
        "flipped" if conv.flip else "",
        "bias" if any(conv.bias) else "",
    ]


def _bare(name: str) -> str:
    """Return the name of a picture that comes with the program without the ending of its file."""
    return re.sub(r"\.[A-Za-z]\w{1,4}$", "", name)


def _plain(text: str) -> str:
    """Return a text as a part of a file's name: letters and digits of any language, joined by hyphens.

    >>> _plain("Sobel x"), _plain("Edge 8 × 8"), _plain("a/b: c?"), _plain("größe")
    ('sobel-x', 'edge-8-8', 'a-b-c', 'größe')
    """
    return re.sub(r"[^\w.]+|_", "-", text.lower()).strip("-.")


def start_folder(state: State, preferences: dict[str, Any]) -> str:
    """Return the folder that is suggested: the source's, else the one that was used last for an export.

    Where an export of this source was put elsewhere, it is that place.
    """
    path, last = state.source.path, str(preferences.get("export_folder") or "")
    if path and not (last and preferences.get("export_source") == path):
        return str(Path(path).parent)
    return last or str(preferences.get("folder") or Path.home())


def remember(state: State, preferences: dict[str, Any], path: str) -> None:
    """Remember where an export was put."""
    preferences["export_folder"] = str(Path(path).parent)
    preferences["export_source"] = state.source.path


def figure_options(preferences: dict[str, Any], step: tuple[int, int] | None) -> FigureOptions:
    """Return how the last figure was drawn, with another step that is marked.

    >>> figure_options({"figure": {"ground": "dark", "scale": "huge"}}, None)
    FigureOptions(ground='dark', scale=3.0, captions=True, step=None)
    """
    kept = preferences.get("figure")
    kept = kept if isinstance(kept, dict) else {}
    ground, scale = kept.get("ground"), kept.get("scale")
    return FigureOptions(
        ground=ground if isinstance(ground, str) and ground in GROUNDS else AS_USUAL.ground,
        scale=scale if scale in SCALES else AS_USUAL.scale,
        captions=kept.get("captions") is not False,
        step=step,
    )


def remember_figure(preferences: dict[str, Any], options: FigureOptions) -> None:
    """Remember how a figure was drawn, but for its step."""
    preferences["figure"] = {"ground": options.ground, "scale": options.scale, "captions": options.captions}


def free_name(target: Path, taken: Callable[[Path], bool]) -> Path:
    """Return a path that is not taken: the one that is asked for, else the first with a number.

    >>> free_name(Path("edge.png"), lambda path: path.name in ("edge.png", "edge-2.png"))
    PosixPath('edge-3.png')
    """
    if not taken(target):
        return target
    number = 2
    while taken(path := target.with_name(f"{target.stem}-{number}{target.suffix}")):
        number += 1
    return path

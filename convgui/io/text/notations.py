"""The notations of typesetting and of other programs: how each is known, and its reader."""

from __future__ import annotations

from typing import Any

from convgui.io.text.latex import is_latex, parse_latex
from convgui.io.text.magick import is_gimp, is_magick, parse_gimp, parse_magick
from convgui.io.text.markup import is_markup, parse_markup
from convgui.io.text.objects import is_json, parse_json
from convgui.io.text.svg import is_svg, parse_svg

READERS: tuple[tuple[Any, Any], ...] = (
    (is_svg, parse_svg),
    (is_json, parse_json),
    (is_gimp, parse_gimp),
    (is_latex, parse_latex),
    (is_markup, parse_markup),
    (is_magick, parse_magick),
)
"""For each notation, whether a text is in it, and its reader."""

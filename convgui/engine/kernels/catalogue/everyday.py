"""Everyday words: what people want to find in a picture, and which kernels answer there."""

from __future__ import annotations

EVERYDAY = (
    ("text stroke letter writing handwriting character print font digit number", "ridge bar line-vertical line-horizontal"),
    ("scratch crack fissure fibre fiber wire thread cable scar wrinkle hairline", "ridge bar line-45 line-135"),
    ("vessel vein road river nerve root branch hair", "ridge gaussian-second line-vertical line-horizontal"),
    ("outline contour border boundary silhouette shape", "sobel-x sobel-y laplacian-8 scharr-x"),
    ("dark spot hole pore pit stain speck dust dirt mole freckle", "blob log dog dot"),
    ("bright spot light lamp highlight glow pore particle grain cell nucleus", "blob log dog dot"),
    ("circle disc coin eye wheel bubble drop blob", "ring blob disk log"),
    ("dot point star pixel hot dead", "dot log blob"),
    ("corner junction crossing chessboard checkerboard marker fiducial", "corner corner-cross checker"),
    ("fabric cloth weave textile wood bark skin brick wall carpet sand grass", "gabor gabor-odd laws checker"),
    ("stripe grating zebra fence ripple periodic", "gabor gabor-odd"),
    ("diagonal oblique slanted tilted", "line-45 line-135 sobel-45 sobel-135 roberts-x roberts-y"),
    ("vertical upright column", "line-vertical sobel-x"),
    ("horizontal level row", "line-horizontal sobel-y"),
    ("soften smooth blur denoise noise average haze", "gaussian box binomial"),
    ("sharp sharpen crisp focus detail clarity", "sharpen unsharp high-boost"),
    ("lens bokeh unfocused background", "disk gaussian"),
    ("shake speed movement trail", "motion-blur"),
    ("relief engraving embossing three-dimensional 3d", "emboss"),
    ("jump step change trend break", "step-1d difference"),
    ("heartbeat peak spike pulse", "second-difference step-1d gaussian-derivative-1d"),
    ("smoothing filter moving average", "box-1d trailing-mean gaussian-1d"),
)
"""Words, and the ids of the kernels that they stand for, the best first."""


def ids_of(word: str) -> tuple[str, ...]:
    """Return the kernels that an everyday word, in its stem, stands for.

    >>> ids_of("stroke")[0]
    'ridge'
    """
    found = [kernels.split() for words, kernels in EVERYDAY if any(w.startswith(word) for w in words.split())]
    return tuple(dict.fromkeys(id for ids in found for id in ids)) if len(word) > 2 else ()

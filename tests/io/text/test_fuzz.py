"""Any matrix in any notation reads back to the same matrix, or is refused; no text raises anything but a sentence."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convgui.io.text.kernels import describe_matrix, parse_kernel
from convgui.io.text.tables import format_numbers, parse_numbers

FEW = settings(max_examples=15)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=64).map(lambda x: x + 0.0)
TAME = st.floats(-1000, 1000).map(lambda x: round(x, 4) + 0.0)
WHOLE = st.integers(-99, 99).map(float)
MATRICES = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.one_of(FLOATS, TAME, WHOLE))


def rows(matrix, between, lines="\n", text=repr):
    return lines.join(between.join(text(x) for x in row) for row in matrix.tolist())


def decimal_comma(x):
    return repr(x).replace(".", ",")


def tex(x):
    return f"{{{x!r}}}" if x < 0 else repr(x)


def literal(matrix, open, close, between=", ", text=repr):
    return open + between.join(open + between.join(map(text, row)) + close for row in matrix.tolist()) + close


NOTATIONS = {
    "spaces": lambda m: rows(m, " "),
    "tabs": lambda m: rows(m, "\t"),
    "trailing tabs": lambda m: rows(m, "\t", "\t\n") + "\t",
    "semicolons": lambda m: rows(m, ";"),
    "csv": lambda m: rows(m, ","),
    "quoted csv": lambda m: rows(m, ",", text=lambda x: f'"{x!r}"'),
    "german csv": lambda m: rows(m, ";", text=decimal_comma),
    "quoted german csv": lambda m: rows(m, ",", text=lambda x: f'"{decimal_comma(x)}"'),
    "decimal commas and spaces": lambda m: rows(m, "  ", text=decimal_comma),
    "decimal commas and tabs": lambda m: rows(m, "\t", text=decimal_comma),
    "one line": lambda m: rows(m, ",", ";"),
    "bars": lambda m: "\n".join(f"| {line} |" for line in rows(m, " ").split("\n")),
    "markdown": lambda m: "\n".join(f"| {line} |" for line in rows(m, " | ").split("\n")),
    "bracket art": lambda m: "\n".join(f"⎢{line}⎥" for line in rows(m, " ").split("\n")),
    "rows in brackets": lambda m: "\n".join(f"[{line}]" for line in rows(m, " ").split("\n")),
    "json": lambda m: json.dumps(m.tolist()),
    "json object": lambda m: json.dumps({"kernel": m.tolist()}),
    "numpy": lambda m: f"np.array({literal(m, '[', ']')}, dtype=np.float64)",
    "numpy's print": lambda m: np.array2string(m, separator=", ", floatmode="unique", threshold=1000),
    "torch": lambda m: f"torch.tensor({literal(m, '[', ']')})",
    "tuples": lambda m: literal(m, "(", ")") if min(m.shape) > 1 else literal(m, "[", "]"),
    "matlab": lambda m: f"k = [{rows(m, ' ', '; ')}];",
    "matlab with commas": lambda m: "[" + rows(m, ", ", "; ...\n") + "]",
    "julia": lambda m: f"Float64[{rows(m, ' ', '; ')}]",
    "mathematica": lambda m: literal(m, "{", "}", text=lambda x: repr(x).replace("e", "*^")),
    "c": lambda m: f"static const double k[{m.shape[0]}][{m.shape[1]}] = {literal(m, '{', '}')};",
    "flat c": lambda m: f"double k[{m.shape[0]}][{m.shape[1]}] = {{{rows(m, ', ', ', ')}}};",
    "java": lambda m: f"new double[][] {literal(m, '{', '}')}",
    "opencv": lambda m: f"(cv::Mat_<double>({m.shape[0]}, {m.shape[1]}) << " + rows(m, ", ", ",\n") + ")",
    "go": lambda m: f"[][]float64{literal(m, '{', '}')}",
    "r": lambda m: f"matrix(c({rows(m.T, ', ', ', ')}), nrow={m.shape[0]}, ncol={m.shape[1]})",
    "r by rows": lambda m: f"matrix(c({rows(m, ', ', ', ')}), nrow={m.shape[0]}, byrow=TRUE)",
    "rbind": lambda m: "rbind(" + ", ".join(f"c({line})" for line in rows(m, ", ").split("\n")) + ")",
    "latex": lambda m: r"\begin{bmatrix}" + rows(m, " & ", r" \\ ", text=tex) + r"\end{bmatrix}",
    "html": lambda m: "<table>" + "".join(
        "<tr>" + "".join(f"<td>{x!r}</td>" for x in row) + "</tr>" for row in m.tolist()
    ) + "</table>",
    "imagemagick": lambda m: f"{m.shape[1]}x{m.shape[0]}: {rows(m, ',', ' ')}",
    "svg": lambda m: '<fe divisor="1" order="{1} {0}" kernelMatrix="{2}"/>'.format(*m.shape, rows(m, " ", " ")),
    "typographic minus": lambda m: rows(m, " ").replace("-", "\u2212"),
}  # fmt: skip


@pytest.mark.parametrize("notation", NOTATIONS)
@FEW
@given(matrix=MATRICES)
def test_any_matrix_in_any_notation_reads_back_or_is_refused(notation, matrix):
    if matrix.shape[1] == 1 and ("comma" in notation or "german" in notation or notation == "one line"):
        matrix = np.hstack([matrix, matrix])  # one number in each row is another text: 0,5 may be two numbers
    text = NOTATIONS[notation](matrix)
    good, _ = describe_matrix(text)
    if good:
        np.testing.assert_array_equal(parse_kernel(text), matrix, err_msg=text)


@pytest.mark.parametrize("notation", [name for name in NOTATIONS if "comma" not in name and "german" not in name])
@FEW
@given(matrix=arrays(np.float64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=st.one_of(TAME, WHOLE)))
def test_and_ordinary_ones_are_not_refused(notation, matrix):
    text = NOTATIONS[notation](matrix)
    good, told = describe_matrix(text)
    assert good, (text, told)


AROUND = {
    "{num}/{den} * {m}": lambda m, f: m * f.numerator / f.denominator,
    "({num}/{den})*{m}": lambda m, f: m * f.numerator / f.denominator,
    "{num}/{den} {m}": lambda m, f: m * f.numerator / f.denominator,
    "{m} * {num} / {den}": lambda m, f: m * f.numerator / f.denominator,
    "{m} / {den}": lambda m, f: m / f.denominator,
    "{m}\n/ {den}": lambda m, f: m / f.denominator,
    "{num}/{den}\n{m}": lambda m, f: m * f.numerator / f.denominator,
    "{m} × {num}": lambda m, f: m * f.numerator,
    "divisor: {den}\n{m}": lambda m, f: m / f.denominator,
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize(
    "notation",
    ["spaces", "csv", "one line", "bars", "numpy", "matlab with commas"],
)
@FEW
@given(
    matrix=arrays(np.float64, st.tuples(st.integers(2, 4), st.integers(2, 4)), elements=WHOLE),
    factor=st.builds(Fraction, st.integers(1, 20), st.integers(2, 300)),
)
def test_a_factor_is_for_all_weights_or_refused(notation, around, matrix, factor):
    text = around.format(m=NOTATIONS[notation](matrix), num=factor.numerator, den=factor.denominator)
    good, _ = describe_matrix(text)
    if good:
        np.testing.assert_allclose(parse_kernel(text), AROUND[around](matrix, factor), rtol=1e-15, err_msg=text)


@FEW
@given(st.text(alphabet=st.sampled_from("0123456789.,;:|&/*+-=()[]{}<>'\"\\ \n\t#%xeEfnaijt½×−_"), max_size=40))
def test_no_text_raises_anything_but_a_sentence(text):
    good, told = describe_matrix(text)
    assert told
    assert good or not told.endswith(".")
    try:
        parse_numbers(text)
    except ValueError as error:
        assert str(error)


TABLES = """spaces;tabs;trailing tabs;semicolons;csv;quoted csv;german csv;quoted german csv;markdown;
decimal commas and spaces;decimal commas and tabs;typographic minus""".replace("\n", "").split(";")


@pytest.mark.parametrize("notation", TABLES)
@pytest.mark.parametrize("heading", ["", "a{0}b{0}c.\n", "Temp. [C]{0}x{0}y\n"])
@FEW
@given(matrix=arrays(np.float64, st.tuples(st.integers(1, 6), st.just(3)), elements=st.one_of(TAME, WHOLE)))
def test_tables_in_any_dialect_read_back_or_are_refused(notation, heading, matrix):
    mark = {"spaces": " ", "csv": ",", "quoted csv": ",", "quoted german csv": ",", "semicolons": ";", "german csv": ";",
            "markdown": "|", "decimal commas and spaces": " ", "typographic minus": " "}.get(notation, "\t")  # fmt: skip
    text = heading.format(mark) + NOTATIONS[notation](matrix)
    try:
        array, _ = parse_numbers(text)
    except ValueError:
        return
    np.testing.assert_array_equal(array, matrix.astype(np.float32), err_msg=text)


@FEW
@given(arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.floats(width=32)))
def test_copied_cells_read_back(values):
    array, _ = parse_numbers(format_numbers(values))
    np.testing.assert_array_equal(array, values)

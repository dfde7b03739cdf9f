"""The options of `convgui apply`: what people type is understood as the functions understand it, or refused in one line."""

from __future__ import annotations

import numpy as np
import pytest

import convgui
from convgui.cli import main
from convgui.engine.kernels.kernel import Kernel
from convgui.io.kernels.shelf import KernelShelf

X = np.random.default_rng(0).normal(size=(9, 11)).astype(np.float32)


@pytest.fixture
def run(tmp_path):
    """Apply options to an array, and return the map and the status."""
    np.save(tmp_path / "x.npy", X)

    def applied(*words, kernel="sobel-x"):
        try:
            status = main(
                [
                    "apply",
                    str(tmp_path / "x.npy"),
                    "--kernel",
                    kernel,
                    *words,
                    "--format",
                    "npy",
                    "--force",
                    "--out",
                    str(tmp_path / "o"),
                ]
            )
        except SystemExit as stop:
            status = stop.code
        written = list((tmp_path / "o").iterdir()) if status == 0 else []
        return np.load(written[0]) if written else None, status

    return applied


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (["--padding", "SAME"], {"padding": "same"}),
        (["--padding", "Valid"], {"padding": "valid"}),
        (["--padding", "1"], {"padding": 1}),
        (["--padding", "1,2"], {"padding": (1, 2)}),
        (["--padding", "1,2,3,4"], {"padding": ((1, 2), (3, 4))}),
        (["--padding", "(1, 2), (3, 4)"], {"padding": ((1, 2), (3, 4))}),
        (["--padding", "0"], {"padding": "valid"}),
        (["--activation", "ReLU"], {"activation": "relu"}),
        (["--activation", "leaky_relu"], {"activation": "leaky relu"}),
        (["--activation", "LeakyReLU"], {"activation": "leaky_relu"}),
        (["--activation", "hard-sigmoid"], {"activation": "HardSigmoid"}),
        (["--activation=none"], {"activation": None}),
        (["--border", "Wrap"], {"border": "wrap"}),
        (["--stride", "2"], {"strides": 2}),
        (["--stride", "2,3"], {"strides": (2, 3)}),
        (["--stride", "2x3"], {"strides": (2, 3)}),
        (["--dilation", "2"], {"dilation_rate": 2}),
        (["--bias", "-1e-3"], {"bias": -1e-3}),
        (["--bias", "\u22120,5"], {"bias": -0.5}),
        (["--bias=.5"], {"bias": 0.5}),
        (["--bias", "-1/4"], {"bias": -0.25}),
        (["--flip"], {"flip": True}),
    ],
)
def test_an_option_does_what_conv2d_does(run, words, settings):
    written, status = run(*words)
    assert status == 0
    expected = convgui.conv2d(X, convgui.kernel("sobel-x"), **{"padding": "same", **settings})
    np.testing.assert_array_equal(written, expected)


@pytest.mark.parametrize("word", ["--colour", "--color"])
@pytest.mark.parametrize("name", ["sum", "Each Channel", "each_channel", "LUMINANCE", "grey"])
def test_colours_in_both_spellings(run, word, name):
    assert run(word, name)[1] == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--bias", "nan"],
        ["--bias", "-inf"],
        ["--bias", "1e400"],
        ["--bias", "1e39"],
        ["--bias", "one"],
        ["--bias"],
        ["--stride", "0"],
        ["--stride", "-1"],
        ["--stride", "1.5"],
        ["--stride", "99999999999999999999"],
        ["--stride", "1,2,3"],
        ["--dilation", "1e9"],
        ["--padding", "-1"],
        ["--padding", "1,2,3"],
        ["--padding", "99999999999"],
        ["--padding", "causal"],
        ["--padding", "nothing"],
        ["--border", "mirror"],
        ["--activation", "relu7"],
        ["--colour", "blue"],
        ["--format", "xcf"],
    ],
)
def test_what_has_no_meaning_is_one_line(run, capsys, words):
    assert run(*words)[1] in (1, 2)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_padding_that_needs_more_memory_than_there_is(run, capsys):
    assert run("--padding", "1000000")[1] == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("kernel", "weights"),
    [
        ("1 0 -1; 2 0 -2; 1 0 -1", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("-1,0,1", [[-1, 0, 1]]),
        ("-1 0 1", [[-1, 0, 1]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("1/9 * np.ones((3, 3))", np.ones((3, 3)) / 9),
        ("3x3: 1,2,1 2,4,2 1,2,1", [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        ("2", [[2]]),
        ("gaussian,size=5,sigma=1.2", convgui.kernel("gaussian", size=5, sigma=1.2)),
        ("Sobel-X", convgui.kernel("sobel-x")),
    ],
)
def test_kernels_by_name_and_by_their_weights(run, kernel, weights):
    written, status = run(kernel=kernel)
    assert status == 0
    np.testing.assert_array_equal(written, convgui.conv2d(X, weights, padding="same"))


@pytest.mark.parametrize("name", ["mine", "Kante / schräg", "1 2 3", "a.b", "edge.txt"])
def test_a_kept_kernel_by_its_name(run, capsys, name):
    KernelShelf().save(Kernel([[1, 2]], name=name))
    written, status = run(kernel=name)
    assert status == 0
    np.testing.assert_array_equal(written, convgui.conv2d(X, [[1, 2]], padding="same"))
    assert main(["kernels"]) == 0
    assert name in capsys.readouterr().out


def test_a_kept_kernel_of_a_name_in_the_catalogue(run):
    KernelShelf().save(Kernel([[1, 2]], name="box"))
    np.testing.assert_array_equal(run(kernel="mine:box")[0], convgui.conv2d(X, [[1, 2]], padding="same"))
    np.testing.assert_array_equal(run(kernel="box")[0], convgui.conv2d(X, convgui.kernel("box"), padding="same"))


@pytest.mark.parametrize(
    ("kernel", "said"),
    [
        ("gone.txt", "gone.txt: does not exist"),
        ("./gone", "gone: does not exist"),
        ("some/where/gauss.png", "gauss.png: does not exist"),
        ("sobelx", "did you mean sobel-x"),
        ("mine:gone", "No own kernel is called 'gone'"),
        ("1 2; 3", "are no kernel"),
        ("1 nan", "must be finite"),
        ("box,size=nan", "size=nan"),
        ("box,size", "size"),
    ],
)
def test_what_is_no_kernel_is_called_what_it_is(run, capsys, kernel, said):
    assert run(kernel=kernel)[1] == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1


def test_the_bias_of_a_kernel_file_is_applied_and_said(run, tmp_path, capsys):
    numbers = [0] * 25
    numbers[12] = 2
    (tmp_path / "emboss.acf").write_bytes(b"".join(n.to_bytes(2, "big", signed=True) for n in (*numbers, 4, 51)))
    written, _ = run(kernel=str(tmp_path / "emboss.acf"))
    np.testing.assert_allclose(written, X / 2 + 0.2, rtol=1e-6)
    assert "bias 0.2" in capsys.readouterr().err
    written, _ = run("--bias", "0", kernel=str(tmp_path / "emboss.acf"))
    np.testing.assert_array_equal(written, X / 2)

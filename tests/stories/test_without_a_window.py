"""Story 10. Without a window: `convgui apply` and `convgui kernels`, which need no Qt at all."""

import os
import pty
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import convgui
from convgui.cli import main

pytestmark = pytest.mark.usefixtures("compiled")  # until then the reference computes, whose last bit may differ

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@pytest.fixture
def pictures(tmp_path):
    paths = []
    for number in range(2):
        array = np.random.default_rng(number).integers(0, 256, (40, 50, 3)).astype(np.uint8)
        paths.append(tmp_path / f"in{number}.png")
        Image.fromarray(array).save(paths[-1])
    return [str(p) for p in paths]


def test_apply_writes_the_maps(pictures, tmp_path):
    assert main(["apply", *pictures, "--kernel", "sobel-x", "--out", str(tmp_path / "out")]) == 0
    for number in range(2):
        with Image.open(tmp_path / "out" / f"in{number}-sobel-x.png") as image:
            assert image.size == (50, 40)


def test_numbers_equal_conv2d(pictures, tmp_path):
    out = tmp_path / "out"
    assert main(["apply", pictures[0], "--kernel", "sobel-x", "--format", "npy", "--out", str(out)]) == 0
    expected = convgui.conv2d(convgui.as_input(convgui.load_image(pictures[0])), SOBEL, padding="same")
    assert np.array_equal(np.load(out / "in0-sobel-x.npy"), expected)


def test_parameters_and_settings(pictures, tmp_path):
    out = tmp_path / "out"
    words = ["--kernel", "gaussian,size=5,sigma=1.2", "--padding", "valid", "--stride", "2", "--format", "npy"]
    assert main(["apply", pictures[0], *words, "--out", str(out)]) == 0
    weights = convgui.kernel("gaussian", size=5, sigma=1.2)
    expected = convgui.conv2d(convgui.as_input(convgui.load_image(pictures[0])), weights, strides=2)
    assert np.array_equal(np.load(out / "in0-gaussian.npy"), expected)


def test_recipe(pictures, tmp_path):
    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.activation import Activation
    from convgui.engine.layers.conv import Conv
    from convgui.engine.layers.pool import Pool
    from convgui.engine.reading import Reading
    from convgui.io.recipe import Recipe, save_recipe

    layers = (Conv(Kernel(SOBEL), border="wrap"), Activation("relu"), Pool(), Conv(Kernel(SOBEL), stride=(2, 1)))
    recipe = Recipe(layers, reading=Reading("each channel"))
    save_recipe(tmp_path / "mine.json", recipe)
    words = ["--recipe", str(tmp_path / "mine.json"), "--format", "npy", "--out", str(tmp_path)]
    assert main(["apply", pictures[0], *words]) == 0
    expected = convgui.load_recipe(tmp_path / "mine.json").apply(convgui.load_image(pictures[0]))
    assert np.array_equal(np.load(tmp_path / "in0-mine.npy"), expected)


def test_no_qt_at_all(pictures, tmp_path):
    code = (
        "import sys; sys.modules['PySide6'] = None\n"
        "from convgui.cli import main\n"
        f"status = main(['apply', {pictures[0]!r}, '--kernel', 'sobel-x', '--out', {str(tmp_path / 'o')!r}])\n"
        "assert not any(name.startswith('PySide6.') for name in sys.modules)\n"
        "sys.exit(status)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_failed_file_is_one_line_and_the_rest_go_on(pictures, tmp_path, capsys):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    words = [pictures[0], str(bad), str(tmp_path / "gone.png"), pictures[1]]
    assert main(["apply", *words, "--kernel", "box", "--out", str(tmp_path / "out")]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "bad.png" in "".join(lines)
    assert "gone.png" in "".join(lines)
    assert len(list((tmp_path / "out").glob("*.png"))) == 2


def test_an_existing_file_is_not_replaced_unless_forced(pictures, tmp_path, capsys):
    words = ["apply", pictures[0], "--kernel", "box", "--out", str(tmp_path / "out")]
    assert main(words) == 0
    assert main(words) == 1
    assert "--force" in capsys.readouterr().err
    assert main([*words, "--force"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["apply", "in.png", "--out", "o"], "--kernel"),
        (["apply", "in.png", "--kernel", "sobelx", "--out", "o"], "sobel-x"),
        (["apply", "in.png", "--kernel", "gaussian,size=big", "--out", "o"], "size=big"),
        (["apply", "in.png", "--kernel", "box", "--stride", "0", "--out", "o"], "stride"),
        (["apply", "in.png", "--kernel", "box", "--border", "mirror", "--out", "o"], "mirror"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        status = main(words)
    except SystemExit as stop:
        status = stop.code
    error = capsys.readouterr().err
    assert status == 2
    assert said in error
    assert len(error.strip().splitlines()) == 1


def test_kernels_lists_the_catalogue(capsys):
    assert main(["kernels"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(convgui.kernel_names()) >= 45
    assert main(["kernels", "sobel"]) == 0
    assert "sobel-x" in capsys.readouterr().out


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert convgui.__version__ in capsys.readouterr().out


def test_a_progress_bar_on_a_terminal(pictures, tmp_path):
    parent, child = pty.openpty()
    words = [sys.executable, "-m", "convgui", "apply", *pictures, "--kernel", "box", "--out", str(tmp_path / "out")]
    subprocess.run(words, stderr=child, check=True)
    os.close(child)
    shown = b""
    try:
        while part := os.read(parent, 4096):
            shown += part
    except OSError:
        pass
    os.close(parent)
    assert "█" in shown.decode()
    assert "2/2" in shown.decode()


def test_a_table_of_steps_and_channels_is_summed_as_in_the_window(tmp_path):
    steps = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    np.save(tmp_path / "sensors.npy", steps)
    out = tmp_path / "out"
    assert (
        main(["apply", str(tmp_path / "sensors.npy"), "--kernel", "difference", "--format", "npy", "--out", str(out)]) == 0
    )
    written = np.load(next(out.iterdir()))
    assert written.ravel() == pytest.approx(np.append(np.diff(steps.sum(axis=1)), -steps[-1].sum()), abs=1e-5)

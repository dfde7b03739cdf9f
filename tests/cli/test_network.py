"""`convgui apply --weights` and `convgui weights`: layers of a file's network, as maps or as one picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

import convgui
from convgui.cli import main
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.together import TOGETHER, Basis, together
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.carrying import load_recipe
from convgui.model.preparation import PRESETS

pytestmark = pytest.mark.usefixtures("compiled")

DATA = Path(__file__).parents[1] / "data"
RNG = np.random.default_rng(5)
FIRST, SECOND = RNG.normal(size=(6, 3, 3, 3)).astype(np.float32), RNG.normal(size=(4, 6, 1, 1)).astype(np.float32)
ALONE = RNG.normal(size=(2, 1, 5, 5)).astype(np.float32)
BIAS = RNG.normal(size=6).astype(np.float32)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a reader stands: weights, and pictures in colour and in grey."""
    weights = {"conv1.weight": FIRST, "conv1.bias": BIAS, "conv2.weight": SECOND, "extra.weight": ALONE}
    np.savez(tmp_path / "net.npz", **weights)
    (tmp_path / "photos").mkdir()
    for k in range(4):
        pixels = RNG.integers(0, 256, (24, 20 + k, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{k}.png")
    Image.fromarray(RNG.integers(0, 256, (24, 20), np.uint8)).save(tmp_path / "grey.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def apply(*words):
    try:
        return main(["apply", *words])
    except SystemExit as stop:
        return stop.code


def layers(count=2):
    made = (
        Conv(Kernel(FIRST.transpose(2, 3, 1, 0)), bias=tuple(BIAS.tolist()), padding="valid"),
        Conv(Kernel(SECOND.transpose(2, 3, 1, 0)), padding="valid"),
    )
    return made[:count]


def maps(path, count=2, reading=None):
    source = Source(np.asarray(Image.open(path)), 1 / 255)
    return evaluate(Chain(source, reading or Reading("each channel"), layers(count)))


def test_the_last_layer_is_written_and_what_the_file_does_not_say_is_told_in_one_line(folder, capsys):
    assert apply("photos/0.png", "--weights", "net.npz", "--format", "npy", "--out", "maps") == 0
    assert np.array_equal(np.load("maps/0-net.npy"), np.moveaxis(maps("photos/0.png"), 0, -1))
    told = [line for line in capsys.readouterr().err.splitlines() if "NPY has no place" not in line]
    assert len(told) == 1
    assert "conv2, the last of 2 layers" in told[0]
    assert "stride 1 × 1, padding valid, activation none, values from 0 to 1" in told[0]


@pytest.mark.parametrize("name", ["conv1", "conv1.weight", "conv1.bias", "1"])
def test_a_layer_is_named_as_the_file_does_by_its_tensors_or_by_its_number(folder, name):
    assert apply("photos/0.png", "--weights", "net.npz", "--layer", name, "--format", "npz", "--out", "maps") == 0
    (path,) = (folder / "maps").glob("*.npz")
    assert np.array_equal(np.load(path)["maps"], np.moveaxis(maps("photos/0.png", 1), 0, -1))


def test_a_bank_outside_the_chain_is_applied_alone(folder):
    assert apply("photos/0.png", "--weights", "net.npz", "--layer", "extra.weight", "--format", "npy", "--out", "maps") == 0
    written = np.load("maps/0-net-extra.weight.npy")
    grey = convgui.as_input(convgui.load_image("photos/0.png"))
    expected = convgui.conv2d(grey, ALONE[:, 0].transpose(1, 2, 0)[:, :, None])
    np.testing.assert_allclose(written, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--layer", "conv3"], ["conv1", "conv2", "'conv3'"]),
        (["--layer", "conv1.wieght"], ["conv1.weight"]),
        (["--layer", "zzz"], ["conv1", "conv2"]),
        (["--preset", "file"], ["does not say"]),
        (["--preset", "vgg"], ["imagenet", "'vgg'"]),
        (["--preset", "imagenet", "--colour", "sum"], ["--colour"]),
        (["--as", "median"], ["select_max", "topk=K", "'median'"]),
        (["--as", "mean=3"], ["topk=K", "'mean=3'"]),
        (["--as", "topk=0"], ["a number of maps", "-1 for all", "'topk=0'"]),
        (["--as", "topk=-2"], ["a number of maps", "'topk=-2'"]),
        (["--as", "topk=many"], ["a number of maps", "'topk=many'"]),
        (["--as", "topk="], ["a number of maps", "'topk='"]),
        (["--as", "topk=2.5"], ["a number of maps", "'topk=2.5'"]),
        (["--size", "224"], ["224x224", "'224'"]),
        (["--size", "0"], ["a factor"]),
    ],
)
def test_what_is_not_understood_is_one_line(folder, capsys, words, said):
    assert apply("photos/0.png", "--weights", "net.npz", *words, "--out", "maps") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert all(word in told for word in said), told


@pytest.mark.parametrize("words", [["--layer", "a"], ["--preset", "caffe"], ["--size", "0.5"]])
def test_options_of_networks_are_for_networks(folder, capsys, words):
    assert apply("photos/0.png", "--kernel", "sobel-x", *words, "--out", "maps") == 2
    assert "--weights" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["0..1", "0..255", "-1..1", "imagenet", "caffe"])
def test_pictures_are_prepared_by_the_preset_grey_ones_too(folder, name):
    words = ["--weights", "net.npz", "--layer", "conv1", "--preset", name, "--format", "npy"]
    assert apply("photos/0.png", "grey.png", *words, "--out", "maps") == 0
    key = name.replace("..", " … ")
    reading = PRESETS[key][2].reading(Reading("each channel"))
    np.testing.assert_array_equal(np.load("maps/0-net-conv1.npy"), np.moveaxis(maps("photos/0.png", 1, reading), 0, -1))
    grey = np.repeat(np.asarray(Image.open("grey.png"))[..., None], 3, axis=2)
    chain = Chain(Source(grey, 1 / 255), reading, layers(1))
    np.testing.assert_allclose(np.load("maps/grey-net-conv1.npy"), np.moveaxis(evaluate(chain), 0, -1), rtol=1e-4, atol=1e-3)


def test_the_size_is_said_in_cells_or_as_a_factor(folder):
    for k, (size, shape) in enumerate([("10x14", (8, 12, 6)), ("0.5", (10, 8, 6)), ("1", (22, 18, 6))]):
        words = ["--weights", "net.npz", "--layer", "conv1", "--size", size, "--format", "npy", "--out", f"maps{k}"]
        assert apply("photos/0.png", *words) == 0
        assert np.load(f"maps{k}/0-net-conv1.npy").shape == shape


def test_an_option_of_the_convolution_is_for_the_layer_that_is_asked_for(folder):
    words = ["--weights", "net.npz", "--layer", "conv1", "--stride", "2", "--activation", "relu", "--format", "npy"]
    assert apply("photos/0.png", *words, "--out", "maps") == 0
    expected = np.maximum(np.moveaxis(maps("photos/0.png", 1), 0, -1)[::2, ::2], 0)
    assert np.array_equal(np.load("maps/0-net-conv1.npy"), expected)


@pytest.mark.parametrize("way", [name for name, way in TOGETHER.items() if way.make])
def test_all_maps_become_one_picture(folder, way):
    words = ["--weights", "net.npz", "--layer", "conv1", "--as", way]
    assert apply("photos/0.png", *words, "--format", "npy", "--out", "maps") == 0
    assert np.array_equal(np.load(f"maps/0-net-conv1-{way}.npy"), together(maps("photos/0.png", 1), way))
    assert apply("photos/0.png", *words, "--out", "maps", "--measure", "table.csv") == 0
    with Image.open(f"maps/0-net-conv1-{way}.png") as image:
        assert image.size == (18, 22)
    assert len(Path("table.csv").read_text().splitlines()) == 2


def test_one_picture_is_made_in_bands_where_the_maps_are_too_many(folder, monkeypatch):
    from convgui.engine.looking import totals

    monkeypatch.setattr(totals, "HELD", 6 * 18 * 4 * 5)
    for way in ("mean", "select_max"):
        words = ["--weights", "net.npz", "--layer", "conv1", "--as", way, "--format", "npy", "--out", "maps"]
        assert apply("photos/0.png", *words) == 0
        assert np.array_equal(np.load(f"maps/0-net-conv1-{way}.npy"), together(maps("photos/0.png", 1), way))


def strongest(values):
    """Return the maps with the largest sums first, which is MMEngine's topk."""
    return np.argsort(-values.sum(axis=(1, 2), dtype=np.float64), kind="stable")


@pytest.mark.parametrize(("way", "count"), [("topk", 4), ("TOPK=2", 2), ("topk=100", 6), ("topk=-1", 6)])
def test_the_strongest_maps_are_written_the_largest_sum_first(folder, way, count):
    words = ["--weights", "net.npz", "--layer", "conv1", "--as", way, "--name", "{stem}"]
    values = maps("photos/0.png", 1)
    kept = strongest(values)[:count]
    assert apply("photos/0.png", *words, "--format", "tif", "--out", "maps", "--measure", "table.csv") == 0
    with tifffile.TiffFile("maps/0.tif") as tif:
        assert np.array_equal(np.reshape(tif.asarray(), (count, 22, 18)), values[kept])
        assert json.loads(tif.pages[0].description)["maps"] == ", ".join(map(str, kept))
    rows = Path("table.csv").read_text().splitlines()[1:]
    assert [row.split(",")[1] for row in rows] == [str(map) for map in kept]


def test_pictures_of_the_strongest_maps_are_called_by_their_numbers(folder):
    words = ["--weights", "net.npz", "--layer", "conv1", "--as", "topk=2", "--out", "maps"]
    assert apply("photos/0.png", "photos/1.png", *words) == 0
    for photo in (0, 1):
        kept = strongest(maps(f"photos/{photo}.png", 1))[:2]
        names = {path.name for path in Path("maps").glob(f"{photo}-*.png")}
        assert names == {f"{photo}-net-conv1-topk2-{map}.png" for map in kept}
    many = load_recipe(next(Path("maps").glob("*.png"))).many
    assert (many.way, many.order, many.topk) == ("grid", "total", 2)


def test_a_run_that_keeps_more_maps_does_not_resume_one_that_kept_fewer(folder, capsys):
    words = ["--weights", "net.npz", "--layer", "conv1", "--format", "npy", "--out", "maps", "--name", "{stem}", "--resume"]
    assert apply("photos/0.png", *words, "--as", "topk=2") == 0
    assert apply("photos/0.png", *words, "--as", "topk=3") == 0
    assert np.load("maps/0.npy").shape[2] == 3
    assert "done already" not in capsys.readouterr().err


PCA = ["--weights", "net.npz", "--layer", "conv1", "--as", "pca", "--out", "maps"]


def colours(path):
    return np.asarray(Image.open(path))


def test_components_have_one_basis_for_all_pictures_of_a_run(folder):
    assert apply("photos", *PCA, "--jobs", "2") == 0
    basis = Basis.of(maps("photos/0.png", 1))
    for k in range(4):
        expected = basis.colours(maps(f"photos/{k}.png", 1))
        assert np.array_equal(colours(f"maps/{k}-net-conv1-pca.png"), expected)


def test_a_run_that_resumes_keeps_the_basis_also_where_another_picture_comes_first(folder):
    assert apply("photos/2.png", *PCA, "--resume") == 0
    assert apply("photos", *PCA, "--resume") == 0
    basis = Basis.of(maps("photos/2.png", 1))
    for k in range(4):
        assert np.array_equal(colours(f"maps/{k}-net-conv1-pca.png"), basis.colours(maps(f"photos/{k}.png", 1)))


def test_components_as_numbers_are_three_maps(folder):
    assert apply("photos/0.png", *PCA, "--format", "npy", "--measure", "table.csv") == 0
    basis, values = Basis.of(maps("photos/0.png", 1)), maps("photos/0.png", 1)
    assert np.array_equal(np.load("maps/0-net-conv1-pca.npy"), np.moveaxis(basis.along(values), 0, -1))
    assert len(Path("table.csv").read_text().splitlines()) == 4


def test_a_picture_that_cannot_be_read_does_not_take_the_basis_away(folder, capsys):
    Path("photos/-.png").write_bytes(b"no picture")
    assert apply("photos", *PCA) == 1
    assert len(list((folder / "maps").glob("*.png"))) == 4


def test_what_is_written_carries_a_recipe_that_names_the_file_of_weights(folder):
    assert apply("photos/0.png", "--weights", "net.npz", "--as", "mean", "--out", "maps") == 0
    recipe = load_recipe(folder / "maps" / "0-net-mean.png")
    assert recipe.layers[0].kernel.origin.tensor == "conv1.weight"
    assert (recipe.many.way, recipe.many.together) == ("picture", "mean")
    assert np.array_equal(np.moveaxis(recipe.apply(convgui.load_image("photos/0.png")), -1, 0), maps("photos/0.png"))


def test_a_run_is_resumed(folder, capsys):
    words = ["photos", "--weights", "net.npz", "--format", "npz", "--out", "maps", "--resume"]
    assert apply(*words) == 0
    assert apply(*words) == 0
    assert "4 of 4 were done already" in capsys.readouterr().err


def test_a_picture_larger_than_memory_becomes_one_picture_piece_by_piece(folder, monkeypatch):
    zarr = pytest.importorskip("zarr", reason="zarr keeps a picture that is read in parts")
    pixels = RNG.integers(0, 256, (300, 260), np.uint8)
    zarr.create_array(str(folder / "slide.zarr"), data=pixels, chunks=(64, 64))
    np.savez(folder / "grey.npz", **{"conv.weight": ALONE})
    bank = Conv(Kernel(ALONE.transpose(2, 3, 1, 0)), padding="valid")
    whole = evaluate(Chain(Source(pixels, 1 / 255), Reading(), (bank,)))
    words = ["--weights", "grey.npz", "--as", "topk=1", "--format", "npy", "--out", "maps"]
    assert apply("slide.zarr", *words) == 0
    assert np.array_equal(np.load("maps/slide-grey-topk1.npy"), whole[strongest(whole)[0]])
    for way in ("max", "select_max"):
        words = ["--weights", "grey.npz", "--as", way, "--format", "npy", "--out", "maps"]
        assert apply("slide.zarr", *words) == 0
        assert np.array_equal(np.load(f"maps/slide-grey-{way}.npy"), together(whole, way))


def test_onnx_and_keras_files_say_all_but_how_pictures_are_prepared(folder, capsys):
    for name, layer in (("onnx/two_files.onnx", "0.weight"), ("keras/files/picture.keras", "first look")):
        words = ["--weights", str(DATA / name), "--layer", layer, "--size", "17x14", "--format", "npy", "--out", "maps"]
        assert apply("photos/0.png", *words) == 0
        told = capsys.readouterr().err
        assert "values from 0 to 1" in told and "stride" not in told
    assert np.load("maps/0-two_files-0.weight.npy").shape[2] == 8
    assert np.load("maps/0-picture-first-look.npy").shape[2] == 6


def test_a_keras_layer_has_its_activation(folder):
    words = ["--weights", str(DATA / "keras/files/picture.keras"), "--layer", "depthwise_conv2d", "--format", "npy"]
    assert apply("photos/0.png", *words, "--out", "maps") == 0
    written = np.load("maps/0-picture-depthwise_conv2d.npy")
    assert written.min() >= 0 and written.max() <= 6


def test_weights_lists_tensors_and_layers(folder, capsys):
    assert main(["weights", "net.npz"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "net.npz: NumPy, 4 tensors"
    (row,) = (line.split("  ") for line in told.splitlines() if line.startswith("conv1.weight"))
    cells = [cell.strip() for cell in row if cell.strip()]
    assert cells == ["conv1.weight", "6 × 3 × 3 × 3", "float32", "OIHW", "6 filters of 3 × 3 over 3 channels"]
    assert "2      conv2" in told
    assert "It reads 3 channels" in told and "Left out" in told and "stride (1 × 1 is taken)" in told


def test_a_file_that_is_none_is_one_line(folder, capsys):
    Path("x.pt").write_bytes(b"PK\3\4 weights of PyTorch")
    assert main(["weights", "x.pt"]) == 1
    assert "safetensors" in capsys.readouterr().err
    assert apply("photos/0.png", "--weights", "gone.onnx", "--out", "maps") == 2
    assert "gone.onnx" in capsys.readouterr().err


def test_a_recipe_is_no_file_of_weights(folder, capsys):
    Path("edges.json").write_text(json.dumps({"format": "convgui recipe", "version": 2}))
    assert apply("photos/0.png", "--weights", "edges.json", "--out", "maps") == 2
    assert "--recipe" in capsys.readouterr().err


def test_maps_of_a_recipe_become_one_picture_too(folder):
    from convgui.io.recipe import Recipe, save_recipe

    save_recipe(folder / "chain.json", Recipe(layers(), reading=Reading("each channel")))
    assert apply("photos/0.png", "--recipe", "chain.json", "--as", "l2", "--format", "npy", "--out", "maps") == 0
    assert np.array_equal(np.load("maps/0-chain-l2.npy"), together(maps("photos/0.png"), "l2"))


# graphs


@pytest.fixture
def branched(folder):
    """A graph whose chain ends at the first sum."""
    pytest.importorskip("onnx", reason="onnx makes the model")
    pytest.importorskip("onnxruntime", reason="onnxruntime runs it")
    from weight_files import model

    nodes = [
        ("Conv", ["x", "w"], ["a"], {}),
        ("Relu", ["a"], ["b"], {}),
        ("Neg", ["a"], ["c"], {}),
        ("Add", ["b", "c"], ["sum"], {}),
        ("Tanh", ["sum"], ["y"], {}),
    ]
    (folder / "net.onnx").write_bytes(model(nodes, {"w": FIRST}, shape=(1, 3, 24, 20)))
    return folder


def summed(path):
    chain = Chain(Source(np.asarray(Image.open(path)), 1 / 255), Reading("each channel"), layers(1))
    made = evaluate(Chain(chain.source, chain.reading, (Conv(chain.layers[0].kernel, padding="valid"),)))
    return np.maximum(made, 0) - made


def test_a_tensor_behind_the_chain_is_made_by_onnx_runtime(branched, capsys):
    words = ["--weights", "net.onnx", "--layer", "sum", "--format", "npy", "--out", "maps"]
    assert apply("photos", *words, "--jobs", "2") == 0
    assert "sum, by ONNX Runtime" in capsys.readouterr().err
    for k in range(4):  # of other sizes than the file has
        expected = np.moveaxis(summed(f"photos/{k}.png"), 0, -1)
        np.testing.assert_allclose(np.load(f"maps/{k}-net-sum.npy"), expected, atol=1e-5)


def test_what_onnx_runtime_makes_becomes_pictures_and_is_resumed(branched, capsys):
    words = ["--weights", "net.onnx", "--layer", "sum", "--as", "pca", "--out", "maps", "--resume"]
    assert apply("photos", *words) == 0
    assert "by ONNX Runtime" in capsys.readouterr().err
    basis = Basis.of(summed("photos/0.png"))
    made = colours("maps/1-net-sum-pca.png").astype(int)
    assert np.abs(made - basis.colours(summed("photos/1.png"))).max() <= 1
    assert apply("photos", *words) == 0
    assert "4 of 4 were done already" in capsys.readouterr().err


def test_what_onnx_runtime_makes_carries_the_recipe_that_makes_it_again(branched):
    assert apply("photos/1.png", "--weights", "net.onnx", "--layer", "sum", "--format", "npy", "--out", "maps") == 0
    assert apply("photos/1.png", "--weights", "net.onnx", "--layer", "sum", "--format", "tif", "--out", "maps") == 0
    again = load_recipe("maps/1-net-sum.tif").apply(np.asarray(Image.open("photos/1.png")))
    assert np.array_equal(again, np.load("maps/1-net-sum.npy"))


def test_settings_of_a_convolution_are_not_for_a_tensor_of_a_graph(branched, capsys):
    assert apply("photos/0.png", "--weights", "net.onnx", "--layer", "sum", "--activation", "relu", "--out", "maps") == 2
    assert "ONNX Runtime" in capsys.readouterr().err

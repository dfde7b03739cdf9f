"""Settings that are damaged, or cannot be reached, cost nothing but themselves: the program starts and says so."""

import json

import pytest
from PIL import Image

ODD = [
    {"recent": [1]},
    {"layouts": {"explain": [1]}, "workspace": "nowhere"},
    {"layouts": {"explain": {"state": "bm8gbGF5b3V0", "folded": ["nobody"]}}},
    {"workspace": "present", "arrange": "above", "share": 7},
    {"geometry": "not base64 at all"},
    {"geometry": "AdnQywADAAAAAAAA"},
    {"theme": {"dark": True}},
    {"recent": ["/nowhere/\0.png", "", "\udce9.png"]},
    {"folder": "/nowhere"},
    {"share": "half", "welcomed": 7},
    {"unknown": {"a": [1, {"b": None}]}},
]


def store(home, values):
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(json.dumps({"version": 1, "settings": values}))


@pytest.mark.parametrize("values", ODD, ids=str)
def test_odd_settings_do_not_prevent_the_start(start, own_home, values):
    store(own_home, values)
    user = start()
    assert user.state.kernel.entry == "sobel-x"
    assert user.window.pair.map.picture() is not None
    user.window.close()
    assert "NaN" not in (own_home / "settings.json").read_text()


@pytest.mark.parametrize("values", ODD[:2], ids=str)
def test_a_file_that_is_named_is_opened_all_the_same_and_the_sentence_stays(start, own_home, photo, values):
    store(own_home, values)
    user = start(photo)
    assert user.state.source.name == "holiday.png"
    assert "settings.json" in user.message()
    user.do("kernel_negate")
    assert "settings.json" in user.message()


@pytest.mark.parametrize("what", ["home", "kernels"])
def test_a_place_that_is_no_folder_is_said(start, own_home, what):
    if what == "home":
        own_home.write_text("a file")
    else:
        own_home.mkdir()
        (own_home / "kernels").write_text("a file")
    user = start()
    assert user.state.kernel.entry == "sobel-x"
    assert ("settings cannot be read" if what == "home" else "own kernels cannot be shown") in user.message()
    user.window.close()


def test_two_windows_keep_what_each_has_opened(start, tmp_path):
    for k in (1, 2):
        Image.new("L", (9, 9), k).save(tmp_path / f"p{k}.png")
    first, second = start(), start()
    first.open(tmp_path / "p1.png")
    second.open(tmp_path / "p2.png")
    first.window.close()
    second.window.close()
    names = [action.text() for action in start().window.recent.actions()]
    assert sorted(names) == ["p1.png", "p2.png"]


def test_a_kernel_that_two_windows_kept_is_one_and_stays_deleted(start):
    first, second = start(), start()
    for user, factor in ((first, 2), (second, 3)):
        user.program.kernel.edit("own", lambda weights, factor=factor: weights * factor)
        user.program.kernel_files.keep("mine")
        user.settle()
    first.do("kernel_forget")
    first.settle()
    third = start()
    assert list(third.program.context.own.kernels) == []

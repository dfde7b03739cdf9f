"""Settings are remembered, and a damaged file costs nothing but the settings."""

from __future__ import annotations

import json

import pytest

from convgui.io import settings


def test_what_was_saved_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "new folder" / "settings.json"
    settings.save({**settings.DEFAULTS, "theme": "dark", "recent": ["a.png"], "own": 3}, path)
    stored, sentence = settings.load(path)
    assert (stored["theme"], stored["recent"], stored["own"], sentence) == ("dark", ["a.png"], 3, "")


def test_the_first_start_has_the_defaults(tmp_path):
    assert settings.load(tmp_path / "settings.json") == (settings.DEFAULTS, "")


def test_the_defaults_are_nobodys_to_change(tmp_path):
    settings.load(tmp_path / "settings.json")[0]["recent"].append("a.png")
    assert settings.DEFAULTS["recent"] == []


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"[]", b"null", b'{"version": 1}', b'{"version": "x", "settings": {}}', b"[" * 100_000, b"\xff\0"],
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    stored, sentence = settings.load(path)
    assert stored == settings.DEFAULTS
    assert "settings.json" in sentence and "renamed to settings.json.bad" in sentence
    assert (tmp_path / "settings.json.bad").read_bytes() == content and not path.exists()


def test_a_value_of_the_wrong_kind_gets_its_default(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 1, "settings": {"recent": "a.png", "theme": "dark"}}))
    stored, sentence = settings.load(path)
    assert stored["recent"] == [] and stored["theme"] == "dark" and "recent" in sentence


def test_the_place_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVGUI_HOME", str(tmp_path))
    settings.save({"theme": "light"})
    assert (tmp_path / "settings.json").exists() and settings.load()[0]["theme"] == "light"


ODD = {
    "recent": [[1], ["a.png", None], "a.png", {"a": 1}, [["a.png"]], 7, None],
    "share": [0, 1, -0.5, 7, 10**400, "half", [0.5], None],
    "layouts": [[1], {"explain": 3}, {"explain": {"state": 7}}, {"explain": {"folded": [1]}}, "wide"],
    "theme": ["blue", 1, None, [], {"dark": 1}],
    "geometry": [5, ["x"], None, "A" * 20_000],
    "folder": [1, [], None],
    "welcomed": [1, "yes", None],
    "arrange": ["above", 1, None],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in ODD.items() for value in values])
def test_an_odd_value_gets_its_default_and_a_sentence(tmp_path, key, value):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": 1, "settings": {key: value, "own": 3}}))
    stored, sentence = settings.load(path)
    assert stored.get(key) == settings.DEFAULTS.get(key)
    assert key in sentence and sentence.endswith(".")
    assert stored["own"] == 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1, float("-inf")], {"a": float("nan")}, object(), {1, 2}])
def test_what_is_no_plain_json_is_never_written_and_the_rest_is(tmp_path, value):
    path = tmp_path / "settings.json"
    settings.save({"theme": "dark", "speed": value}, path)
    text = path.read_text()
    assert not any(word in text for word in ("NaN", "Infinity", "speed"))
    assert settings.load(path)[0]["theme"] == "dark"


def test_nan_that_is_stored_is_not_taken_over(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"version": 1, "settings": {"theme": "dark", "speed": NaN}}')
    stored, sentence = settings.load(path)
    assert "speed" not in stored and "speed" in sentence and stored["theme"] == "dark"


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), NotADirectoryError(20, "Not a directory"), OSError(5, "I/O")]
)
def test_a_home_that_cannot_be_read_is_said_and_nothing_is_renamed(tmp_path, monkeypatch, error):
    path = tmp_path / "settings.json"
    settings.save({"theme": "dark"}, path)

    def refuse(*_):
        raise error

    monkeypatch.setattr("os.lstat", refuse)
    stored, sentence = settings.load(path)
    monkeypatch.undo()
    assert stored == settings.DEFAULTS and error.strerror in sentence
    assert settings.load(path)[0]["theme"] == "dark"


def test_two_windows_lose_nothing_of_each_other(tmp_path):
    path = tmp_path / "settings.json"
    settings.save({**settings.DEFAULTS, "recent": ["old.png"], "theme": "light", "folder": "/a"}, path)
    before = settings.load(path)[0]
    first, second = (settings.load(path)[0] for _ in range(2))
    first.update(recent=["one.png", "old.png"], theme="dark")
    second.update(recent=["two.png", "old.png"], folder="/b", welcomed=True)
    settings.save(first, path, before)
    settings.save(second, path, before)
    stored = settings.load(path)[0]
    assert stored["recent"] == ["two.png", "old.png", "one.png"]
    assert (stored["theme"], stored["folder"], stored["welcomed"]) == ("dark", "/b", True)


def test_recent_files_are_no_more_than_a_menu_holds(tmp_path):
    path, before = tmp_path / "settings.json", settings.load(tmp_path / "none.json")[0]
    for k in range(4):
        settings.save({**before, "recent": [f"{k}-{n}.png" for n in range(15)]}, path, before)
    assert len(settings.load(path)[0]["recent"]) == 20

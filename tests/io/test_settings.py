"""Settings are remembered, and a damaged file costs nothing but the settings."""

from __future__ import annotations

import json

import pytest

from convgui.io import settings
from convgui.io.errors import FileError


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


def test_a_value_that_is_no_json_is_refused_and_the_file_stays(tmp_path):
    path = tmp_path / "settings.json"
    settings.save({"theme": "dark"}, path)
    with pytest.raises(FileError, match="cannot be written as JSON"):
        settings.save({"theme": object()}, path)
    assert settings.load(path)[0]["theme"] == "dark"


def test_the_place_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVGUI_HOME", str(tmp_path))
    settings.save({"theme": "light"})
    assert (tmp_path / "settings.json").exists() and settings.load()[0]["theme"] == "light"

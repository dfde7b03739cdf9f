"""Names of classes: lines, lists, numbered names, as people and models write them; what is none is one sentence."""

from __future__ import annotations

import pytest

from convgui.io.errors import FileError
from convgui.io.weights.labels import labels_in, labels_of, read_labels

CATS = ("cat", "dog", "red fox")


@pytest.mark.parametrize(
    "text",
    [
        "cat\ndog\nred fox\n",
        "cat\r\ndog\r\n\r\nred fox",
        "\ufeffcat\ndog\nred fox",
        "cat, dog, red fox",
        '["cat", "dog", "red fox"]',
        "['cat', 'dog', 'red fox']",
        '{"0": "cat", "1": "dog", "2": "red fox"}',
        "{0: 'cat', 2: 'red fox', 1: 'dog'}",
        '{"0": ["n01", "cat"], "1": ["n02", "dog"], "2": ["n03", "red fox"]}',
        "n02123045 cat\nn02084071 dog\nn02119022 red fox",
    ],
)
def test_names_are_read_as_they_are_written(text, tmp_path):
    assert labels_in(text) == CATS
    path = tmp_path / "names.txt"
    path.write_text(text, encoding="utf-8")
    assert read_labels(path) == CATS


def test_numbered_names_are_in_the_order_of_their_numbers():
    assert labels_in(str({str(k): f"c{k}" for k in (10, 9, *range(9))})) == tuple(f"c{k}" for k in range(11))


@pytest.mark.parametrize("text", ["{", "[1, 2", "{'a': __import__('os')}", "{'cat': 0}", "()", " \n"])
def test_what_holds_no_names_is_one_sentence_and_nothing_is_executed(text, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text(text)
    with pytest.raises(FileError, match=r"names\.txt: "):
        read_labels(path)


def test_a_model_may_name_its_classes_itself():
    assert labels_of({"stride": "32", "names": "{0: 'person', 1: 'car'}"}) == ("person", "car")
    assert labels_of({"Labels": "a,b"}) == ("a", "b")
    assert labels_of({"producer": "pytorch"}) == ()

"""Help: each page is found by the words people use, opens in the window, and leads to the others; no link is dead."""

import re
from pathlib import Path

import pytest
from gui_thread import slow_calls
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest

from convgui import assets

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "architecture": "How convgui is built",
    "glossary": "The words",
    "developers": "How to contribute",
    "release notes": "What has changed",
    "what is new": "What has changed",
    "licence": "Licence",
    "mit license": "Licence",
}


def shown(user, title):
    page = user.dialog("help_page")
    user.until(lambda: page.windowTitle() == title)
    return page


@pytest.mark.parametrize(("words", "title"), PAGES.items())
def test_a_page_is_found_by_what_it_is_called_elsewhere(user, words, title):
    user.do("find")
    QTest.keyClicks(user.window.finder.field, words)
    QTest.keyClick(user.window.finder.field, Qt.Key.Key_Return)
    page = shown(user, title)
    assert len(page.text.toPlainText()) > 500


def test_links_lead_from_page_to_page_in_one_window(user):
    user.do("help_architecture")
    page = shown(user, "How convgui is built")
    page.text.anchorClicked.emit(QUrl("glossary.md"))
    assert shown(user, "The words") is page
    user.do("shortcuts")
    assert shown(user, "Keyboard and mouse") is page


def test_a_page_can_be_closed_and_opened_again(user):
    for _ in range(2):
        user.do("help_licence")
        page = shown(user, "Licence")
        assert "WITHOUT WARRANTY OF ANY KIND" in page.text.toPlainText()
        page.close()


def test_no_page_is_read_on_the_thread_of_the_window(user):
    with slow_calls() as found:
        user.do("help_glossary")
    assert "open" not in found
    shown(user, "The words")


def links(path):
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [a for a in re.findall(r"\]\(([^)\s]+)\)", text) if not a.startswith(("http:", "https:"))]


@pytest.mark.parametrize("page", ["README.md", *(f"resources/help/{p.name}" for p in assets.resource("help").glob("*.md"))])
def test_every_link_leads_to_a_file(page):
    assert links(ROOT / page)
    for link in links(ROOT / page):
        assert (ROOT / page).parent.joinpath(link).exists(), link


def test_what_pages_name_in_the_code_is_there():
    """A path of a module that a page sends somebody to exists."""
    for page in assets.resource("help").glob("*.md"):
        for name in re.findall(r"`((?:[\w-]+/)*[\w-]+(?:\.py|\.md|\.toml|/))`", page.read_text(encoding="utf-8")):
            places = [ROOT / name, ROOT / "convgui" / name]
            found = any(place.exists() for place in places) or any(ROOT.glob(f"convgui/**/{name}"))
            assert found, f"{page.name} names {name}"

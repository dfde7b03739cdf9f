"""Pages of text: Markdown in the theme's colours, that scrolls and tells where its links lead."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from convgui.views.kit import theme
from convgui.views.kit.text_page import TextPage

TEXT = """# A title

Some words, `code` and [another page](other.md).

## A part

| word | meaning |
| --- | --- |
| patch | the cells under the kernel |

```sh
bash tests/run
```
""" + "\n".join(f"\nParagraph {k}." for k in range(60))


@pytest.fixture
def page(show):
    above = show(QWidget(), 800, 700)
    page = TextPage(above)
    page.set_markdown("A page", TEXT)
    page.open()
    yield page
    page.close()


def colours(page):
    """Return the colours of all letters."""
    found, block = set(), page.text.document().begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            found.add(walk.fragment().charFormat().foreground().color().name())
            walk += 1
        block = block.next()
    return found


def test_it_shows_the_page_from_its_beginning(page):
    assert page.windowTitle() == page.text.accessibleName() == "A page"
    text = page.text.toPlainText()
    assert text.startswith("A title")
    assert "bash tests/run" in text
    assert "#" not in text
    assert "|" not in text
    assert page.text.verticalScrollBar().value() == 0
    assert page.text.verticalScrollBar().maximum() > 0


def test_a_table_is_one(page):
    (table,) = [f for f in page.text.document().rootFrame().childFrames() if isinstance(f, QTextTable)]
    assert (table.rows(), table.columns()) == (2, 2)


def test_a_link_is_told_and_nothing_else_happens(page, heard):
    followed, before = heard(page.followed), page.text.toPlainText()
    document = page.text.document()
    cursor = document.find("another page")
    box = page.text.cursorRect(cursor)
    place = QPoint(box.left() - 10, box.center().y())
    QTest.mouseClick(page.text.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert followed == [("other.md",)]
    assert page.text.toPlainText() == before


def test_it_follows_the_theme_and_stays_where_it_is_read(page, qapp):
    page.text.verticalScrollBar().setValue(200)
    light = colours(page)
    theme.apply(qapp, dark=True)
    try:
        dark = colours(page)
        assert page.text.verticalScrollBar().value() == 200
    finally:
        theme.apply(qapp, dark=False)
    assert light.isdisjoint(dark)
    assert colours(page) == light


def test_another_page_takes_its_place(page):
    page.text.verticalScrollBar().setValue(200)
    page.set_markdown("Other", "# Short")
    assert page.text.toPlainText() == "Short"
    page.set_html("Keys", "<b>Ctrl+K</b>")
    assert page.windowTitle() == "Keys"
    assert page.text.toPlainText() == "Ctrl+K"

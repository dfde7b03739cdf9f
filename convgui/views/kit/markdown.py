"""Markdown as a document of Qt in the window's colours: headings, links, code and tables as the theme has them."""

from __future__ import annotations

from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from convgui.views.kit.theme import ink

HEADINGS = {1: 20, 2: 16, 3: 14}
"""Pixels of each level of heading; deeper ones are as the text."""

LINE_SPACING = 130
"""Per cent."""


def fill(document: QTextDocument, text: str) -> None:
    """Replace a document's content by a page of Markdown, in the colours of the present theme."""
    document.setDocumentMargin(18)
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    block = document.begin()
    while block.isValid():
        _dress_block(block)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)


def _dress_block(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    level, code = block.blockFormat().headingLevel(), _is_code(block)
    shape = QTextBlockFormat()
    shape.setLineHeight(LINE_SPACING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if level:
        shape.setTopMargin(22 if level > 1 else 4)
        shape.setBottomMargin(8)
    if code:
        shape.setBackground(ink("well"))
        shape.setNonBreakableLines(False)
        shape.setTopMargin(0 if _is_code(block.previous()) else 4)
        shape.setBottomMargin(0 if _is_code(block.next()) else 10)
    cursor.mergeBlockFormat(shape)
    for start, length, found in _fragments(block):
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(_letters(found, level))


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    found, walk = [], block.begin()
    while not walk.atEnd():
        piece = walk.fragment()
        found.append((piece.position(), piece.length(), piece.charFormat()))
        walk += 1
    return found


def _letters(found: QTextCharFormat, level: int) -> QTextCharFormat:
    letters = QTextCharFormat(found)
    letters.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would win over a size
    letters.setForeground(ink("accent" if found.isAnchor() else "text"))
    letters.setFontUnderline(False)
    if level:
        letters.setProperty(QTextFormat.Property.FontPixelSize, HEADINGS.get(level, 13))
        letters.setFontWeight(QFont.Weight.DemiBold)
    elif found.fontFixedPitch():
        letters.setFontFamilies([QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()])
        letters.setProperty(QTextFormat.Property.FontPixelSize, 12)
        letters.setBackground(ink("well"))
    return letters


def _dress_table(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorder(1)
    shape.setBorderBrush(ink("line"))
    shape.setBorderCollapse(True)
    shape.setCellPadding(6)
    shape.setCellSpacing(0)
    shape.setTopMargin(6)
    shape.setBottomMargin(10)
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(shape)

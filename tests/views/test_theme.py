"""The look: the font that ships is the font that is shown."""

from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QPushButton

from convgui.views.kit.theme import sized


def test_every_widget_is_written_in_the_font_that_ships(show):
    for kind in (QLabel, QPushButton, QLineEdit, QComboBox, QMenu):
        widget = show(kind())
        for semibold in (False, True):
            found = QFontInfo(sized(widget, 13, semibold=semibold))
            assert found.family().startswith("Inter")
            assert found.weight() == (600 if semibold else 400)

"""The look: colours of the light and the dark theme, the palette and style sheet made of them, and tinted icons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from convgui import assets

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

GAP, RADIUS, INNER = 8, 10, 12
CONTROL = 28
FONTS = ("Inter-Regular", "Inter-SemiBold")


@dataclass(frozen=True)
class Tokens:
    """The named colours of one theme."""

    dark: bool
    ground: str
    card: str
    line: str
    well: str
    text: str
    secondary: str
    faint: str
    accent: str
    on_accent: str
    soft: str
    warning: str


LIGHT = Tokens(
    dark=False,
    ground="#f4f5f7",
    card="#ffffff",
    line="#e2e5ea",
    well="#e9ebef",
    text="#1c222c",
    secondary="#626d7d",
    faint="#98a1ae",
    accent="#5a54d4",
    on_accent="#ffffff",
    soft="#ebeaf9",
    warning="#9a5b00",
)
DARK = Tokens(
    dark=True,
    ground="#14171b",
    card="#1b1f25",
    line="#2b313a",
    well="#0f1216",
    text="#e5e8ed",
    secondary="#9aa4b2",
    faint="#69727f",
    accent="#9a96ff",
    on_accent="#15171c",
    soft="#2d2b4d",
    warning="#e8b15a",
)

_ROLES = {
    "ground": QPalette.ColorRole.Window,
    "card": QPalette.ColorRole.AlternateBase,
    "line": QPalette.ColorRole.Mid,
    "well": QPalette.ColorRole.Base,
    "text": QPalette.ColorRole.WindowText,
    "secondary": QPalette.ColorRole.Dark,
    "faint": QPalette.ColorRole.Shadow,
    "accent": QPalette.ColorRole.Highlight,
    "on_accent": QPalette.ColorRole.HighlightedText,
    "soft": QPalette.ColorRole.Midlight,
    "warning": QPalette.ColorRole.BrightText,
}


def ink(name: str) -> QColor:
    """Return a token's colour in the present theme."""
    return QGuiApplication.palette().color(_ROLES[name])


def palette(tokens: Tokens) -> QPalette:
    """Return the palette of a theme."""
    result = QPalette(QColor(tokens.card), QColor(tokens.ground))
    for name, role in _ROLES.items():
        result.setColor(role, QColor(getattr(tokens, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.ToolTipText):
        result.setColor(role, QColor(tokens.text))
    result.setColor(QPalette.ColorRole.ToolTipBase, QColor(tokens.card))
    result.setColor(QPalette.ColorRole.PlaceholderText, QColor(tokens.faint))
    for role in (QPalette.ColorRole.Link, QPalette.ColorRole.LinkVisited):
        result.setColor(role, QColor(tokens.accent))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return result


def system_is_dark() -> bool:
    """Whether the desktop asks for a dark scheme."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply(app: QApplication, dark: bool) -> Tokens:
    """Give the application the light or the dark look, and return its colours."""
    tokens = DARK if dark else LIGHT
    sheet = style_sheet(tokens)
    if app.styleSheet() != sheet:  # setting the same style sheet again would restyle every widget
        if not app.styleSheet():  # it stays; to set it again would restyle every widget once more
            app.setStyle("Fusion")
        app.setFont(base_font())
        app.setPalette(palette(tokens))
        app.setStyleSheet(sheet)
    return tokens


SCALES = (100, 125, 150)
"""Sizes of the text that can be chosen, in per cent."""

_scale = 1.0


def set_scale(scale: float) -> None:
    """Write everything so many times as large, in the windows that are made from now on."""
    global _scale
    _scale = min(max(scale, 1.0), 2.0)


def px(pixels: float) -> int:
    """Return how many pixels that are where the text is larger."""
    return round(pixels * _scale)


@cache
def _family() -> str:
    """Load the fonts that ship with the program, and return what they are called; the system's if that fails."""
    loaded = [QFontDatabase.addApplicationFont(str(assets.resource(f"fonts/{name}.ttf"))) for name in FONTS]
    if min(loaded) < 0:
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return QFontDatabase.applicationFontFamilies(loaded[0])[0]


def base_font() -> QFont:
    """Return Inter at 13 pixels, with figures of equal width."""
    font = QFont(_family())
    font.setPixelSize(px(13))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized(widget: QWidget, pixels: int, *, semibold: bool = False) -> QFont:
    """Return the widget's font at a size in pixels."""
    font = QFont(widget.font())
    font.setPixelSize(px(pixels))
    font.setWeight(QFont.Weight.DemiBold if semibold else QFont.Weight.Normal)
    return font


def _pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """Return an icon as it was drawn before in that colour, or draw it."""
    key = f"convgui {name} {colour.name()} {size} {ratio}"
    pixmap = QPixmap()
    if not QPixmapCache.find(key, pixmap):
        pixmap = _drawn(name, colour, size, ratio)
        QPixmapCache.insert(key, pixmap)
    return pixmap


def _drawn(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """Draw an icon: its shape, which is drawn once for all colours, with the colour laid over it."""
    image = QImage(_shape(name, round(size * ratio)))
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), colour)
    painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def _shape(name: str, pixels: int) -> QImage:
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    svg = assets.icon(name).replace("currentColor", "#000000")
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def _fine_screens() -> bool:
    """Whether any screen has more than one pixel of its own to a pixel."""
    return any(screen.devicePixelRatio() > 1 for screen in QGuiApplication.screens())


def icon(name: str, token: str = "text", size: int = 18) -> QIcon:
    """Return an icon in a colour of the present theme, fainter where it is disabled."""
    result = QIcon()
    for ratio in (1.0, 2.0) if _fine_screens() else (1.0,):
        result.addPixmap(_pixmap(name, ink(token), size, ratio), QIcon.Mode.Normal)
        result.addPixmap(_pixmap(name, ink("faint"), size, ratio), QIcon.Mode.Disabled)
    return result


def style_sheet(t: Tokens) -> str:
    """Return the style sheet of a theme, for the present size of the text."""

    def scaled(found: re.Match[str]) -> str:
        return f"{found[1]}: {px(int(found[2]))}px"

    return re.sub(r"(font-size|min-height|max-height): (\d+)px", scaled, _style_sheet(t))


def _style_sheet(t: Tokens) -> str:
    chevron = assets.resource(f"icons/{'chevron-dark' if t.dark else 'chevron-light'}.svg").as_posix()
    check = assets.resource(f"icons/{'check-dark' if t.dark else 'check-light'}.svg").as_posix()
    on_accent = assets.resource(f"icons/{'chevron-on-dark' if t.dark else 'chevron-on-light'}.svg").as_posix()
    return f"""
    * {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QWidget {{ font-family: "{_family()}"; font-size: 13px; }}
    QFileDialog QToolButton {{ padding: 1px; min-height: 20px; min-width: 20px; }}
    QMainWindow, QDialog {{ background: {t.ground}; }}
    QToolTip {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
    QMenuBar {{ background: {t.card}; color: {t.text}; padding: 2px 6px; }}
    QMenuBar::item {{ padding: 4px 10px; border-radius: 6px; background: transparent; }}
    QMenuBar::item:selected {{ background: {t.well}; }}
    QMenu {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; border-radius: 8px; padding: 5px; }}
    QMenu::item {{ padding: 5px 26px 5px 26px; border-radius: 6px; }}
    QMenu::item:selected {{ background: {t.soft}; }}
    QMenu::item:disabled {{ color: {t.faint}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 5px 8px; }}
    QMenu::icon {{ padding-left: 6px; }}
    QLabel[role="heading"] {{ font-size: 11px; font-weight: 600; color: {t.faint}; padding: 6px 10px 2px 10px; }}
    QMenu::indicator {{ width: 14px; height: 14px; padding-left: 6px; }}
    QMenu::indicator:checked {{ image: url("{check}"); }}
    QWidget#toolbar, QWidget#status, QToolBar, QStatusBar {{ background: {t.card}; border: none; }}
    QToolBar {{ padding: 0; spacing: 0; border-bottom: 1px solid {t.line}; }}
    QStatusBar {{ border-top: 1px solid {t.line}; }}
    QStatusBar::item {{ border: none; }}
    QMainWindow::separator {{ background: {t.line}; width: 2px; height: 2px; }}
    QMainWindow::separator:hover {{ background: {t.accent}; }}
    QDockWidget, QDockWidget > QWidget {{ background: {t.card}; }}
    QWidget[bar="true"] {{ background: {t.card}; }}
    QTabBar {{ background: {t.card}; qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: transparent; color: {t.secondary}; padding: 6px 4px 4px 4px; margin: 0 6px;
        border: none; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.text}; font-weight: 600; border-bottom: 2px solid {t.accent}; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QFrame[card="true"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    QFrame[over="true"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: 7px; }}
    QLabel[role="caption"] {{ font-size: 28px; color: {t.text}; }}
    QLabel[role="readout"] {{ font-size: 13px; font-weight: 600; color: {t.text}; }}
    QLabel[role="title"] {{ font-size: 12px; font-weight: 600; color: {t.text}; }}
    QLabel[role="detail"] {{ font-size: 12px; color: {t.secondary}; }}
    QLabel[role="field"] {{ color: {t.secondary}; }}
    QLabel[role="value"] {{ color: {t.text}; }}
    QLabel[role="prose"] {{ font-size: 12px; color: {t.secondary}; }}
    QLabel[role="badge"] {{ font-size: 12px; color: {t.text}; background: {t.soft}; border-radius: 7px; padding: 1px 9px; }}
    QLabel[role="warning"] {{ font-size: 12px; color: {t.warning}; }}
    QLabel[plate="true"] {{ background: {t.card}; padding: 0 2px; }}
    QLabel[large="true"] {{ font-size: 22px; }}
    QFrame#caption {{ background: {t.card}; border-top: 1px solid {t.line}; }}
    QPushButton, QToolButton {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
        border-radius: 7px; padding: 0 11px; min-height: 26px; }}
    QToolButton[icononly="true"] {{ padding: 0 5px; min-width: 16px; }}
    QPushButton:hover, QToolButton:hover {{ background: {t.well}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.line}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.faint}; }}
    QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; }}
    QPushButton[primary="true"], QToolButton[primary="true"] {{ background: {t.accent}; color: {t.on_accent};
        border: 1px solid {t.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:focus, QToolButton[primary="true"]:focus {{ border: 1px solid {t.text}; }}
    QPushButton[primary="true"]:disabled {{ background: {t.line}; color: {t.faint}; border-color: {t.line}; }}
    QToolButton[flat="true"] {{ background: transparent; border: 1px solid transparent; padding: 0 3px;
        min-height: 20px; }}
    QToolButton[flat="true"]:hover {{ background: {t.well}; }}
    QToolButton:checked, QToolButton[flat="true"]:checked {{ background: {t.soft}; border: 1px solid {t.soft}; }}
    QToolButton[flat="true"]:focus {{ border: 1px solid {t.accent}; }}
    QToolButton::menu-indicator, QPushButton::menu-indicator {{ image: url("{chevron}"); width: 10px; height: 10px;
        subcontrol-position: right center; subcontrol-origin: padding; right: 7px; }}
    QToolButton[menubutton="true"] {{ padding-right: 22px; }}
    QPushButton[primary="true"]::menu-indicator {{ image: url("{on_accent}"); }}
    QPushButton[find="true"] {{ background: {t.well}; border: 1px solid {t.well}; color: {t.faint}; text-align: left;
        min-width: 150px; }}
    QPushButton[find="true"]:hover {{ color: {t.secondary}; }}
    QPushButton[find="true"]:focus {{ border: 1px solid {t.accent}; }}
    QToolButton[icononly="true"]::menu-indicator, QToolButton[flat="true"]::menu-indicator {{ image: none; }}
    QToolButton[flat="true"][menubutton="true"] {{ padding-right: 18px; }}
    QToolButton[flat="true"][menubutton="true"]::menu-indicator {{ image: url("{chevron}"); right: 3px; }}
    QPushButton[menubutton="true"] {{ padding-right: 22px; }}
    QPushButton[compact="true"][menubutton="true"] {{ padding: 0 16px 0 6px; }}
    QFrame[segments="true"] {{ background: {t.well}; border-radius: 7px; }}
    QPushButton[segment="true"] {{ background: transparent; color: {t.secondary}; border: 1px solid transparent;
        border-radius: 6px; padding: 0 4px; min-height: 24px; }}
    QPushButton[segment="true"]:hover {{ color: {t.text}; }}
    QPushButton[segment="true"]:checked {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
        font-weight: 600; }}
    QPushButton[segment="true"]:focus {{ border: 1px solid {t.accent}; }}
    QPushButton[segment="true"]:disabled {{ color: {t.faint}; }}
    QFrame[dense="true"] QPushButton, QFrame[dense="true"] QPushButton:checked {{ font-size: 12px; padding: 0 1px;
        font-weight: 400; }}
    QFrame[roomy="true"] QPushButton, QFrame[roomy="true"] QPushButton:checked {{ padding: 0 10px; font-size: 13px; }}
    QFrame[compact="true"] QPushButton {{ min-height: 16px; font-size: 12px; padding: 0 7px; }}
    QLineEdit, QPlainTextEdit, QTextEdit {{ background: {t.well}; color: {t.text}; border: 1px solid {t.well};
        border-radius: 7px; padding: 0 8px; min-height: 26px; selection-background-color: {t.accent};
        selection-color: {t.on_accent}; }}
    QDialog QLineEdit {{ background: {t.card}; border: 1px solid {t.line}; }}
    QDialog QLineEdit:disabled {{ color: {t.faint}; background: {t.well}; }}
    QPlainTextEdit, QTextEdit {{ padding: 6px; }}
    QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 1px solid {t.accent}; }}
    QTextBrowser, QTextBrowser:focus {{ background: {t.card}; border: 1px solid {t.line}; }}
    QLineEdit QToolButton, QLineEdit QToolButton:hover {{ background: transparent; border: none; padding: 0;
        min-height: 12px; min-width: 12px; }}
    QLineEdit[number="true"] {{ background: {t.card}; border: 1px solid {t.line}; padding: 0 5px; min-height: 24px; }}
    QLineEdit[number="true"]:focus {{ border: 1px solid {t.accent}; }}
    QLineEdit[number="true"]:disabled {{ color: {t.faint}; background: {t.well}; }}
    QLineEdit[compact="true"] {{ min-height: 20px; font-size: 12px; }}
    QLineEdit[wrong="true"], QLineEdit[wrong="true"]:focus {{ border: 1px solid {t.warning}; }}
    QLabel[reason="true"] {{ font-size: 11px; color: {t.warning}; background: {t.card}; border: 1px solid {t.warning};
        border-radius: 7px; padding: 2px 6px; }}
    QComboBox {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line};
        border-radius: 7px; padding: 0 8px; min-height: 26px; selection-background-color: {t.accent};
        selection-color: {t.on_accent}; }}
    QComboBox[compact="true"], QPushButton[compact="true"] {{ min-height: 18px; font-size: 12px; padding: 0 7px;
        border-radius: 6px; }}
    QPushButton[compact="true"]:checked {{ background: {t.soft}; color: {t.text}; }}
    QComboBox:focus {{ border: 1px solid {t.accent}; }}
    QComboBox[wrong="true"], QComboBox[wrong="true"]:focus {{ border: 1px solid {t.warning}; }}
    QComboBox QLineEdit, QDialog QComboBox QLineEdit, QComboBox QLineEdit:focus {{ background: transparent; border: none;
        padding: 0; min-height: 0; }}
    QComboBox:disabled {{ color: {t.faint}; background: {t.well}; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: url("{chevron}"); width: 10px; height: 10px; }}
    QComboBox QAbstractItemView {{ background: {t.card}; color: {t.text}; border: 1px solid {t.line}; outline: none;
        border-radius: 8px; selection-background-color: {t.soft}; selection-color: {t.text}; padding: 4px; }}
    QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 6px; border-radius: 5px; color: {t.text}; }}
    QComboBox QAbstractItemView::item:selected {{ background: {t.soft}; color: {t.text}; }}
    QListView {{ background: {t.card}; color: {t.text}; border: none; outline: none; }}
    QTableView {{ background: {t.card}; color: {t.text}; border: none; outline: none; font-size: 12px;
        selection-background-color: {t.soft}; selection-color: {t.text}; }}
    QTableView::item {{ padding: 0 6px; border: none; }}
    QHeaderView {{ background: {t.card}; border: none; }}
    QHeaderView::section {{ background: {t.card}; color: {t.secondary}; border: none; border-bottom: 1px solid {t.line};
        padding: 2px 6px; font-size: 12px; font-weight: 400; }}
    QHeaderView::up-arrow, QHeaderView::down-arrow {{ image: none; width: 0; height: 0; }}
    QListWidget::item {{ border-radius: 6px; }}
    QListWidget::item:selected {{ background: {t.soft}; }}
    QSlider {{ min-height: 22px; background: transparent; }}
    QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -5px 0; border-radius: 7px;
        background: {t.card}; border: 1px solid {t.faint}; }}
    QSlider::handle:horizontal:focus {{ border: 1px solid {t.accent}; background: {t.soft}; }}
    QProgressBar {{ background: {t.line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t.line}; border-radius: 4px; min-height: 28px; margin: 1px; }}
    QScrollBar::handle:vertical:hover {{ background: {t.faint}; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {t.line}; border-radius: 4px; min-width: 28px; margin: 1px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QCheckBox {{ color: {t.text}; spacing: 7px; }}
    QCheckBox:disabled {{ color: {t.faint}; }}
    QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {t.faint}; border-radius: 4px;
        background: {t.card}; }}
    QCheckBox::indicator:checked {{ border-color: {t.accent}; background: {t.soft}; image: url("{check}"); }}
    QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
    QCheckBox::indicator:disabled {{ border-color: {t.line}; }}
    QSplitter::handle {{ background: {t.line}; }}
    QSplitter::handle:hover {{ background: {t.accent}; }}
    """

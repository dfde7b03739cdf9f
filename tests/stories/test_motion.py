"""Motion: the kernel slides over the input, the map fills, and whoever points at something takes over."""

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def hidden(user):
    """Return how many outputs are still to come."""
    return sum(width * height for _, _, width, height in user.window.pair.map.cover())


def test_play_visits_output_after_output(user):
    user.sample("article-2d")
    motion = user.program.motion
    user.do("motion_play")
    assert user.window.transport.isVisible() and motion.playing
    assert hidden(user) == 35 and user.program.probe.cell == (0, 0)
    user.do("motion_faster")
    user.until(lambda: motion.position >= 2)
    assert user.program.probe.cell == divmod(motion.position, 6)
    assert hidden(user) == 35 - motion.position
    user.do("motion_play")
    assert not motion.playing


def test_step_back_and_scrub(user):
    user.sample("article-2d")
    user.do("motion_forward")
    user.do("motion_forward")
    assert (user.program.motion.position, user.program.probe.cell) == (1, (0, 1))
    user.do("motion_back")
    assert user.program.probe.cell == (0, 0)
    user.do("motion_back")
    assert user.program.motion.position == 0
    user.window.transport.slider.setValue(20)
    assert user.program.probe.cell == (3, 2)
    assert hidden(user) == 15
    assert user.window.transport.place.text() == "row 3, column 2"


def test_escape_ends_it_and_shows_the_whole_map(user):
    user.sample("article-2d")
    user.do("motion_play")
    QTest.keyClick(user.window, Qt.Key.Key_Escape)
    assert user.program.motion.position is None
    assert user.window.pair.map.cover() == []
    assert not user.window.transport.isVisible()


def test_it_plays_on_under_the_cursor_and_while_it_stands_the_cursor_takes_over(user):
    user.sample("article-2d")
    user.do("motion_play")
    for _ in range(5):
        user.do("motion_faster")
    at = user.program.motion.position
    user.hover_cell(user.window.pair.map, 4, 3)
    user.hover_cell(user.window.pair.map, 4, 4)
    user.until(lambda: user.program.motion.position != at)
    user.do("motion_play")
    at = user.program.motion.position
    user.hover_cell(user.window.pair.map, 4, 3)
    assert user.program.probe.cell == (4, 3)
    QApplication.sendEvent(user.window.pair.map, QEvent(QEvent.Type.Leave))
    assert (user.program.motion.position, user.program.probe.cell) == (at, divmod(at, 6))


def test_arrow_keys_step_a_motion_that_was_begun_by_a_button_whatever_had_the_focus(user):
    user.sample("article-2d")
    user.find("padding_same").setFocus()
    user.do("motion_play")
    user.do("motion_play")
    at = user.program.motion.position
    QTest.keyClick(user.window.focusWidget(), Qt.Key.Key_Right)
    assert user.program.motion.position == at + 1
    QTest.keyClick(user.window.focusWidget(), Qt.Key.Key_Down)
    assert user.program.motion.position == at + 1 + user.state.output_shape.cols
    assert user.state.conv.padding == "same"


def test_at_the_end_it_stands_still_or_begins_again(user):
    user.sample("article-1d")
    motion = user.program.motion
    user.do("motion_play")
    for _ in range(5):
        user.do("motion_faster")
    user.until(lambda: not motion.playing)
    assert motion.position == 5 and hidden(user) == 0
    user.do("motion_loop")
    user.do("motion_play")
    user.until(lambda: motion.position == 5)
    user.until(lambda: motion.position < 5)
    user.do("motion_loop")


def test_a_photo_is_crossed_where_it_is_seen(user):
    user.program.navigate.scale_to(8)
    user.do("motion_play")
    before = hidden(user)
    user.until(lambda: hidden(user) < before)
    assert user.program.motion.count <= 600
    user.program.motion.seek(0)
    cover = user.window.pair.map.cover()
    assert max(top + height for _, top, _, height in cover) - min(top for _, top, _, _ in cover) < 120
    user.do("motion_stop")


def test_a_new_weight_shows_at_once_while_the_kernel_stands(user):
    user.sample("article-2d")
    user.do("motion_forward")
    user.window.transport.slider.setValue(8)
    before = user.window.probe.canvas.sum.value
    user.window.kernel_card.grid.typed.emit(0, 0, 7.0)
    user.settle()
    assert user.program.motion.position == 8
    assert user.window.probe.canvas.sum.value != before or np.isclose(user.window.probe.canvas.sum.patch[0, 0], 0)


def test_another_picture_ends_it(user):
    user.sample("article-2d")
    user.do("motion_play")
    user.sample("article-1d")
    assert user.program.motion.position is None


def test_without_an_output_there_is_nothing_to_play(user):
    user.sample("article-1d")
    user.press("padding_valid")
    user.program.session.replace("test", user.state.with_conv(dilation=(1, 9)))
    user.settle()
    user.do("motion_play")
    assert "nothing to play" in user.message()


def test_the_way_of_the_kernel_can_be_taken_away(user, tmp_path):
    user.sample("article-1d")
    path = tmp_path / "walk.gif"
    user.do("motion_forward")
    user.program.animation.begin(str(path), 640, 5.0)
    user.settle()
    assert path.name in user.window.status.note.text()
    with Image.open(path) as picture:
        assert picture.n_frames == 6
        assert picture.width == 640
        first = np.asarray(picture.convert("RGB")).astype(int)
        picture.seek(5)
        assert np.abs(np.asarray(picture.convert("RGB")).astype(int) - first).max() > 100
    assert user.program.motion.position == 0  # where it was


def test_the_dialog_says_what_it_will_be(user):
    user.sample("article-1d")
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    user.until(lambda: dialog.sentence.text().startswith("6 frames of 1280 × "))
    assert dialog.sentence.text().endswith(", 4.0 s.")  # at two frames a second, the last one held for another
    user.type_into("animation_width", "640")
    user.type_into("animation_hold", "0")
    user.until(lambda: "640 ×" in dialog.sentence.text() and dialog.sentence.text().endswith(", 3.0 s."))
    dialog.refuse.click()
    user.settle()
    assert user.program.motion.position is None, "there was no motion before"


def test_the_dialog_shows_how_it_will_run(user):
    user.sample("article-1d")
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    user.choose("animation_speed", 20.0)
    seen = set()

    def shown():
        seen.add(bytes(dialog.preview.pixmap().toImage().convertToFormat(QImage.Format.Format_RGB888).constBits()))
        return len(seen) >= 3

    user.until(shown)
    user.find("animation_loop").setChecked(False)
    user.type_into("animation_hold", "0")
    user.until(lambda: user.program.motion.position == 5)
    dialog.refuse.click()
    user.settle()
    assert user.program.motion.position is None, "there was no motion before"


def test_what_is_chosen_for_an_animation_is_written(user, tmp_path):
    user.sample("article-1d")
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    user.type_into("animation_width", "480")
    user.choose("animation_speed", 10.0)
    user.type_into("animation_hold", "2.5")
    user.find("animation_loop").setChecked(False)
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    name = dialog.name.text()
    assert name == "conv1d-sequence-article-1d-animation.gif"
    dialog.write.click()
    user.settle()
    with Image.open(tmp_path / name) as film:
        assert (film.n_frames, film.size[0]) == (6, 480)
        assert "loop" not in film.info and film.info["duration"] == 100
        film.seek(5)
        assert film.info["duration"] == 2600


def test_no_frame_shows_buttons_and_the_kernel_is_back_where_it_was(user, tmp_path, monkeypatch):
    user.sample("article-2d")
    user.do("motion_forward")
    user.program.motion.seek(3)
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    user.choose("animation_speed", 50.0)
    user.until(lambda: user.program.motion.position > 3)
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    brush, draw, seen = user.window.pair.brush.button, user.program.animation.frame, []

    def frame(size):
        seen.append(brush.isVisible())
        return draw(size)

    monkeypatch.setattr(user.program.animation, "frame", frame)
    dialog.write.click()
    user.settle()
    assert len(seen) == 36 and not any(seen)
    assert user.program.motion.position == 3 and brush.isVisible()


def test_the_export_menus_have_the_animation(user):
    action = user.window.actions_by_id["export_animation"]
    for menu in ("menu_export", "menu_file"):
        assert action in user.find(menu).actions()


def test_an_mp4_without_ffmpeg_is_refused_in_the_dialog(user, tmp_path, monkeypatch):
    user.sample("article-1d")
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    monkeypatch.setenv("PATH", str(tmp_path))
    dialog.format.setCurrentIndex(dialog.format.findData(".mp4"))
    user.until(lambda: "needs the program ffmpeg" in dialog.warning.text())
    assert not dialog.write.isEnabled()
    dialog.refuse.click()


def test_an_animation_can_be_cancelled(user, tmp_path):
    user.program.navigate.scale_to(8)
    user.do("motion_forward")
    user.program.animation.begin(str(tmp_path / "long.gif"), 640, 5.0)
    user.until(lambda: user.program.motion.position > 2)
    user.find("task_export_1_cancel").click()
    user.settle()
    user.until(lambda: list(tmp_path.iterdir()) == [])


def test_a_format_that_cannot_be_is_told_before_anything_is_drawn(user, tmp_path):
    user.do("motion_forward")
    user.program.animation.begin(str(tmp_path / "walk.bmp"), 640, 5.0)
    assert "ends in .gif, .webp or .mp4" in user.message()


def test_playing_on_frees_the_pin(user):
    user.sample("article-2d")
    user.do("motion_forward")
    user.program.probe.pin((1, 1))
    user.do("motion_forward")
    assert not user.program.probe.pinned and user.program.probe.cell == (0, 1)
    user.program.probe.pin((1, 1))
    user.do("unpin")
    assert user.program.probe.cell == (0, 1) and user.program.motion.position == 1


def test_a_value_that_is_typed_meanwhile_shows_at_the_position(user):
    user.sample("article-2d")
    user.do("motion_forward")
    user.program.motion.seek(8)
    user.program.grid.type_value(1, 2, 9.0)
    user.settle()
    assert user.program.motion.position == 8


def test_only_one_animation_is_written_at_a_time(user, tmp_path):
    user.sample("article-2d")
    user.program.animation.begin(str(tmp_path / "one.gif"), 480, 5.0)
    user.program.animation.begin(str(tmp_path / "two.gif"), 480, 5.0)
    assert "is being written" in user.message()
    user.settle()
    assert (tmp_path / "one.gif").exists() and not (tmp_path / "two.gif").exists()


def test_all_frames_are_of_one_size_though_the_window_changes(user, tmp_path):
    user.sample("article-2d")
    user.program.animation.begin(str(tmp_path / "one.gif"), 480, 5.0)
    user.window.resize(1300, 700)
    user.settle()
    with Image.open(tmp_path / "one.gif") as film:
        assert (film.n_frames, film.size[0]) == (36, 480)

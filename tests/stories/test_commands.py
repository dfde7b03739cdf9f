"""Actions: each entry of the menus does something, and says what."""

from PySide6.QtCore import SIGNAL

from convgui.views.kit.actions import SPECS


def test_no_entry_of_the_menus_is_dead(user):
    for spec in SPECS:
        if spec.id and spec.id != "motion_loop":  # which is asked for its state
            action = user.window.actions_by_id[spec.id]
            heard = action.receivers(SIGNAL("triggered(bool)")) + action.receivers(SIGNAL("toggled(bool)"))
            assert heard > 0, spec.id


def test_every_action_explains_itself(user):
    for action in user.window.actions_by_id.all():
        assert action.toolTip() and action.statusTip(), action.objectName()

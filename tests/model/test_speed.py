"""What a frame has time for follows what frames took, without flicker, and comes back when a machine has time again."""

from convgui.model.speed import SECONDS, USUAL, Speed


def after(speed, frames, overhead=0.0, rate=USUAL / SECONDS):
    """Return what is known after frames of as much work as was thought to fit, on a machine that does `rate` a second."""
    for _ in range(frames):
        cost = min(speed.at_once, USUAL)
        speed = speed.measured(cost, overhead + cost / rate)
    return speed


def test_a_slow_machine_is_given_less():
    slow = after(Speed(), 12, rate=USUAL / SECONDS / 8)
    assert slow.at_once * 8 / USUAL < 2  # the next frame takes less than twice what it should


def test_a_machine_that_was_busy_comes_back():
    busy = after(Speed(), 12, overhead=SECONDS / 3, rate=USUAL / SECONDS / 20)
    assert busy.at_once < USUAL / 8
    assert after(busy, 30, overhead=SECONDS / 3).at_once > USUAL / 2


def test_small_changes_do_not_flicker():
    speed, seen = Speed(), set()
    for frame in range(40):
        speed = speed.measured(0.4e9, SECONDS * (1.1 if frame % 2 else 0.95))
        seen.add(speed.at_once)
    assert len(seen) == 1

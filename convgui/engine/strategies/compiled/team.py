"""Two threads do one work of some ten microseconds: the second one is there already, and waits for it in a loop.

They agree by a number in a slot: whether the helper is there, and what has become of the work that it was offered. The slot
holds, behind it, the work: a function and its arguments.
"""

from convgui.engine.strategies.compiled.atoms import call, look, put, swap, wait
from convgui.engine.strategies.compiled.kinds import Pointer, i64, numbers
from convgui.engine.strategies.compiled.language import function, local
from convgui.engine.strategies.compiled.records import OWN

AWAY, THERE, OFFERED, TAKEN, DONE = -1, 0, 1, 2, 3


@function
def help_out(slot: numbers, patience: i64):
    """Do what is offered, until nothing has been for so many looks."""
    at, found, left = i64(slot), local(i64, 1), patience
    swap(at, AWAY, THERE, i64(found))
    while left > 0:
        look(at, i64(found))
        if found[0] == OFFERED:
            swap(at, OFFERED, TAKEN, i64(found))
            if found[0] == OFFERED:
                call(slot[1], slot[2], slot[3], slot[4], slot[5])
                put(at, DONE)
                left = patience
        elif found[0] == AWAY:  # what it came for is done
            swap(at, AWAY, THERE, i64(found))
        else:
            wait()
            left -= 1
            if left == 0:  # it goes, unless it was offered something just now, or is still thanked
                swap(at, THERE, AWAY, i64(found))
                if found[0] != THERE:
                    left = 1


@function
def in_two(slot: numbers, function: i64, source: i64, out: i64, work: i64, own: Pointer(OWN)) -> i64:
    """Do a work, and let the helper take part in it, with the second memory of `own`; say whether it did.

    It may be offered to one that is still on its way.
    """
    at, found = i64(slot), local(i64, 1)
    slot[1] = function
    slot[2] = source
    slot[3] = out
    slot[4] = work
    slot[5] = i64(own + 1)
    swap(at, THERE, OFFERED, i64(found))
    before = found[0]
    if before == AWAY:
        swap(at, AWAY, OFFERED, i64(found))
        before = found[0]
        if before == THERE:
            swap(at, THERE, OFFERED, i64(found))
            before = found[0]
    call(function, source, out, work, i64(own))
    if before == THERE or before == AWAY:
        swap(at, OFFERED, before, i64(found))
        if found[0] != OFFERED:
            look(at, i64(found))
            while found[0] != DONE:
                wait()
                look(at, i64(found))
            put(at, THERE)
            return 1
    return 0

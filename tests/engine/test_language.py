"""The language of the inner loops: what it computes is what Python's syntax says, and what it cannot say is refused."""

import ctypes

import llvmlite.binding as llvm
import numpy as np
import pytest

from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.compiled.kinds import Pointer, Record, bytes_, f32, f64, floats, i64, numbers
from convgui.engine.strategies.compiled.language import Fault, bits, function, local
from convgui.engine.strategies.compiled.program import Program

PAIR = Record.of(count=i64, values=floats, factor=f32)
SIZE = 4


def made(wanted):
    """Return a function of the language as one of integers."""
    program = Program()
    program.add(wanted)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(str(program.module)), processor.machine())
    engine.finalize_object()
    kinds = [ctypes.c_double if kind == f64 else ctypes.c_int64 for _, kind in wanted.parameters]
    result = None if wanted.result is None else ctypes.c_int64
    found = ctypes.CFUNCTYPE(result, *kinds)(engine.get_function_address(wanted.name))
    found.engine = engine
    return found


@function
def _collatz(n: i64) -> i64:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


@function
def _first_negative(values: numbers, count: i64) -> i64:
    found = -1
    for i in range(count):
        if values[i] >= 0:
            continue
        found = i
        break
    return found


@function
def _between(x: i64, low: i64, high: i64) -> i64:
    if (low <= x < high and not x == 7) or x == 100:
        return 1
    return 0


@function
def _scale(pair: Pointer(PAIR)):
    for i in range(pair.count):
        pair.values[i] *= pair.factor


@function
def _reversed(values: numbers):
    own = local(i64, SIZE)
    for i in range(SIZE):
        own[i] = values[i]
    for i in range(SIZE):
        values[i] = own[SIZE - 1 - i]


@function
def _swap(values: numbers):
    a, b = values[0], values[1]
    values[0], values[1] = b, a


@function
def _sum_of_bytes(values: bytes_, count: i64) -> i64:
    total = 0
    for i in range(0, count, 2):
        total += i64(values[i])
    return total


@function
def _least(values: floats, count: i64) -> i64:
    least = values[0]
    for i in range(1, count):
        least = min(least, abs(values[i]))
    return i64(least)


def test_loops_and_conditions():
    assert made(_collatz)(27) == 111
    find = made(_first_negative)
    for values, expected in (([1, -2, -3], 1), ([1, 2], -1), ([], -1)):
        array = np.array(values, np.int64)
        assert find(array.ctypes.data, len(array)) == expected


@pytest.mark.parametrize(("x", "expected"), [(1, 0), (2, 1), (6, 1), (7, 0), (9, 0), (100, 1)])
def test_conditions_are_joined_as_in_python(x, expected):
    assert made(_between)(x, 2, 9) == expected


def test_a_record_is_read_as_numpy_wrote_it():
    values, pair = np.array([1, 2, 3], np.float32), np.zeros(1, PAIR.dtype)
    pair["count"], pair["values"], pair["factor"] = 2, values.ctypes.data, 0.5
    made(_scale)(pair.ctypes.data)
    assert values.tolist() == [0.5, 1, 3]


def test_memory_of_its_own_and_two_values_at_once():
    values = np.arange(4)
    made(_reversed)(values.ctypes.data)
    made(_swap)(values.ctypes.data)
    assert values.tolist() == [2, 3, 1, 0]


def test_bytes_have_no_sign_and_floats_have_magnitudes():
    array = np.array([200, 1, 250, 1], np.uint8)
    assert made(_sum_of_bytes)(array.ctypes.data, 4) == 450
    array = np.array([9, -3, 5], np.float32)
    assert made(_least)(array.ctypes.data, 3) == 3


@function
def _twice(x: i64) -> i64:
    return bits(bits(x, f64) * 2.0, i64)


def test_the_bits_of_a_number_are_read_as_another_type():
    number = np.array([1.75])
    assert made(_twice)(int(number.view(np.int64)[0])) == int(np.array([3.5]).view(np.int64)[0])


def _mixes(x: i64, y: f64) -> f64:
    return x + y


def _shortens(x: i64):
    y = x
    y += 0.5


def _unknown(x: i64) -> i64:
    return nowhere + x  # noqa: F821


def _indexes(x: i64) -> i64:
    return x[0]


def _writes(x: i64):
    with x:
        pass


def _misses(x: Pointer(PAIR)) -> i64:
    return x.lenght


def _forgets(x: i64) -> i64:
    return _collatz(x, x)


@pytest.mark.parametrize("python", [_mixes, _shortens, _unknown, _indexes, _writes, _forgets])
def test_what_is_not_of_the_language_is_refused_with_its_line(python):
    with pytest.raises(Fault, match=rf"{python.__name__}, line \d+: "):
        Program().add(function(python))


def test_a_field_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="lenght"):
        Program().add(function(_misses))

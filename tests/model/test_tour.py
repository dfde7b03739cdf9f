"""The tour: each step is a document that works, its answer the definition's, and mistakes are told by their kind."""

import numpy as np
import pytest

from convgui.engine.network import evaluate
from convgui.model.tour import STEPS


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_the_answer_is_what_the_engine_computes(step):
    state = step.make()
    values = evaluate(state.chain)[0]
    expected = values.shape[1] - 1 if step.longer else values[step.cell]
    assert step.answer() == expected
    right, sentence = step.judge(float(expected))
    assert right and sentence.startswith("Right. ")
    assert not step.judge(float(expected) + 7)[0]


def test_the_article_s_answers():
    assert [step.answer() for step in STEPS] == [1, 0, 4, 0, 1, 4]


def test_a_wrong_sign_is_told():
    right, sentence = STEPS[5].judge(-4)
    assert not right and "the sign is not" in sentence


def test_the_other_order_is_told_where_it_is_taught_and_not_before():
    right, sentence = STEPS[4].judge(0)
    assert not right and "turned by 180 degrees" in sentence
    right, sentence = STEPS[1].judge(1)
    assert not right and "flip" not in sentence


def test_texts_speak_of_what_is_there():
    for step in STEPS:
        state = step.make()
        assert 0 <= step.cell[1] < state.output_shape.cols
        assert np.isfinite(step.answer())

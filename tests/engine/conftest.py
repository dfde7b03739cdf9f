"""What tests of the engine share: the cases that the ONNX project defines for each operator."""

import warnings

import pytest


@pytest.fixture(scope="session")
def cases():
    """Return a function that returns the cases of an operator that our functions offer, each with its name.

    ONNX computes all of its cases when it is asked for any: that takes seconds, so it is asked once, when a test runs.
    """
    onnx = pytest.importorskip("onnx", reason="the onnx package makes the cases")
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        every = [case for case in collect_testcases(None) if len(case.model.graph.node) == 1 and case.data_sets]

    def of(kind, ours):
        for case in every:
            (node,) = case.model.graph.node
            options = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == kind and ours(kind, options, *case.data_sets[0]):
                yield case.name.removeprefix("test_"), options, *case.data_sets[0]

    return of

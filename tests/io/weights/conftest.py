"""What tests of files of weights share: the cases of the ONNX project, as small models of one operation."""

import warnings

import pytest


@pytest.fixture(scope="session")
def cases():
    """Return the cases of one node with their values."""
    pytest.importorskip("onnx", reason="the onnx package makes the cases")
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [case for case in collect_testcases(None) if len(case.model.graph.node) == 1 and case.data_sets]

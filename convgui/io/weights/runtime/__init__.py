"""Any ONNX graph, run as it is by ONNX Runtime: every tensor of three or four axes as maps, in the order of the graph."""

from convgui.io.weights.runtime.opening import open_runtime, reopened, tensor_names
from convgui.io.weights.runtime.runtime import LABEL, Runtime

__all__ = ["LABEL", "Runtime", "open_runtime", "reopened", "tensor_names"]

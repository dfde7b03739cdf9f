"""ONNX files: the graph that a file describes, its constants, and the chain of layers in it."""

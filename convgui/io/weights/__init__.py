"""Weights of trained networks from files: their tensors, and the chain of layers that the file describes."""

"""Kernels: matrices of weights, the catalogue of them, and what is known about each."""

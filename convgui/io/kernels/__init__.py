"""Kernels in files, and the user's own kernels."""

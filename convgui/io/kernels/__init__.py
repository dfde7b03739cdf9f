"""Kernels from files and text, and the user's own ones."""

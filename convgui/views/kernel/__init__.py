"""Kernels: grid, gallery, facts, dialogs."""

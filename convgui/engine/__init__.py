"""Pure functions over frozen values: kernels, padding and shapes, the convolution itself, and how to explain it."""

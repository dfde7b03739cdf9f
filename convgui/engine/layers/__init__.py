"""The kinds of layer: frozen descriptions, their shape arithmetic, and what lies outside the input."""

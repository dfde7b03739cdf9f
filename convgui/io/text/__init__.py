"""Numbers as text: one reader of the marks and separators for tables and for kernels, and the kernels' many notations."""

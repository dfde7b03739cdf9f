"""Controllers of the kernel: edits, files, its card and the gallery."""

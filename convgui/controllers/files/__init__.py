"""Controllers of files: opening an input, its pages, and restoring the last document."""

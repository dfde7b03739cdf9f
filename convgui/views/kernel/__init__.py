"""The kernel: its grid, gallery, facts and dialogs."""

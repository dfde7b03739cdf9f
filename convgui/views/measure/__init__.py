"""Reading values: arithmetic, histogram and limits."""

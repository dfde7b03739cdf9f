"""Numbers: arithmetic, histogram, limits."""

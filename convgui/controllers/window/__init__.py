"""Commands and navigation."""

"""The document: one frozen state, its history, and what is derived from it."""

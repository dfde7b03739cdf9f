"""Views of files: the choice of a page."""

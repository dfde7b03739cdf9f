"""Plots: pyqtgraph's, dressed in the tokens of the theme; what is taken away of them is drawn by our own writers."""

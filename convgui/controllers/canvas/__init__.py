"""Controllers of the two panes: computing, border, motion, toy grids and the tour."""

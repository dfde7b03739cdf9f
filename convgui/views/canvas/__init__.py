"""The panes and what lies over them."""

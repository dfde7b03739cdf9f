"""The panes, and what is drawn over them."""

"""Controllers of the plots: when their library is imported, what they show, and how they are taken away."""

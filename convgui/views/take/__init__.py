"""Views of exports: dialogs and the figure."""

"""The main window: panels, bars and messages."""

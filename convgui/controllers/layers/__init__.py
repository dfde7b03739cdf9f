"""The layers: their settings, both ways."""

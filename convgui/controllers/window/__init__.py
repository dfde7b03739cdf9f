"""Controllers of the window: commands, navigation, theme and help."""

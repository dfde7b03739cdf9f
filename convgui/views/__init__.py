"""Widgets: setters in, signals out, no decisions; one widget a file."""

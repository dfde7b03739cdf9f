"""Layers and their settings."""

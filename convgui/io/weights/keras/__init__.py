"""Keras models from files: their settings, their weights by layer, and the chain of layers that they describe."""

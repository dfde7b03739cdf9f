"""What is opened and kept."""

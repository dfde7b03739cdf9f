"""What is read off the map."""

"""What is taken away: pictures, animations, numbers."""

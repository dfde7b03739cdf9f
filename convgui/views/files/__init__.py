"""What files hold."""

"""The kernel that is edited."""

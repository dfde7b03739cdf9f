"""Pictures and arrays from files."""

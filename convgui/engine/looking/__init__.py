"""What is shown of values: their origin, statistics, limits and colours."""

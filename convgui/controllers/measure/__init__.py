"""Controllers of reading values: the cell under the cursor, its arithmetic, and the display of the map."""

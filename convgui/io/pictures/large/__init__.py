"""Pictures that are larger than memory: their cells are read from the file where they are needed."""

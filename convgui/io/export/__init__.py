"""Files that are written: values, pictures, animations."""

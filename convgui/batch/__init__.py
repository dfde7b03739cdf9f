"""Many pictures: one recipe on files, folders and patterns, by several processes, with a manifest and measures."""

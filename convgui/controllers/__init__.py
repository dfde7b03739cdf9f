"""Controllers connect the document and the widgets: they compare the old state with the new one and call setters."""

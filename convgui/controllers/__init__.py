"""The only place that knows the document and the widgets: they compare old with new and call the setters concerned."""

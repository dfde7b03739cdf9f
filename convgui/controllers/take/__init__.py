"""Controllers of exports: pictures, figures, numbers and animations."""

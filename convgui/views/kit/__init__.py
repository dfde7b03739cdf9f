"""What any view uses: fields, theme, actions, finder."""

"""A figure in a browser: its wire form, its element, its script, its widget."""

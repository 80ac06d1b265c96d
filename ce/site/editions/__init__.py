"""The built book in other shapes: as one archive, as slides, on paper. Each is made from the pages of the site."""

"""The picture of a figure, by matplotlib."""

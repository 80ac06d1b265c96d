"""A figure in numbers, by NumPy."""

"""What a figure is made of, checked when it is made; SymPy alone."""

"""What a line is brought into so that equal lines look alike: polynomials over named atoms."""

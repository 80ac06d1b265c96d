"""What pages refer to: other pages, their figures and exercises, and the literature."""

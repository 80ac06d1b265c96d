"""What pages refer to: other pages, their figures and exercises, terms, claims, and the literature."""

"""The package behind the book on cross-entropy."""

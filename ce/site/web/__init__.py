"""What browsers are sent, what search engines are told, and what the book's own search finds."""

"""What one page shows of another: definitions of terms, and where each claim stands."""

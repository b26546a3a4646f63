"""What is kept of a run: monthly variables and outcomes."""

"""Which inputs an outcome depends on: indices with their intervals, for all outcomes at once."""

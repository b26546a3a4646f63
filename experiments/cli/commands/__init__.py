"""The commands, one a file; what is slow to import is imported inside them."""

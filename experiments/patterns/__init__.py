"""Observed regularities that a credible run must show, and how each is read from a run."""

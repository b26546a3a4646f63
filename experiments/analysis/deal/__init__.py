"""The deal: who signs, why, where both would, what it is worth and what it does."""

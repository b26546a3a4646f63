"""The war: fighting, ceasefire, renewed war, and what everyone expects of it."""

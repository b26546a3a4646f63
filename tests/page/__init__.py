"""The page: its link, its work, its numbers, and what a browser shows of it."""

"""The documentation: what its pages are made from, and what holds their numbers to the commands that make them."""

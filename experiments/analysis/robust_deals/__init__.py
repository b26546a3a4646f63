"""Deals judged by both gains and by the peace, with certainty, robustness and what would break them."""

"""Commands that run worlds and show or hand on what they keep."""

"""Worlds per second and memory, beside other runners of the same model."""

"""Tests of the talks."""

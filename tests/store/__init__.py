"""Tests of how results are kept on disk."""

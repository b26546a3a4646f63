"""Tests of scenario discovery."""

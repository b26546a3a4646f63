"""Tests of sensitivity analysis."""

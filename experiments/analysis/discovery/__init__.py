"""Scenario discovery: under which conditions together something fails, and how surely that is told."""

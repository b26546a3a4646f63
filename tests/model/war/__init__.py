"""Tests of the war: phases, clocks, answers, and games that cannot be solved."""

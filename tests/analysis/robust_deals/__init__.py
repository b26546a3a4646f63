"""Tests of the room that judges deals."""

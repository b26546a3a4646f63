"""Tests of the war game: its equilibrium against simulation, enumeration and theory."""

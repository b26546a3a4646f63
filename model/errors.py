"""The root of every error that is raised on purpose; its message is one line that says what to do."""

from __future__ import annotations


class SubsoilError(Exception):
    """What is wrong with what was given, in one line; a command line prints it and needs no traceback."""

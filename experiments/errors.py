"""What can go wrong with an experiment; every message is one line that says what to do."""

from __future__ import annotations

from model.errors import SubsoilError


class InputError(SubsoilError, ValueError):
    """What the user gave cannot be used: an option, a design, a table or a choice that is none."""


class StoreError(SubsoilError, RuntimeError):
    """A store that cannot be used: another experiment's, in use, unwritable, full, or not a store."""


class SweepError(SubsoilError, RuntimeError):
    """A sweep that cannot go on: everything fails the same way, or a package is missing."""


class SweepInterrupted(KeyboardInterrupt):
    """The user stopped a sweep; the message says what is done and how to go on."""

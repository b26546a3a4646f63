"""What can go wrong with an experiment; every message is one line that says what to do."""

from __future__ import annotations


class InputError(ValueError):
    """What a user brings and cannot be read or used: a file, a table, an option."""


class StoreError(RuntimeError):
    """A store that cannot be used: another experiment's, in use, unwritable, full, or not a store."""


class SweepError(RuntimeError):
    """A sweep that cannot go on: everything fails the same way, or a package is missing."""


class SweepInterrupted(KeyboardInterrupt):
    """The user stopped a sweep; the message says what is done and how to go on."""

"""Tests of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from experiments.cli.app import main


def refuses(arguments: Sequence[str], expected: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether a call ends with code 2 and one line that says what is expected."""
    code, said = main(arguments), capsys.readouterr().err
    return code == 2 and expected in said and said.startswith("subsoil: ") and said.count("\n") == 1

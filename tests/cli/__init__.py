"""Tests of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from experiments.cli.app import main


def refuses(arguments: Sequence[str], expected: str, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether a call ends with code 2 and one line that says what is expected."""
    code, said = main(arguments), capsys.readouterr().err
    return code == 2 and expected in said and said.startswith("subsoil: ") and said.count("\n") == 1


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a call that goes well prints, on one line."""
    assert main(arguments) == 0
    return " ".join(capsys.readouterr().out.split())

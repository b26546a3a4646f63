"""`subsoil app`: where it serves, what it refuses, and that Panel is imported for it alone."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from experiments.cli.app import main
from experiments.page.server import is_loopback, origins

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "--port 70000: needs a whole number from 0 to 65535"),
        (["--port", "-1"], "--port -1: needs a whole number from 0 to 65535"),
        (["--address", "300.1.1.1"], "cannot serve at 300.1.1.1"),
        (["--processes", "-2"], "--processes -2: needs a whole number of 0 or more"),
    ],
)
def test_wrong_options_are_refused(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["app", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_port_in_use_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["app", "--port", port]) == 2
    assert f"cannot serve at 127.0.0.1, port {port}" in capsys.readouterr().err


def test_without_panel_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("untyped_panel", "controls", "sections", "view"):
        monkeypatch.delitem(sys.modules, f"experiments.page.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "panel", None)
    assert main(["app"]) == 2
    assert "pip install 'subsoil[page]'" in capsys.readouterr().err


def test_only_the_page_imports_panel(project: Path) -> None:
    code = (
        "import sys, experiments, model, experiments.cli.app, experiments.page.content.figures, experiments.plots\n"
        "assert not {'panel', 'bokeh', 'tornado'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"PYTHONPATH": str(project)})


def test_other_machines_are_let_in_only_where_that_is_said() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and is_loopback("localhost")
    assert not is_loopback("0.0.0.0") and not is_loopback("example.org")
    assert origins("127.0.0.1", 80) == ["localhost:80", "127.0.0.1:80"]
    assert "192.0.2.7:80" in origins("192.0.2.7", 80)


@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_the_command_serves_until_ctrl_c(address: str, project: Path) -> None:
    call = [sys.executable, "-m", "experiments", "app", "--port", "0", "--processes", "1", "--address", address]
    environment = os.environ | {"PYTHONPATH": str(project)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(call, env=environment, **pipes) as run:
        assert run.stdout is not None
        line = run.stdout.readline()
        (where,) = re.findall(r"http://\S+/", line)
        with urlopen(where) as reply:
            assert reply.status == 200
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert run.returncode == 0
    assert ("there is no password" in said) == (address == "0.0.0.0")
    assert "Traceback" not in said

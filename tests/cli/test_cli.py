"""The command line: what it prints, where it writes, and one clear line with exit code 2 for bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from experiments.cli.app import main
from experiments.cli.options import run_length
from tests.cli import refuses

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = ("--months", "8", "--processes", "1")


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small sweep over two terms, on disk."""
    store = tmp_path_factory.mktemp("sweep") / "plane.zarr"
    axes = ("ownership_share=0:1:3", "--over", "guarantee_strength=0,0.4,1")
    assert main(["sweep", *axes, "--replicates", "20", "--store", str(store), *SMALL]) == 0
    return str(store)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small run, on disk."""
    store = tmp_path_factory.mktemp("run") / "one.zarr"
    assert main(["run", "--terms", "2025-04-30", "--worlds", "20", "--out", str(store), *SMALL]) == 0
    return str(store)


BAD = {
    "unknown preset": (["run", "--preset", "documentd"], "did you mean 'documented'"),
    "unknown parameter": (["run", "--set", "ownershp_share=1"], "did you mean 'ownership_share'"),
    "share of 1.5": (["run", "--set", "ownership_share=1.5"], "allowed 0 to 1"),
    "not a number": (["run", "--set", "ownership_share=nan"], "ownership_share=nan"),
    "a word for a number": (["run", "--set", "ownership_share=half"], "needs a number"),
    "negative months": (["run", "--months", "-3"], "months=-3"),
    "months that are no number": (["run", "--months", "abc"], "--months"),
    "no worlds": (["run", "--worlds", "0"], "needs a whole number from 1"),
    "unknown draft": (["run", "--terms", "2025-04-31"], "did you mean '2025-04-30'"),
    "unknown country": (["run", "--set", "atlantis_security_weight=1"], "unknown parameter"),
    "no value": (["run", "--set", "ownership_share"], "needs name=value"),
    "unknown variable": (["run", "--record", "prize"], "prize"),
    "unknown option": (["run", "--worls", "3"], "--worls"),
    "unknown command": (["runn"], "runn"),
    "nothing to sweep": (["sweep", "--months", "3"], "nothing to sweep"),
    "axis out of range": (["sweep", "ownership_share=0:1.5:3"], "ownership_share=1.5"),
    "axis that is none": (["sweep", "ownership_share=0:1"], "low:high:points"),
    "word out of list": (["sweep", "tripwire=H0,H9"], "H9"),
    "unknown topic": (["info", "parmeters"], "did you mean 'parameters'"),
    "no store": (["plot", "nowhere.zarr"], "nowhere.zarr"),
    "unknown picture": (["plot", "nowhere.zarr", "--what", "mapp"], "did you mean 'map'"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refuses(*BAD[name], capsys)


def test_unwritable_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").touch()
    assert main(["run", "--worlds", "2", "--out", "file/run.zarr", *SMALL]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_store_of_another_design_is_refused_and_kept(plane: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path(plane).rglob("*") if path.is_file()}
    assert main(["sweep", "ownership_share=0:1:4", "--replicates", "20", "--store", plane, *SMALL]) == 2
    assert "holds another experiment" in capsys.readouterr().err
    assert before == {path: path.stat().st_mtime_ns for path in Path(plane).rglob("*") if path.is_file()}


def test_run_prints_means_and_where_the_result_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--worlds", "20", *SMALL]) == 0
    said = capsys.readouterr().out
    last = said.strip().splitlines()[-1]
    assert "Ukraine accepts the terms" in said and "95 % interval" in said
    store = last.split("Kept in ")[1].split(". Look")[0]
    assert Path(store).is_dir() and f"subsoil plot {store}" in last


def test_run_as_json_agrees_with_itself_on_two_processes(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for processes, out in (("1", "a.zarr"), ("2", "b.zarr")):
        assert main(["run", "--worlds", "130", "--months", "4", "--json", "--processes", processes, "--out", out]) == 0
        told.append(json.loads(capsys.readouterr().out)["outcomes"])
    assert told[0] == told[1]
    assert told[0]["ukraine_accepts"]["known"] == 130 and 0 <= told[0]["ukraine_accepts"]["mean"] <= 1


def test_length_of_a_run_goes_with_the_preset() -> None:
    assert [run_length(None, preset) for preset in ("documented", "as_reported", "long_run")] == [180, 180, 420]
    assert run_length(24, "long_run") == 24


def test_terms_and_set_change_the_deal(capsys: pytest.CaptureFixture[str]) -> None:
    terms = ("--terms", "2025-04-30", "--set", "guarantee_strength=0.7", "--set", "tripwire=H2")
    assert main(["run", *terms, "--worlds", "2", "--json", "--record", "outcomes", *SMALL]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changes"]["guarantee_strength"] == 0.7 and told["changes"]["revenue_base"] == 0.4
    assert told["outcomes"]["final_guarantee_strength"]["mean"] == pytest.approx(0.7)


def test_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "ownership_share=0:1:3", "--dry-run", "--replicates", "20", *SMALL]) == 0
    assert "60 worlds" in capsys.readouterr().out
    assert not list(Path.cwd().iterdir())


def test_finished_sweep_is_opened_again(plane: str, capsys: pytest.CaptureFixture[str]) -> None:
    axes = ("ownership_share=0:1:3", "guarantee_strength=0,0.4,1")
    assert main(["sweep", *axes, "--replicates", "20", "--store", plane, "--json", *SMALL]) == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True


@pytest.mark.parametrize("options", [(), ("--what", "map", "--variable", "china_mine_share_end"), ("--what", "curve")])
def test_plot_of_a_sweep(plane: str, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plot", plane, *options, "--out", "new/picture.png"]) == 0
    assert Path("new/picture.png").stat().st_size > 10_000
    assert "Drawn in new/picture.png" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [(), ("--what", "utility", "--country", "china"), ("--what", "reasons"), ("--what", "trade")]
)
def test_plot_of_a_run(one: str, options: tuple[str, ...]) -> None:
    assert main(["plot", one, *options, "--out", "picture.png"]) == 0
    assert Path("picture.png").stat().st_size > 10_000


def test_plot_says_what_does_not_fit(one: str, plane: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, expected in (
        (["plot", one, "--what", "utility", "--country", "atlantis"], "did you mean 'utility_ukraine'"),
        (["plot", plane, "--what", "map", "--variable", "renewed_war"], "did you mean 'renewed_war_5y'"),
        (["plot", plane, "--what", "fan"], "keeps no months"),
        (["plot", plane, "--what", "reasons"], "needs one row"),
        (["plot", one, "--what", "zone"], "needs two axes"),
    ):
        assert main(arguments) == 2
        assert expected in capsys.readouterr().err


@pytest.mark.parametrize("topic", ["parameters", "presets", "variables", "drafts", "sources"])
def test_info_in_three_forms(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", topic]) == 0
    assert capsys.readouterr().out.count("\n") >= 2
    assert main(["info", topic, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert main(["info", topic, "--markdown"]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == len(rows) + 2 and len({line.count(" | ") for line in lines}) == 1


def test_info_of_a_store(plane: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", plane, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["worlds"] == 180


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "experiments", *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def test_help_is_quick_and_imports_nothing_slow() -> None:
    code = (
        "import sys; from experiments.cli.app import main; main(['--help']); "
        "slow = {'numpy', 'mesa', 'xarray', 'matplotlib', 'zarr', 'scipy', 'pandas'} & set(sys.modules); "
        "sys.exit(str(slow) if slow else 0)"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True, capture_output=True)
    took = []
    for _ in range(5):
        started = time.perf_counter()
        done = subprocess.run(python("--help"), env=environment(), capture_output=True, text=True, check=True)
        took.append(time.perf_counter() - started)
    assert all(name in done.stdout for name in ("run", "sweep", "plot", "info", "demo", "bench"))
    assert min(took) < 0.5


@pytest.mark.parametrize(("processes", "seconds"), [("1", 1.0), ("2", 0.1)])
def test_interrupt_ends_with_130_and_one_line(tmp_path: Path, processes: str, seconds: float) -> None:
    """While worlds are computed, and while the store is made and the workers start."""
    call = python("sweep", "ownership_share=0:1:200", "--replicates", "500", "--store", "long.zarr")
    call += ["--processes", processes]
    running = subprocess.Popen(call, env=environment(), cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (tmp_path / "long.zarr").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert said.startswith("subsoil: stopped") and said.count("\n") == 1


def test_demo_small_answers_in_eleven_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--small", "--out", "results", "--processes", "1"]) == 0
    said = capsys.readouterr().out
    assert [f"{number:2}. " in said for number in range(1, 12)] == [True] * 11
    assert "nan" not in said.lower()
    assert {path.suffix for path in Path("results").iterdir()} == {".png", ".zarr"}
    for name in ("map", "fan", "reasons", "hypotheses", "sensitivity"):
        assert Path(f"results/demo-{name}.png").stat().st_size > 10_000


def test_phases_of_the_month_are_timed() -> None:
    from experiments.benchmark.benchmark import measure_phases

    rows = {row["what"]: row for row in measure_phases(worlds=200, months=24)}
    assert {"building the model", "market.clear", "talks.meet", "recorder.keep", "the rest"} <= rows.keys()
    assert all(row["value"] >= 0 for row in rows.values())
    parts = [float(row["note"].partition("%")[0]) for row in rows.values() if row["unit"] == "ms/month"]
    assert sum(parts) == pytest.approx(100, abs=0.05 * len(parts) + 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["our", "empty", "bare"])
def test_contenders_of_the_benchmark_run(model: str) -> None:
    from experiments.benchmark.benchmark import _contend

    took = _contend("mesa_batch", worlds=2, processes=2, months=3, model=model)
    assert took["worlds"] == 2 and took["seconds"] > 0


def test_dry_run_of_a_kept_sweep_knows_its_seed(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["sweep", "ownership_share=0:1:3", "--replicates", "10", "--seed", "7", "--store", "kept.zarr", *SMALL]
    assert main([*asked, "--block-worlds", "10"]) == 0
    assert main([*asked, "--dry-run"]) == 0
    assert "Nothing was run" in capsys.readouterr().out


def test_export_writes_a_table(plane: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", plane, str(tmp_path / "plane.csv"), "--variable", "signed"]) == 0
    assert "rows in" in capsys.readouterr().out
    assert (tmp_path / "plane.csv").read_text().splitlines()[0].count("signed") == 1
    assert main(["export", plane, str(tmp_path / "plane.txt")]) == 2
    assert ".parquet or .csv" in capsys.readouterr().err


def test_validate_prints_hits_and_misses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "talks", "--worlds", "40"]) == 0
    assert "never a fit" in capsys.readouterr().out
    assert main(["validate", "markt"]) == 2
    assert "did you mean 'market'?" in capsys.readouterr().err


@pytest.mark.filterwarnings("default")
def test_a_warning_is_one_plain_line(
    plane: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.store import export

    def warned(*_: object) -> int:
        warnings.warn("3 of 9 blocks are done,\nso far", stacklevel=1)
        return 5

    monkeypatch.setattr(export, "export", warned)
    assert main(["export", plane, "table.csv"]) == 0
    assert capsys.readouterr().err == "subsoil: 3 of 9 blocks are done, so far\n"


def test_a_fault_of_the_program_shows_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.store import export

    def faulty(*_: object) -> int:
        raise ValueError("not the user's")

    monkeypatch.setattr(export, "export", faulty)
    with pytest.raises(ValueError, match="not the user's"):
        main(["export", "store.zarr", "table.csv"])

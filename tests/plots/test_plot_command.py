"""`subsoil plot` draws by itself what suits a store, and refuses in one line with a call that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import grid, sweep
from experiments.cli.app import main
from experiments.designs.builders import latin_hypercube, policies

pytestmark = [pytest.mark.cases, pytest.mark.long]

STORES = {
    "one parameter": (grid(ownership_share=(0, 1, 3)), "curve", 3),
    "a parameter and words": (grid(ownership_share=(0, 1, 3), tripwire=["H0", "H2"]), "curve", 3),
    "two parameters unsorted": (grid(ownership_share=[1, 0, 0.4], guarantee_strength=[0.5, 0]), "zone", 3),
    "three parameters": (grid(ownership_share=[0, 1], guarantee_strength=[0, 1], future_aid=[0, 1, 2]), "zone", 3),
    "equal ratios": (grid(recognised_aid=[1, 10, 100]), "curve", 3),
    "policies": (policies({"February": {"ownership_share": 0.5}, "none": {}}), "intervals", 3),
    "words": (grid(tripwire=["H0", "H2"], china_policy=["open", "recorded"]), "intervals", 3),
    "a sample": (latin_hypercube(40, ownership_share=(0, 1), future_aid=(0, 9)), "sample", 3),
    "one row": (policies({"run": {}}), "reasons", 7),
}


@pytest.mark.parametrize("name", list(STORES))
def test_what_suits_a_store_is_drawn_and_the_next_call_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    design, kind, months = STORES[name]
    monkeypatch.chdir(tmp_path)
    sweep(design, replicates=4, months=months, store="a store.zarr", progress=False)
    assert main(["plot", "a store.zarr"]) == 0
    assert Path(f"a store-{kind}.png").stat().st_size > 5_000
    again = re.search(r"Next: subsoil (\w+) 'a store.zarr'(.*)", capsys.readouterr().out)
    assert again and main([again[1], "a store.zarr", *again[2].split()]) == 0


def test_a_store_shows_its_own_prices_or_says_what_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    design = policies({"run": {}}, preset="quota_crisis_2010")
    sweep(design, replicates=3, months=6, store="bare.zarr", progress=False)
    sweep(design, replicates=3, months=6, record="trajectories", store="months.zarr", progress=False)
    assert main(["plot", "bare.zarr", "--what", "prices"]) == 2
    assert "--record trajectories" in capsys.readouterr().err
    assert main(["plot", "months.zarr", "--what", "prices"]) == 0 and Path("months-prices.png").exists()


def test_a_run_of_2008_draws_no_war(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from experiments.cli import store_pictures
    from experiments.store.dataset import open_results

    monkeypatch.chdir(tmp_path)
    drawn: list[list[str]] = []
    monkeypatch.setattr(store_pictures, "_fans", lambda results, names, by: drawn.append(names))
    for name in ("quota_crisis_2010", "licences_2025", "documented"):
        store = f"{name}.zarr"
        design = policies({"run": {}}, preset=name)
        sweep(design, replicates=2, months=2, record="trajectories", store=store, progress=False)
        store_pictures.draw_store(open_results(store), "fan", "", "", "")
    assert ["fighting" in names for names in drawn] == [False, False, True]


@pytest.mark.parametrize("options", [("--what", "fan"), ("--variable", "fighting"), ("--what", "curve")])
def test_refusals_are_one_line(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    design = grid(tripwire=["H0", "H2"], china_policy=["open", "recorded"])
    sweep(design, replicates=2, months=2, store="w.zarr", progress=False)
    assert main(["plot", "w.zarr", *options]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1

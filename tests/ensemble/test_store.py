"""The store: what is on disk, how it is read back, what is refused, and who may write."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
import zarr

from experiments import StoreError, describe, export, from_table, grid, open_results, scenarios, sweep
from experiments.store.block_partition import Block, cut
from experiments.store.store import Store
from tests.stand_ins import Quick
from tests.sweeps import alter_chunk, drop_block, flip

DESIGN = grid(ownership_share=5, guarantee_strength=[0.0, 0.4])
QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 20, "progress": False, "model": Quick}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of ten rows with six replicates, in blocks of three rows, two monthly paths recorded."""
    path = tmp_path_factory.mktemp("finished") / "results.zarr"
    sweep(DESIGN, store=path, record=["guarantee", "tension"], **QUICK)
    return path


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished store, to do with as one likes."""
    return shutil.copytree(finished, tmp_path / "results.zarr")


def test_blocks_are_chunks_and_xarray_opens_the_store(place: Path) -> None:
    with xr.open_zarr(place) as plain:
        assert plain.signed.dims == ("design", "replicate") and plain.guarantee.dims == (
            "month",
            "design",
            "replicate",
        )
        assert plain.signed.encoding["chunks"] == (3, 6) and plain.guarantee.encoding["chunks"] == (5, 3, 6)
        assert plain.ownership_share.values.tolist() == DESIGN.table()["ownership_share"].tolist()
        assert plain.attrs["complete"] is True and plain.signed.dtype == np.float32
        np.testing.assert_array_equal(plain.signed, open_results(place).signed.values.reshape(10, 6))
    names = {path.name for path in (place / "signed").iterdir()}
    assert names == {"zarr.json", "c.0.0"}


def test_results_carry_labels_units_and_origin(place: Path) -> None:
    results = open_results(place)
    assert results.signed.dims == ("ownership_share", "guarantee_strength", "replicate")
    assert results.guarantee.dims == ("month", "ownership_share", "guarantee_strength", "replicate")
    assert str(results.month.values[1])[:10] == "2025-02-01"
    for variable in [*results.data_vars.values(), results.ownership_share]:
        assert variable.attrs["unit"] and variable.attrs["meaning"] and variable.attrs["long_name"]
    facts = results.attrs
    assert facts["preset"] == "documented" and facts["seed"] == 0 and facts["replicates"] == 6 and facts["complete"]
    assert json.loads(facts["parameters"])["tripwire"] == "H0" and json.loads(facts["design"])["dims"]
    assert "numpy" in json.loads(facts["versions"])
    assert facts["data_hash"] and facts["code_version"] and facts["design_hash"] == DESIGN.digest()


def test_lazy_selections_are_those_of_the_whole(place: Path) -> None:
    whole = open_results(place).load()
    picks = [
        {"ownership_share": [4, 0, 2]},
        {"ownership_share": 3, "guarantee_strength": slice(0, 1)},
        {"guarantee_strength": 1, "replicate": [5, 1]},
        {"ownership_share": slice(None, None, -2)},
        {"ownership_share": slice(2, 2)},
    ]
    for pick in picks:
        for name in ("signed", "guarantee"):
            np.testing.assert_array_equal(open_results(place)[name].isel(pick), whole[name].isel(pick))
    np.testing.assert_array_equal(open_results(place).guarantee.isel(month=-1), whole.guarantee.isel(month=-1))


def test_results_can_be_saved_as_a_file(place: Path, tmp_path: Path) -> None:
    open_results(place).load().to_netcdf(tmp_path / "all.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "all.nc") as again:
        np.testing.assert_array_equal(again.signed, open_results(place).signed)


def test_words_scenarios_and_scalars_become_coordinates(tmp_path: Path) -> None:
    talks = scenarios({"calm talks": {"tripwire": "H1"}, "threats": {"tripwire": "H3", "discount_rate": 0.05}})
    results = sweep(talks * grid(ownership_share=3), store=tmp_path / "a.zarr", **QUICK)
    assert results.scenario.dims == results.tripwire.dims == results.discount_rate.dims == ("scenario",)
    assert results.sel(scenario="threats").tripwire.item() == "H3"
    rows = sweep(from_table({"ownership_share": [0.1, 0.9], "tripwire": ["H5", "H0"]}), **QUICK)
    assert rows.signed.dims == ("design", "replicate") and rows.tripwire.values.tolist() == ["H5", "H0"]


def test_summaries_are_the_quantiles_of_the_paths(tmp_path: Path) -> None:
    paths = sweep(DESIGN, record="trajectories", **QUICK)
    short = sweep(DESIGN, record="summaries", store=tmp_path / "s.zarr", **QUICK)
    assert short.tension.dims == ("quantile", "month", "ownership_share", "guarantee_strength")
    wanted = paths.tension.quantile(short["quantile"].values, "replicate")
    np.testing.assert_allclose(short.tension, wanted.transpose(*short.tension.dims), rtol=1e-6)
    np.testing.assert_allclose(short.tension_mean, paths.tension.mean("replicate"), rtol=1e-6)
    assert short.tension_mean.attrs["unit"] == paths.tension.attrs["unit"]


def test_two_blocks_never_share_a_chunk(place: Path) -> None:
    store = Store(place)
    values = {name: np.zeros((2, 6)) for name in store.fields}
    with pytest.raises(AssertionError, match="a block must be a chunk"):
        store.write_block(Block(0, slice(1, 3), slice(0, 6)), values)
    for rows, replicates, worlds in [(441, 200, 4096), (7, 1000, 64), (1, 1, 1), (10, 3, 10**6), (5, 7, 12)]:
        for processes in (1, 2, 16):
            blocks = cut(rows, replicates, worlds, processes=processes)
            seen = np.zeros((rows, replicates), dtype=int)
            for number in range(len(blocks)):
                seen[blocks[number].rows, blocks[number].replicates] += 1
                assert blocks[number].worlds <= worlds
            assert np.all(seen == 1)


@pytest.mark.parametrize(
    ("rows", "replicates", "processes", "blocks"),
    [(441, 200, 2, 12), (441, 200, 1, 12), (1, 8000, 2, 2), (4, 2000, 2, 2), (2, 10_000, 2, 4), (40, 200, 3, 3)],
)
def test_processes_have_equal_work(rows: int, replicates: int, processes: int, blocks: int) -> None:
    cuts = cut(rows, replicates, 8192, processes=processes)
    sizes = [cuts[number].worlds for number in range(len(cuts))]
    assert len(sizes) == blocks
    assert max(sizes) - sizes[0] == 0
    assert min(sizes) > 0.8 * max(sizes)


def test_quantiles_have_whole_rows() -> None:
    cuts = cut(3, 20_000, 8192, whole_rows=True, processes=2)
    assert [cuts[number].shape for number in range(len(cuts))] == [(1, 20_000)] * 3


CHANGES = {
    "seed": ({"seed": 1}, "seed is 0 there and 1 here"),
    "months": ({"months": 6}, "months is 5 there and 6 here"),
    "fewer replicates": ({"replicates": 5}, "replicates is 6 there and 5 here"),
    "more replicates of quantiles": ({"replicates": 7, "record": "summaries"}, "replicates is 6 there|record is"),
    "record": ({"record": "outcomes"}, "record is guarantee, tension there and outcomes here"),
    "preset": ({"preset": "as_reported"}, "preset is documented there and as_reported here"),
    "model": ({"model": None}, "model is tests.stand_ins:Quick there"),
    "resume": ({"resume": False}, "exists; go on with it"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_another_experiment_is_refused_and_nothing_is_lost(place: Path, change: str) -> None:
    options, message = CHANGES[change]
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    with pytest.raises(StoreError, match=message) as refusal:
        sweep(DESIGN, store=place, **(QUICK | {"record": ["guarantee", "tension"]} | options))
    assert "\n" not in str(refusal.value)
    assert before == {path: path.stat().st_mtime_ns for path in place.rglob("*")}


def test_another_design_base_code_or_data_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same = QUICK | {"record": ["guarantee", "tension"], "store": place}
    with pytest.raises(StoreError, match="guarantee_strength is a column of the design only there"):
        sweep(grid(ownership_share=6), **same)
    with pytest.raises(StoreError, match=r"discount_rate is 0\.1 there and 0\.05 here"):
        sweep(DESIGN.with_base(discount_rate=0.05), **same)
    for hashed in ("code_hash", "data_hash"):
        with monkeypatch.context() as patch:
            patch.setattr(f"experiments.ensemble.provenance.{hashed}", lambda *_: "another")
            with pytest.raises(StoreError, match=f"{hashed.split('_')[0]} .*another here"):
                sweep(DESIGN, **same)


def test_a_folder_of_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="not a store of results; nothing was touched"):
        sweep(DESIGN, store=tmp_path, **QUICK)
    zarr.open_group(tmp_path / "other.zarr", mode="w").create_array("x", data=np.ones(3))
    for wrong in (tmp_path / "other.zarr", tmp_path / "nothing"):
        with pytest.raises(StoreError, match="is not a store of results"):
            open_results(wrong)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot write .*Not a directory"):
        sweep(DESIGN, store=tmp_path / "file" / "results.zarr", **QUICK)


def test_an_unfinished_store_opens_and_says_so(place: Path) -> None:
    drop_block(place, 1)
    with pytest.warns(UserWarning, match="3 of 4 blocks are done"):
        results = open_results(place)
    assert results.attrs["complete"] == 0 and results.attrs["blocks_done"] == 3
    flat = results.signed.values.reshape(10, 6)
    assert np.isnan(flat[3:6]).all() and not np.isnan(np.delete(flat, [3, 4, 5], axis=0)).any()


def test_a_store_at_an_address_is_the_same(place: Path) -> None:
    address = f"memory://subsoil-{os.getpid()}/results.zarr"
    remote = sweep(DESIGN, store=address, record=["guarantee", "tension"], **QUICK)
    xr.testing.assert_equal(remote, open_results(place))
    assert sweep(DESIGN, store=address, record=["guarantee", "tension"], **QUICK).attrs["complete"] == 1
    with pytest.raises(StoreError, match="seed is 0"):
        sweep(DESIGN, store=address, seed=3, record=["guarantee", "tension"], **QUICK)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_an_export_that_fails_leaves_no_half_a_file(
    place: Path, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_text("of an earlier export")
    whole = (place / "signed" / "c.0.0").read_bytes()
    alter_chunk(place, "signed", 2, flip)
    with pytest.raises(StoreError, match=r"block 2 of .* is damaged or lost; the same sweep mends it"):
        export(place, target)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (place / "signed" / "c.0.0").write_bytes(whole)
    with monkeypatch.context() as patch, pytest.raises(StoreError, match=r"cannot write .*No space left on device"):
        patch.setattr(Path, "replace", full)
        export(place, target)
    assert target.read_text() == "of an earlier export"
    assert {path.name for path in tmp_path.iterdir()} == {"results.zarr", target.name}


def test_export_to_parquet_and_csv(place: Path, tmp_path: Path) -> None:
    results = open_results(place)
    for suffix, read in ((".parquet", pd.read_parquet), (".csv", pd.read_csv)):
        assert export(place, tmp_path / f"out{suffix}") == 60
        table = read(tmp_path / f"out{suffix}")
        assert list(table.columns[:4]) == ["design", "ownership_share", "guarantee_strength", "replicate"]
        np.testing.assert_allclose(table["signed"], results.signed.values.ravel(), rtol=1e-6)
        row = table[(table.design == 7) & (table.replicate == 2)].iloc[0]
        assert row.ownership_share == 0.75 and row.guarantee_strength == 0.4
    assert export(place, tmp_path / "paths.parquet", ["tension"]) == 60 * 5
    months = pd.read_parquet(tmp_path / "paths.parquet")
    assert months.month.min() == pd.Timestamp("2025-01-01") and len(months.columns) == 6
    for names, message in (
        (["signed", "tension"], "do not fit in one table"),
        (["sined"], "no variable 'sined'"),
    ):
        with pytest.raises(StoreError, match=message):
            export(place, tmp_path / "no.csv", names)
    with pytest.raises(StoreError, match=r"ends in \.parquet or \.csv"):
        export(place, tmp_path / "out.xlsx")


def test_describe_says_what_is_there(place: Path) -> None:
    found = describe(place)
    assert found.facts["worlds"] == found.facts["worlds_done"] == 60 and found.facts["complete"] is True
    assert found.facts["blocks"] == 4 and found.facts["bytes"] > 0 and found.facts["seconds_per_block"] >= 0
    assert "complete" in str(found) and "documented" in str(found) and json.dumps(found.facts)

"""Outcomes with dimensions of their own, from the model through a store to tables and analyses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import StoreError, describe, export, grid, open_results, sweep
from experiments.analysis.deal.agreement_zones import agreement
from experiments.analysis.deal.draft_responses import reasons
from experiments.cli.outcome_table import summary
from experiments.designs.builders import policies
from experiments.store.dataset import flat_columns
from model import GeopoliticalEconomy, preset
from model.record.variables import DIMENSIONS, OUTCOMES
from model.states.reasons import NO_PART, REASONS, SIGNATORIES
from tests.stand_ins import FailsAtHalf

pytestmark = pytest.mark.long

DESIGN = grid(ownership_share=3, guarantee_strength=[0.0, 0.4])
SMALL: dict[str, Any] = {"replicates": 5, "months": 3, "progress": False}
COLUMNS = {column: index for name in ("deal_worth", "deal_gain") for column, index in OUTCOMES[name].columns.items()}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished store of the model itself, in blocks of two rows."""
    path = tmp_path_factory.mktemp("labelled") / "results.zarr"
    sweep(DESIGN, store=path, block_worlds=10, **SMALL)
    return path


def test_a_store_gives_the_numbers_of_the_model_by_label(store: Path) -> None:
    results = open_results(store)
    assert results.deal_worth.dims == ("signatory", "reason", "ownership_share", "guarantee_strength", "replicate")
    assert results.deal_gain.dims == ("signatory", "ownership_share", "guarantee_strength", "replicate")
    terms = preset("documented", ownership_share=0.5, guarantee_strength=0.4)
    record = GeopoliticalEconomy(terms, worlds=5, months=3, rng=0, precision="single").run()
    point = results.sel(ownership_share=0.5, guarantee_strength=0.4)
    for who in SIGNATORIES:
        np.testing.assert_array_equal(point.deal_gain.sel(signatory=who), record.deal_gain.sel(signatory=who))
        for reason in DIMENSIONS["reason"]:
            label = {"signatory": who, "reason": reason}
            np.testing.assert_array_equal(point.deal_worth.sel(label), record.deal_worth.sel(label))
    for name in ("part", "reason_meaning", "signatory", "reason"):
        assert results[name].dtype.kind == "U"
        np.testing.assert_array_equal(results[name], record[name])
        assert results[name].attrs == record[name].attrs
    assert results.deal_worth.attrs == OUTCOMES["deal_worth"].attributes
    assert "signatory × reason × design × replicate" in describe(store).facts["variables"]


def test_bits_do_not_depend_on_blocks_or_processes(store: Path, tmp_path: Path) -> None:
    whole = open_results(store).load()
    for options in ({"block_worlds": 2}, {"block_worlds": 8000}, {"processes": 2, "block_worlds": 5}):
        again = sweep(DESIGN, store=tmp_path / f"{len(str(options))}.zarr", **SMALL, **options)
        for name in ("deal_worth", "deal_gain"):
            np.testing.assert_array_equal(again[name].values, whole[name].values)


def test_what_does_not_apply_is_neither_unknown_nor_failed(store: Path, tmp_path: Path) -> None:
    results = open_results(store)
    assert results.attrs["rows_failed"] == 0 and results.attrs["complete"] == 1
    unknown = results.deal_worth.isnull()
    np.testing.assert_array_equal(
        unknown.all(("ownership_share", "guarantee_strength", "replicate")), unknown[..., 0, 0, 0]
    )
    np.testing.assert_array_equal(unknown[..., 0, 0, 0], results["part"] == NO_PART)
    one = sweep(policies({"run": {}}), **SMALL)
    table = summary(one.isel(policy=0))
    assert {name for name in table if name.startswith("deal_worth")} == set(OUTCOMES["deal_worth"].columns)
    assert all(table[name]["known"] == 5 and table[name]["unit"] == "percent of Ukraine's GDP" for name in COLUMNS)
    with pytest.warns(UserWarning, match="rows that failed"):
        failed = sweep(DESIGN, store=tmp_path / "f.zarr", model=FailsAtHalf, **SMALL)
    assert failed.deal_worth.sel(ownership_share=0.5).isnull().all()
    assert failed.deal_worth.sel(ownership_share=[0.0, 1.0]).notnull().all()
    with pytest.warns(UserWarning, match="10 of 30 rows in .* are unknown"):
        assert export(tmp_path / "f.zarr", tmp_path / "f.csv") == 30


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_an_export_has_a_column_for_each_reason_that_applies(store: Path, tmp_path: Path, suffix: str) -> None:
    results, target = open_results(store), tmp_path / f"out{suffix}"
    assert export(store, target) == 30
    table = pd.read_csv(target) if suffix == ".csv" else pd.read_parquet(target)
    assert [name for name in table.columns if name.startswith(("deal_worth", "deal_gain"))] == list(COLUMNS)
    for column, index in COLUMNS.items():
        numbers = results["deal_gain" if len(index) == 1 else "deal_worth"][index]
        np.testing.assert_allclose(table[column], numbers.values.ravel(), rtol=1e-6)
    assert export(store, target, ["deal_gain", "signed"]) == 30
    short = pd.read_csv(target) if suffix == ".csv" else pd.read_parquet(target)
    assert list(short.columns[-3:]) == [*OUTCOMES["deal_gain"].columns, "signed"]


def test_flat_columns_keep_everything_else(store: Path) -> None:
    results = open_results(store)
    flat = flat_columns(results, DIMENSIONS)
    assert not set(flat.dims) & set(DIMENSIONS) and flat.attrs == results.attrs
    xr.testing.assert_identical(flat["signed"], results["signed"])
    assert set(flat.data_vars) - set(results.data_vars) == set(COLUMNS)
    worth = flat["deal_worth_ukraine_support"]
    assert worth.attrs["meaning"].endswith("(ukraine, support)") and "not_applicable" not in worth.attrs


def test_analyses_read_the_labels(store: Path) -> None:
    results = open_results(store)
    table = agreement(results)
    for who in SIGNATORIES:
        wanted = results.deal_gain.sel(signatory=who).mean("replicate")
        np.testing.assert_array_equal(table[f"{who}_gain"], wanted)
    why = reasons(preset("documented", ownership_share=0.5))
    own = {who: [each.name for each in REASONS if who in each.sides] for who in SIGNATORIES}
    for who in SIGNATORIES:
        known = why["contribution"].sel(signatory=who).dropna("reason")
        assert known["reason"].values.tolist() == own[who]


def test_a_store_of_an_earlier_version_is_refused_in_a_line(store: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.zarr"
    older.mkdir()
    root = json.loads((store / "zarr.json").read_text())
    root["attributes"]["subsoil"]["format"] = "subsoil results 4"
    (older / "zarr.json").write_text(json.dumps(root))
    said = re.escape("has the format 'subsoil results 4'; this version reads 'subsoil results 5': sweep again")
    with pytest.raises(StoreError, match=said) as refusal:
        open_results(older)
    assert "\n" not in str(refusal.value)

"""Levels, numbers, policies, calendars and tables as users brought them, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments import (
    Design,
    StoreError,
    from_table,
    grid,
    latin_hypercube,
    policies,
    scenarios,
    sobol,
    sweep,
)
from model import ParameterError, Parameters
from tests.stand_ins import Quick

pytestmark = [pytest.mark.cases, pytest.mark.long]

QUICK: dict[str, Any] = {"replicates": 6, "months": 5, "block_worlds": 12, "progress": False, "model": Quick}
DESIGN = grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0.0, 0.4])


# Order and duplicates


def test_levels_and_axes_keep_the_order_in_which_they_are_typed() -> None:
    results = sweep(grid(guarantee_strength=[0.4, 0], ownership_share=(1, 0, 3), tripwire=["H2", "H0"]), **QUICK)
    assert results.signed.dims[:3] == ("guarantee_strength", "ownership_share", "tripwire")
    assert results.ownership_share.values.tolist() == [1, 0.5, 0]
    assert results.tripwire.values.tolist() == ["H2", "H0"]
    ascending = sweep(grid(guarantee_strength=[0, 0.4], ownership_share=(0, 1, 3), tripwire=["H0", "H2"]), **QUICK)
    xr.testing.assert_equal(results.sortby(list(ascending.signed.dims[:3])).signed, ascending.signed)


TWICE: dict[str, tuple[Callable[[], Design], str]] = {
    "listed": (lambda: grid(ownership_share=[0.5, 0.5]), r"ownership_share: the level 0\.5 is given twice"),
    "not beside each other": (lambda: grid(ownership_share=[0.1, 0.5, 0.1]), r"the level 0\.1 is given twice"),
    "a range without width": (lambda: grid(ownership_share=(0, 0, 5)), r"the level 0\.0 is given twice"),
    "the same decimal": (lambda: grid(ownership_share=[0.3, 0.1 * 3]), r"the level 0\.3 is given twice"),
    "words": (lambda: grid(tripwire=["H0", "H2", "H0"]), "tripwire: the level H0 is given twice"),
    "numbers and text": (lambda: grid(ownership_share=["0.5", 0.5]), r"the level 0\.5 is given twice"),
    "whole numbers": (lambda: grid(talks_start=[3, 3.0]), r"talks_start: the level 3.* is given twice"),
    "words of a sample": (lambda: latin_hypercube(4, tripwire=["H2", "H2"]), "the level H2 is given twice"),
}


@pytest.mark.parametrize("case", TWICE)
def test_a_level_given_twice_is_refused_by_name(case: str) -> None:
    make, message = TWICE[case]
    with pytest.raises(ParameterError, match=message):
        make()


def test_columns_of_a_sample_stand_in_the_order_typed() -> None:
    names = {"ownership_share": None, "recognised_aid": (0, 500), "support_at_stake": None}
    assert list(sobol(4, **names).columns) == list(names)  # type: ignore[arg-type]
    assert list(latin_hypercube(4, "settlement_value", **names).columns) == ["settlement_value", *names]  # type: ignore[arg-type]


# Numbers as decimals


def test_levels_are_the_decimals_one_writes() -> None:
    tenths = [round(0.1 * level, 1) for level in range(11)]
    for given in (11, (0, 1, 11), np.linspace(0, 1, 11), np.arange(11) * 0.1, np.linspace(0, 1, 11, dtype=np.float32)):
        levels = sweep(grid(ownership_share=given), **QUICK).ownership_share
        assert levels.values.tolist() == tenths and levels.sel(ownership_share=0.3) == 0.3
    assert grid(rare_earth_cost_share=(1e-6, 1e-2, 5), log=["rare_earth_cost_share"]).table()[
        "rare_earth_cost_share"
    ].tolist() == [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]
    assert grid(intervention_cost=[20, 1000 / 3]).table()["intervention_cost"].tolist() == [20, 1000 / 3]
    assert grid(ownership_share=4).table()["ownership_share"].tolist() == [0, 1 / 3, 2 / 3, 1]


@pytest.mark.parametrize("seven", [7, np.int64(7), np.uint8(7), np.array(7)])
def test_whole_numbers_of_any_type_count_points(seven: Any) -> None:
    wanted = [0, 20, 40, 60, 80, 100, 120]
    assert grid(guarantee_buildup=seven).table()["guarantee_buildup"].tolist() == wanted
    assert len(grid(ownership_share=(0, 1, np.int64(7)))) == len(grid(ownership_share=(0, 1, 7.0))) == 7


def test_numbers_as_text_are_numbers() -> None:
    for design in (
        grid(ownership_share=["0.2", "0.3"]),
        from_table({"ownership_share": ["0.2", "0.3"]}),
        from_table(pd.DataFrame({"ownership_share": ["0.2", " 0.3 "]})),
        policies({"a": {"ownership_share": "0.2"}, "b": {"ownership_share": "0.3"}}),
        grid(ownership_share=("0.2", "0.3", 2)),
    ):
        column = design.table()["ownership_share"]
        assert column.dtype == np.float64 and column.tolist() == [0.2, 0.3]
    assert Parameters(ownership_share="0.3") == Parameters(ownership_share=0.3)
    with pytest.raises(ParameterError, match="ownership_share='much': needs a number"):
        grid(ownership_share=[0.1, "much"])


@pytest.mark.parametrize("year", [2008, "2008", 2008.0, "2008.0", np.int64(2008), np.array([2008, 2008])])
def test_a_year_is_a_word_however_it_is_written(year: Any) -> None:
    assert np.all(np.asarray(Parameters(start=year).start) == "2008")


def test_a_year_of_a_sweep_is_known_to_its_results() -> None:
    for year in (2008, 2008.0, "2008"):
        results = sweep(DESIGN.with_base(start=year), record=["tension"], **QUICK)
        assert results.attrs["start"] == 2008 and str(results.month.values[0])[:7] == "2008-01"


OTHERS: dict[str, tuple[Design, str]] = {
    "a level": (grid(ownership_share=[0.8, 0.3, 0.5], guarantee_strength=[0, 0.4]), r"ownership_share .* 0\.3 only he"),
    "one level more": (grid(ownership_share=[0.8, 0.2, 0.5], guarantee_strength=[0, 0.4, 1]), r"strength .*1\.0 only"),
    "one level less": (grid(ownership_share=[0.8, 0.2], guarantee_strength=[0, 0.4]), r"share .* 0\.5 only th"),
    "order of levels": (grid(ownership_share=[0.2, 0.8, 0.5], guarantee_strength=[0, 0.4]), r"0\.8 there and 0\.2 h"),
    "order of axes": (grid(guarantee_strength=[0, 0.4], ownership_share=[0.8, 0.2, 0.5]), "the axes are owner"),
    "an axis": (DESIGN * grid(tripwire=["H0", "H2"]), "tripwire is a column of the design only here"),
    "its shape": (from_table(DESIGN.table()), "the axes are .*_share × guarantee_strength there and design here"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_a_store_of_another_design_is_refused_by_parameter_and_level(case: str, tmp_path: Path) -> None:
    sweep(DESIGN, store=tmp_path / "a.zarr", **QUICK)
    design, message = OTHERS[case]
    with pytest.raises(StoreError, match=message) as refusal:
        sweep(design, store=tmp_path / "a.zarr", **QUICK)
    assert "\n" not in str(refusal.value)


def test_rows_of_tables_that_differ_are_named(tmp_path: Path) -> None:
    table = {"ownership_share": [0.1, 0.2, 0.3], "policy": ["a", "b", "c"]}
    sweep(from_table(table), store=tmp_path / "a.zarr", **QUICK)
    for changed, message in (
        ({"policy": ["a", "x", "c"]}, "policy of design has the value x only here"),
        (
            {"ownership_share": [0.1, 0.3, 0.2]},
            r"ownership_share of design has 0\.2 there and 0\.3 here as its value 1",
        ),
    ):
        with pytest.raises(StoreError, match=message):
            sweep(from_table(table | changed), store=tmp_path / "a.zarr", **QUICK)


# Presets and calendars


@pytest.mark.parametrize("named", [policies, scenarios])
def test_a_policy_over_a_preset_has_its_values_where_it_says_nothing(named: Callable[..., Design]) -> None:
    cases = {"as it is": {}, "less": {"recognised_aid": 100}, "word": {"tripwire": "H2"}}
    for design, chosen in (
        (named(cases), {"preset": "as_reported"}),
        (named(cases, preset="as_reported"), {}),
        (named(cases).with_base("as_reported"), {}),
        (named(cases) * grid(guarantee_strength=[0, 0.4]), {"preset": "as_reported"}),
    ):
        results = sweep(design, **QUICK, **chosen)
        assert results.recognised_aid.values.tolist() == [500, 100, 500]
        assert results.tripwire.values.tolist() == ["H0", "H0", "H2"]
    assert sweep(named(cases), **QUICK).recognised_aid.values.tolist() == [0, 100, 0]


STARTS: dict[str, Callable[[], Design]] = {
    "grid": lambda: grid(start=[2008, 2025]),
    "all": lambda: grid(start="all"),
    "one": lambda: grid(start=2008),
    "table": lambda: from_table({"start": [2008, 2025]}),
    "policies": lambda: policies({"a": {"start": 2008}, "b": {}}),
    "sample": lambda: latin_hypercube(4, "start", "ownership_share"),
}


@pytest.mark.parametrize("kind", STARTS)
def test_the_start_is_no_axis(kind: str) -> None:
    with pytest.raises(ParameterError, match="start is no axis, since a sweep has one calendar") as refusal:
        STARTS[kind]()
    assert "\n" not in str(refusal.value)


# Tables of other programs


def test_a_row_that_stands_twice_is_said(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("policy,ownership_share\na,0.2\nb,0.2\na,0.2\na,0.3\n")
    with pytest.warns(UserWarning, match=r"rows\.csv, line 4: the first of 1 row that stands there before"):
        assert from_table(table).table()["ownership_share"].tolist() == [0.2, 0.2, 0.2, 0.3]


FOREIGN = {
    "BehaviorSpace": (
        '"BehaviorSpace results (NetLogo 6.4.0)","Table version 2.0"\n"m.nlogo"\n"e"\n"01/01/25"\n"min-pxcor"\n"9"\n'
        '"[run number]","ownership-share","guarantee_strength","[step]","count turtles"\n'
        '"1","0.1","0.2","0","5"\n"1","0.1","0.2","1","6"\n"2","0.4","0.2","0","5"\n',
        {"ownership_share": [0.1, 0.4], "guarantee_strength": [0.2, 0.2]},
    ),
    "EMA workbench": (
        "ownership_share,guarantee_strength,scenario,policy,model\n0.1,0.2,0,None,subsoil\n0.4,0.3,1,None,subsoil\n",
        {"ownership_share": [0.1, 0.4], "guarantee_strength": [0.2, 0.3],
         "scenario": ["0", "1"], "policy": ["None", "None"]},
    ),
    "with row numbers": (",ownership_share\n0,0.1\n1,0.4\n", {"ownership_share": [0.1, 0.4]}),
    "of a European spreadsheet": (
        "\ufeffpolicy;ownership_share;talks_start\n001;0,1;3\n1e3;0,4;6\n",
        {"policy": ["001", "1e3"], "ownership_share": [0.1, 0.4], "talks_start": [3, 6]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("program", FOREIGN)
@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_designs_come_from_tables_of_other_programs(program: str, tmp_path: Path) -> None:
    text, wanted = FOREIGN[program]
    (tmp_path / "rows.csv").write_text(text, encoding="utf-8")
    rows = from_table(tmp_path / "rows.csv").table()
    assert {name: column.tolist() for name, column in rows.items()} == wanted
    results = sweep(from_table(tmp_path / "rows.csv"), **QUICK)
    assert all(results[name].values.tolist() == wanted[name] for name in wanted)

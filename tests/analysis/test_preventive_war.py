"""A guarantee that takes time to build opens a window for war where Powell's condition binds, and only there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments.analysis.preventive_war import BINDING, SIGNED, documented, window_sweep
from experiments.validation.aid_and_war import first_intervention
from model import preset
from model.initial_state import read_start
from model.parameters.declaration import Value
from model.rules import conflict


def shares(sweep: xr.Dataset) -> pd.DataFrame:
    """Shares with renewed war under one hypothesis: rows are strengths, columns build-ups (months)."""
    table: pd.DataFrame = sweep["share"].isel(tripwire=0).drop_vars("tripwire").to_pandas()
    return table


def powell_margin(strength: float = 1.0, months: float = 12, **changes: Value) -> float:
    """What attacking before a guarantee stands gains, as a share of what war leaves; 0 or less: no window.

    At the start's arms, on the day of the signature, with the parameters BINDING.
    """
    p, start = preset("documented", **(BINDING | SIGNED | changes)).by_world(1), read_start()
    russia = p.russian_effort / 12 / p.attrition
    ukraine = (p.ukrainian_effort + start.united_states_aid + start.european_aid) / 12 / p.attrition
    now, later = (
        conflict.contest_probability(
            russia,
            ukraine + first_intervention(p, guarantee) * p.united_states_commitment / 12 / p.attrition,
            p.contest_decisiveness,
        )
        for guarantee in (0.0, strength)
    )
    patience = np.exp(-p.discount_rate * max(months, 1.0) / 12)
    return float(conflict.preventive_incentive(now - later, patience, p.destroyed_share, 1.0 - now)[0])


@pytest.fixture(scope="module")
def window() -> pd.DataFrame:
    """The sweep strength × build-up at the parameters for which the condition binds."""
    return shares(window_sweep((0.0, 0.5, 1.0), (0, 24, 60), worlds=400))


def test_a_slow_strong_guarantee_opens_a_window(window: pd.DataFrame) -> None:
    """T6 on the whole model: it makes war likelier than no guarantee at all, where an immediate one deters."""
    none = window.loc[0.0, 0]
    assert window.loc[1.0, 0] < 0.5 * none
    assert window.loc[1.0, 60] > 1.3 * none
    assert powell_margin(1.0, 60) > 0


def test_the_sweep_says_where_the_window_is_open() -> None:
    """Open where war is likelier than with no guarantee by more than two errors, by common random numbers."""
    table = window_sweep((0.0, 0.25, 1.0), (0, 60), worlds=400)
    assert table["open"].values.tolist() == [[[False, False], [False, False], [False, True]]]
    none = table["share"].sel(guarantee_strength=0.0, guarantee_buildup=0)
    # Every world of these sees a ceasefire in time, so the excess is the difference of the shares.
    np.testing.assert_allclose(table["excess"], table["share"] - none, atol=0.01)


def test_a_stake_that_pulls_its_owner_in_closes_the_window() -> None:
    """Under H2 a large stake deters from the first day, so that little is left to shift; under H0 it does nothing."""
    table = window_sweep((1.0,), (60,), worlds=300, tripwires=("H0", "H2"), ownership_share=0.8)
    assert table["open"].values.reshape(-1).tolist() == [True, False]


def test_without_a_guarantee_its_build_up_is_nothing(window: pd.DataFrame) -> None:
    assert window.loc[0.0].nunique() == 1


def test_no_window_where_the_condition_does_not_bind() -> None:
    """At the documented preset a slow build-up delays deterrence and no more."""
    usual = documented()
    assert set(usual) == set(BINDING)
    assert all(powell_margin(1.0, months, **usual) < 0 for months in (1, 12, 60))
    table = shares(window_sweep((0.0, 1.0), (0, 60), worlds=300, **usual))
    assert (table.loc[1.0] <= table.loc[0.0]).all()
    assert table.loc[1.0, 0] <= table.loc[1.0, 60]

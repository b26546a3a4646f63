"""The smallest change on planted answers: single, of a word, none, and of two together."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import grid, sweep
from experiments.analysis.deal.standard_texts import TEXTS
from experiments.analysis.robust_deals.smallest_changes import (
    Changes,
    changes_from,
    most_helpful,
    pair_changes,
    single_changes,
    smallest_changes,
    smallest_pair,
)
from experiments.errors import InputError
from model import preset
from model.array_axes import Floats
from tests.analysis.robust_deals.tables import yes

NOW = {"settlement_value": 10.0, "intervention_cost": 300.0, "tripwire": "H0"}


def planted(rows: list[tuple[dict[str, object], float, float]], now: float = 0.8, other: float = 0.8) -> Changes:
    """Changes with so large a share of Ukraine's and of the United States' worlds; the first row as assumed."""
    every: list[tuple[dict[str, object], float, float]] = [({}, now, other), *rows]
    answers: dict[str, Floats] = {
        "ukraine": yes([ukraine for _, ukraine, _ in every], 100),
        "united_states": yes([united_states for *_, united_states in every], 100),
    }
    moved, values = (tuple(tuple(part(row)) for row, *_ in every) for part in (dict.keys, dict.values))
    loss = np.array([min(ukraine - 0.5, 0) + min(united_states - 0.5, 0) for _, ukraine, united_states in every])
    return Changes(moved, values, NOW, answers, loss)


def test_a_crossing_is_interpolated_and_sized_by_the_range() -> None:
    """The United States falls from .8 to .6 to .2 as the value goes 10, 6, 2: .5 is at 5, a twentieth of 0-100."""
    changes = planted([({"settlement_value": 6.0}, 0.8, 0.6), ({"settlement_value": 2.0}, 0.8, 0.2)])
    row = smallest_changes(changes).iloc[0]
    assert row["needed"] == pytest.approx(5.0) and row["size"] == pytest.approx(0.05)
    assert row["refuses"] == "the United States" and row["seen_at"] == 2.0 and row["sure"] == 1
    assert row["low"] <= 5.0 <= row["high"] and row["now"] == 10


def test_the_smallest_is_first_and_what_never_breaks_is_not_there() -> None:
    changes = planted(
        [
            ({"settlement_value": 90.0}, 0.1, 0.8),
            ({"intervention_cost": 310.0}, 0.8, 0.3),
            ({"intervention_cost": 20.0}, 0.2, 0.8),
            ({"tripwire": "H4"}, 0.3, 0.8),
            ({"tripwire": "H2"}, 0.9, 0.8),
        ]
    )
    table = smallest_changes(changes)
    assert table["input"].tolist() == ["intervention_cost", "settlement_value", "tripwire"]
    assert table["refuses"].tolist() == ["the United States", "Ukraine", "Ukraine"]
    assert table["needed"].iloc[2] == "H4" and table["size"].iloc[2] == 1 and np.isnan(table["low"].iloc[2])
    assert smallest_changes(planted([({"settlement_value": 90.0}, 0.8, 0.8)])).empty


def test_an_unknown_level_is_passed_over_and_is_no_refusal() -> None:
    unknown = planted([({"settlement_value": 6.0}, np.nan, 0.8), ({"settlement_value": 2.0}, 0.8, 0.2)])
    assert smallest_changes(unknown)["needed"].tolist() == [pytest.approx(6.0)]
    assert smallest_changes(planted([({"settlement_value": 6.0}, np.nan, 0.1)])).empty


def test_a_zone_is_filled_where_both_sign_in_the_same_worlds() -> None:
    changes = planted([({"settlement_value": 50.0}, 0.8, 0.4), ({"settlement_value": 90.0}, 0.8, 0.6)], 0.8, 0.2)
    row = smallest_changes(changes, fills=True).iloc[0]
    assert row["needed"] == pytest.approx(70.0) and row["size"] == pytest.approx(0.6)
    with pytest.raises(InputError, match="the deal is refused by one, so"):
        smallest_changes(changes)
    with pytest.raises(InputError, match="the deal is signed by both, so"):
        smallest_changes(planted([]), fills=True)
    with pytest.raises(InputError, match="the deal is not known, so"):
        smallest_changes(planted([], np.nan))


def test_two_together_where_one_does_not_do() -> None:
    alone = [({"settlement_value": 50.0}, 0.8, 0.3), ({"intervention_cost": 100.0}, 0.8, 0.4)]
    both = [
        ({"settlement_value": 50.0, "intervention_cost": 100.0}, 0.8, 0.7),
        ({"settlement_value": 20.0, "intervention_cost": 280.0}, 0.8, 0.5),
        ({"settlement_value": 12.0, "intervention_cost": 290.0}, 0.8, 0.3),
    ]
    changes = planted([*alone, *both], 0.8, 0.2)
    assert smallest_changes(changes, fills=True).empty and most_helpful(changes, 2)[0] == "intervention_cost"
    found = smallest_pair(changes)
    assert found is not None and found["both_sign"] == 0.5 and found["size"] == pytest.approx(0.1 + 20 / 1980)
    assert found["moves"][0] == {"input": "settlement_value", "now": 10.0, "needed": 20.0}
    assert smallest_pair(planted(alone, 0.8, 0.2)) is None


def test_rows_of_a_sweep_are_read_as_changes_of_the_deal() -> None:
    """Alone, then in pairs; the deal answered at the value that is said to be needed is at the threshold."""
    deal = preset("documented", **TEXTS["April"], support_at_stake=0.3)
    design = single_changes(deal, ("settlement_value", "tripwire", "future_aid"), 3)
    assert len(design) == 1 + 6 + 5 + 6 and design.columns["future_aid"].max() == 60
    terms = {name: value for name, value in TEXTS["April"].items() if name not in design.names}
    held = {**terms, "support_at_stake": 0.3}
    results = sweep(design.with_base(**held), replicates=100, months=2, progress=False)
    changes = changes_from(results, {"future_aid": TEXTS["April"]["future_aid"]})
    assert changes.moved[0] == () and changes.now["tripwire"] == "H0" and len(changes.moved) == len(design)
    row = smallest_changes(changes).set_index("input").loc["settlement_value"]
    assert row["needed"] < 10 and row["refuses"] == "the United States"
    near = single_changes(deal.replace(settlement_value=float(row["needed"])), ("settlement_value",), 1)
    at = sweep(
        near.with_base(**held, future_aid=TEXTS["April"]["future_aid"]), replicates=100, months=2, progress=False
    )
    assert float(at["united_states_accepts"][0].mean()) == pytest.approx(0.5, abs=0.1)
    pairs = pair_changes(deal, ("settlement_value", "future_aid"), 2)
    assert len(pairs) == 1 + 4 * 4


def test_a_store_without_the_deal_as_assumed_is_refused() -> None:
    results = sweep(
        grid(ownership_share=[0, 1], settlement_value=[0, 20]), replicates=4, months=2, progress=False
    )  # fmt: skip
    with pytest.raises(InputError, match=r"no row of the store is the deal as assumed: .*settlement_value 10"):
        changes_from(results, {"ownership_share": 1.0})
    with pytest.raises(InputError, match="nothing varies"):
        changes_from(results.isel(ownership_share=[0], settlement_value=[0]), {})

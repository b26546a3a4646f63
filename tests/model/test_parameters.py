"""Parameters: declared once, sourced, checked at the door, and each of them changes something."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from model import GeopoliticalEconomy, ParameterError, Parameters, data, preset
from model.parameters.declaration import KINDS
from model.parameters.table import DECLARATIONS, check
from model.talks.recorded_drafts import draft, drafts


def test_every_declaration_is_complete() -> None:
    sources = data.sources()
    for name, declared in DECLARATIONS.items():
        assert declared.meaning, name
        assert declared.unit, name
        assert declared.kind in KINDS, name
        assert declared.source in sources, f"{name}: {declared.source}"
        assert declared.low < declared.high, name
        check(name, declared.default)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ownership_shar": 0.5}, "unknown parameter 'ownership_shar': did you mean 'ownership_share'?"),
        ({"ownership_share": 1.5}, "ownership_share=1.5: allowed 0 to 1"),
        ({"ownership_share": float("nan")}, "ownership_share=nan: allowed 0 to 1"),
        ({"ownership_share": "half"}, "ownership_share='half': needs a number"),
        ({"ownership_share": np.array([0.5, -0.1])}, "ownership_share=-0.1: allowed 0 to 1"),
        ({"ownership_share": np.zeros((2, 2))}, "one number or one per world"),
        ({"talks_start": 1.5}, "talks_start=1.5: needs a whole number"),
        ({"tripwire": "H9"}, "tripwire='H9': allowed H0, H1, H2, H3, H4, H5"),
        ({"talks": "bargain"}, "did you mean 'bargained'?"),
    ],
)
def test_bad_values_are_refused_in_one_line(values: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        Parameters(**values)  # type: ignore[arg-type]
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(ParameterError):
        Parameters().replace(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"worlds": 0}, "worlds=0: needs a whole number from 1"),
        ({"months": -3}, "months=-3: needs a whole number from 1 to 600"),
        ({"months": 2.5}, "months=2.5"),
        ({"rng": -1}, "rng=-1"),
        ({"record": ["price_magnet_chin"]}, "did you mean 'price_magnet_china'?"),
        ({"record": "everything"}, "record='everything'"),
        ({"ownership_share": np.zeros(3)}, "one value per world is shape (1,), got (3,)"),
        ({"replicates": np.zeros(3, dtype=int)}, "replicates"),
    ],
)
def test_bad_arguments_of_a_run_are_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        GeopoliticalEconomy(**arguments)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_unknown_preset_and_draft_name_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean 'documented'"):
        preset("documentd")
    with pytest.raises(ParameterError, match="did you mean '2025-04-30'"):
        draft("2025-04-29")


def test_drafts_are_terms_the_model_takes() -> None:
    assert len(drafts()) >= 5
    for date in drafts():
        Parameters(**draft(date))


def test_parameters_are_frozen_and_remember_what_was_changed() -> None:
    parameters = Parameters(ownership_share=0.25, tripwire="H2")
    with pytest.raises(dataclasses.FrozenInstanceError):
        parameters.ownership_share = 1.0  # type: ignore[misc]
    assert parameters.changed() == {"ownership_share": 0.25, "tripwire": "H2"}
    assert Parameters().changed() == {}


ELSEWHERE = {
    "talks": "bargained",
    "guarantee_strength": 1.0,
    "support_at_stake": 0.8,
    "future_aid": 5,
    "reinvestment_years": 1,
    "deposit_chance": 1.0,
    "deposit_occupied": 0.2,
    "mine_lead": 6,
    "ceasefire_hazard": 0.4,
    "renewal_hazard": 0.2,
    "congress_support": 0.7,
    "initial_tension": 1.5,
    "magnet_growth": 0.1,
    "insured_share": 0.3,
    "recognised_aid": 2,
    "ownership_share": 0.2,
    "united_states_commitment": 400,
    "guarantee_buildup": 12,
    "european_guarantee": 0.5,
}
"""A corner of the space in which everything happens often, for parameters that sleep at the defaults."""

CORNERS = (
    {},
    ELSEWHERE,
    ELSEWHERE | {"talks": "fixed"},
    ELSEWHERE
    | {
        "talks": "fixed",
        "tripwire": "H2",
        "china_policy": "licence_all",
        "licence_share": 0.8,
        "magnet_capital": 100,
    },
    {"start": "2008", "china_policy": "recorded"},
    ELSEWHERE
    | {
        "talks": "imposed",
        "ownership_share": 1.0,
        "recognised_aid": 0,
        "tripwire": ["H1", "H3", "H4", "H5"],
        "china_objective": "leverage",
    },
    {
        "talks": "bargained",
        "breakdown_probability": 0.2,
        "coercion_harm": 5,
        "ceasefire_hazard": 0.4,
        "renewal_hazard": 0.25,
        "tripwire": "H5",
        "china_reserves": 3e6,
    },
)


REPLICATES = 8
ENDS = [
    (name, value)
    for name, declared in DECLARATIONS.items()
    if name != "start"  # one for all worlds of a run; test_replays.py tries them all
    for value in declared.choices or (declared.low, declared.high)
]
"""Every parameter at the ends of its range, or at each of its words."""


def distinguished(corner: dict[str, object]) -> set[str]:
    """Parameters whose ends give different records; one run holds all ends, each with the same replicates."""
    columns = {
        name: np.array(
            [
                end if own == name else value
                for own, end in ENDS
                for value in np.resize(corner.get(name, declared.default), REPLICATES)
            ]
        )
        for name, declared in DECLARATIONS.items()
    }
    model = GeopoliticalEconomy(
        Parameters(**columns),
        worlds=len(ENDS) * REPLICATES,
        months=180,
        rng=3,
        replicates=np.tile(np.arange(REPLICATES), len(ENDS)),
        precision="single",
    )
    model.simulate()
    record = np.concatenate(
        [values.reshape(-1, len(ENDS), REPLICATES) for values in (model.outcomes() | model.trajectories()).values()]
    )
    model.close()
    marks: dict[str, list[bytes]] = {}
    for index, (name, _) in enumerate(ENDS):
        marks.setdefault(name, []).append(record[:, index].tobytes())
    return {name for name, seen in marks.items() if len(set(seen)) > 1}


@pytest.mark.long
def test_every_parameter_changes_some_outcome() -> None:
    matters = set.union(*(distinguished(dict(corner)) for corner in CORNERS))
    assert set(DECLARATIONS) - matters == {"start"}

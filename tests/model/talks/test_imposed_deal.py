"""Worlds with and without a deal on the same random numbers: the modes `imposed` and `none` of the talks."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters, preset
from model.record.variables import OUTCOMES
from model.states.reasons import SIGNATORIES
from model.talks.recorded_drafts import draft

WORLDS = 300
ANSWERED = {
    "ukraine_accepts", "united_states_accepts", "ratification_chance", "days_to_signature", "month_signed",
    *(name for name in OUTCOMES if name.startswith("deal_") and OUTCOMES[name].dims),
}  # fmt: skip
"""Outcomes that say what was offered and answered, which differ by mode even where the same deal is in force."""


def simulated(talks: str, months: int = 60, **changes: object) -> GeopoliticalEconomy:
    """A model that has run under one mode, all modes on the same random numbers."""
    values: dict[str, object] = {"talks": talks} | changes
    model = GeopoliticalEconomy(preset("documented", **values), worlds=WORLDS, months=months, rng=0)  # type: ignore[arg-type]
    model.simulate()
    return model


def test_an_imposed_deal_is_in_force_from_the_first_month_of_talks_in_every_world() -> None:
    for start in (0, 5):
        model = simulated("imposed", months=12, talks_start=start, **draft("2025-02-12"))
        in_force = model.trajectories()["deal_in_force"]
        assert (in_force[:start] == 0).all()
        assert (in_force[start:] == 1).all()
        outcomes = model.outcomes()
        assert (outcomes["month_signed"] == start).all()
        assert (outcomes["ratified"] == 1).all()
        assert (model.agreement.state.owed[0] > 0) and np.isnan(outcomes["ratification_chance"]).all()


def test_nobody_answers_under_an_imposed_deal_but_the_reasons_are_kept() -> None:
    model = simulated("imposed", months=4, **draft("2025-02-12"))
    outcomes = model.outcomes()
    assert not outcomes["ukraine_accepts"].any()
    answered = simulated("fixed", months=4, **draft("2025-02-12")).outcomes()
    assert (outcomes["deal_gain"][SIGNATORIES.index("ukraine")] < -5).all()
    for name in ("deal_gain", "deal_worth"):
        np.testing.assert_array_equal(outcomes[name], answered[name])


def test_nothing_is_signed_where_nobody_talks() -> None:
    model = simulated("none", months=30, **draft("2025-04-30"))
    outcomes = model.outcomes()
    for name in ("signed", "ratified", "ukraine_accepts", "united_states_accepts", "received_by_united_states"):
        assert not outcomes[name].any(), name
    assert np.isnan(outcomes["deal_gain"]).all() and np.isnan(outcomes["deal_worth"]).all()
    assert (model.agreement.state.guarantee == 0).all()


def test_terms_mean_nothing_where_nobody_talks() -> None:
    one, other = (simulated("none", **draft(date)).trajectories() for date in ("2025-02-12", "2025-04-30"))
    for name, path in one.items():
        np.testing.assert_array_equal(path, other[name], err_msg=name)


def test_the_fixed_world_is_one_of_the_two() -> None:
    """Where the tabled terms are signed at once all is as under the imposed deal, where refused as without one."""
    terms = draft("2025-03-23") | {"guarantee_strength": 0.3}
    fixed, imposed, none = (simulated(mode, **terms) for mode in ("fixed", "imposed", "none"))
    agreement = fixed.agreement.state
    signed = agreement.in_force & (agreement.signed_month == fixed.setting.p.talks_start)
    refused = ~agreement.signed
    assert 0.1 < signed.mean() < 0.9 and refused.any()
    for kept, name_of in ((fixed.trajectories(), "trajectories"), (fixed.outcomes(), "outcomes")):
        with_deal, without = (getattr(each, name_of)() for each in (imposed, none))
        for name, values in kept.items():
            if name in ANSWERED:
                continue
            np.testing.assert_array_equal(values[..., signed], with_deal[name][..., signed], err_msg=name)
            if name.startswith("final_"):
                continue
            np.testing.assert_array_equal(values[..., refused], without[name][..., refused], err_msg=name)


def test_an_imposed_deal_still_ends_with_an_attack_that_nobody_answers() -> None:
    hard = {"guarantee_strength": 1.0, "ceasefire_hazard": 0.4, "renewal_hazard": 0.25}
    outcomes = simulated("imposed", **hard).outcomes()  # type: ignore[arg-type]
    broken = outcomes["guarantee_broken"] > 0
    assert 0 < broken.mean() < 0.5
    assert (outcomes["renewals"][broken] > 0).all()


def test_the_two_modes_are_words_of_the_parameter() -> None:
    for word in ("imposed", "none"):
        assert Parameters(talks=word).talks == word
    with pytest.raises(ValueError, match="did you mean 'imposed'"):
        Parameters(talks="impose")

"""What a Chinese cut-off costs the United States in the model, beside what has been published."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, Parameters, data
from model.array_axes import US


def loss(cost_share: float = 1e-4) -> tuple[float, float]:
    """Loss of output by a cut-off of all materials in the first month: share of US GDP, and bn USD a year."""
    model = GeopoliticalEconomy(Parameters(rare_earth_cost_share=cost_share), worlds=50, months=1, rng=0)
    model.simulate()
    share = float(model.market.state.cut_off_loss.sum(axis=0).mean())
    return share, share * float(model.setting.start.gdp[US])


def published(estimate: str) -> float:
    """An estimate of the table, in its unit."""
    return data.value("embargo_costs", estimate=estimate)


def test_the_model_is_at_the_low_end_of_what_is_published() -> None:
    """By default 1.6 bn USD a year: above Macquarie's 1 bn for a part, a fiftieth of the lowest central-bank figure."""
    share, billions = loss()
    assert billions == pytest.approx(1.62, abs=0.02)
    assert billions > published("macquarie")
    assert published("ecb_partial_low") / share == pytest.approx(51, abs=2)


def test_the_central_bank_is_inside_the_range_of_the_cost_share() -> None:
    """A cost share of half a percent to one gives the partial restriction; a near-total ban lies beyond the range."""
    low, high = loss(5.1e-3)[0], loss(1e-2)[0]
    assert low == pytest.approx(published("ecb_partial_low"), rel=0.02)
    assert high == pytest.approx(published("ecb_partial_high"), rel=0.03)
    assert high < published("ecb_near_total")


def test_supply_security_is_a_part_of_the_loss_after_the_lead_time() -> None:
    """What the ore of the owned free deposits spares: less than the loss for ever, falling with the lead time."""
    lead = np.array([3.0, 8.0, 25.0])
    model = GeopoliticalEconomy(worlds=3, months=2, mine_lead=lead, replicates=np.zeros(3, dtype=int), rng=0)
    model.step()
    known, magnet = model.known(), model.market.state.cut_off_loss[1]
    terms, now = model.talks.state.terms, model.setting.calendar.month(0)
    prospect = model.expectations.under(terms, known, np.ones(3, dtype=bool), now)
    worth = model.united_states.deal_parts(terms, prospect, known)["supply"] * model.setting.start.gdp[1] / 100
    at_once = worth * np.exp(0.1 * lead)
    np.testing.assert_allclose(at_once, at_once[0], rtol=1e-9)
    assert 0 < at_once[0] < magnet[0] * model.setting.start.gdp[US] / 0.1

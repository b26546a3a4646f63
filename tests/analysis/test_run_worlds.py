"""Worlds of an analysis: run to the end, read month by month, and always closed."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.run_worlds import each_month, outcomes, worlds
from model import GeopoliticalEconomy, Parameters


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[GeopoliticalEconomy]:
    """The models that were closed."""
    models: list[GeopoliticalEconomy] = []

    def close(model: GeopoliticalEconomy) -> None:
        models.append(model)

    monkeypatch.setattr(GeopoliticalEconomy, "close", close)
    return models


def test_a_model_is_closed_also_when_the_analysis_fails(closed: list[GeopoliticalEconomy]) -> None:
    with pytest.raises(ZeroDivisionError), worlds(Parameters(), 1, 1) as model:
        _ = 1 / 0
    assert closed == [model]


def test_months_are_read_in_order(closed: list[GeopoliticalEconomy]) -> None:
    prices = list(each_month(lambda now: now.market.price, Parameters(), 1, 3))
    assert len(closed) == 1 and len(prices) == 3
    model = GeopoliticalEconomy(record="outcomes", rng=0)
    for price in prices:
        model.step()
        np.testing.assert_array_equal(price, model.snapshot().market.price)


def test_outcomes_are_those_of_the_run() -> None:
    run = GeopoliticalEconomy(worlds=3, months=4, rng=7).run()
    own = outcomes(Parameters(), 3, 4, 7)
    assert own["peace_holds"].dtype == np.float64
    for name, values in own.items():
        np.testing.assert_array_equal(values, run[name].values.astype(np.float64))
    same = outcomes(Parameters(), 3, 4, 7, np.zeros(3, dtype=np.int64))
    for name, values in same.items():
        np.testing.assert_array_equal(values, np.broadcast_to(values[..., :1], values.shape), err_msg=name)

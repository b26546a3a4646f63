"""What signing changes, by signatory and reason: labelled, complete, and adding up to the gain."""

from __future__ import annotations

import numpy as np
import pytest

from model import GeopoliticalEconomy, preset
from model.record.variables import COORDINATES, OUTCOMES
from model.states.reasons import NO_PART, REASONS, SIGNATORIES, by_reason
from model.talks.recorded_drafts import draft

WORTH = OUTCOMES["deal_worth"]
APPLIES = np.array([[signatory in reason.sides for reason in REASONS] for signatory in SIGNATORIES])


def run(**changes: object) -> GeopoliticalEconomy:
    """A few worlds through the first months of the talks."""
    model = GeopoliticalEconomy(preset("documented", **changes), worlds=7, months=4, rng=0)  # type: ignore[arg-type]
    model.simulate()
    return model


def test_a_reason_is_nan_where_a_signatory_does_not_have_it_and_nowhere_else() -> None:
    worth = run(**draft("2025-04-30")).outcomes()["deal_worth"]
    assert worth.shape == (*WORTH.shape, 7) == (2, len(REASONS), 7) and worth.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(worth), np.broadcast_to(~APPLIES[..., None], worth.shape))


def test_reasons_weighted_by_their_part_add_up_to_the_gain() -> None:
    weights = {"ukraine_security_weight": 0.7, "united_states_security_weight": 0.2}
    outcomes = run(**draft("2025-03-23"), **weights).outcomes()
    weight = np.array(list(weights.values()))[:, None]
    weights_by_reason = np.where(np.array(COORDINATES["part"][1]) == "security", weight, 1 - weight)
    total = np.nansum(weights_by_reason[..., None] * outcomes["deal_worth"], axis=1)
    np.testing.assert_allclose(total, outcomes["deal_gain"], rtol=1e-5, atol=1e-5)


def test_the_record_labels_every_reason() -> None:
    model = run()
    record = model.run()
    assert record["deal_worth"].dims == ("signatory", "reason", "world")
    assert record["deal_gain"].dims == ("signatory", "world")
    for at, reason in enumerate(REASONS):
        for who in SIGNATORIES:
            own = record["deal_worth"].sel(signatory=who, reason=reason.name)
            np.testing.assert_array_equal(own, model.outcomes()["deal_worth"][SIGNATORIES.index(who), at])
            part, words = reason.sides.get(who, (NO_PART, NO_PART))
            assert (own["part"].item(), own["reason_meaning"].item()) == (part, words)
    np.testing.assert_array_equal(record["part"] != NO_PART, APPLIES)
    assert "neither unknown nor a failure" in record["deal_worth"].attrs["comment"]


def test_columns_are_those_that_apply() -> None:
    left_out = WORTH.attributes["not_applicable"].split()
    assert len(WORTH.columns) == APPLIES.sum() and len(left_out) == (~APPLIES).sum()
    assert not set(left_out) & set(WORTH.columns)
    for column, index in WORTH.columns.items():
        assert column == f"deal_worth_{SIGNATORIES[index[0]]}_{REASONS[index[1]].name}"
    assert list(OUTCOMES["deal_gain"].columns) == [f"deal_gain_{who}" for who in SIGNATORIES]
    assert OUTCOMES["signed"].columns == {"signed": ()} and "not_applicable" not in OUTCOMES["signed"].attributes


def test_parts_that_no_reason_names_are_refused() -> None:
    own = {reason.name: np.zeros(3) for reason in REASONS if "ukraine" in reason.sides}
    assert by_reason("ukraine", own).shape == (len(REASONS), 3)
    for parts in (own | {"luck": np.zeros(3)}, dict(list(own.items())[1:])):
        with pytest.raises(ValueError, match="ukraine has other reasons than REASONS says"):
            by_reason("ukraine", parts)

"""Whether promises were kept, as Ukraine, Russia and investors have seen it."""

from __future__ import annotations

import numpy as np

from model.array_axes import Truths
from model.states.deal import AgreementState, Pressure
from model.states.frozen import replace
from model.states.run_setting import Setting
from model.states.war import TrustState


class Trust:
    """Counts promises kept and broken in its `state`, from the record since 1945 on; everyone sees all promises."""

    def __init__(self, setting: Setting) -> None:
        self.p, nothing = setting.p, setting.per_world(0.0)
        self.state = TrustState(nothing, nothing, self.p.prior_honoured, self.p.prior_broken)

    def count(self, kept: Truths | float, broken: Truths) -> None:
        """Everyone sees promises kept and broken, (worlds,)."""
        state = self.state
        self.state = replace(state, honoured=state.honoured + kept, broken=state.broken + broken)

    def count_month(self, agreement: AgreementState, pressure: Pressure) -> None:
        """A guarantee kept for a month is seen by all, and so is a breach of promise in pressure."""
        state = self.state
        # Small parts add up in double precision, whatever that of the counts.
        part = np.divide(agreement.guarantee > 0, self.p.promise_months, dtype=np.float64)
        honoured = (state.honoured + part).astype(state.honoured.dtype)
        self.state = replace(state, honoured=honoured, broken=state.broken + pressure.breach)

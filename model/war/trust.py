"""Whether promises were kept, as Ukraine, Russia and investors have seen it."""

from __future__ import annotations

import numpy as np

from model.dimensions import Truths
from model.rules import beliefs
from model.states.deal import AgreementState, Pressure
from model.states.setting import Setting
from model.states.war import RUSSIA, UKRAINE, TrustState

MONTHS_OF_A_PROMISE = 120.0
"""Months for which a guarantee must hold to count as one promise kept (our assumption)."""


class Trust:
    """Counts promises kept and broken in its `state`, from the record since 1945 on; everyone sees all promises."""

    def __init__(self, setting: Setting) -> None:
        nothing = np.stack([setting.per_world(0.0)] * 3)
        prior = setting.per_world(float(beliefs.updated_reliability(0.0, 0.0)))
        self.state = TrustState(honoured=nothing, broken=nothing, prior=prior)

    def count(self, kept: Truths | float, broken: Truths) -> None:
        """Everyone sees promises kept and broken, (worlds,)."""
        state = self.state
        self.state = TrustState(state.honoured + kept, state.broken + broken, state.prior)

    def count_month(self, agreement: AgreementState, pressure: Pressure) -> None:
        """Everyone sees a guarantee kept for a month; Ukraine and Russia see a breach of promise in pressure."""
        state = self.state
        honoured = state.honoured + (agreement.guarantee > 0) / MONTHS_OF_A_PROMISE
        broken = state.broken.copy()
        broken[UKRAINE] += pressure.breach
        broken[RUSSIA] += pressure.breach
        self.state = TrustState(honoured.astype(state.prior.dtype), broken, state.prior)

"""What entrants outside China owe, and what becomes of their plants when they cannot pay."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from model.array_axes import Floats, total
from model.calendar import Month
from model.rules import investment as rules
from model.states.frozen import replace
from model.states.market import DebtState, MarketState, PlantState
from model.states.run_setting import ScheduledProject, Setting
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


class Drawn(NamedTuple):
    """What a month adds to debt."""

    financed: Floats  #: capacity, (country, stage, worlds), t/month
    interest: Floats  #: (country, worlds), bn USD/year


class EntrantDebt:
    """Debt of the plants that come on stream during the run, by country; owns its `state`.

    New capacity is borrowed for to `debt_share` of its cost; projects of the table owe what is on record.
    Only interest is due, as on bonds. What the plants earn pays it; once `lender_patience` years of interest
    are in arrears, the debt is written off and the plants stand idle until a mine pays its restart.
    """

    def __init__(self, setting: Setting, borrowers: list[int], capacity: Floats, due: list[ScheduledProject]) -> None:
        self.p, self._borrowers, self._due = setting.p, borrowers, due
        self._capital = np.stack(setting.p.capital_costs)
        nothing = np.zeros_like(capacity)
        none = nothing[:, 0]
        self.state = DebtState(financed=nothing, interest=none, unpaid=none, part=none, defaults=none[0])
        self._drawn = Drawn(nothing, none)

    def lend(self, opened: Floats | None, plants: PlantState, now: Month) -> None:
        """Book the debt of what `opened` in a month (country, stage, worlds; t/month), if anything did.

        A project of the table opens, and draws its debt, in the twelve months about the January of its year.
        """
        if opened is None:
            return
        if now.opens_quarter:
            self._drawn = self._draw(opened, now)
        drawn, state = self._drawn, self.state
        financed, part = state.financed + drawn.financed, state.part.copy()
        whole = np.maximum(self._worth(plants.capacity[self._borrowers]), 1e-9)
        part[self._borrowers] = np.minimum(self._worth(financed[self._borrowers]) / whole, 1.0)
        self.state = replace(state, interest=state.interest + drawn.interest, financed=financed, part=part)

    def _draw(self, opened: Floats, now: Month) -> Drawn:
        """What each month of a quarter adds to debt, given what opens in each."""
        p, on_credit = self.p, opened.copy()
        interest, financed = np.zeros_like(self.state.interest), np.zeros_like(opened)
        for project in self._due:
            if now.quarter in project.quarters:
                months = 3 * len(project.quarters)
                on_credit[project.country, project.stage] -= project.size / months
                interest[project.country] += project.debt * project.interest / months
                financed[project.country, project.stage] += project.size / months * (project.debt > 0)
        borrowed = on_credit[self._borrowers]
        interest[self._borrowers] += p.debt_share * p.loan_interest * 12 * BN * self._worth(borrowed)
        financed[self._borrowers] += borrowed * (p.debt_share > 0)
        return Drawn(financed, interest)

    def collect(self, market: MarketState, plants: PlantState) -> Floats | None:
        """A month's interest is paid from what the plants earn: the part of the country's profit that their cost is.

        Returns the capacity that lenders close (country, stage, worlds), t/month, None where there is none.
        """
        state = self.state
        if not state.interest.any():
            return None
        unpaid, rows = state.unpaid.copy(), self._borrowers
        earned = market.profit[rows] * state.part[rows]
        unpaid[rows] = rules.unpaid_interest(unpaid[rows], state.interest[rows] / 12, earned)
        fails = rules.in_default(unpaid, state.interest, self.p.lender_patience)
        if not fails.any():
            self.state = replace(state, unpaid=unpaid)
            return None
        self.state = replace(
            state,
            financed=state.financed * ~fails[:, None],
            interest=state.interest * ~fails,
            unpaid=unpaid * ~fails,
            defaults=state.defaults + total(fails.astype(unpaid.dtype)),
        )
        return np.minimum(state.financed * fails[:, None], plants.capacity)

    def _worth(self, capacity: Floats) -> Floats:
        """What capacity (country, stage, worlds) cost (country, worlds), in USD per kg a year times t/month."""
        return total((self._capital * capacity).swapaxes(0, 1))

"""What entrants outside China owe, and what becomes of their plants when they cannot pay."""

from __future__ import annotations

import numpy as np

from model.calendar import Month
from model.dimensions import Floats, total
from model.rules import investment as rules
from model.states.frozen import replace
from model.states.market import DebtState, MarketState, PlantState
from model.states.setting import ScheduledProject, Setting
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN


class EntrantDebt:
    """Debt of the plants that come on stream during the run, by country; owns its `state`.

    New capacity is borrowed for to `debt_share` of its cost; projects of the table owe what is on record.
    Only interest is due, as on bonds. What the plants earn pays it; once `lender_patience` years of interest
    are in arrears, the debt is written off and the plants stand idle until a mine pays its restart.
    """

    def __init__(self, setting: Setting, borrowers: list[int], capacity: Floats, due: list[ScheduledProject]) -> None:
        self.p, self._borrowers, self._due = setting.p, borrowers, due
        nothing = np.zeros_like(capacity)
        none = nothing[:, 0]
        self.state = DebtState(financed=nothing, interest=none, unpaid=none, part=none, defaults=none[0])

    def lend(self, opened: Floats | None, plants: PlantState, now: Month) -> None:
        """Book the debt of what `opened` in a month (country, stage, worlds; t/month), if anything did.

        A project of the table opens, and draws its debt, in three parts from its January on.
        """
        if opened is None:
            return
        on_credit = opened.copy()
        interest, financed, part = (each.copy() for each in (self.state.interest, self.state.financed, self.state.part))
        for project in self._due:
            if project.year == now.years and now.quarter % 4 == 0:
                on_credit[project.country, project.stage] -= project.size / 3
                interest[project.country] += project.debt * project.interest / 3
                financed[project.country, project.stage] += project.size / 3 * (project.debt > 0)
        for row in self._borrowers:
            cost = 12 * BN * self._worth(on_credit[row])
            interest[row] += self.p.debt_share * self.p.loan_interest * cost
            financed[row] += on_credit[row] * (self.p.debt_share > 0)
            whole = np.maximum(self._worth(plants.capacity[row]), 1e-9)
            part[row] = np.minimum(self._worth(financed[row]) / whole, 1.0)
        self.state = replace(self.state, interest=interest, financed=financed, part=part)

    def collect(self, market: MarketState, plants: PlantState) -> Floats | None:
        """A month's interest is paid from what the plants earn: the part of the country's profit that their cost is.

        Returns the capacity that lenders close (country, stage, worlds), t/month, None where there is none.
        """
        state = self.state
        if not state.interest.any():
            return None
        unpaid = state.unpaid.copy()
        for row in self._borrowers:
            earned = market.profit[row] * state.part[row]
            unpaid[row] = rules.unpaid_interest(unpaid[row], state.interest[row] / 12, earned)
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
        """What capacity (stage, worlds) cost to build (worlds,), in USD per kg a year times t/month."""
        return total(np.stack([cost * stage for cost, stage in zip(self.p.capital_costs, capacity, strict=True)]))

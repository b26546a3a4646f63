"""What every country has, wants and decides alike."""

from __future__ import annotations

from collections.abc import Mapping

import mesa
import numpy as np

from model.array_axes import COUNTRIES, MINE, STAGES, Floats, Truths
from model.calendar import Month
from model.rules import investment
from model.states.common_knowledge import Account, Known
from model.states.decisions import PriceFloor, Projects
from model.states.reasons import REASONS
from model.states.run_setting import Setting


class Country(mesa.Agent):
    """One country, in every world at once; it decides on what is `known` and holds no owner of a record.

    Each country weighs money and politics against security, U = (1 - w)(M + P) + w S, in percent of its GDP a year.
    """

    name = ""
    build_shares = (0.0, 0.0)
    """Parts of the world's new mines and of its new plants that this country's entrants build."""
    borrows = False
    """Whether entrants build on credit: not in China, whose state stands behind them, nor where nobody lends."""

    def __init__(self, model: mesa.Model, setting: Setting, security_weight: Floats) -> None:
        super().__init__(model)
        self.row = COUNTRIES.index(self.name)
        """Its row on the axis of countries."""
        self.p, self.start = setting.p, setting.start
        self.gdp = setting.start.gdp[self.row]
        """Gross domestic product, bn USD."""
        self.security_weight = security_weight
        """Weight of security in utility, (worlds,), 0-1."""
        nothing = setting.per_world(0.0)
        self.account = Account(nothing, nothing, nothing, nothing, nothing)
        self._trigger = investment.option_trigger(self.p.discount_rate, self.p.price_drift, self.p.price_volatility)
        years = investment.annuity(self.p.discount_rate, 0.0, self.p.plant_lead, self.p.project_life)
        self._worth = years / (np.stack(self.p.capital_costs) * self._trigger)
        """Value of a margin (1 USD/kg) over what it must be to build, by stage, (stage, worlds)."""
        self._project_stream = setting.streams.normal(f"project cost {self.name}", setting.months // 3 + 1)

    def __repr__(self) -> str:
        return f"<{self.name}: mean utility {float(self.account.utility.mean()):.3g} percent of GDP>"

    def weigh(self, money: Floats, security: Floats) -> Floats:
        """Utility of what counts like money and of what counts like security, in their unit."""
        return (1.0 - self.security_weight) * money + self.security_weight * security

    def deal_worth(self, parts: Mapping[str, Floats]) -> Floats:
        """Utility of the parts of a deal, by reason in percent of Ukraine's GDP, before a private type."""
        nothing = np.zeros_like(self.security_weight)
        safe = {reason.name for reason in REASONS if reason.part(self.name) == "security"}
        security = sum((part for name, part in parts.items() if name in safe), start=nothing)
        return self.weigh(sum((part for name, part in parts.items() if name not in safe), start=nothing), security)

    def price_floor(self, now: Month) -> PriceFloor | None:
        """The price of magnet material that sellers at home are assured, None where there is none."""
        return None

    def choose_projects(self, margins: Floats, known: Known, now: Month) -> Projects:
        """What is begun this quarter, given margins when it opens by stage (stage, worlds) in USD/kg."""
        p = self.p
        spread = np.exp(p.project_spread * self._project_stream(now.quarter))
        mines, plants = self.build_shares
        shares = np.array([mines] + [plants] * (len(STAGES) - 1), self.start.dtype)[:, None]
        size = investment.entry(margins * self._worth, spread, p.entry_rate / 4, known.market.stage_markets * shares)
        return Projects(size, self._restarts(margins[MINE], known))

    def _restarts(self, margin: Floats, known: Known) -> Truths:
        """Whether idle plants are worth their restart, given the margin of mines, both (worlds,)."""
        p = self.p
        if not self.borrows or not known.plants.idle[self.row].any():
            return np.zeros(margin.shape, dtype=bool)
        value = margin * investment.annuity(p.discount_rate, 0.0, p.restart_years, p.project_life)
        return value > p.restart_share * p.mine_capital * self._trigger

    def book(self, known: Known, discount: Floats) -> None:
        """Book the month's parts of utility; `discount` (worlds,) is what it counts for in welfare."""

    def _close_month(self, money: Floats, security: Floats, politics: Floats, discount: Floats) -> None:
        """Book the parts of utility (percent of GDP, a year) and add to welfare."""
        welfare = self.account.welfare
        utility = self.weigh(money + politics, security)
        money, security, politics, utility = (
            each.astype(welfare.dtype, copy=False) for each in (money, security, politics, utility)
        )
        self.account = Account(money, security, politics, utility, welfare + utility * discount / 12)

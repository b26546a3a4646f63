"""China: the dominant producer, which weighs rent against leverage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.agents.country import Country
from model.china_policy_record import china_record
from model.dimensions import CN, MINE, US, total
from model.parameters.declaration import Spread
from model.parameters.table import EXPORT_POLICIES, OBJECTIVES
from model.rules import export_policy as rules
from model.rules.bargaining import pick, quantal_response
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

Floats = NDArray[np.floating]
EMBARGO = rules.OPTIONS.index("embargo")
NAMED = {rules.OPTIONS.index(name): EXPORT_POLICIES.index(name) for name in rules.OPTIONS if name in EXPORT_POLICIES}

TENSION_SHOCK, PROVOCATION = 0.05, 0.05
"""Standard deviation of a month's news, and what a deal of the United States with Ukraine adds (our assumptions)."""

WEIGHTS = {"profit": (1.0, 0.0), "share": (0.0, 1.0), "leverage": (0.5, 0.0)}
"""Weights of profit and of market share in an objective; a half of profit beside leverage is our assumption."""


class China(Country):
    """Chooses its export policy each quarter and sets its production quota."""

    name = "china"
    build_shares = (0.0, 0.4)

    def prepare(self, p: Spread) -> None:
        """Set up what it remembers and its luck."""
        worlds = self.model.worlds
        self.option = np.zeros(worlds, dtype=int)
        self.tension = p.initial_tension.copy()
        self.luck_of_choice = self.model.luck.uniform("china's policy", self.model.months)
        self.luck_of_tension = self.model.luck.normal("tension", self.model.months)
        self.licensed = np.array(rules.MATERIALS_LICENSED, dtype=self.model.dtype)
        self.quota_step = np.array(rules.QUOTA_STEP, dtype=self.model.dtype)
        self.fixed = np.full(worlds, -1)
        for option, policy in NAMED.items():
            self.fixed[p.china_policy == policy] = option
        self.on_record = p.china_policy == EXPORT_POLICIES.index("recorded")
        weights = np.array([WEIGHTS[name] for name in OBJECTIVES], dtype=self.model.dtype)
        self.profit_weight, self.share_weight = np.take(weights.T, p.china_objective, axis=1)
        self.record = china_record(self.model.start.year, self.model.months, self.model.dtype)
        self.restricted_months = self.model.per_world(0.0)

    def choose_policy(self, month: int) -> None:
        """Take the option of the quarter: the best in expectation, or a fixed one."""
        self.option = self.fixed
        if (self.fixed < 0).any():
            chances = quantal_response(self.policy_payoffs(), self.p.china_precision)
            chosen = pick(chances, self.luck_of_choice(month))
            self.option = np.where(self.fixed >= 0, self.fixed, chosen)
        self.issue_licences()

    def follow_record(self, month: int) -> None:
        """In worlds with recorded policy, limit exports as China did in this month."""
        if not self.on_record.any():
            return
        record, market = self.record, self.model.market
        licensed, limited = record.licensed[month], record.licensed[month].any()
        code = "open" if not limited else "licence_all" if licensed.all() else "licence_heavy"
        self.option = np.where(self.on_record, rules.OPTIONS.index(code), self.option)
        abroad = np.arange(len(market.capped)) != CN
        recorded = licensed[:, None] * abroad[:, None, None]
        market.put_under_licence(np.where(self.on_record, recorded, market.capped))
        market.licensed_share = np.where(self.on_record, record.passed_share[month], market.licensed_share)
        market.quota = np.where(self.on_record, record.quota[month], np.inf)

    def policy_payoffs(self) -> Floats:
        """Worth of each option for the coming quarter (option, worlds), in years of export revenue."""
        p, market = self.p, self.model.market
        exports = market.exports_of_china() * 12
        value = exports * market.price[CN] * BN
        scale = np.maximum(value[0] + value[1] + value[2], 1e-6)
        cost = np.minimum(1.0 - p.china_cost_advantage, 0.95)
        share, earned = market.mine_share[CN], market.sales[CN] * 12
        rows = []
        for option, licensed in enumerate(self.licensed):
            step = self.quota_step[option] * p.quota_growth
            profit = rules.quota_profit(earned, step, share, p.long_run_elasticity)
            lost = breach = harm = self.model.per_world(0.0)
            if licensed.any():
                stopped = total(licensed[:, None] * value)
                passed = 1.0 - market.import_weight(US) if option == EMBARGO else p.licence_share
                premium = rules.expected_premium(1.0 - passed, p.storage_response, p.cover_months)
                profit = profit + rules.restriction_profit(stopped, cost, passed, premium)
                lost = rules.entry_cost(stopped, cost, premium, p.entry_rate, p.discount_rate)
                breach = p.breach_cost * rules.QUARTER * stopped
                harm = self.harm_shown(licensed, option == EMBARGO)
            goal = self.objective(profit, step * (1.0 - share) * scale, lost)
            rows.append(self.weigh(goal - breach, p.leverage_value * harm) / scale)
        return np.stack(rows)

    def harm_shown(self, licensed: Floats, embargo: bool) -> Floats:
        """Harm to the United States in a quarter of licences on some materials (worlds,), bn USD.

        A licence withholds a part from everyone; an embargo all from one buyer, who turns to other suppliers.
        """
        loss = self.model.cut_off_loss
        if embargo:
            loss, blocked = loss * (1.0 - self.model.market.spared_share(US)), self.model.per_world(1.0)
        else:
            blocked = 1.0 - self.p.licence_share
        return rules.leverage_gain(total(licensed[:, None] * loss), self.model.start.gdp[US], self.tension, blocked)

    def objective(self, profit: Floats, share_gain: Floats, entry: Floats) -> Floats:
        """What China seeks beside leverage: profit, market share, or (for the last variant) nothing but no entry."""
        return self.profit_weight * profit + self.share_weight * share_gain - entry

    def issue_licences(self) -> None:
        """Tell the market which buyers need a licence for which material, and how much passes."""
        market = self.model.market
        licensed = np.take(self.licensed.T, self.option, axis=1)
        embargo = self.option == EMBARGO
        abroad = np.arange(len(market.capped)) != CN
        capped = np.where(embargo, 0.0, licensed) * abroad[:, None, None]
        capped[US] = licensed
        market.put_under_licence(capped)
        market.licensed_share = np.where(embargo, 0.0, self.p.licence_share)

    def restricting(self) -> Floats:
        """1 where some export needs a licence or is barred, (worlds,)."""
        result: Floats = self.licensed.max(axis=1)[self.option]
        return result

    def set_quota(self, month: int) -> None:
        """Let mines and plants grow by a month of quota growth; mines follow the record where there is one."""
        growth = self.p.quota_growth * (1.0 + self.quota_step[self.option]) / 12
        capacity = self.capacity * np.exp(growth)
        mined = self.record.mined[month // 12]
        if np.isfinite(mined):
            capacity[MINE] = np.where(self.on_record, mined + self.model.start.unregistered, capacity[MINE])
        self.capacity = capacity

    def feel_tension(self, month: int, signed: Floats) -> None:
        """Move the tension with the United States by a month; it rises where these two have just `signed` (0/1)."""
        provoked = PROVOCATION * signed
        restricting = self.restricting()
        self.restricted_months = self.restricted_months + restricting
        shock = TENSION_SHOCK * self.luck_of_tension(month)
        self.tension = rules.next_tension(self.tension, self.p.initial_tension, provoked, restricting, shock)

    def account(self, discount: Floats) -> None:
        """Revenue: profit from rare earths. Security: the harm it could do to the United States by a cut-off."""
        revenue = 100 * 12 * self.model.market.profit[CN] / self.gdp
        loss = self.model.cut_off_loss
        harm = self.p.leverage_value * (loss[0] + loss[1] + loss[2]) * self.model.start.gdp[US] / self.gdp
        self.close_month(revenue, 100 * harm, discount)

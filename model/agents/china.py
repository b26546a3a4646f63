"""China: the dominant producer, which weighs rent against leverage."""

from __future__ import annotations

import mesa
import numpy as np

from model.agents.country import Country
from model.array_axes import CN, US, Floats, Integers, Truths, at_least, total
from model.calendar import Month
from model.china_policy_record import china_record
from model.parameters.market_parameters import EXPORT_POLICIES, OBJECTIVES
from model.rules import export_policy as rules
from model.rules.bargaining import pick, quantal_response
from model.rules.market import TINY
from model.states.common_knowledge import Known
from model.states.decisions import ExportPolicy
from model.states.frozen import replace
from model.states.market import MarketState
from model.states.run_setting import Setting
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

EMBARGO = rules.OPTIONS.index("embargo")
NAMED = {rules.OPTIONS.index(name): EXPORT_POLICIES.index(name) for name in rules.OPTIONS if name in EXPORT_POLICIES}


class China(Country):
    """Chooses its export policy each quarter and sets its production quota."""

    name = "china"
    build_shares = (0.0, 0.4)

    def __init__(self, model: mesa.Model, setting: Setting) -> None:
        p, worlds, dtype = setting.p, setting.worlds, setting.start.dtype
        super().__init__(model, setting, p.china_security_weight)
        self.option: Integers = np.zeros(worlds, dtype=int)
        """Export policy in force, by its index among the options, (worlds,)."""
        self.tension = p.initial_tension
        """Tension with the United States, (worlds,)."""
        self.restricted_months = setting.per_world(0.0)
        """Months so far that began with a restriction, (worlds,)."""
        self._choice_stream = setting.streams.uniform("china's policy", setting.months)
        self._tension_stream = setting.streams.normal("tension", setting.months)
        self._licensed = np.array(rules.MATERIALS_LICENSED, dtype=dtype)
        self._quota_step = np.array(rules.QUOTA_STEP, dtype=dtype)
        self._fixed = np.full(worlds, -1)
        for option, policy in NAMED.items():
            self._fixed[p.china_policy == policy] = option
        self._chosen = self.option
        drawn = (3 * setting.streams.uniform("month of china's policy", 1)(0)).astype(int)
        self._month_in_force = np.where(self._fixed < 0, drawn, 0)
        """Month of the quarter in which what is chosen comes into force, (worlds,), 0-2."""
        self._on_record: Truths = p.china_policy == EXPORT_POLICIES.index("recorded")
        profit, share, leverage = (
            p.china_objective == OBJECTIVES.index(name) for name in ("profit", "share", "leverage")
        )
        self._profit_weight = np.where(leverage, p.leverage_profit_weight, profit.astype(dtype))
        self._share_weight = share.astype(dtype)
        self._record = china_record(setting.calendar, dtype)
        self._abroad = np.arange(len(self.start.baskets)) != CN
        nobody = np.zeros((len(self.start.baskets), len(self._licensed[0]), worlds), dtype)
        self.trend = p.quota_growth
        """Growth of the world's use that the quota follows, (worlds,), log a year."""
        self._last_use: Floats | None = None
        growth, none = p.quota_growth / 12, setting.per_world(0.0)
        trend = np.where(self._on_record, none, self.trend)
        self.policy = ExportPolicy(nobody, setting.per_world(1.0), None, growth, growth, trend, none, none, mines=None)
        """What China lets out of the country now."""

    def choose_export_policy(self, market: MarketState, now: Month) -> ExportPolicy:
        """Each quarter the best option in expectation, or a fixed one; acts on record come first.

        What is chosen comes into force in a month of the quarter that differs from world to world, so that no month of
        the year is like none other; a fixed option does at once.
        """
        if now.opens_quarter and now.number > 0:
            self._chosen = self._fixed
            if (self._fixed < 0).any():
                chances = quantal_response(self.payoffs(market), self.p.china_precision)
                chosen = pick(chances, self._choice_stream(now.number))
                self._chosen = np.where(self._fixed >= 0, self._fixed, chosen)
        option = np.where(now.month_of_quarter == self._month_in_force, self._chosen, self.option)
        if (option != self.option).any():
            self.option = option
            self.policy = self._licences()
        self.policy = self._with_quota(market)
        if self._on_record.any():
            self.policy = self._as_recorded(now)
        return self.policy

    def payoffs(self, market: MarketState) -> Floats:
        """Worth of each option for the coming quarter (option, worlds), in years of export revenue."""
        p = self.p
        value = market.exports_of_china() * 12 * market.price[CN] * BN
        scale = np.maximum(value[0] + value[1] + value[2], 1e-6)
        cost = np.minimum(1.0 - p.china_cost_advantage, 0.95)
        share, earned = market.mine_share[CN], market.sales[CN] * 12
        rows = []
        for option, licensed in enumerate(self._licensed):
            step = self._quota_step[option] * p.quota_growth
            profit = rules.quota_profit(earned, step, share, p.long_run_elasticity, cost)
            lost = breach = harm = np.zeros_like(scale)
            if licensed.any():
                stopped = total(licensed[:, None] * value)
                passed = 1.0 - market.import_weight(US) if option == EMBARGO else p.licence_share
                premium = rules.expected_premium(1.0 - passed, market.licence_premium, market.highest_log_price)
                profit = profit + rules.restriction_profit(stopped, cost, passed, premium)
                lost = rules.entry_cost(stopped, cost, premium, p.entry_rate, p.discount_rate)
                breach = p.breach_cost * rules.QUARTER * stopped
                harm = self._harm_shown(market, licensed, option == EMBARGO)
            goal = self._profit_weight * profit + self._share_weight * (step * (1.0 - share) * scale) - lost
            rows.append(self.weigh(goal - breach, p.leverage_value * harm) / scale)
        return np.stack(rows)

    def _harm_shown(self, market: MarketState, licensed: Floats, embargo: bool) -> Floats:
        """Harm to the United States in a quarter of licences on some materials (worlds,), bn USD.

        A licence withholds a part from everyone; an embargo all from one buyer, who turns to other suppliers.
        """
        loss, blocked = market.cut_off_loss, 1.0 - self.p.licence_share
        if embargo:
            loss, blocked = loss * (1.0 - market.covered_by_others(US)), np.ones_like(blocked)
        return rules.leverage_gain(total(licensed[:, None] * loss), self.start.gdp[US], self.tension, blocked)

    def _licences(self) -> ExportPolicy:
        """Which buyers need a licence for which material under the option of the quarter, and how much passes."""
        licensed = self._licensed.T.take(self.option, axis=1)
        embargo = self.option == EMBARGO
        by_buyer = (licensed * ~embargo) * self._abroad[:, None, None]
        by_buyer[US] = licensed
        through = np.where(embargo, 0.0, self.p.licence_share)
        return replace(self.policy, licensed=by_buyer, let_through=through, quota=None, mines=None)

    def _with_quota(self, market: MarketState) -> ExportPolicy:
        """The policy with the growth of the quota that was decided last month, and next month's decided now.

        It follows the trend of the world's use and the smoothed price, both weighted by value.
        """
        p = self.p
        use = total(market.value_weights * np.log(at_least(market.world_use, TINY)))
        if self._last_use is not None:
            self.trend = rules.next_trend(self.trend, 12 * (use - self._last_use), p.quota_gain)
        if market.world_use.any():
            self._last_use = use
        price = total(market.value_weights * market.expected_log_price[CN])
        wanted = self.trend + self._quota_step[self.option] * p.quota_growth
        decided = rules.quota_growth(wanted, p.quota_response, price)
        return replace(self.policy, growth=self.policy.next_growth, next_growth=decided, trend=self.trend)

    def _as_recorded(self, now: Month) -> ExportPolicy:
        """The policy in which worlds on record limit exports as China did in this month."""
        record, policy, month, on_record = self._record, self.policy, now.number, self._on_record
        licensed = record.licensed[month]
        code = "open" if not licensed.any() else "licence_all" if licensed.all() else "licence_heavy"
        self.option = np.where(on_record, rules.OPTIONS.index(code), self.option)
        by_buyer = licensed[:, None] * self._abroad[:, None, None]
        mined = record.mined[now.years] + self.start.unregistered
        growth = record.lasting_growth(month)
        return replace(
            policy,
            licensed=np.where(on_record, by_buyer, policy.licensed),
            let_through=np.where(on_record, record.passed_share[month], policy.let_through),
            quota=np.where(on_record, record.quota[month], np.inf),
            next_growth=np.where(on_record & np.isfinite(growth), growth, policy.next_growth),
            trend=np.where(on_record & np.isfinite(growth), 0.0, policy.trend).astype(policy.trend.dtype),
            mining_cut=on_record * record.mining_cut[month],
            cut_months=on_record * record.cut_months[month],
            mines=np.where(on_record, mined, np.nan).astype(policy.let_through.dtype),
        )

    def restricting(self) -> Floats:
        """1 where some export needs a licence or is barred, (worlds,)."""
        return self._licensed.max(axis=1)[self.option]

    def update_tension(self, signed: Truths, now: Month) -> None:
        """Move the tension with the United States by a month; it rises where these two have just `signed`."""
        provoked = self.p.deal_provocation * signed
        p, restricting = self.p, self.restricting()
        self.restricted_months = self.restricted_months + restricting
        shock = self.p.tension_volatility * self._tension_stream(now.number)
        self.tension = rules.next_tension(
            self.tension, p.initial_tension, provoked, restricting, shock, p.tension_return, p.tension_spent
        )

    def book(self, known: Known, discount: Floats) -> None:
        """Money: profit from rare earths. Security: the harm it could do to the United States. Politics: breaches.

        A year of restriction costs a part of the export revenue under licence in reputation.
        """
        revenue = 100 * 12 * known.market.profit[CN] / self.gdp
        loss = known.market.cut_off_loss
        harm = self.p.leverage_value * (loss[0] + loss[1] + loss[2]) * self.start.gdp[US] / self.gdp
        licensed = self._licensed.T.take(self.option, axis=1)
        stopped = total(licensed * known.market.exports_of_china() * 12 * known.market.price[CN] * BN)
        self._close_month(revenue, 100 * harm, -100 * self.p.breach_cost * stopped / self.gdp, discount)

"""The variables of the record: name, unit, meaning, lowest and highest value, where it is read."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.dimensions import BULK, CN, COUNTRIES, HEAVY, MAGNET, MATERIALS, RU, RW, STAGES, UA, US

INF = float("inf")
DECIDING = COUNTRIES[:4]
NAMES = dict(zip(COUNTRIES, ("the United States", "Ukraine", "Russia", "China", "the rest of the world"), strict=True))
ROOMS = {"united_states": US, "china": CN, "rest_of_world": RW}


def _first(name: str) -> Any:
    return lambda e: e.talks.reasons.get(name, np.nan)


def _state(name: str, row: int) -> Any:
    return lambda e: e.states[name][row]


def _price(material: int, row: int) -> Any:
    return lambda e: e.market.price[row, material]


def _stock(material: int, row: int) -> Any:
    return lambda e: e.states["stock"][row, material]


def _imports(material: int) -> Any:
    return lambda e: e.market.shipped(CN, US)[material]


def _capacity(row: int, stage: int) -> Any:
    return lambda e: e.states["capacity"][row, stage]


def _within(years: int) -> Any:
    return lambda e: (e.war.renewed_month - e.war.ceasefire_month <= 12 * years).astype(float)


# fmt: off
MONTHLY: list[tuple[Any, ...]] = [
    *[ (f"price_{m}_china", "USD/kg", f"price of {m} material in China", 0, INF, _price(i, CN)) for i, m in enumerate(MATERIALS) ],
    *[ (f"price_{m}_united_states", "USD/kg", f"price of {m} material in the United States", 0, INF, _price(i, US)) for i, m in enumerate(MATERIALS) ],
    *[ (f"price_{m}_rest_of_world", "USD/kg", f"price of {m} material in the rest of the world", 0, INF, _price(i, RW)) for i, m in enumerate(MATERIALS) ],
    *[ (f"stock_{m}_united_states", "t", f"{m} material held by US buyers", 0, INF, _stock(i, US)) for i, m in enumerate(MATERIALS) ],
    *[ (f"imports_{m}_from_china", "t/month", f"US imports of {m} material from China", 0, INF, _imports(i)) for i, m in enumerate(MATERIALS) ],
    *[ (f"capacity_{stage}_{c}", "t/month", f"capacity of {NAMES[c]}: {stage.replace('_', ' ')}", 0, INF, _capacity(j, k)) for c, j in ROOMS.items() for k, stage in enumerate(STAGES) ],
    ("wedge_heavy", "log", "log of the price of heavy material abroad over China's", 0, INF, lambda e: e.market.wedge[HEAVY]),
    ("wedge_magnet", "log", "log of the price of magnet material abroad over China's", 0, INF, lambda e: e.market.wedge[MAGNET]),
    ("china_mine_share", "share", "China's share of world mining", 0, 1, lambda e: e.market.mine_share[CN]),
    ("china_separation_share", "share", "China's share of world separation", 0, 1, lambda e: e.market.separation_share[CN]),
    ("china_magnet_share", "share", "China's share of world magnet making", 0, 1, lambda e: e.market.magnet_share[CN]),
    ("mined_ukraine", "t/month", "rare-earth ore mined in Ukraine", 0, INF, _state("mined", UA)),
    ("mined_united_states", "t/month", "rare-earth ore mined in the United States", 0, INF, _state("mined", US)),
    ("mined_world", "t/month", "rare-earth ore mined in the world", 0, INF, lambda e: e.market.mined_world),
    ("dependence_bulk", "share", "part of US purchases of bulk material that China controls", 0, 1, lambda e: e.dependence[BULK]),
    ("dependence_magnet", "share", "part of US purchases of magnet material that China controls", 0, 1, lambda e: e.dependence[MAGNET]),
    ("dependence_heavy", "share", "part of US purchases of heavy material that China controls", 0, 1, lambda e: e.dependence[HEAVY]),
    ("cut_off_loss", "share of GDP", "US loss if China cut it off", 0, INF, lambda e: e.cut_off_loss[0] + e.cut_off_loss[1] + e.cut_off_loss[2]),
    ("tension", "1", "tension between the United States and China", 0, INF, lambda e: e.china.tension),
    ("china_restricting", "0/1", "China licenses or bars some export", 0, 1, lambda e: e.china.restricting()),
    ("deal_in_force", "0/1", "the deal is ratified and in force", 0, 1, lambda e: e.talks.in_force),
    ("guarantee", "share", "guarantee in force", 0, 1, lambda e: e.talks.guarantee),
    ("paid_to_united_states", "bn USD/year", "Ukrainian revenue paid under the deal", 0, INF, lambda e: e.talks.paid_to_united_states),
    ("kept_by_ukraine", "bn USD/year", "resource revenue that Ukraine keeps", 0, INF, lambda e: e.talks.kept_by_ukraine),
    ("fighting", "0/1", "there is fighting", 0, 1, lambda e: e.war.fighting),
    ("renewal_hazard_now", "1/year", "hazard of renewed war", 0, 1, lambda e: e.war.hazard),
    ("intervention_probability", "probability", "chance of US intervention in Russia's eyes", 0, 1, lambda e: e.war.intervention),
    ("win_probability", "probability", "Russia's chance of winning a war", 0, 1, lambda e: e.war.win),
    ("occupied_share", "share", "part of Ukraine's land under Russian control", 0, 1, lambda e: e.war.occupied_share()),
    ("strength_ukraine", "bn USD", "Ukraine's military strength", 0, INF, _state("strength", UA)),
    ("strength_russia", "bn USD", "Russia's military strength", 0, INF, _state("strength", RU)),
    ("aid_united_states", "bn USD/year", "US military support of Ukraine", 0, INF, lambda e: e.war.american_aid),
    ("aid_total", "bn USD/year", "military support of Ukraine by the United States and Europe", 0, INF, lambda e: e.war.aid_received),
    ("reliability_ukraine", "probability", "Ukraine's belief that the United States keeps a promise", 0, 1, lambda e: e.ukraine.reliability()),
    ("reliability_russia", "probability", "Russia's belief that the United States keeps a promise", 0, 1, lambda e: e.russia.reliability()),
    ("reliability_investors", "probability", "investors' belief that the United States keeps a promise", 0, 1, lambda e: e.investors.reliability()),
    ("investors_hazard", "1/year", "hazard of losing a project in Ukraine that investors expect", 0, 1, lambda e: e.investors.expected_hazard),
    *[ (f"{part}_{c}", "percent of GDP", f"{words} of {NAMES[c]}, a year", -INF, INF, _state(state, i)) for i, c in enumerate(DECIDING) for part, state, words in (("utility", "utility", "utility"), ("revenue_part", "revenue_part", "revenue part of the utility"), ("security_part", "security_part", "security part of the utility")) ],
]
# fmt: on

REASONS_UKRAINE = {
    "ceded": "revenue ceded to the United States",
    "repaid": "revenue that repays credited aid",
    "sovereignty": "political cost of foreign ownership and of debt",
    "support": "US support that hinges on the deal",
    "pie": "resources worth more in a safer country",
    "security": "fewer years of war",
}
REASONS_UNITED_STATES = {
    "stake": "stake in Ukraine's resources",
    "repaid": "credited aid repaid",
    "settlement": "worth of a signed deal in itself",
    "aid": "new aid promised",
    "supply": "a second source of supply",
    "upkeep": "upkeep of the guarantee",
    "risk": "risk of having to fight",
}

# fmt: off
OUTCOMES: list[tuple[Any, ...]] = [
    ("ukraine_accepts", "0/1", "Ukraine accepts the terms", 0, 1, lambda e: e.talks.accepted_by_ukraine),
    ("united_states_accepts", "0/1", "the United States would accept the terms", 0, 1, lambda e: e.talks.accepted_by_united_states),
    ("signed", "0/1", "a deal is signed", 0, 1, lambda e: e.talks.signed),
    ("ratified", "0/1", "the deal is ratified", 0, 1, lambda e: e.talks.ratified),
    ("ratification_chance", "probability", "chance that the Rada ratifies what was signed", 0, 1, lambda e: e.talks.ratification_chance),
    ("month_signed", "months", "months from January 2025 to the signature", 0, INF, lambda e: e.talks.signed_month),
    ("breakdowns", "count", "public breakdowns of the talks", 0, INF, lambda e: e.talks.breakdowns),
    ("guarantee_broken", "0/1", "the United States broke its guarantee", 0, 1, lambda e: e.talks.broken),
    ("revenue_withheld", "0/1", "Ukraine held back payments due", 0, 1, lambda e: e.talks.withheld),
    ("days_to_signature", "days", "days from the first offer to the signature", 0, INF, lambda e: e.talks.signed_day),
    ("coercive_months", "months", "months with an act of US pressure", 0, INF, lambda e: e.talks.coercive_months()),
    ("first_ask_aid", "bn USD", "aid credited in the first US offer of the talks", 0, INF, lambda e: e.talks.first_ask()[0]),
    ("first_ask_stake", "share", "US share of resource revenue in present value, first US offer", 0, 1, lambda e: e.talks.first_ask()[1]),
    ("deal_with_russia", "0/1", "the United States took Russia's offer", 0, 1, lambda e: e.talks.russian_deal),
    ("final_ownership_share", "share", "ownership share of the deal in force or last on the table", 0, 1, lambda e: e.talks.terms.ownership_share),
    ("final_guarantee_strength", "share", "guarantee of the deal in force or last on the table", 0, 1, lambda e: e.talks.terms.guarantee_strength),
    ("final_recognised_aid", "bn USD", "aid credited in the deal in force or last on the table", 0, INF, lambda e: e.talks.terms.recognised_aid),
    ("effective_stake", "share", "US share of resource revenue in present value", 0, 1, lambda e: e.talks.effective_stake()),
    ("ukraine_gain", "percent of GDP", "utility to Ukraine of signing the first terms", -INF, INF, _first("ukraine_gain")),
    ("united_states_gain", "percent of Ukraine's GDP", "utility to the United States of signing the first terms", -INF, INF, _first("united_states_gain")),
    *[ (f"ukraine_{key}", "percent of GDP", f"Ukraine, by signing: {words}", -INF, INF, _first(f"ukraine_{key}")) for key, words in REASONS_UKRAINE.items() ],
    *[ (f"united_states_{key}", "percent of Ukraine's GDP", f"United States, by signing: {words}", -INF, INF, _first(f"united_states_{key}")) for key, words in REASONS_UNITED_STATES.items() ],
    ("ceasefire_month", "months", "months from January 2025 to the first ceasefire", 0, INF, lambda e: e.war.ceasefire_month),
    ("renewed_war_5y", "0/1", "war again within five years of the first ceasefire", 0, 1, _within(5)),
    ("renewed_war_10y", "0/1", "war again within ten years of the first ceasefire", 0, 1, _within(10)),
    ("renewals", "count", "returns to war", 0, INF, lambda e: e.war.renewals),
    ("peace_holds", "0/1", "no fighting at the end of the run", 0, 1, lambda e: 1.0 - e.war.fighting),
    ("months_of_fighting", "months", "months of fighting", 0, INF, lambda e: e.war.months_of_fighting),
    ("occupied_share_end", "share", "part of Ukraine's land under Russian control at the end", 0, 1, lambda e: e.war.occupied_share()),
    ("first_output_month", "months", "months from January 2025 to Ukraine's first rare-earth output", 0, INF, lambda e: e.ukraine.first_output_month),
    ("china_mine_share_2025", "share", "China's share of world mining in December 2025", 0, 1, lambda e: e.first_year_shares[0]),
    ("china_separation_share_2025", "share", "China's share of world separation in December 2025", 0, 1, lambda e: e.first_year_shares[1]),
    ("china_magnet_share_2025", "share", "China's share of world magnet making in December 2025", 0, 1, lambda e: e.first_year_shares[2]),
    ("china_mine_share_end", "share", "China's share of world mining at the end", 0, 1, lambda e: e.market.mine_share[CN]),
    ("china_separation_share_end", "share", "China's share of world separation at the end", 0, 1, lambda e: e.market.separation_share[CN]),
    ("entrant_defaults", "count", "defaults of entrants outside China that built on credit", 0, INF, lambda e: e.loans.defaults),
    ("restricted_months", "months", "months in which China licensed or barred exports", 0, INF, lambda e: e.china.restricted_months),
    ("peak_wedge_heavy", "log", "largest log gap of the price of heavy material abroad over China's", 0, INF, lambda e: e.market.peak_wedge[HEAVY]),
    ("peak_wedge_bulk", "log", "largest log gap of the price of bulk material abroad over China's", 0, INF, lambda e: e.market.peak_wedge[BULK]),
    ("price_magnet_end", "USD/kg", "price of magnet material in the United States at the end", 0, INF, _price(MAGNET, US)),
    ("price_heavy_end", "USD/kg", "price of heavy material in the United States at the end", 0, INF, _price(HEAVY, US)),
    ("received_by_united_states", "bn USD", "revenue paid to the United States under the deal, undiscounted", 0, INF, lambda e: e.talks.received_by_united_states),
    *[ (f"welfare_{c}", "percent of GDP", f"present value of the utility of {NAMES[c]}", -INF, INF, _state("welfare", i)) for i, c in enumerate(DECIDING) ],
]
# fmt: on

"""Parameters of the deal: its terms, what both sides want of it, bargaining and ratification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from model.parameters.declaration import Number, Word, choose, declare

TALKS = ("fixed", "bargained", "scripted", "imposed", "none")
SETTING, OWN = "fund_agreement_2025", "design_assumption"


@dataclass(frozen=True, kw_only=True)
class DealParameters(Generic[Number, Word]):
    """The deal on the table, what the countries want, bargaining and ratification."""

    # fmt: off
    # The deal on the table
    ownership_share: Number = declare(0.5, "share", 0, 1, "US share of the revenue covered by the deal", SETTING, "policy")
    revenue_base: Number = declare(1.0, "share", 0, 1, "part of Ukraine's resource revenue covered (1 all, 0.4 new licences only)", SETTING, "policy")
    recognised_aid: Number = declare(0, "bn USD", 0, 1000, "past aid credited to the United States and repaid from covered revenue", SETTING, "policy")
    guarantee_strength: Number = declare(0.0, "share", 0, 1, "strength of the guarantee: 0 none, 0.1 vague, 0.4 executive, 0.7 ratified, 1 troops", SETTING, "policy")
    guarantee_formality: Number = declare(1.0, "share", 0, 1, "legal form of the promise: 0 spoken, 1 written pact", "leeds_2003", "policy")
    guarantee_buildup: Number = declare(12, "months", 0, 120, "months of ceasefire until the guarantee is built up, in the mean", "powell_2006", "policy")
    nato_path: Number = declare(0.0, "share", 0, 1, "progress to membership of the Atlantic alliance promised by the deal", SETTING, "policy")
    reinvestment_years: Number = declare(0, "years", 0, 20, "years in which the US share stays invested in Ukraine", SETTING, "policy")
    future_aid: Number = declare(0, "bn USD/year", 0, 60, "new US military aid promised by the deal, counted as US capital", SETTING, "policy")
    talks: Word = choose("fixed", TALKS, "fixed: the terms are on the table; bargained: both sides make offers; scripted: the drafts of 2025 in order; imposed: the terms are in force from talks_start whatever anyone thinks; none: nobody talks", "rubinstein_1982")
    talks_start: Number = declare(1, "months", 0, 24, "month of the first offer, counted from the first month of the run", SETTING, "policy", integer=True)
    talks_months: Number = declare(6, "months", 1, 36, "months for which the talks stay open", SETTING, "policy", integer=True)

    # What the countries want
    united_states_security_weight: Number = declare(0.5, "share", 0, 1, "weight of security against revenue, United States", OWN, "D")
    ukraine_security_weight: Number = declare(0.5, "share", 0, 1, "weight of security against revenue, Ukraine", OWN, "D")
    russia_security_weight: Number = declare(0.5, "share", 0, 1, "weight of security against revenue, Russia", OWN, "D")
    china_security_weight: Number = declare(0.5, "share", 0, 1, "weight of security against revenue, China", OWN, "D")
    choice_precision: Number = declare(2.5, "1/point", 0.05, 20, "logit precision of the signatories, per percent of Ukraine's GDP", "mckelvey_palfrey_1995")
    discount_rate: Number = declare(0.10, "1/year", 0.02, 0.25, "rate at which countries and investors discount", "dixit_pindyck_1994")

    # Ukraine's side of the deal
    resource_revenue: Number = declare(1.1, "bn USD/year", 0.1, 5, "Ukraine's present state revenue from natural resources", "nyt_2025_02_23", "F")
    new_licence_revenue: Number = declare(1.0, "bn USD/year", 0, 8, "state revenue from new licences for lithium, titanium and graphite once developed, at base prices, split as in the table ukraine_streams: ten prospects, 15 bn USD invested at a tenth a year, two thirds taken", OWN, "D")
    resource_price_reversion: Number = declare(0.15, "1/year", 0.03, 0.5, "part of the distance of hydrocarbon and new minerals' prices from their mean that a year takes away", "pindyck_1999", "D")
    hydrocarbon_volatility: Number = declare(0.25, "1/sqrt(year)", 0, 0.5, "volatility of the price of hydrocarbons", "schwartz_1997", "D")
    sovereignty_per_ownership: Number = declare(2, "percent of GDP", 0, 10, "political cost to Ukraine of ceding all resource revenue", OWN, "D")
    sovereignty_per_aid: Number = declare(0.02, "share", 0, 0.1, "political and credit cost to Ukraine per dollar of aid turned into debt", OWN, "D")
    support_at_stake: Number = declare(0.35, "share", 0, 0.8, "part of the US support of 2024 (deliveries under way, intelligence, sales) that hinges on a signature: aid resumed on 11 March 2025 unsigned", "reuters_2025_03_04", "D")
    support_cost_share: Number = declare(0.2, "share", 0, 1, "cost to the United States of a dollar of that support, most of which is under way and paid for", OWN, "D")
    support_without_deal: Number = declare(0.2, "share", 0, 1, "part of the US military support of 2024 that goes on without a deal", "kiel_tracker", "D")
    type_spread: Number = declare(1, "percent of GDP", 0, 10, "standard deviation of each signatory's private reservation value", "chatterjee_samuelson_1983", "D")

    # The American side of the deal
    settlement_value: Number = declare(10, "bn USD", 0, 100, "worth to the United States of a signed deal in itself", OWN, "D")
    intervention_cost: Number = declare(300, "bn USD", 20, 2000, "cost to the United States of fighting for Ukraine", OWN, "D")
    guarantee_upkeep: Number = declare(3, "bn USD/year", 0, 10, "yearly cost of keeping a full guarantee ready once it is built, rising with the square of its strength (a brigade rotated for nine months: 1.14)", "deni_2024", "D")
    rare_earth_cost_share: Number = declare(1e-4, "share", 1e-6, 1e-2, "cost share of rare-earth inputs in the output that depends on them, of GDP", "clayton_maggiori_schreger", "D")
    source_elasticity: Number = declare(4, "1", 1.5, 10, "elasticity of substitution between sources of supply", "clayton_maggiori_schreger")
    russian_option: Number = declare(0.3, "share", 0, 0.6, "worth of a deal with Russia as a share of the Ukrainian one", "up_2025_02_25", "D")
    russian_deal_shame: Number = declare(0.5, "share", 0, 1, "what a deal with Russia costs at home, as a part of the worth of a settlement", OWN, "D")
    russian_option_precision: Number = declare(0.3, "1/bn USD", 0.02, 2, "how sharply the United States weighs Russia's offer", OWN, "D")
    broken_word_cost: Number = declare(40, "bn USD", 0, 1000, "what an attack on a full and formal guarantee that it leaves unanswered costs the United States in reputation", "fearon_1997", "D")

    # Bargaining
    round_discount_united_states: Number = declare(0.97, "per round", 0.8, 0.999, "patience of the United States over one round", "rubinstein_1982")
    round_discount_ukraine: Number = declare(0.95, "per round", 0.8, 0.999, "patience of Ukraine over one round", "rubinstein_1982")
    breakdown_probability: Number = declare(0.05, "per round", 0, 0.2, "chance that a refused offer ends in a public quarrel", "binmore_rubinstein_wolinsky_1986")
    demand_share: Number = declare(0.22, "share", 0, 1, "part of offers that are demands, made without thought of the answer (level 0 of a cognitive hierarchy: e^-1.5)", "camerer_ho_chong_2004")
    equal_split: Number = declare(0.667, "share", 0, 0.99, "custom of equal partnership: part of the weight with which ownership shares come to mind that is on a half (three of four joint ventures)", "hauswald_hege_2003", "F")
    coercion_harm: Number = declare(1.0, "percent of GDP", 0, 5, "what a month of full US pressure (aid paused) is worth to Ukraine", "reuters_2025_03_04", "D")
    coercion_cost: Number = declare(0.5, "percent of GDP", 0, 5, "what a month of full pressure costs the United States with voters and allies, of Ukraine's GDP", OWN, "D")

    intelligence_harm: Number = declare(0.5, "share", 0, 2, "harm of a pause of intelligence, of that of a month of full pressure", OWN, "D")
    quarrel_harm: Number = declare(0.5, "share", 0, 2, "harm of a public quarrel, of that of a month of full pressure", OWN, "D")
    opening_harm: Number = declare(0.25, "share", 0, 2, "harm of an opening to Russia, of that of a month of full pressure", OWN, "D")
    intelligence_cost: Number = declare(0.5, "share", 0, 2, "cost of a pause of intelligence to the United States, of that of a month of full pressure", OWN, "D")
    quarrel_cost: Number = declare(0.25, "share", 0, 2, "cost of a public quarrel to the United States, of that of a month of full pressure", OWN, "D")
    deadline_cost: Number = declare(0.25, "share", 0, 2, "cost of a deadline to the United States, of that of a month of full pressure", OWN, "D")
    opening_cost: Number = declare(0.5, "share", 0, 2, "cost of an opening to Russia to the United States, of that of a month of full pressure", OWN, "D")
    pressure_withheld: Number = declare(0.5, "share", 0, 1, "part of the month's US support held back in a quarrel or a pause of intelligence", OWN, "D")
    pressure_breach: Number = declare(0.25, "promises", 0, 1, "part of a broken promise that Ukraine and Russia see in a pause or a quarrel", OWN, "D")

    # Ratification
    seats: Number = declare(401, "deputies", 100, 450, "sitting deputies of the Verkhovna Rada", "ukrinform_2025_05_08", "F", integer=True)
    quota: Number = declare(226, "votes", 1, 450, "votes needed to ratify", "ukrinform_2025_05_08", "F", integer=True)
    public_support: Number = declare(0.5, "share", 0, 1, "public support for a deal that leaves Ukraine as well off as before", OWN)
    deputy_precision: Number = declare(0.5, "1/point", 0, 3, "how strongly a deputy's vote follows the deal's worth, per percent of GDP", "putnam_1988")
    bloc_correlation: Number = declare(0.02, "share", 0, 0.5, "correlation of votes within the chamber", "putnam_1988")
    congress_threshold: Number = declare(0.5, "share", 0, 1, "guarantee strength above which Congress must vote", SETTING, "D")
    congress_support: Number = declare(0.4, "share", 0, 1, "chance that Congress ratifies a strong guarantee", OWN, "D")
    # fmt: on

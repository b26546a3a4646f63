"""Every parameter of the model, declared once: default, unit, range, meaning, source and kind."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from model.parameters.declaration import (
    Declaration,
    Spread,
    Value,
    check_name,
    check_value,
    choose,
    declare,
    spread_value,
)

TRIPWIRES = ("H0", "H1", "H2", "H3", "H4", "H5")
TALKS = ("fixed", "bargained", "scripted", "imposed", "none")
EXPORT_POLICIES = (
    "strategic",
    "recorded",
    "open",
    "tighten",
    "licence_heavy",
    "licence_all",
    "embargo",
    "expand",
)
OBJECTIVES = ("profit", "share", "leverage")
INVENTORIES = ("held", "none")
STARTS = ("2025", "2024", "2008")
SETTING, OWN = "fund_agreement_2025", "design_assumption"


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What is assumed of a world: one number per parameter, or one per world.

    Fields are checked when the object is made: an unknown name, a value out of range, a wrong shape
    or NaN raises ParameterError. The object never changes; `replace` makes another.
    """

    # fmt: off
    # The deal on the table
    ownership_share: Value = declare(
        0.5, "share", 0, 1, "US share of the revenue covered by the deal", SETTING, "policy"
    )
    revenue_base: Value = declare(
        1.0, "share", 0, 1, "part of Ukraine's resource revenue covered (1 all, 0.4 new licences only)", SETTING, "policy"
    )
    recognised_aid: Value = declare(
        0, "bn USD", 0, 1000, "past aid credited to the United States and repaid from covered revenue", SETTING, "policy"
    )
    guarantee_strength: Value = declare(
        0.0, "share", 0, 1, "strength of the guarantee: 0 none, 0.1 vague, 0.4 executive, 0.7 ratified, 1 troops", SETTING, "policy"
    )
    guarantee_formality: Value = declare(
        1.0, "share", 0, 1, "legal form of the promise: 0 spoken, 1 written pact", "leeds_2003", "policy"
    )
    guarantee_buildup: Value = declare(
        12, "months", 0, 120, "months from signature until the guarantee is fully in force", "powell_2006", "policy"
    )
    nato_path: Value = declare(
        0.0, "share", 0, 1, "progress to membership of the Atlantic alliance promised by the deal", SETTING, "policy"
    )
    reinvestment_years: Value = declare(
        0, "years", 0, 20, "years in which the US share stays invested in Ukraine", SETTING, "policy"
    )
    future_aid: Value = declare(
        0, "bn USD/year", 0, 60, "new US military aid promised by the deal, counted as US capital", SETTING, "policy"
    )
    talks: Value = choose("fixed", TALKS, "fixed: the terms are on the table; bargained: both sides make offers; scripted: the drafts of 2025 in order; imposed: the terms are in force from talks_start whatever anyone thinks; none: nobody talks", "rubinstein_1982")
    talks_start: Value = declare(
        1, "months", 0, 24, "month of the first offer, counted from January 2025", SETTING, "policy", integer=True
    )
    talks_months: Value = declare(
        6, "months", 1, 36, "months for which the talks stay open", SETTING, "policy", integer=True
    )

    # What the countries want
    united_states_security_weight: Value = declare(
        0.5, "share", 0, 1, "weight of security against revenue, United States", OWN, "D"
    )
    ukraine_security_weight: Value = declare(0.5, "share", 0, 1, "weight of security against revenue, Ukraine", OWN, "D")
    russia_security_weight: Value = declare(0.5, "share", 0, 1, "weight of security against revenue, Russia", OWN, "D")
    china_security_weight: Value = declare(0.5, "share", 0, 1, "weight of security against revenue, China", OWN, "D")
    choice_precision: Value = declare(
        2.5, "1/point", 0.05, 20, "logit precision of the signatories, per percent of Ukraine's GDP", "mckelvey_palfrey_1995"
    )
    discount_rate: Value = declare(
        0.10, "1/year", 0.02, 0.25, "rate at which countries and investors discount", "dixit_pindyck_1994"
    )

    # Ukraine's side of the deal
    resource_revenue: Value = declare(
        1.1, "bn USD/year", 0.1, 5, "Ukraine's present state revenue from natural resources", "nyt_2025_02_23", "F"
    )
    new_licence_revenue: Value = declare(
        1.0, "bn USD/year", 0, 8, "state revenue from ten developed prospects: 15 bn USD invested at a tenth a year, two thirds taken", OWN, "D"
    )
    sovereignty_per_ownership: Value = declare(
        5, "percent of GDP", 0, 25, "political cost to Ukraine of ceding all resource revenue", OWN, "D"
    )
    sovereignty_per_aid: Value = declare(
        0.05, "share", 0, 0.3, "political and credit cost to Ukraine per dollar of aid turned into debt", OWN, "D"
    )
    support_at_stake: Value = declare(
        0.5, "share", 0, 1, "part of the US support of 2024 (deliveries under way, intelligence, sales) that hinges on a signature", "reuters_2025_03_04", "D"
    )
    support_without_deal: Value = declare(
        0.2, "share", 0, 1, "part of the US military support of 2024 that goes on without a deal", "kiel_tracker", "D"
    )
    type_spread: Value = declare(
        2, "percent of GDP", 0, 10, "standard deviation of each signatory's private reservation value", "chatterjee_samuelson_1983", "D"
    )

    # The American side of the deal
    settlement_value: Value = declare(
        10, "bn USD", 0, 100, "worth to the United States of a signed deal in itself", OWN, "D"
    )
    intervention_cost: Value = declare(
        300, "bn USD", 20, 2000, "cost to the United States of fighting for Ukraine", OWN, "D"
    )
    guarantee_upkeep: Value = declare(
        3, "bn USD/year", 0, 30, "yearly cost of keeping a full guarantee ready", OWN, "D"
    )
    rare_earth_cost_share: Value = declare(
        1e-4, "share", 1e-6, 1e-2, "cost share of rare-earth inputs in the output that depends on them, of GDP", "clayton_maggiori_schreger", "D"
    )
    source_elasticity: Value = declare(
        4, "1", 1.5, 10, "elasticity of substitution between sources of supply", "clayton_maggiori_schreger"
    )
    russian_option: Value = declare(
        0.3, "share", 0, 0.6, "worth of a deal with Russia as a share of the Ukrainian one", "up_2025_02_25", "D"
    )
    renege_cost: Value = declare(
        40, "bn USD", 0, 1000, "what breaking its word costs the United States in reputation", "fearon_1997", "D"
    )
    renege_cost_ukraine: Value = declare(
        10, "bn USD", 0, 1000, "what holding back payments due costs Ukraine in reputation", "fearon_1997", "D"
    )

    # Bargaining
    round_discount_united_states: Value = declare(
        0.97, "per round", 0.8, 0.999, "patience of the United States over one round", "rubinstein_1982"
    )
    round_discount_ukraine: Value = declare(0.95, "per round", 0.8, 0.999, "patience of Ukraine over one round", "rubinstein_1982")
    breakdown_probability: Value = declare(
        0.05, "per round", 0, 0.2, "chance that a refused offer ends in a public quarrel", "binmore_rubinstein_wolinsky_1986"
    )
    demand_share: Value = declare(
        0.6, "share", 0, 1, "part of offers that are demands, made without thought of the answer (level 0; 0.22 in experiments, the days of 2025 ask for more)", OWN
    )
    equal_split: Value = declare(
        0.667, "share", 0, 0.99, "custom of equal partnership: part of the weight with which ownership shares come to mind that is on a half (three of four joint ventures)", "hauswald_hege_2003", "F"
    )
    coercion_harm: Value = declare(
        1.0, "percent of GDP", 0, 5, "what a month of full US pressure (aid paused) is worth to Ukraine", "reuters_2025_03_04", "D"
    )
    coercion_cost: Value = declare(
        0.5, "percent of GDP", 0, 5, "what a month of full pressure costs the United States with voters and allies, of Ukraine's GDP", OWN, "D"
    )

    # Ratification
    seats: Value = declare(401, "deputies", 100, 450, "sitting deputies of the Verkhovna Rada", "ukrinform_2025_05_08", "F", integer=True)
    quota: Value = declare(226, "votes", 1, 450, "votes needed to ratify", "ukrinform_2025_05_08", "F", integer=True)
    public_support: Value = declare(
        0.5, "share", 0, 1, "public support for a deal that leaves Ukraine as well off as before", OWN
    )
    deputy_precision: Value = declare(
        0.5, "1/point", 0, 3, "how strongly a deputy's vote follows the deal's worth, per percent of GDP", "putnam_1988"
    )
    bloc_correlation: Value = declare(0.02, "share", 0, 0.5, "correlation of votes within the chamber", "putnam_1988")
    congress_threshold: Value = declare(
        0.5, "share", 0, 1, "guarantee strength above which Congress must vote", SETTING, "D"
    )
    congress_support: Value = declare(0.4, "share", 0, 1, "chance that Congress ratifies a strong guarantee", OWN, "D")

    # Credibility of the guarantee
    tripwire: Value = choose("H0", TRIPWIRES, "what the ownership stake does to safety", "musgrave_ward_2023")
    base_intervention: Value = declare(
        0.05, "probability", 0.001, 0.3, "chance of US intervention with no guarantee", "shea_2025", "D"
    )
    full_intervention: Value = declare(
        0.41, "probability", 0.05, 0.9, "chance of US intervention under a full guarantee", "berkemeier_fuhrmann_2018"
    )
    arms_weight: Value = declare(
        0.3, "log odds", 0, 2, "what Ukraine's own strength adds to the chance of intervention", "blankenship_lin_greenberg_2022", "D"
    )
    stake_scale: Value = declare(
        50, "bn USD", 5, 200, "stake at which the tripwire hypotheses reach their full effect", "maurer_empire_trap", "D"
    )

    # The war
    contest_decisiveness: Value = declare(1.0, "1", 0.5, 1.5, "decisiveness of strength in the contest", "skaperdas_1996")
    attrition: Value = declare(0.04, "per month", 0.01, 0.1, "part of each side's strength used up in a month of fighting", OWN)
    regrouping: Value = declare(
        0.06, "per quarter", 0.02, 0.10, "growth of Russia's strength in a ceasefire", "design_assumption", "D"
    )
    ukrainian_effort: Value = declare(
        64.7, "bn USD/year", 30, 100, "Ukraine's own military spending", "sipri_2025", "F"
    )
    russian_effort: Value = declare(149, "bn USD/year", 80, 220, "Russia's military spending", "sipri_2025", "F")
    united_states_commitment: Value = declare(
        100, "bn USD/year", 10, 400, "US strength thrown in if it intervenes, a tenth of its military spending", "sipri_2025", "D"
    )
    advance: Value = declare(
        18, "thousand km2/year", 5, 60, "land that changes hands in a year if one side is certain to win", "isw_2026"
    )
    ceasefire_hazard: Value = declare(0.3, "1/year", 0.02, 1.5, "chance per year that the fighting stops at parity", OWN, "D")
    settlement_hazard: Value = declare(0.1, "1/year", 0, 1, "chance per year that a ceasefire becomes a settlement", OWN, "D")
    settlement_effect: Value = declare(
        0.6, "share", 0, 0.9, "cut in the hazard of renewed war by a peace agreement", "fortna_2004"
    )
    renewal_hazard: Value = declare(
        0.06, "1/year", 0.01, 0.3, "hazard of renewed war in a ceasefire at parity and with no guarantee", "cow_gml_base_rate", "D"
    )
    renewal_sensitivity: Value = declare(
        0.16, "log odds", 0, 0.6, "rise of the log odds of renewed war per percent of GDP that Russia expects to gain by it", "benson_2011"
    )
    destroyed_share: Value = declare(0.2, "share", 0.02, 0.6, "part of the prize that war destroys", "powell_2006", "D")
    war_cost_ukraine: Value = declare(
        0.31, "share of GDP/year", 0.05, 0.6, "income Ukraine loses to a year of war", "world_bank_rdna4"
    )
    war_cost_russia: Value = declare(0.04, "share of GDP/year", 0.01, 0.12, "cost of a year of war to Russia", "sipri_2025")
    control_value: Value = declare(
        0.5, "share of GDP", 0, 3, "worth to Russia of controlling Ukraine, as a share of Russia's GDP", OWN, "D"
    )
    sanctioned_trade: Value = declare(
        0.10, "share of GDP", 0, 0.4, "Russian trade under sanctions", "bernstein_2025_sanctions", "D"
    )

    # Support by Europe
    europe_replacement: Value = declare(
        0.73, "share", 0.3, 1, "part of lost US military aid that Europe replaces", "kiel_tracker"
    )
    europe_lag: Value = declare(3, "months", 1, 12, "mean delay of Europe's replacement", "kiel_tracker")
    europe_fatigue: Value = declare(0.05, "1/year", 0, 0.4, "rate at which European support tires", OWN, "D")

    # The market
    start: Value = choose("2025", STARTS, "year whose January is the first month, the same in all worlds of a run (before 2025: replays of the market)", OWN)
    demand_elasticity: Value = declare(0.132, "1", 0.05, 0.5, "price elasticity of demand within the year", "stuermer_imf")
    bulk_growth: Value = declare(0.02, "1/year", -0.05, 0.08, "growth of demand for bulk materials", OWN, "D")
    magnet_growth: Value = declare(0.05, "1/year", -0.02, 0.10, "growth of demand for magnet and heavy materials", "iea_2024")
    demand_volatility: Value = declare(
        0.06, "1/sqrt(year)", 0, 0.2, "volatility of demand over a year, in logs", OWN
    )
    inventories: Value = choose("held", INVENTORIES, "held: buyers hold stocks; none: the market clears each month", "deaton_laroque_1992")
    cover_months: Value = declare(2.7, "months", 0.5, 8, "stock that buyers want, in months of use", "riddle_2015")
    storage_response: Value = declare(
        0.2, "per month", 0.05, 0.5, "rise of the log price per unit of the log gap in cover", "riddle_2015"
    )
    mean_reversion: Value = declare(
        0.063, "per month", 0, 0.2, "part of a price's distance from the base that storers expect to vanish in a month", "deaton_laroque_1992"
    )
    hoarding: Value = declare(1.0, "1", 0, 3, "extra cover, in multiples, at a certain cut-off", "sprecher_2017")
    expectation_gain: Value = declare(0.2, "per month", 0.05, 0.6, "weight of the newest price in expectations", "riddle_2015")
    long_run_elasticity: Value = declare(0.51, "1", 0.5, 3, "price elasticity of the world market over years", "stuermer_imf")
    substitution_rate: Value = declare(0.10, "1/year", 0, 0.15, "fastest substitution away from a dear material", "sprecher_2017", "F")
    quota_shift: Value = declare(
        0.2, "per month", 0, 1, "how fast exporters shift a quota of tonnes to the material that earns the higher rent", OWN, "D"
    )
    licence_leak: Value = declare(
        0.25, "share", 0, 0.6, "part of the blocked quantity that leaks out, per log point of the wedge and ever slower", OWN, "D"
    )
    freight_share: Value = declare(0.03, "share", 0, 0.2, "freight and insurance on imports, of the price", OWN)
    united_states_tariff: Value = declare(0.0, "share", 0, 1, "US tariff on rare earths", "reuters_quota", "policy")
    mine_response: Value = declare(0.04, "per month", 0, 0.3, "rise of mine use per log margin", OWN, "D")
    mine_cost: Value = declare(5, "USD/kg", 2, 20, "operating cost of mining outside China, per kg REO", "arafura_press")
    separation_cost: Value = declare(4, "USD/kg", 2, 20, "operating cost of separation outside China, per kg REO", OWN)
    magnet_cost: Value = declare(40, "USD/kg", 10, 100, "cost of making magnets outside China, per kg of content", OWN)
    china_cost_advantage: Value = declare(
        0.5, "share", 0, 0.85, "how much less mining and separating cost in China", "gaskins_1971"
    )
    environmental_cost: Value = declare(
        2, "USD/kg", 0, 15, "cost that US voters put on mining at home", "article_2025", "D"
    )

    # Investment
    entry_rate: Value = declare(
        0.04, "1/year", 0.005, 0.1, "share of the world market that entrants build in a year at double the trigger", "sprecher_2017"
    )
    investor_gain: Value = declare(
        0.2, "per month", 0.02, 0.6, "weight of the newest month in what investors expect of the danger in Ukraine", OWN
    )
    mine_lead: Value = declare(15.7, "years", 6, 25, "time from discovery to output of a new mine", "sp_global_2024", "F")
    plant_lead: Value = declare(5, "years", 2, 10, "time to extend a mine or build a plant", "iea_2025")
    project_life: Value = declare(25, "years", 10, 40, "working life of a project", OWN)
    price_volatility: Value = declare(0.3, "1/sqrt(year)", 0.05, 0.6, "price volatility that investors expect", "dixit_pindyck_1994")
    mine_capital: Value = declare(40, "USD per kg/year", 15, 150, "capital cost of a mine", "arafura_press")
    separation_capital: Value = declare(66, "USD per kg/year", 20, 200, "capital cost of a separation plant", "iluka_press")
    magnet_capital: Value = declare(350, "USD per kg/year", 100, 800, "capital cost of a magnet plant, per kg of content", "mp_dod_2025")
    insured_share: Value = declare(0.0, "share", 0, 0.9, "part of the capital insured against war", SETTING, "policy")
    price_floor: Value = declare(110, "USD/kg", 0, 200, "price that US sellers of magnet material are assured from July 2025", "mp_dod_2025", "policy")
    debt_share: Value = declare(0.7, "share", 0, 1.5, "part of the cost of new plants outside China that is borrowed", "iluka_press", "D")
    loan_interest: Value = declare(0.10, "1/year", 0, 0.2, "interest on those loans; projects of the table pay what is on record", "molycorp_2015")
    lender_patience: Value = declare(3, "years", 0, 20, "years of unpaid interest after which lenders foreclose: Mountain Pass opened in 2012 and failed in 2015", "molycorp_2015", "D")
    restart_share: Value = declare(0.25, "share", 0, 1, "cost of reopening an idle plant, of that of a new mine: 200 mn USD for Mountain Pass", "mp_restart_2019", "D")
    project_spread: Value = declare(0.2, "log", 0, 0.6, "spread of the cost of projects around its mean", "arafura_press")
    deposit_chance: Value = declare(
        0.3, "probability", 0, 1, "chance that Ukraine's deposits are ever economic", "reuters_ukraine_deposits_2025", "D"
    )
    deposit_capacity: Value = declare(6000, "t REO/year", 500, 30000, "output of Ukraine's deposits once developed", OWN, "D")
    deposit_occupied: Value = declare(0.5, "share", 0, 1, "part of the rare-earth deposits under occupation at the start", "reuters_ukraine_deposits_2025", "D")
    war_loss: Value = declare(0.15, "1/year", 0, 0.6, "hazard of losing a project to war while there is fighting", "world_bank_rdna4", "D")

    # China
    china_policy: Value = choose("strategic", EXPORT_POLICIES, "strategic: China decides each quarter; recorded: the acts on record (table china_script) and mining as recorded; else one option throughout", "reuters_quota")
    china_objective: Value = choose("profit", OBJECTIVES, "what China maximises beside leverage", "payne_2025")
    leverage_value: Value = declare(
        2.0, "1", 0, 20, "worth to China of harm it could do to the United States, per unit of that harm", "rff_2025", "D"
    )
    breach_cost: Value = declare(0.3, "share", 0, 3, "cost to China of a year of breaking trade rules, of the export revenue put under licence", "rff_2025", "D")
    china_precision: Value = declare(50, "1", 1, 200, "logit precision of China, per year of export revenue", "mckelvey_palfrey_1995")
    licence_share: Value = declare(0.3, "share", 0, 1, "part of normal exports that a licence lets through", "reuters_quota")
    quota_growth: Value = declare(0.04, "1/year", -0.05, 0.15, "growth of China's production quota when it neither tightens nor expands", "reuters_quota")
    initial_tension: Value = declare(0.5, "1", 0, 3, "tension between the United States and China at the start", OWN, "D")

    # Claims that can be tried
    ukraine_output_share: Value = declare(
        0.0, "share", 0, 0.1, "part of the world's mine output that Ukraine supplies at the start", "ukraine_survey_2025", "F"
    )
    china_reserves: Value = declare(44e6, "t REO", 1e6, 1e8, "reserves of China", "usgs_mcs_2025", "F")

    # fmt: on

    def __new__(cls, **values: Value) -> Parameters:
        """Refuse an unknown name before anything else is looked at."""
        for name in values:
            check_name(name, DECLARATIONS)
        return super().__new__(cls)

    def __post_init__(self) -> None:
        for name, declared in DECLARATIONS.items():
            check_value(declared, getattr(self, name))

    def replace(self, **changes: Value) -> Parameters:
        """The same parameters with some values changed; raises ParameterError."""
        values = {name: getattr(self, name) for name in DECLARATIONS}
        return Parameters(**(values | changes))

    def spread(self, worlds: int, dtype: type[np.floating] = np.float64) -> Spread:
        """Every parameter as an array of one value per world; words become places in their list."""
        values = {name: (declared, getattr(self, name)) for name, declared in DECLARATIONS.items()}
        return Spread(**{name: spread_value(*pair, worlds, dtype) for name, pair in values.items()})

    def changed(self) -> dict[str, Value]:
        """The parameters that differ from their default."""
        pairs = ((name, getattr(self, name)) for name in DECLARATIONS)
        return {name: value for name, value in pairs if _differs(value, DECLARATIONS[name].default)}


def _differs(value: Value, default: float | str) -> bool:
    return bool(np.any(np.asarray(value) != np.asarray(default)))


def _declarations() -> dict[str, Declaration]:
    return {
        field.name: Declaration(name=field.name, default=cast(Any, field.default), **field.metadata)
        for field in dataclasses.fields(Parameters)
    }


DECLARATIONS: dict[str, Declaration] = _declarations()
"""Name -> declaration, in reading order."""


def check(name: str, value: Value) -> None:
    """Raise ParameterError unless `name` is a parameter and `value` is allowed for it."""
    check_value(check_name(name, DECLARATIONS), value)

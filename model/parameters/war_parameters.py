"""Parameters of the guarantee's credibility, of the war, and of Europe's support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

from model.parameters.declaration import Number, Word, choose, declare

TRIPWIRES = ("H0", "H1", "H2", "H3", "H4", "H5")
OWN = "design_assumption"


@dataclass(frozen=True, kw_only=True)
class WarParameters(Generic[Number, Word]):
    """The guarantee in the eyes of others, the war, and Europe's support."""

    # fmt: off
    # Credibility of the guarantee
    tripwire: Word = choose("H0", TRIPWIRES, "what the ownership stake does to safety", "musgrave_ward_2023")
    base_intervention: Number = declare(0.05, "probability", 0.001, 0.3, "chance of US intervention with no guarantee", "shea_2025", "D")
    full_intervention: Number = declare(0.41, "probability", 0.05, 0.9, "chance of US intervention under a full guarantee", "berkemeier_fuhrmann_2018")
    arms_weight: Number = declare(0.3, "log odds", 0, 2, "what Ukraine's own strength adds to the chance of intervention", "blankenship_lin_greenberg_2022", "D")
    stake_scale: Number = declare(50, "bn USD", 5, 200, "stake at which the tripwire hypotheses reach their full effect", "maurer_empire_trap", "D")
    weak_effect: Number = declare(0.05, "probability", 0, 0.1, "most that a stake adds to the chance of intervention under H1", OWN, "D")
    trap_effect: Number = declare(0.25, "probability", 0, 0.5, "most that a stake adds to the chance of intervention under H2", "maurer_empire_trap", "D")
    capacity_effect: Number = declare(0.1, "share", 0, 0.3, "most that a stake adds to Ukraine's own supply of strength under H3", OWN, "D")
    hostage_effect: Number = declare(0.5, "log odds", 0, 1.5, "most that a stake adds to the log odds of attack under H4", OWN, "D")
    counter_effect: Number = declare(0.05, "probability", 0, 0.2, "most that a Russian stake takes from the chance of intervention under H5", OWN, "D")
    prior_honoured: Number = declare(2.2, "promises", 0.2, 20, "promises kept that the prior on the United States is worth: 22 % of ten", "berkemeier_fuhrmann_2018")
    prior_broken: Number = declare(7.8, "promises", 0.2, 40, "promises broken that the prior on the United States is worth", "berkemeier_fuhrmann_2018")
    promise_months: Number = declare(120, "months", 12, 240, "months for which a guarantee must hold to count as one promise kept", OWN, "D")

    # The war
    contest_decisiveness: Number = declare(1.0, "1", 0.5, 1.5, "decisiveness of strength in the contest", "skaperdas_1996")
    attrition: Number = declare(0.04, "per month", 0.01, 0.1, "part of each side's strength used up in a month of fighting", OWN)
    regrouping: Number = declare(0.06, "per quarter", 0.02, 0.10, "growth of Russia's strength in a ceasefire", OWN, "D")
    ukrainian_effort: Number = declare(64.7, "bn USD/year", 30, 100, "Ukraine's own military spending", "sipri_2025", "F")
    russian_effort: Number = declare(149, "bn USD/year", 80, 220, "Russia's military spending", "sipri_2025", "F")
    united_states_commitment: Number = declare(100, "bn USD/year", 10, 400, "US strength thrown in if it intervenes, a tenth of its military spending", "sipri_2025", "D")
    advance: Number = declare(18, "thousand km2/year", 5, 60, "land that changes hands in a year if one side is certain to win", "isw_2026")
    ceasefire_hazard: Number = declare(0.3, "1/year", 0.02, 1.5, "chance per year that the fighting stops at parity", OWN, "D")
    settlement_hazard: Number = declare(0.1, "1/year", 0, 1, "chance per year that a ceasefire becomes a settlement", OWN, "D")
    settlement_effect: Number = declare(0.6, "share", 0, 0.9, "cut in the hazard of renewed war by a peace agreement", "fortna_2004")
    renewal_hazard: Number = declare(0.06, "1/year", 0.01, 0.3, "hazard of renewed war in a ceasefire at parity and with no guarantee", "cow_gml_base_rate", "D")
    renewal_sensitivity: Number = declare(0.16, "log odds", 0, 0.6, "rise of the log odds of renewed war per percent of GDP that Russia expects to gain by it", "benson_2011")
    destroyed_share: Number = declare(0.2, "share", 0.02, 0.6, "part of the prize that war destroys", "powell_2006", "D")
    war_cost_ukraine: Number = declare(0.31, "share of GDP/year", 0.05, 0.6, "income Ukraine loses to a year of war", "world_bank_rdna4")
    war_cost_russia: Number = declare(0.04, "share of GDP/year", 0.01, 0.12, "cost of a year of war to Russia", "sipri_2025")
    control_value: Number = declare(0.5, "share of GDP", 0, 3, "worth to Russia of controlling Ukraine, as a share of Russia's GDP", OWN, "D")
    ceasefire_precision: Number = declare(1, "1/point", 0.1, 10, "how sharply both sides weigh a ceasefire, per percent of GDP a year", OWN, "D")
    full_strength: Number = declare(2, "1", 1, 4, "strength to which a side rebuilds in a ceasefire, of that at the start", OWN, "D")
    sanctions_loss: Number = declare(0.06, "share of GDP/year", 0.02, 0.15, "income lost to sanctions per unit of trade under them", "bernstein_2025_sanctions")
    sanctions_kept: Number = declare(0.5, "share", 0, 1, "part of the sanctions left by a ceasefire, and again by a deal with the United States", OWN, "D")
    sanctioned_trade: Number = declare(0.10, "share of GDP", 0, 0.4, "Russian trade under sanctions", "bernstein_2025_sanctions", "D")

    # Support by Europe
    europe_replacement: Number = declare(0.73, "share", 0.3, 1, "part of lost US military aid that Europe replaces", "kiel_tracker")
    europe_lag: Number = declare(3, "months", 1, 12, "mean delay of Europe's replacement", "kiel_tracker")
    europe_fatigue: Number = declare(0.05, "1/year", 0, 0.4, "rate at which European support tires", OWN, "D")
    # fmt: on

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
    trust_russia: Number = declare(0, "log odds", -3, 3, "trust of Russia in an American promise over what the record says", OWN, "D")
    trust_ukraine: Number = declare(0, "log odds", -3, 3, "trust of Ukraine in an American promise over what the record says", OWN, "D")
    promise_months: Number = declare(120, "months", 12, 240, "months for which a guarantee must hold to count as one promise kept", OWN, "D")

    # The war
    contest_decisiveness: Number = declare(1.0, "1", 0.5, 1.5, "decisiveness of strength in the contest", "skaperdas_1996")
    ukrainian_effort: Number = declare(64.7, "bn USD/year", 30, 100, "Ukraine's own military spending", "sipri_2025", "F")
    russian_effort: Number = declare(149, "bn USD/year", 80, 220, "Russia's military spending", "sipri_2025", "F")
    united_states_commitment: Number = declare(100, "bn USD/year", 10, 400, "US strength thrown in if it intervenes, a tenth of its military spending", "sipri_2025", "D")
    advance: Number = declare(18, "thousand km2/year", 5, 60, "land that changes hands in a year if one side is certain to win", "isw_2026")
    war_cost_ukraine: Number = declare(0.31, "share of GDP/year", 0.05, 0.6, "income Ukraine loses to a year of war", "world_bank_rdna4")
    war_cost_russia: Number = declare(0.04, "share of GDP/year", 0.01, 0.12, "cost of a year of war to Russia", "sipri_2025")
    land_worth: Number = declare(5, "GDPs", 1, 10, "worth to Ukraine of all of its land", OWN, "D")
    armed_peace_cost: Number = declare(0.05, "share of GDP/year", 0, 0.15, "cost to Ukraine of a year of ceasefire under arms", OWN, "D")
    outbreak_loss: Number = declare(0.10, "share of GDP", 0, 0.4, "what the outbreak of renewed war destroys in Ukraine", OWN, "D")
    control_value: Number = declare(1.0, "share of GDP", 0.1, 2, "worth to Russia of controlling Ukraine, as a share of Russia's GDP", OWN, "D")
    prize_share: Number = declare(0.2, "share", 0.05, 0.4, "part of the control of Ukraine that the outbreak of one war decides (2022: about an eighth of the land)", OWN, "D")
    prize_land: Number = declare(0.3, "share", 0, 1, "land that goes with the control which an outbreak decides, of Ukraine's", OWN, "D")
    sanctions_loss: Number = declare(0.06, "share of GDP/year", 0.02, 0.15, "income lost to sanctions per unit of trade under them", "bernstein_2025_sanctions")
    sanctions_kept: Number = declare(0.5, "share", 0, 1, "part of the sanctions left by a ceasefire, again by a settlement, and by a deal with the United States", OWN, "D")
    sanctioned_trade: Number = declare(0.10, "share of GDP", 0, 0.4, "Russian trade under sanctions", "bernstein_2025_sanctions", "D")

    # War and peace as a game
    ceasefire_hazard: Number = declare(0.10, "1/year", 0.03, 0.4, "rate of a ceasefire where both sides are indifferent: the war then lasts two more years in the middle of worlds", OWN, "D")
    renewal_hazard: Number = declare(0.07, "1/year", 0.015, 0.25, "rate of renewed war in a ceasefire with nothing promised, mean over Russia's rearming (a settlement brings ten years to 5.8 % a year)", "cow_gml_base_rate", "D")
    russia_choice_scale: Number = declare(0.05, "share of GDP", 0.02, 0.15, "scale of Russia's choices of war and peace (logit)", "mckelvey_palfrey_1998", "D")
    ukraine_choice_scale: Number = declare(0.15, "share of GDP", 0.1, 1, "scale of Ukraine's choice to stop fighting (logit)", "mckelvey_palfrey_1998", "D")
    intervention_harm: Number = declare(0.125, "share of GDP", 0.02, 0.3, "harm of an American intervention to Russia: a joint war of 100 bn USD a year for two years is a tenth of its GDP", OWN, "D")
    regrouping: Number = declare(0.06, "per quarter", 0.02, 0.10, "rate at which Russia rearms in a ceasefire", OWN, "D")
    rearmed_advantage: Number = declare(0.5, "log", 0, 0.7, "strength of a rearmed Russia over that of before, less what Ukraine has rebuilt", OWN, "D")
    settlement_hazard: Number = declare(0.1, "1/year", 0, 1, "chance per year that a ceasefire becomes a settlement", OWN, "D")
    settlement_effect: Number = declare(0.6, "share", 0, 0.9, "cut in the base rate of renewed war by a peace agreement", "fortna_2004")

    # Europe
    european_guarantee: Number = declare(0.0, "share", 0, 1, "strength of a European guarantee beside the American one (35 states declared one in January 2026)", "paris_declaration_2026", "policy")
    european_buildup: Number = declare(12, "months", 0, 120, "months of ceasefire until the European guarantee is built up, in the mean", OWN, "policy")
    european_commitment: Number = declare(50, "bn USD/year", 5, 200, "European strength thrown in if it intervenes, a tenth of its military spending", "sipri_2025", "D")
    europe_replacement: Number = declare(0.73, "share", 0.3, 1, "part of lost US military aid that Europe replaces", "kiel_tracker")
    europe_lag: Number = declare(3, "months", 1, 12, "mean delay of Europe's replacement", "kiel_tracker")
    europe_fatigue: Number = declare(0.05, "1/year", 0, 0.4, "rate at which European support tires", OWN, "D")
    # fmt: on

"""The patterns of guarantee, aid and war beside the record: P20 to P24."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.analysis import run_worlds
from experiments.validation.pass_matrix import PatternLine
from model import data
from model.array_axes import Floats
from model.initial_state import read_start
from model.parameters.declaration import Value
from model.parameters.presets import preset
from model.parameters.table import DECLARATIONS, Parameters, WorldParameters
from model.parameters.war_parameters import TRIPWIRES
from model.rules import credibility
from model.rules.beliefs import updated_reliability
from model.rules.war_and_peace import until_next_war

Changes = Mapping[str, Value]

GENERIC: dict[str, Value] = {"talks": "none", "ceasefire_hazard": 0.4, "settlement_hazard": 0.0, "europe_fatigue": 0.0}
"""Neighbours of whom nothing is known but that they fought: no deal, no settlement, strengths as they are."""


def support_patterns(seed: int, changes: Changes) -> list[PatternLine]:
    """P20 and P21: Europe's replacement after a year, and the stocks of aid that the tables hold."""
    parameters = preset("documented", **{**changes, "support_at_stake": 0.0})
    p, start = parameters.by_world(1), read_start()
    with run_worlds.worlds(parameters, 1, 12, seed) as model:
        model.simulate()
        now = model.snapshot()
    fatigue = np.exp(-p.europe_fatigue * 11 / 12)
    replaced = float((now.european_replacement * fatigue / (start.united_states_aid - now.war.american_aid))[0])
    words = "part of lost US military aid that Europe replaces"
    lines = [PatternLine("P20", "C", words, "share", 0.58, 0.88, replaced, observed=0.73)]
    for name, donor, observed in (("Europe", "europe", 138), ("US", "united_states", 115)):
        stock = data.value("aid", kind="stock", date="2025-02", donor=donor, measure="total")
        ends = observed * 0.97, observed * 1.03
        lines.append(PatternLine(f"P21 {name}", "C", "aid by February 2025", "bn EUR", *ends, stock, observed=observed))
    return lines


def war_patterns(worlds: int, seed: int, changes: Changes) -> list[PatternLine]:
    """P22-P24: renewed war at the generic prior, belief in promises, and a weak tripwire."""
    prior = data.value("conflict", topic="base_rate", parameter="renewed_war_hazard")
    parameters = preset("documented", **{**GENERIC, **changes, "renewal_hazard": prior})
    run = run_worlds.outcomes(parameters, worlds, 300, seed)
    decade = float(run["renewed_war_10y"][run["ceasefire_month"] < 300 - 120].mean())
    yearly = -float(np.log(1 - decade)) / 10
    p = preset("documented", **changes).by_world(1)
    trust = float(updated_reliability(0.0, 0.0, p.prior_honoured, p.prior_broken)[0])
    cut = hazard_cut(preset("documented", **changes), strength=0.7)
    ten = "renewed war within ten years, generic prior"
    weak = "part of the prior in which a stake moves intervention by < .05"
    return [
        PatternLine("P22 hazard", "C", "renewed war, generic prior", "1/year", 0.02, 0.055, yearly, observed=0.035),
        PatternLine("P22 decade", "C", ten, "share", 0.2, 0.42, decade, observed=0.3),
        PatternLine("P23 trust", "C", "belief in an informal promise", "probability", 0.1, 0.35, trust, observed=0.22),
        PatternLine("P23 pact", "C", "cut of the hazard by a ratified pact", "share", 0.1, 0.4, cut, observed=0.18),
        PatternLine("P24", "H", weak, "share", 0.8, 1, weak_tripwire(seed)),
    ]


def hazard_cut(parameters: Parameters, strength: float, formality: float = 1.0) -> float:
    """Part (0-1) by which a guarantee that is built at once cuts the hazard of renewed war, under the same deal."""
    deal = parameters.replace(talks="imposed", talks_start=0, guarantee_buildup=0, guarantee_formality=formality)
    without, guarded = (mean_hazard(deal.replace(guarantee_strength=promised)) for promised in (0.0, strength))
    return 1.0 - guarded / without


def mean_hazard(parameters: Parameters) -> float:
    """Rate of attack (1/year) in a ceasefire that is not settled, mean over Russia's rearming, in the first month."""
    with run_worlds.worlds(parameters, 1, 1) as model:
        model.simulate()
        attack, phases = model.outlook.equilibrium.attack, model.expectations.phases
    p = parameters.by_world(1)
    build_up = 12.0 / np.maximum(p.guarantee_buildup, 1e-2)
    clocks = list(attack), p.discount_rate, 4.0 * p.regrouping, [build_up], p.settlement_hazard
    attacks, years = (
        until_next_war(list(flow * ~phases.settled), *clocks)[0] for flow in (attack, np.ones_like(attack))
    )
    return float(attacks[0] / years[0])


def weak_tripwire(seed: int = 0, worlds: int = 6000, stake: float = 50.0) -> float:
    """Part (0-1) of the prior in which a stake from nought to 50 bn USD moves intervention by less than .05.

    Without a guarantee; parameters of credibility uniform over their ranges, H0-H5 equally likely.
    """
    rng = np.random.default_rng(seed)
    names = ("base_intervention", "full_intervention", "arms_weight", "stake_scale", "contest_decisiveness")
    drawn = {name: rng.uniform(DECLARATIONS[name].low, DECLARATIONS[name].high, worlds) for name in names}
    hypotheses = np.array(TRIPWIRES)[np.arange(worlds) % len(TRIPWIRES)]
    p = preset("documented", tripwire=hypotheses, **drawn).by_world(worlds)
    before, after = (first_intervention(p, stake=worth) for worth in (0.0, stake))
    return float((np.abs(after - before) < 0.05).mean())


def first_intervention(p: WorldParameters, guarantee: float = 0.0, stake: float = 0.0) -> Floats:
    """Chance (0-1), (world,), that the United States fights, at the start's arms and trust, under a signed deal.

    The guarantee (0-1) is built, the stake in bn USD.
    """
    promised = credibility.intervention_probability(
        guarantee,
        p.guarantee_formality,
        p.nato_path,
        base_probability=p.base_intervention,
        full_probability=p.full_intervention,
    )
    effects = p.weak_effect, p.trap_effect, p.counter_effect
    moved = credibility.stake_intervention_effect(stake, p.stake_scale, p.tripwire, 0.0, *effects)
    return np.clip(promised + moved, 0.0, 1.0)

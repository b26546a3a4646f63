"""The walk of one number, the strength of the guarantee, through the rooms: where it stands, what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from docs.generate.markdown import table


class Step(NamedTuple):
    """One stop: a file, a line of it that is there to the letter, and what happens there."""

    path: str
    quoted: str
    words: str


STEPS = (
    Step(
        "experiments/cli/options.py",
        "def assignments(",
        "`--set guarantee_strength=0.7` becomes a name and a value",
    ),
    Step(
        "model/parameters/deal_parameters.py",
        "guarantee_strength: Number = declare(",
        "declared: default, unit, range, meaning, source",
    ),
    Step(
        "model/parameters/declaration.py",
        "def checked(",
        "checked once: a wrong name, value or shape is one line of error",
    ),
    Step(
        "experiments/designs/builders.py",
        "def grid(",
        "in a sweep: one level of an axis of the design",
    ),
    Step(
        "experiments/ensemble/worker.py",
        "def run_block(",
        "a block of rows and replicates becomes one model",
    ),
    Step(
        "model/parameters/table.py",
        "def by_world(",
        "one value per world",
    ),
    Step(
        "model/states/deal.py",
        "p.guarantee_strength,",
        "a term of the deal, in a frozen record",
    ),
    Step(
        "model/talks/talks.py",
        "needs_congress = terms.guarantee_strength",
        "on the table: above a threshold Congress must ratify it",
    ),
    Step(
        "model/war_game/situation.py",
        "american_guarantee=terms.guarantee_strength",
        "in the situation in which war and peace are expected",
    ),
    Step(
        "model/rules/credibility.py",
        "def intervention_probability(",
        "a chance that the United States fights (a pure rule with its paper)",
    ),
    Step(
        "model/war_game/equilibrium.py",
        "def solve(",
        "the rates of attack and of ceasefire that answer that chance",
    ),
    Step(
        "model/agents/ukraine.py",
        "def deal_parts(",
        "wars deterred: a reason for Ukraine to sign",
    ),
    Step(
        "model/agents/united_states.py",
        "np.square(terms.guarantee_strength)",
        "upkeep and the risk of war: reasons for the United States not to",
    ),
    Step(
        "model/agents/russia.py",
        "def attack(",
        "the month is drawn at the rate that everybody expects",
    ),
    Step(
        "model/record/variables.py",
        'Outcome("final_guarantee_strength"',
        "recorded, with unit and meaning",
    ),
    Step(
        "experiments/store/store.py",
        "class Store:",
        "kept on disk with the labels of the design",
    ),
    Step(
        "experiments/analysis/deal/agreement_zones.py",
        "def agreement(",
        "read again: the zone in which both would sign",
    ),
    Step(
        "experiments/plots/heat_maps.py",
        '"guarantee_strength"',
        "an axis of the map, with the recorded drafts on it",
    ),
)


def line_of(step: Step, root: Path) -> int:
    """The number of the first line that holds what a step quotes; raises ValueError where none does."""
    for number, line in enumerate((root / step.path).read_text(encoding="utf-8").splitlines(), 1):
        if step.quoted in line:
            return number
    raise ValueError(f"{step.path} no longer says {step.quoted!r}")


def walk_table(root: Path) -> str:
    """The walk as a table with the numbers of lines as they are now."""
    return table(
        {"": number, "where": f"`{step.path}:{line_of(step, root)}`", "what happens": step.words}
        for number, step in enumerate(STEPS, 1)
    )

"""A country follows a rule of a user's own: in one world, in many, in a sweep, and refused when it is none."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from experiments import grid, sweep
from experiments.ensemble.provenance import code_hash
from model import COUNTRIES, GeopoliticalEconomy, ParameterError
from model.agents.china import China
from model.agents.country_classes import CAST
from model.agents.russia import Russia
from model.array_axes import Floats, Truths
from model.calendar import Month
from model.parameters.table import DECLARATIONS
from model.states.common_knowledge import Known
from model.states.market import MarketState


class OpenChina(China):
    """Never restricts, whatever it would gain."""

    def payoffs(self, market: MarketState) -> Floats:
        """Every option but the first is made worthless."""
        worth = super().payoffs(market)
        worth[1:] -= 1e6
        return worth


class Peaceful(Russia):
    """Never attacks again."""

    def attack(self, known: Known, now: Month) -> Truths:
        """No world."""
        return np.zeros_like(super().attack(known, now))


class OpenWorld(GeopoliticalEconomy):
    """A sweep is given a class of the same signature."""

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, china=OpenChina, **named)  # type: ignore[arg-type, misc]


def test_a_rule_of_ones_own_is_followed_and_named_in_the_record() -> None:
    size: dict[str, int] = {"worlds": 30, "months": 40, "rng": 1}
    standard, own = (GeopoliticalEconomy(**size, **given).run() for given in ({}, {"china": OpenChina}))
    assert standard.restricted_months.max() > 0 and own.restricted_months.max() == 0
    assert own.attrs["china"] == "OpenChina" and not set(COUNTRIES) & set(standard.attrs)


def test_two_countries_and_a_parameter_at_once() -> None:
    model = GeopoliticalEconomy(months=2, rng=0, russia=Peaceful, china=OpenChina, ownership_share=0.3)
    assert [type(country) for country in model.cast] == [*CAST[:2], Peaceful, OpenChina, CAST[4]]
    assert model.parameters.ownership_share == 0.3


def test_a_sweep_follows_a_rule_of_ones_own() -> None:
    kept = sweep(grid(guarantee_strength=[0, 1]), replicates=20, months=24, model=OpenWorld, progress=False)
    assert kept.restricted_months.max() == 0


def test_mesas_batch_run_sets_two_rules_beside_each_other() -> None:
    batch_run = pytest.importorskip("mesa.batchrunner").batch_run
    choices = {"months": 30, "china": [China, OpenChina], "rng": [1, 2, 3]}
    rows = batch_run(GeopoliticalEconomy, choices, display_progress=False)
    months = {kind: [row["restricted_months"] for row in rows if row["china"] is kind] for kind in (China, OpenChina)}
    assert len(months[China]) == 3 and max(months[China]) > 0 == max(months[OpenChina])


def test_no_parameter_is_called_like_a_country() -> None:
    assert not set(COUNTRIES) & set(DECLARATIONS)
    assert tuple(each.name for each in CAST) == COUNTRIES


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"china": Russia}, "china=Russia: needs a class made from China, as in class Mine(China)"),
        ({"china": "open"}, "china='open': needs a class made from China"),
        ({"chinas": OpenChina}, "unknown country 'chinas': did you mean 'china'?"),
        ({"ownership": 0.4}, "unknown parameter 'ownership': did you mean 'ownership_share'?"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(given: dict[str, object], words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        GeopoliticalEconomy(**given)  # type: ignore[arg-type]
    assert words in str(caught.value) and "\n" not in str(caught.value)


WORLD = """
from model import GeopoliticalEconomy

class Beside:
    share = {share}

class World(GeopoliticalEconomy):
    pass
"""


def made_in(path: Path, share: float) -> type:
    """The class World of a file in which another class, beside it, has this share."""
    path.write_text(WORLD.format(share=share), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.World  # type: ignore[no-any-return]


def test_a_store_knows_the_whole_file_of_a_class_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "own_world", sys)
    first, same, other = (code_hash(made_in(tmp_path / "own_world.py", share)) for share in (0.1, 0.1, 0.2))
    assert first == same != other


def test_a_class_that_stands_in_no_file_is_another_when_it_is_made_again() -> None:
    first, again = (type("World", (GeopoliticalEconomy,), {"__module__": "nowhere"}) for _ in range(2))
    assert code_hash(first) == code_hash(first) != code_hash(again)

"""The model handed to the EMA workbench: its evaluators and a sweep give the same numbers."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from experiments import InputError, ema_evaluator, ema_model, from_table, sweep
from model.parameters.declaration import ParameterError
from model.parameters.table import DECLARATIONS

SETTINGS: dict[str, Any] = {"replicates": 3, "months": 4, "seed": 5}
UNCERTAINTIES = {"tripwire": ["H0", "H2"], "seats": (100, 200), "advance": None}


@pytest.fixture(scope="module", autouse=True)
def workbench() -> Any:
    """The package, of the extra `bench`."""
    return pytest.importorskip("ema_workbench")


def model_of(**changes: Any) -> Any:
    """Three uncertainties, of words, whole numbers and numbers, and a lever."""
    given: dict[str, Any] = {"uncertainties": UNCERTAINTIES, "levers": ["ownership_share"]}
    return ema_model(**(given | SETTINGS | changes))


def case(workbench: Any, kind: str, name: str, **values: Any) -> Any:
    """A scenario or policy of the workbench, which since 3.0 are both a sample."""
    return getattr(workbench, kind if hasattr(workbench, kind) else "Sample")(name, **values)


@pytest.mark.long
def test_every_way_gives_the_numbers_of_a_sweep(workbench: Any) -> None:
    """The workbench's own evaluator, one experiment at a time, ours, and the same rows in a sweep by hand."""
    model = model_of()
    experiments, ours = ema_evaluator(model).perform_experiments(scenarios=3, policies=2)
    assert len(experiments) == 6 and set(experiments["tripwire"]) <= {"H0", "H2"}
    names = [*UNCERTAINTIES, "ownership_share"]
    rows = sweep(from_table({name: experiments[name].tolist() for name in names}), progress=False, **SETTINGS)
    gain = rows.deal_gain.sel(signatory="ukraine").astype(float).mean("replicate")
    np.testing.assert_array_equal(ours["deal_gain_ukraine"], gain)
    np.testing.assert_array_equal(ours["signed"], rows.signed.astype(float).mean("replicate"))
    samples = [
        case(workbench, "Scenario", str(n), **row) for n, row in enumerate(experiments[names].to_dict("records"))
    ]
    policies = [case(workbench, "Policy", "as swept", ownership_share=samples[0].pop("ownership_share"))]
    first = [case(workbench, "Scenario", "first", **samples[0])]
    _, theirs = workbench.perform_experiments(model, first, policies)
    for name, values in theirs.items():
        np.testing.assert_array_equal(values, ours[name][:1], err_msg=name)


def test_parameters_have_the_ranges_that_are_given_or_declared(workbench: Any) -> None:
    model = model_of(outcomes=["signed", "deal_gain_ukraine"])
    words, whole, number = (model.uncertainties[name] for name in ("tripwire", "seats", "advance"))
    assert isinstance(words, workbench.CategoricalParameter) and [each.value for each in words.categories] == [
        "H0",
        "H2",
    ]
    assert isinstance(whole, workbench.IntegerParameter) and (whole.lower_bound, whole.upper_bound) == (100, 200)
    assert isinstance(number, workbench.RealParameter)
    declared = DECLARATIONS["advance"]
    assert (number.lower_bound, number.upper_bound) == (declared.low, declared.high)
    assert [each.name for each in model.levers] == ["ownership_share"]
    assert [each.name for each in model.outcomes] == ["signed", "deal_gain_ukraine"]


def test_rows_are_run_once_each_and_do_not_depend_on_their_company() -> None:
    """Optimisers come back to a row; other processes call the function, which is a value."""
    function = pickle.loads(pickle.dumps(model_of().function))
    low, high = ({"ownership_share": share} for share in (0.0, 1.0))
    together = function.run([low, high])
    for row, values in zip((low, high), together, strict=True):
        np.testing.assert_equal(function(**row), values)


def test_constants_and_outcomes_of_ones_own_go_through(workbench: Any) -> None:
    """What the workbench makes of a model stays its business: a constant, an outcome made of two, rows that repeat."""
    model = model_of(uncertainties=["advance"], levers={"tripwire": ["H0", "H2"]})
    model.constants = [workbench.Constant("ownership_share", 0.75)]
    both = ["deal_gain_ukraine", "deal_gain_united_states"]
    model.outcomes = [workbench.ScalarOutcome("sum", variable_name=both, function=lambda a, b: a + b)]
    policies = [case(workbench, "Policy", str(n), tripwire=word) for n, word in enumerate(["H0", "H2", "H0"])]
    scenarios = [case(workbench, "Scenario", "only", advance=20.0)]
    experiments, outcomes = ema_evaluator(model).perform_experiments(scenarios, policies)
    expected = model.function(tripwire="H2", ownership_share=0.75, advance=20.0)
    assert len(experiments) == 3 and outcomes["sum"][1] == sum(expected[name] for name in both)
    assert outcomes["sum"][0] == outcomes["sum"][2]
    assert isinstance(model.function, type(model_of().function)), "the model is left as it was"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"uncertainties": ["tripwires"]}, "tripwire"),
        ({"uncertainties": {"seats": (1, 2, 3)}}, r"seats=\(1, 2, 3\): a sample needs \(low, high\)"),
        ({"levers": ["advance"]}, "advance is both an uncertainty and a lever"),
        ({"uncertainties": (), "levers": ()}, "at least one uncertainty or lever"),
        ({"outcomes": ["deal_gain_ukrain"]}, "no outcome 'deal_gain_ukrain': did you mean 'deal_gain_ukraine'"),
        ({"replicates": 0}, "replicates"),
        ({"preset": "reported"}, "reported"),
    ],
)
def test_what_cannot_be_is_refused_at_once(changes: dict[str, Any], message: str) -> None:
    with pytest.raises((InputError, ParameterError), match=message):
        model_of(**changes)


def test_another_model_has_another_evaluator(workbench: Any) -> None:
    with pytest.raises(InputError, match="runs what ema_model gives, got Model"):
        ema_evaluator(workbench.Model("other", function=lambda: {}))

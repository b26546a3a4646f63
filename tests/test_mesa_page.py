"""Mesa's own page: its controls are the parameters as declared, and what is missing is said in one line."""

from __future__ import annotations

import sys

import pytest

from experiments.errors import InputError
from experiments.mesa_page import CHARTS, USUAL, mesa_page, page_controls
from model import GeopoliticalEconomy, ParameterError
from model.parameters.table import DECLARATIONS


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_control_gives_what_the_model_takes(name: str) -> None:
    control = page_controls(name)[name]
    declared = DECLARATIONS[name]
    assert control["value"] == declared.default
    if declared.choices:
        assert control["type"] == "Select" and control["values"] == list(declared.choices)
    else:
        assert (control["min"], control["max"]) == (declared.low, declared.high) and declared.unit in control["label"]
        assert control["type"] == ("SliderInt" if declared.integer else "SliderFloat") and control["step"] > 0


def test_the_model_takes_what_the_controls_say() -> None:
    values = {name: control["value"] for name, control in page_controls().items()}
    model = GeopoliticalEconomy(months=2, rng=1, **values)
    model.simulate()
    shown = model.datacollector.get_model_vars_dataframe()
    assert set(USUAL) == set(values) and {name for chart in CHARTS for name in chart} <= set(shown.columns)


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ParameterError, match="did you mean 'ownership_share'"):
        page_controls("ownership")


def test_without_its_packages_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mesa.visualization")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("solara", "networkx"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match='which is not installed: pip install "mesa'):
        mesa_page()

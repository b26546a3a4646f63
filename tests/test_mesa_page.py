"""Mesa's own page: its controls are the parameters as declared, and what is missing is said in one line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

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


@pytest.fixture
def drawn() -> Iterator[Any]:
    """Mesa's page of one world over two years as Solara draws it, ready to be clicked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa's and Solara's own, as they are imported
        import solara

        page = mesa_page(months=24, talks="imposed")
    _, context = solara.render(solara.AppLayout(children=[page]), handle_error=False)
    yield context
    context.close()


@pytest.mark.long
def test_the_page_draws_one_world_and_steps_it(drawn: Any) -> None:
    import ipyvuetify
    import ipywidgets

    def pictures() -> list[bytes]:
        return [bytes(each.value) for each in drawn.find(ipywidgets.Image).widgets]

    def press(name: str) -> None:
        drawn.find(ipyvuetify.Btn, children=[name]).widget.click()

    begun = pictures()
    assert len(begun) == len(CHARTS) and all(each.startswith(b"\x89PNG") for each in begun)
    press("Step")
    press("Step")
    assert drawn.find(ipyvuetify.Html, children=["Step: 2"]).widgets
    assert not set(pictures()) & set(begun)
    labels = {each["label"] for each in page_controls().values() if each["label"] != "talks"}
    sliders = {each.label for each in drawn.find(ipyvuetify.Slider).widgets}
    assert labels - sliders == {"tripwire"}
    press("Reset")
    assert drawn.find(ipyvuetify.Html, children=["Step: 0"]).widgets and pictures() == begun


def test_without_its_packages_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("mesa.visualization")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("solara", "networkx"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match='which is not installed: pip install "mesa'):
        mesa_page()

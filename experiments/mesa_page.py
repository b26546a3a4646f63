"""Mesa's own page in the browser for one world: the deal's terms as controls, the months as they come."""

from __future__ import annotations

from functools import partial
from typing import Any

from experiments.errors import InputError
from model.parameters.declaration import Declaration, check_name
from model.parameters.table import DECLARATIONS
from model.record.variables import TRAJECTORIES
from model.simulation import GeopoliticalEconomy

USUAL = ("ownership_share", "guarantee_strength", "guarantee_buildup", "recognised_aid", "talks", "tripwire")
"""Parameters that are controls unless others are named."""
CHARTS = (
    ("price_magnet_united_states", "price_magnet_china"),
    ("price_heavy_united_states", "price_heavy_china"),
    ("fighting", "deal_in_force", "china_restricting"),
    ("guarantee", "intervention_probability", "china_mine_share"),
)
"""Monthly variables that share a chart."""
COLOURS = ("tab:blue", "tab:orange", "black")
STEPS = 100
"""Steps of a slider from end to end."""
NEEDED = 'pip install "mesa[viz]" "ipyvuetify<3" networkx'


def page_controls(*names: str) -> dict[str, dict[str, Any]]:
    """Mesa's control for each parameter, with its default, range and unit; raises ParameterError for an unknown one."""
    return {name: _control(check_name(name, DECLARATIONS)) for name in names or USUAL}


def _control(declared: Declaration) -> dict[str, Any]:
    words = declared.name.replace("_", " ")
    if declared.choices:
        return {"type": "Select", "label": words, "value": declared.default, "values": list(declared.choices)}
    ends = {"min": declared.low, "max": declared.high, "value": declared.default, "label": f"{words} ({declared.unit})"}
    if declared.integer:
        return {"type": "SliderInt", "step": 1, **ends}
    return {"type": "SliderFloat", "step": (declared.high - declared.low) / STEPS, **ends}


def _finish(chart: tuple[str, ...], ax: Any) -> None:
    """Say in what unit the variables of a chart are, and what a step is."""
    units = dict.fromkeys(TRAJECTORIES[name].unit for name in chart)
    ax.set(title="a step is a month", ylabel=", ".join(units))


def mesa_page(*names: str, months: int = 180, seed: int = 1, **fixed: Any) -> Any:
    """Mesa's SolaraViz of one world over so many `months`: a notebook shows it, and so does `solara run`.

    `names` are the parameters that become controls, `fixed` what else differs from the defaults, a country's own rule
    too; the seed is a control. Raises ParameterError, and InputError where Mesa's page is not installed.

    `solara run` asks other hosts: cdn.jsdelivr.net for its scripts unless the package solara-assets is installed, and
    its makers' count of use unless SOLARA_TELEMETRY_MIXPANEL_ENABLE=false.
    """
    try:
        from mesa.visualization import SolaraViz, make_plot_component
    except ModuleNotFoundError as error:
        raise InputError(f"Mesa's page needs {error.name}, which is not installed: {NEEDED}") from None
    controls = {name: control for name, control in page_controls(*names).items() if name not in fixed}
    controls["rng"] = {"type": "SliderInt", "label": "seed", "value": seed, "min": 0, "max": max(999, seed), "step": 1}
    charts = [make_plot_component(dict(zip(chart, COLOURS, strict=False)), partial(_finish, chart)) for chart in CHARTS]
    model = GeopoliticalEconomy(months=months, rng=seed, **fixed)
    settings = {"months": months, **fixed, **controls}
    return SolaraViz(model, components=charts, model_params=settings, name="Subsoil: one world")

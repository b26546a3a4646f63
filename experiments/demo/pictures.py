"""The pictures of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

from experiments import plots
from experiments.analysis import quantile_bands as bands
from experiments.analysis.trade_flows import flow_map, observe
from experiments.demo.tables import PRESET, SEED, Tables
from experiments.validation.price_record import recorded_prices
from model.parameters.presets import preset


def draw(tables: Tables, folder: Path) -> dict[Path, str]:
    """Draw all pictures into `folder`; what each shows, by path."""
    mpl.use("Agg")  # the command line opens no window
    maps = [
        ("No political costs", tables.politics["no"], None),
        ("Political costs as assumed", tables.main, tables.drafts),
        ("Political costs at the end of their range", tables.politics["high"], None),
    ]
    flows = flow_map(observe(preset(PRESET), "2025-12"), "2025-12", preset=PRESET, seed=SEED)
    reasons = plots.reasons_figure(tables.reasons, tables.turning)
    hypotheses = plots.facets(tables.hypotheses, plots.zone_map, by="tripwire")
    trade = plots.trade_flows(flows.sel(material="magnet"))
    pictures = {
        "map": (plots.maps_beside(maps), "who would sign where, at three levels of political cost"),
        "fan": (_fans(tables), "war, China and prices under the agreement of 30 April 2025"),
        "reasons": (reasons, "why Ukraine refuses, and what would turn it"),
        "hypotheses": (hypotheses, "the zone under six hypotheses of what a US stake does"),
        "trade": (trade, "who sells magnet material to whom at the end of 2025"),
        "sensitivity": (
            plots.sensitivity_bars(tables.sensitivity, tables.varied),
            "what the signature, the peace and China's share each depend on",
        ),
        "prices": (plots.price_record(recorded_prices()), "the prices on record"),
    }
    return {plots.save(drawn, folder / f"demo-{name}.png"): words for name, (drawn, words) in pictures.items()}


def _fans(tables: Tables) -> Any:
    """War under both deals, China's share of mining and two prices under April's; the array of Axes."""
    axes = plots.axes_grid(2, 2, 13, 8.9)
    dashed: dict[str, Any] = {"colour": "vermilion", "dashes": "--"}
    war: dict[str, Any] = {"ax": axes[0, 0], "title": "there is fighting (bands: 95 % intervals of the share)"}
    plots.mean_chart(bands.means(tables.february["fighting"]), name="demand of February 2025", **dashed, **war)
    plots.mean_chart(bands.means(tables.april["fighting"]), name="agreement of 30 April 2025", **war)
    plots.fan_chart(bands.bands(tables.april["china_mine_share"]), ax=axes[0, 1])
    home_line: dict[str, Any] = {"colour": "black", "dashes": "--", "only_median": True, "name": "in China (median)"}
    for ax, material in zip(axes[1], ("magnet", "heavy"), strict=True):
        abroad, home = (bands.bands(tables.april[f"price_{material}_{where}"]) for where in ("united_states", "china"))
        plots.fan_chart(abroad, ax=ax, name="in the United States", log=True)
        title = f"price of {material} material: median, 50 % and 90 % of worlds"
        plots.fan_chart(home, ax=ax, log=True, title=title, **home_line)
    worlds = (
        f"{tables.april.sizes['replicate']} worlds; share of mining and prices: under the agreement of 30 April 2025"
    )
    plots.caption(axes[0, 0], plots.about(tables.april.attrs, worlds))
    return axes

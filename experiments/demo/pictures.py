"""The pictures of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

from experiments import plots
from experiments.analysis import quantile_bands as bands
from experiments.analysis.trade_flows import flow_map, observe
from experiments.demo.tables import PRESET, SEED
from experiments.validation.price_record import recorded_prices
from model.parameters.presets import preset

if TYPE_CHECKING:
    from experiments.demo.tables import Tables


def draw(tables: Tables, folder: Path) -> dict[Path, str]:
    """Draw all pictures into `folder`; what each shows, by path."""
    mpl.use("Agg")  # the command line opens no window
    main = "All other terms as in the preset", tables.main, tables.drafts
    signed = "All other terms as signed on 30 April 2025", tables.signed, tables.signed_drafts
    flows = flow_map(observe(preset(PRESET), "2025-12"), "2025-12", preset=PRESET, seed=SEED)
    pictures = {
        "map": (plots.maps_beside([main, signed]), "who would sign where, and the zone of agreement"),
        "fan": (_fans(tables), "war, China and prices under the agreement of 30 April 2025"),
        "reasons": (
            plots.reasons_figure(tables.reasons, tables.turning), "why Ukraine refuses, and what would turn it"
        ),
        "hypotheses": (
            plots.facets(tables.hypotheses, plots.zone_map, by="tripwire"),
            "the zone under six hypotheses of what a US stake does",
        ),
        "trade": (
            plots.trade_flows(flows.sel(material="magnet")), "who sells magnet material to whom at the end of 2025"
        ),
        "prices": (plots.price_record(recorded_prices()), "the prices on record"),
    }  # fmt: skip
    return {plots.save(drawn, folder / f"demo-{name}.png"): words for name, (drawn, words) in pictures.items()}


def _fans(tables: Tables) -> Any:
    """War under both deals, China's share of mining and two prices under April's; the array of Axes."""
    february, april = (tables.two_deals.isel(policy=policy) for policy in (0, 1))
    axes = plots.axes_grid(2, 2, 13, 8.6)
    for results, name, colour, dashes in (
        (february, "demand of February 2025", "vermilion", "--"), (april, "agreement of 30 April 2025", "blue", "-")
    ):  # fmt: skip
        plots.mean_chart(
            bands.means(results["fighting"]), ax=axes[0, 0], name=name, colour=colour, dashes=dashes,
            title="there is fighting (bands: two standard errors)",
        )  # fmt: skip
    plots.fan_chart(bands.bands(april["china_mine_share"]), ax=axes[0, 1])
    for ax, material in zip(axes[1], ("magnet", "heavy"), strict=True):
        title = f"price of {material} material: median, 50 % and 90 % of worlds"
        abroad, home = (bands.bands(april[f"price_{material}_{where}"]) for where in ("united_states", "china"))
        plots.fan_chart(abroad, ax=ax, name="in the United States", log=True)
        plots.fan_chart(
            home, ax=ax, name="in China (median)", colour="vermilion", dashes="--", log=True, only_median=True,
            title=title,
        )  # fmt: skip
    return axes

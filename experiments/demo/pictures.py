"""The pictures of the demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

from experiments import plots
from experiments.analysis import quantile_bands as bands
from experiments.validation.price_record import recorded_prices

if TYPE_CHECKING:
    from experiments.demo.tables import Tables


def draw(tables: Tables, folder: Path) -> dict[Path, str]:
    """Draw all pictures into `folder`; what each shows, by path."""
    mpl.use("Agg")  # the command line opens no window
    return {
        _map(tables, folder): "who would sign where, and the zone of agreement",
        _fans(tables, folder): "war, China and prices under the agreement of 30 April 2025",
        _reasons(tables, folder): "why Ukraine refuses, and what would turn its answer",
        _hypotheses(tables, folder): "the zone under six hypotheses of what a US stake does",
        _trade(folder): "who sells magnet material to whom at the end of 2025",
        _prices(folder): "the prices on record",
    }


def _map(tables: Tables, folder: Path) -> Path:
    main = "All other terms as in the preset", tables.main, tables.drafts
    signed = "All other terms as signed on 30 April 2025", tables.signed, tables.signed_drafts
    drawn = plots.maps_beside([main, signed])
    return plots.save(drawn, folder / "demo-map.png")


def _fans(tables: Tables, folder: Path) -> Path:
    april = tables.two_deals.isel(policy=1)
    february = tables.two_deals.isel(policy=0)
    drawn = plots.axes_grid(2, 2, 13, 8.6)
    title = "there is fighting (bands: two standard errors)"
    shown = (february, "demand of February 2025", "vermilion", "--"), (april, "agreement of 30 April 2025", "blue", "-")
    for results, name, colour, dashes in shown:
        war = bands.means(results["fighting"])
        plots.mean_chart(war, ax=drawn[0, 0], name=name, colour=colour, dashes=dashes, title=title)
    plots.fan_chart(bands.bands(april["china_mine_share"]), ax=drawn[0, 1])
    for row, material in enumerate(("magnet", "heavy")):
        ax, title = drawn[1, row], f"price of {material} material: median, 50 % and 90 % of worlds"
        abroad, home = (bands.bands(april[f"price_{material}_{where}"]) for where in ("united_states", "china"))
        plots.fan_chart(abroad, ax=ax, name="in the United States", log=True)
        plots.fan_chart(
            home,
            ax=ax,
            name="in China (median)",
            colour="vermilion",
            dashes="--",
            log=True,
            only_median=True,
            title=title,
        )
    return plots.save(drawn, folder / "demo-fan.png")


def _reasons(tables: Tables, folder: Path) -> Path:
    return plots.save(plots.reasons_figure(tables.reasons, tables.turning), folder / "demo-reasons.png")


def _hypotheses(tables: Tables, folder: Path) -> Path:
    drawn = plots.facets(tables.hypotheses, plots.zone_map, by="tripwire")
    return plots.save(drawn, folder / "demo-hypotheses.png")


def _trade(folder: Path) -> Path:
    from experiments.analysis.trade_flows import flow_map, observe
    from model.parameters.presets import preset

    flows = flow_map(observe(preset("documented"), "2025-12"), "2025-12", preset="documented", seed=0)
    return plots.save(plots.trade_flows(flows.sel(material="magnet")), folder / "demo-trade.png")


def _prices(folder: Path) -> Path:
    return plots.save(plots.price_record(recorded_prices()), folder / "demo-prices.png")

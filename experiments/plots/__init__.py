"""Pictures: labelled tables in, Matplotlib Axes out; nothing is computed here.

Every function takes an Axes to draw on (or makes one) and returns the Axes. Labels, units and sources
come from the attributes of the table.
"""

from __future__ import annotations

from experiments.plots.deal_effects import (
    chances_chart,
    change_bars,
    changes_table,
    deal_effects_figure,
    reasons_bars,
    reasons_figure,
)
from experiments.plots.maps import facets, heat_map, maps_beside, zone_map
from experiments.plots.pass_matrix import pass_matrix
from experiments.plots.preventive_war import window_map
from experiments.plots.replay_prices import price_panel, replay_prices
from experiments.plots.style import axes_grid, check_picture, country_name, save, style
from experiments.plots.timeseries import fan_chart, mean_chart, price_record
from experiments.plots.trade_flows import trade_figure, trade_flows, trade_ribbons

__all__ = [
    "axes_grid", "chances_chart", "change_bars", "changes_table", "check_picture", "country_name",
    "deal_effects_figure", "facets", "fan_chart", "heat_map", "maps_beside", "mean_chart", "pass_matrix",
    "price_panel", "price_record", "reasons_bars", "reasons_figure", "replay_prices", "save", "style",
    "trade_figure", "trade_flows", "trade_ribbons", "window_map", "zone_map",
]  # fmt: skip

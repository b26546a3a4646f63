"""Pictures: labelled tables in, Matplotlib Axes out; nothing is computed here.

Every function takes an Axes to draw on (or makes one) and returns the Axes. Labels, units and sources
come from the attributes of the table.
"""

from __future__ import annotations

from experiments.plots.draft_responses import (
    chances_chart,
    changes_table,
    deal_effects_figure,
    reasons_bars,
    reasons_figure,
)
from experiments.plots.effects.country_effects import change_bars, country_figure, value_bars
from experiments.plots.effects.discovery_boxes import discovery_boxes
from experiments.plots.effects.outcome_curves import curves, intervals, sample_clouds
from experiments.plots.effects.paired_differences import comparison, differences_by_row
from experiments.plots.effects.parameter_outcome_matrix import coupling_matrix
from experiments.plots.effects.robust_deals import pareto_scatter, robustness_bars
from experiments.plots.effects.sensitivity_bars import sensitivity_bars
from experiments.plots.forecast_errors import forecast_errors
from experiments.plots.heat_maps import facets, heat_map, maps_beside, zone_map
from experiments.plots.pass_matrix import pass_matrix
from experiments.plots.preventive_war import window_maps
from experiments.plots.replay_prices import price_panel, replay_prices
from experiments.plots.style import (
    BANDS,
    about,
    axes_grid,
    caption,
    check_picture,
    country_name,
    save,
    style,
    worlds_a_point,
)
from experiments.plots.timeseries import fan_chart, mean_chart, price_record
from experiments.plots.trade_flows import trade_figure, trade_flows, trade_ribbons

__all__ = [
    "BANDS", "about", "axes_grid", "caption", "chances_chart", "change_bars", "changes_table", "check_picture",
    "comparison", "country_figure", "country_name", "coupling_matrix", "curves", "deal_effects_figure",
    "differences_by_row", "discovery_boxes", "facets", "fan_chart", "forecast_errors", "heat_map", "intervals",
    "maps_beside", "mean_chart", "pareto_scatter", "pass_matrix", "price_panel", "price_record", "reasons_bars",
    "reasons_figure", "replay_prices", "robustness_bars", "sample_clouds", "save", "sensitivity_bars", "style",
    "trade_figure", "trade_flows", "trade_ribbons", "value_bars", "window_maps", "worlds_a_point", "zone_map",
]  # fmt: skip

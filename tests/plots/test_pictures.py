"""The main pictures, drawn from made-up numbers, against stored ones; `--mpl-generate-path` makes these anew.

    python -m pytest tests/plots/test_pictures.py --mpl-generate-path=tests/plots/baseline

Look at what has changed before it is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from experiments import discover_table, plots
from experiments.analysis import quantile_bands as bands
from experiments.validation.pass_matrix import PatternLine, pass_matrix
from tests.analysis.discovery.planted_tables import planted
from tests.plots import synthetic_tables as tables
from tests.plots.test_robust_deals import deals, robust

SAVED = {"dpi": 50, "metadata": {"Software": None}, "pil_kwargs": {"optimize": True}}
compared = pytest.mark.mpl_image_compare(savefig_kwargs=SAVED)
compared_of_deals = pytest.mark.mpl_image_compare(savefig_kwargs=SAVED, baseline_dir="baseline/deals")


def figure(drawn: Any) -> Figure:
    """The figure of an Axes or of an array of them."""
    first = np.asarray(drawn, dtype=object).flat[0]
    return first.figure


@compared
def test_map() -> Figure:
    return figure(plots.zone_map(tables.agreement()))


@compared
def test_fan_chart() -> Figure:
    return figure(plots.fan_chart(bands.bands(tables.price_paths())))


@compared
def test_sensitivity_bars() -> Figure:
    return figure(plots.sensitivity_bars(tables.total_indices(), tables.ABOUT))


@compared
def test_tornado() -> Figure:
    return figure(plots.sensitivity_bars(tables.tornado(), tables.ABOUT))


@compared
def test_reasons() -> Figure:
    return figure(plots.reasons_figure({"a deal": tables.reasons()}))


@compared
def test_trade_matrix() -> Figure:
    return figure(plots.trade_flows(tables.flows()))


@compared
def test_trade_ribbons() -> Figure:
    return figure(plots.trade_figure(tables.flows().expand_dims("material")))


@compared
def test_pass_matrix() -> Figure:
    lines = [
        PatternLine("P1", "C", "peak of the heavy price", "log", 1.0, 3.0, 2.0, 1.5, 2.6, observed=2.2),
        PatternLine("P2", "C", "China's share in 2012", "share", 0.8, 0.95, 0.93, given=True),
        PatternLine("P3", "H", "gap between prices abroad and at home", "log", 0.2, 0.9, 1.4, 1.0, 1.9, observed=0.6),
        PatternLine("P4", "H", "years until a mine opens", "years", 5.0, np.inf, 9.0, 6.0, 15.0),
    ]
    return figure(plots.pass_matrix(pass_matrix(lines), title="Market"))


@compared
def test_coupling() -> Figure:
    return figure(plots.coupling_matrix(tables.coupling()))


@compared
def test_war_windows() -> Figure:
    return figure(plots.window_maps(tables.war_windows()))


@compared
def test_paired_differences() -> Figure:
    return figure(plots.differences_by_row(tables.differences(), "as assumed", note="200 worlds a point"))


@compared
def test_comparison() -> Figure:
    table = tables.differences().drop_duplicates("outcome")
    return figure(plots.comparison(table, "February", "April", note="200 pairs of worlds"))


@compared_of_deals
def test_discovery() -> Figure:
    attrs = {"preset": "documented", "seed": 1, "replicates": 1}
    return figure(plots.discovery_boxes([discover_table(*planted(400))], attrs))


@compared_of_deals
def test_pareto_set() -> Figure:
    return figure(plots.pareto_scatter(deals(), best="a", note="made up"))


@compared_of_deals
def test_robustness() -> Figure:
    return figure(plots.robustness_bars(robust()))

"""Pictures of deals: what is drawn is what the tables say, and the unknown is not drawn as nought."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from experiments import plots
from experiments.errors import InputError
from experiments.plots.effects.robust_deals import group_name

mpl.use("Agg")


def deals() -> pd.DataFrame:
    """Four deals: signable and in the set, signable, in the set, and of unknown peace."""
    return pd.DataFrame(
        {
            "ukraine_gain": [1.0, 0.5, 3.0, 2.0],
            "united_states_gain": [1.0, 0.5, -1.0, 2.0],
            "peace": [0.8, 0.7, 0.9, np.nan],
            "signable": [True, True, False, False],
            "pareto": [True, False, True, False],
        },
        index=["a", "b", "c", "d"],
    )


def robust() -> pd.DataFrame:
    """Two deals under all hypotheses and one, of one of which something is unknown."""
    rows = [("a", "all", 0.5, 0.3), ("a", "H0", 1.0, 0.2), ("b", "all", np.nan, np.nan), ("b", "H0", 0.0, 0.1)]
    table = pd.DataFrame(rows, columns=["deal", "group", "share", "max_regret"])
    return table.assign(low=table["share"], high=table["share"], checked_regret=table["max_regret"] - 0.15)


def test_deals_are_where_their_gains_are_and_the_unknown_is_counted() -> None:
    ax = plots.pareto_scatter(deals(), best="a", note="made")
    points = [each.get_offsets() for each in ax.collections]
    assert [len(each) for each in points] == [0, 1, 1, 1]
    drawn = np.concatenate([np.asarray(each) for each in points if len(each)])
    assert sorted(map(tuple, drawn.tolist())) == [(-1, 3), (0.5, 0.5), (1, 1)]
    assert "1 deals of which something is unknown" in ax.figure._suptitle.get_text().replace("\n", " ")
    assert np.array_equal(ax.get_lines()[-1].get_xydata(), [(1, 1)])
    assert ax.figure.legends[0].get_texts()[-1].get_text().startswith("a: signed by both")
    with pytest.raises(InputError, match="nothing to draw"):
        plots.pareto_scatter(deals().tail(1))


def test_bars_are_shares_and_regrets_by_group() -> None:
    table = robust()
    axes = plots.robustness_bars(table)
    for ax, name in zip(axes, ("share", "max_regret"), strict=True):
        widths = [patch.get_width() for patch in ax.patches]
        assert np.array_equal(widths, table[name], equal_nan=True)
        assert [text.get_text() for text in ax.texts] == ["unknown"]
    assert axes[0].get_yticklabels()[1].get_text().startswith("H0  the stake")
    assert group_name("0.3") == "0.3"

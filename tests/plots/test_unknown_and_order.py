"""Pictures of what is unknown, unsorted, swept over one parameter or of another time say only what is so."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from experiments import plots
from experiments.analysis.deal import agreement_zones as zones
from experiments.analysis.deal.draft_responses import reasons, turning_points
from experiments.analysis.quantile_bands import means
from experiments.analysis.war.preventive_war import windows
from experiments.errors import InputError
from experiments.validation.price_record import BASES, recorded_prices
from model import preset
from model.talks.recorded_drafts import draft
from tests.plots.test_plots import words_in

pytestmark = pytest.mark.cases

LEVELS = np.array([0.0, 0.25, 0.5, 1.0])
TERMS = ("ownership_share", "guarantee_strength")
UNFINISHED = {"blocks": 89, "blocks_done": 3, "rows_failed": 0}


def results(known: np.ndarray | None = None, **attrs: object) -> xr.Dataset:
    """A sweep over two terms in ten worlds: Ukraine signs at little ownership, the United States at little guarantee.

    Where `known` is false nothing was computed.
    """
    shares = {"ukraine": 1 - LEVELS[:, None] + 0 * LEVELS, "united_states": 1 - LEVELS + 0 * LEVELS[:, None]}
    content, gains = {}, []
    for who, share in shares.items():
        yes = (np.arange(10) < np.round(share[..., None] * 10)).astype(float)
        yes = yes if known is None else np.where(known[..., None], yes, np.nan)
        content[f"{who}_accepts"] = ((*TERMS, "replicate"), yes, {"unit": "0/1", "meaning": f"{who} would sign"})
        gains.append(yes - 0.5)
    content["deal_gain"] = (("signatory", *TERMS, "replicate"), np.stack(gains), {"unit": "percent of GDP"})
    coords = {"signatory": list(shares)} | {name: (name, LEVELS, {"unit": "share"}) for name in TERMS}
    about = {"preset": "documented", "seed": 3, "months": 7, "parameters": '{"start": "2025", "tripwire": "H2"}'}
    return xr.Dataset(content, coords, about | attrs)


def hatched(ax: Axes) -> int:
    """Cells that are hatched as the zone of agreement."""
    found = [each for each in ax.collections if isinstance(each, PolyCollection) and each.get_hatch()]
    return sum(len(each.get_paths()) for each in found)


def test_an_unfinished_store_draws_white_and_says_how_much_is_there() -> None:
    known = np.zeros((4, 4), dtype=bool)
    known[0, 0] = True
    table = zones.agreement(results(known, **UNFINISHED))
    ax = plots.zone_map(table)
    shown = words_in(ax).replace("\n", " ")
    assert hatched(ax) == 1 and "not computed: 86 of 89 blocks" in shown
    assert "3 of 89 blocks are computed" in shown and "everywhere here" not in shown
    assert np.ma.count(ax.collections[0].get_array()) == 1


@pytest.mark.parametrize("colour", ["both_sign", "ukraine_signs", "ukraine_gain"])
def test_all_unknown_is_said_in_the_picture(colour: str) -> None:
    table = zones.agreement(results(np.zeros((4, 4), dtype=bool), **UNFINISHED | {"blocks_done": 0}))
    ax = plots.zone_map(table, colour=colour)
    shown = words_in(ax).replace("\n", " ")
    assert "nothing to show here: not computed: 89 of 89 blocks" in shown
    assert "would sign everywhere" not in shown and "nowhere" not in shown and not hatched(ax)
    assert len(ax.figure.axes) == 1, "no colour bar of nothing"


def test_what_never_happens_is_said_in_the_picture() -> None:
    never = xr.DataArray(np.full((4, 4), np.nan), {name: LEVELS for name in TERMS}, attrs={"unit": "months"})
    assert "in no world of this run" in words_in(plots.heat_map(never)).replace("\n", " ")
    assert "in no world of this run" in words_in(plots.heat_map(never.where(never.notnull(), np.inf))).replace(
        "\n", " "
    )
    both = xr.concat([never, never], xr.DataArray(["H0", "H1"], dims="tripwire", name="tripwire"))
    assert "in no world of this run" in words_in(plots.heat_map(both).flat[0]).replace("\n", " ")


def test_failed_rows_are_named_as_such() -> None:
    known = np.ones((4, 4), dtype=bool)
    known[1, 2] = False
    table = zones.agreement(results(known, blocks=2, blocks_done=2, rows_failed=1))
    assert "not computed: 1 rows failed" in words_in(plots.zone_map(table))


@pytest.mark.parametrize("order", list(itertools.islice(itertools.permutations(range(4)), 1, 24, 5)))
def test_the_order_of_levels_changes_no_picture(order: tuple[int, ...]) -> None:
    whole = results()
    turned = whole.isel(ownership_share=list(order), guarantee_strength=list(order[::-1]))
    drawn = [plots.zone_map(zones.agreement(each)) for each in (whole, turned)]
    first, second = (ax.collections for ax in drawn)
    assert len(first) == len(second) and hatched(drawn[0]) == hatched(drawn[1]) > 0
    assert np.array_equal(first[0].get_array(), second[0].get_array())
    for one, other in zip(first[1:], second[1:], strict=True):
        for path, same in zip(one.get_paths(), other.get_paths(), strict=True):
            assert np.allclose(path.vertices, same.vertices)


def test_a_level_given_twice_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"guarantee_strength: the level 0\.25 is given twice"):
        plots.zone_map(zones.agreement(results().isel(guarantee_strength=[0, 1, 1, 3])))
    line = means(results()["ukraine_accepts"].isel(guarantee_strength=0, ownership_share=[2, 2]), "replicate")
    with pytest.raises(InputError, match=r"ownership_share: the level 0\.5 is given twice"):
        plots.curves({"": line})


def test_levels_at_equal_ratios_have_a_logarithmic_axis() -> None:
    values = xr.DataArray(np.ones((3, 2)), {"x": [100.0, 1.0, 10.0], "y": [0.0, 1.0]})
    ax = plots.heat_map(values)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear") and ax.get_xlim() == (1.0, 100.0)
    line = means(xr.DataArray(np.ones((3, 4)), {"x": [1.0, 2.0, 4.0]}, ("x", "replicate")), "replicate")
    assert plots.curves({"": line}).get_xscale() == "log"


def test_a_caption_says_what_the_picture_rests_on() -> None:
    shown = words_in(plots.zone_map(zones.agreement(results()))).replace("\n", " ")
    assert "preset documented; with tripwire H2; seed 3; 7 months from January 2025; 10 worlds a point" in shown
    other = zones.agreement(results(preset="quota_crisis_2010", parameters='{"start": "2008"}'))
    assert "months from January 2008" in words_in(plots.zone_map(other)).replace("\n", " ")


def test_a_curve_has_its_interval_and_gaps_where_nothing_is_known() -> None:
    known = np.ones((4, 4), dtype=bool)
    known[1] = False
    shown = results(known, **UNFINISHED)
    table = means(shown["ukraine_accepts"].isel(guarantee_strength=0, drop=True), "replicate").assign_attrs(shown.attrs)
    ax = plots.curves({"Ukraine": table.isel(ownership_share=[3, 0, 2, 1]), "again": table})
    assert np.array_equal(ax.lines[0].get_ydata(), [1.0, np.nan, 0.5, 0.0], equal_nan=True)
    words = words_in(ax).replace("\n", " ")
    assert "2 of 8 points not known: not computed: 86 of 89 blocks" in words and "95 % interval" in words


def test_rows_stand_side_by_side_with_intervals_that_are_never_nothing() -> None:
    yes = xr.DataArray(np.ones((2, 20)), dims=("design", "replicate"), attrs={"unit": "0/1", "meaning": "signs"})
    ax = plots.intervals({"": means(yes, "replicate")}, ["a name " * 40, "x" * 300])
    low = ax.containers[0].lines[2][0].get_segments()[0][0][0]
    assert low == pytest.approx(0.8389, abs=1e-3)
    assert max(len(text.get_text().replace("\n", " ")) for text in ax.get_yticklabels()) < 90


def test_a_sample_is_a_cloud_with_a_running_mean() -> None:
    across = np.linspace(0, 1, 40)
    table = xr.DataArray(np.tile(across[:, None], 3), {"x": ("design", across)}, ("design", "replicate"), attrs={})
    axes = plots.sample_clouds(means(table, "replicate"), ["x"])
    points, line = axes[0, 0].lines
    assert len(points.get_xdata()) == 40 and np.allclose(line.get_xdata(), line.get_ydata())


def test_the_price_record_has_a_line_for_each_market() -> None:
    prices = recorded_prices()
    markets = set(prices.sel(series=prices["element"] == "Dy")["market"].values)
    assert markets <= set(BASES.values()) and len(markets) >= 3
    words = words_in(plots.price_record(prices)).replace("\n", " ")
    assert all(f"dysprosium: {market}" in words for market in markets) and "US Geological Survey" in words


def test_a_window_at_other_assumptions_says_so() -> None:
    levels = (0.5, 1.0), (0.0, 60.0), (0.06,)
    for changes, said in (({"rearmed_advantage": 0.2}, "with rearmed advantage 0.2"), ({}, "Preset documented; ")):
        table = windows(*levels, guarantor="european", changes=changes)
        words = words_in(plots.window_maps(table)[0, 0]).replace("\n", " ")
        assert said in words and "European guarantee alone" in words


def test_long_names_of_deals_do_not_run_into_each_other() -> None:
    terms = preset("documented", **draft("2025-04-30"))
    axes = plots.reasons_figure({"name " * 80: reasons(terms)}, turning_points(terms))
    assert max(len(line) for line in axes[0].get_title(loc="left").splitlines()) <= 46
    shown = words_in(axes[0])
    assert "What would make Ukraine refuse" in shown and "least Ukraine gains" in shown


def test_a_map_over_words_is_refused_in_one_line() -> None:
    words = xr.DataArray(np.zeros((2, 2)), {"ownership_share": [0.0, 1.0], "talks": ["fixed", "none"]}, name="signed")
    with pytest.raises(InputError, match="needs two dimensions of numbers, and talks has words"):
        plots.heat_map(words)

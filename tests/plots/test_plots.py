"""Pictures: what they show is what the table holds, labels come from attributes, nothing global changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes

from experiments import plots
from experiments.analysis import quantile_bands as bands
from experiments.analysis.deal import agreement_zones as deals
from experiments.analysis.deal.draft_responses import own_reasons, reasons, turning_points
from experiments.analysis.trade_flows import flow_map, observe
from experiments.analysis.war.preventive_war import windows
from experiments.errors import InputError
from experiments.plots.replay_prices import MARKERS
from experiments.plots.style import PALETTE
from experiments.validation import market_replay as replays
from experiments.validation.pass_matrix import PatternLine, pass_matrix
from experiments.validation.price_record import GIVEN, TUNED, cited, recorded_prices
from model import ParameterError, Parameters, preset
from model.talks.recorded_drafts import draft


def agreement(ukraine: np.ndarray, united_states: np.ndarray) -> xr.Dataset:
    """A table like that of `deals.agreement`, of given shares."""
    size = len(ukraine)
    levels = np.linspace(0, 1, size)
    coords = {
        name: (name, levels, {"long_name": name.replace("_", " "), "unit": "share", "meaning": "a term: 0 none"})
        for name in ("ownership_share", "guarantee_strength")
    }
    shares = {
        "ukraine_signs": ukraine,
        "united_states_signs": united_states,
        "both_sign": np.minimum(ukraine, united_states),
    }
    content = {name: (tuple(coords), each, {"unit": "share", "long_name": name}) for name, each in shares.items()}
    table = xr.Dataset(content, coords).assign(zone=lambda table: table["both_sign"] >= 0.5)
    held = '{"future_aid": 1.0}'
    return table.assign_attrs(threshold=0.5, preset="documented", seed=4, replicates=200, parameters=held)


@pytest.fixture
def crossing() -> xr.Dataset:
    """Ukraine signs to the left, the United States below."""
    slope = np.linspace(1, 0, 5)
    return agreement(slope[:, None] * np.ones(5), np.ones((5, 1)) * slope)


MONTHS = np.array(["2025-01", "2025-02"], "datetime64[ns]")


def path_table(over: str = "replicate") -> xr.DataArray:
    """A monthly path in ten worlds."""
    values, attrs = np.arange(20.0).reshape(2, 10), {"unit": "USD/kg", "meaning": "price of a thing"}
    return xr.DataArray(values, {"month": MONTHS}, ("month", over), name="price", attrs=attrs)


def by_hypothesis(*tables: xr.Dataset | xr.DataArray) -> xr.Dataset | xr.DataArray:
    """Two tables, each under its hypothesis."""
    return xr.concat(tables, xr.DataArray(["H0", "H4"], dims="tripwire", name="tripwire"))


def words_in(ax: Axes) -> str:
    """All text of a figure."""
    cells = [cell for table in ax.figure.findobj(mpl.table.Table) for cell in table.get_celld().values()]
    texts = [*ax.figure.findobj(mpl.text.Text), *(cell.get_text() for cell in cells)]
    return " | ".join(text.get_text() for text in texts)


def test_heat_map_shows_the_table_the_right_way_round() -> None:
    coords, numbers = {"x": [0.0, 1.0], "y": [0.0, 1.0, 2.0]}, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    values = xr.DataArray(numbers, coords, name="depth", attrs={"unit": "m"})
    ax = plots.heat_map(values)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")
    assert np.array_equal(np.asarray(ax.collections[0].get_array()).reshape(3, 2), values.values.T)
    assert "depth (m)" in words_in(ax)


def test_heat_map_refuses_what_is_no_plane() -> None:
    with pytest.raises(InputError, match="needs two dimensions, got world"):
        plots.heat_map(xr.DataArray(np.zeros(3), dims="world"))


def test_zone_map_draws_both_lines_and_the_overlap(crossing: xr.Dataset) -> None:
    ax = plots.zone_map(crossing)
    shown = words_in(ax)
    assert "both would sign in at least half of worlds" in shown and "Ukraine would sign in half of worlds" in shown
    assert "preset documented; with future aid 1; seed 4; 200 worlds a point" in shown
    assert "ownership share (0-1)" in ax.get_xlabel()
    assert "no zone" not in shown


def test_zone_map_says_that_the_zone_is_empty() -> None:
    low = np.full((4, 4), 0.2)
    shown = words_in(plots.zone_map(agreement(low, 1 - low)))
    assert "No zone of agreement: nowhere here" in shown
    assert "Ukraine would sign nowhere here" in shown and "The United States would sign everywhere here" in shown


def test_lines_separate_signing_from_refusing(crossing: xr.Dataset) -> None:
    ax = plots.zone_map(crossing)
    colours = {mpl.colors.to_hex(each.get_edgecolor()[0]): each for each in ax.collections if len(each.get_edgecolor())}
    line = colours[PALETTE["vermilion"].lower()].get_paths()[0]
    assert np.allclose(line.vertices[:, 0], 0.5)


def test_drafts_are_marked_where_they_lie(crossing: xr.Dataset) -> None:
    drafts = deals.recorded_drafts(xr.Dataset(attrs={"parameters": "{}"}))
    ax = plots.zone_map(crossing, drafts=drafts)
    marks = {tuple(line.get_xydata()[0]) for line in ax.lines}
    assert {(0.5, 0.0), (0.5, 0.1), (1.0, 0.0)} == marks
    assert "25-04-30" in words_in(ax)


def test_facets_draw_one_picture_a_value(crossing: xr.Dataset) -> None:
    axes = plots.facets(by_hypothesis(crossing, crossing), plots.zone_map, by="tripwire")
    titles = [ax.get_title(loc="left") for ax in axes.flat if ax.get_visible()]
    assert titles[0].startswith("H0") and titles[1].startswith("H4") and len(titles) == 2
    with pytest.raises(InputError, match="by='colour'"):
        plots.facets(crossing, plots.zone_map, by="colour")


def test_fan_chart_shows_median_and_bands() -> None:
    paths = path_table("world")
    ax = plots.fan_chart(bands.bands(paths))
    assert np.allclose(ax.lines[0].get_ydata(), [4.5, 14.5])
    assert ax.get_ylabel() == "USD/kg" and ax.get_title(loc="left") == "price of a thing"
    assert {"median", "50 % of worlds", "90 % of worlds"} <= {text.get_text() for text in ax.texts}
    with pytest.raises(InputError, match="quantile and month"):
        plots.fan_chart(paths)


def test_mean_chart_shows_the_share_and_its_interval() -> None:
    attrs = {"unit": "0/1", "meaning": "there is fighting"}
    values = [[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    paths = xr.DataArray(values, {"month": MONTHS}, ("month", "world"), attrs=attrs)
    table = bands.means(paths)
    assert np.allclose(table["low"], [0.15, 0.0456], atol=1e-3) and np.allclose(
        table["high"], [0.85, 0.6994], atol=1e-3
    )
    ax = plots.mean_chart(table)
    assert np.allclose(ax.lines[0].get_ydata(), [0.5, 0.25])
    assert ax.get_ylabel() == "share of worlds (0-1)" and ax.get_ylim() == (0, 1)


def test_reasons_figure_shows_every_reason_and_the_sum() -> None:
    terms = preset("documented", **draft("2025-02-12"))
    table = reasons(terms)
    axes = plots.reasons_figure({"demand": table}, turning_points(terms))
    shown = words_in(axes[0])
    assert len(axes) == 3 and "Ukraine refuses" in shown and "future aid" in shown
    bars = [patch.get_width() for patch in axes[0].patches]
    assert len(bars) == own_reasons(table, "ukraine").sizes["reason"] + 1 < table.sizes["reason"]
    assert np.isfinite(bars).all() and sum(bars) == pytest.approx(
        2 * float(table["gain"].sel(signatory="ukraine")), abs=1e-3
    )
    assert "percent of Ukraine's GDP" in axes[0].get_xlabel()


def test_trade_and_prices_have_units() -> None:
    flows = flow_map(observe(Parameters(), "2025-02", worlds=3), "2025-02")
    ax = plots.trade_flows(flows.sel(material="magnet"))
    assert "trade (t/year)" in words_in(ax) and "magnet material, 2025-02" in words_in(ax)
    assert "USD/kg" in plots.price_record(recorded_prices()).get_ylabel()
    with pytest.raises(InputError, match="choose a material"):
        plots.trade_flows(xr.DataArray(np.zeros((1, 1, 1)), dims=("material", "exporter", "importer")))


def test_every_function_draws_on_a_given_axes(crossing: xr.Dataset) -> None:
    _, ax = plt.subplots()
    assert plots.zone_map(crossing, ax=ax) is ax
    _, ax = plt.subplots()
    assert plots.price_record(recorded_prices(), ax=ax) is ax


def test_nothing_global_changes(crossing: xr.Dataset, tmp_path: Path) -> None:
    before = dict(mpl.rcParams)
    path = plots.save(plots.zone_map(crossing), tmp_path / "new" / "map.png")
    assert dict(mpl.rcParams) == before
    assert path.stat().st_size > 10_000 and not plt.get_fignums()


def test_ribbons_are_as_wide_as_trade_across_borders() -> None:
    names = ["china", "rest_of_world"]
    amounts = xr.DataArray(
        [[[900.0, 60.0], [20.0, 5.0]]],
        {"material": ["heavy"], "exporter": names, "importer": names},
        attrs={"unit": "t/year", "month": "2025-06", "worlds": 7},
    )
    ax = plots.trade_figure(amounts, note="A note.")[0, 0]
    paths = [patch.get_path() for patch in ax.patches if len(patch.get_path()) == 9]
    widths = sorted(abs(np.diff(path.vertices[[0, 7], 1])[0]) for path in paths)
    assert widths[1] / widths[0] == pytest.approx(3.0) and len(widths) == 2
    shown = words_in(ax)
    assert "China: 60\nhome supply 900" in shown and "heavy material, 2025-06" in shown
    assert "mean of 7 worlds. A note." in shown.replace("\n", " ")
    with pytest.raises(InputError, match="choose a material"):
        plots.trade_ribbons(amounts)


def test_pass_matrix_shows_every_line_and_what_misses() -> None:
    line = PatternLine("P1", "C", "peak", "log", 1.0, 3.0, 2.0, 1.5, 2.6)
    missed = replace(line, kind="H", meaning="wedge", measured=4.4, measured_low=np.nan, measured_high=np.nan)
    ax = plots.pass_matrix(pass_matrix([line, missed]), title="Market")
    shown = words_in(ax)
    assert "pass: 2 (1.5 to 2.6); tolerance 1 to 3 log" in shown and "MISS: 4.4; tolerance 1 to 3 log" in shown
    assert "used in tuning (C)" in shown and "held out (H)" in shown and "wedge  P1" in shown
    marks = {drawn.get_marker(): drawn.get_xdata()[0] for drawn in ax.lines if drawn.get_marker() in ("o", "X")}
    assert marks == pytest.approx({"o": 0.5, "X": 1.7})


def test_prices_stand_beside_the_record_with_sources() -> None:
    shown = replays.replay_panels("licences_2025", worlds=20)
    fans, points = shown[0]
    axes = plots.replay_prices(shown, sources=cited(points))
    words = words_in(axes[0]).replace("\n", " ")
    assert "argus_2025: European dysprosium and terbium after the April 2025 licences (Argus Media)" in words
    assert "heavy material, priced as Dy oxide" in words and "record: assessment in Europe" in words
    assert axes[0].get_yscale() == "log" and axes[0].get_ylabel() == "USD/kg"
    drawn = {(float(each.get_ydata()[0]), each.get_marker()) for each in axes[0].lines}
    assert set(zip(points["value"], points["kind"].map(MARKERS), strict=True)) <= drawn
    median = fans["abroad"].sel(quantile=0.5).values
    assert any(np.array_equal(each.get_ydata(), median) for each in axes[0].lines)
    with pytest.raises(ParameterError, match="unknown replay 'licences': did you mean 'licences_2025'"):
        replays.replay_panels("licences")


def test_points_used_in_tuning_are_white_and_given_ones_grey() -> None:
    fans, points = replays.replay_panels("quota_crisis_2010", worlds=20)[1]
    ax = plots.price_panel(fans, points)
    faces = {float(each.get_ydata()[0]): each.get_markerfacecolor() for each in ax.lines if each.get_marker() != "None"}
    for row in points.drop_duplicates("value", keep=False).to_dict("records"):
        expected = {TUNED: "white", GIVEN: PALETTE["grey"]}.get(row["use"])
        assert faces[row["value"]] == expected or (expected is None and faces[row["value"]] != "white")


def test_a_picture_can_be_saved_in_two_formats(tmp_path: Path) -> None:
    plots.save(plots.price_record(recorded_prices()), tmp_path / "prices.png", also=(".pdf",))
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".pdf"}
    with pytest.raises(InputError, match=r"'prices.xls': the name must end in .png"):
        plots.save(plots.price_record(recorded_prices()), "prices.xls")


def test_every_sweep_is_faceted_by_hypothesis_in_one_call(crossing: xr.Dataset) -> None:
    """A table with the dimension `tripwire` gives a picture per hypothesis, on one scale and with one key."""
    paths = path_table()
    calls = {
        "heat map": (plots.heat_map, crossing["both_sign"]),
        "zone": (plots.zone_map, crossing),
        "fan": (plots.fan_chart, bands.bands(paths)),
        "mean": (plots.mean_chart, bands.means(paths)),
    }
    for name, (draw, table) in calls.items():
        axes = draw(by_hypothesis(table, table))
        titles = [ax.get_title(loc="left") for ax in axes.flat if ax.get_visible()]
        assert [title[:2] for title in titles] == ["H0", "H4"], name
        assert "hostage" in titles[1], name
        plt.close("all")


def test_bands_keep_the_hypotheses_apart() -> None:
    paths = path_table()
    both = by_hypothesis(paths, 2 * paths)
    for name, less in (("H0", paths), ("H4", 2 * paths)):
        np.testing.assert_array_equal(bands.bands(both).sel(tripwire=name), bands.bands(less))
        np.testing.assert_allclose(bands.means(both)["low"].sel(tripwire=name), bands.means(less)["low"])


def test_facets_of_what_is_no_share_have_one_scale() -> None:
    levels = [0.0, 1.0]
    coords = {"tripwire": ["H0", "H4"], "x": levels, "y": levels}
    values = np.arange(8.0).reshape(2, 2, 2)
    axes = plots.heat_map(xr.DataArray(values, coords, ("tripwire", "x", "y"), name="depth", attrs={"unit": "m"}))
    assert {ax.collections[0].get_clim() for ax in axes.flat} == {(0.0, 7.0)}


def test_the_window_is_drawn_on_one_scale_around_no_difference() -> None:
    table = windows((0.1, 0.5, 1.0), (0.0, 60.0, 120.0), (0.02, 0.06), (2.0, 10.0))
    axes = plots.window_maps(table)
    assert axes.shape == (3, 2)
    norms = {id(ax.collections[0].norm) for ax in axes.flat}
    low, high = axes[0, 0].collections[0].get_clim()
    assert len(norms) == 1 and low * high == pytest.approx(1.0) and low == pytest.approx(float(table["renewed"].min()))
    np.testing.assert_allclose(axes[0, 1].collections[0].get_array(), table["renewed"].sel(regrouping=0.06, years=10))
    shown = axes[2, 0].collections[0].get_array()
    assert shown.mask[:, 0].all() and not shown.mask[:, 1:].any()  # built at once, it is never unbuilt
    words = words_in(axes[0, 0]).replace("\n", " ")
    assert all(
        part in words for part in ("solved, not simulated", "within 10 years", "rearms in 4.17 years", "months of")
    )

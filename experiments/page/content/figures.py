"""The pictures of the page: the project's own, one to a file, small enough to be read on a phone."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from experiments import plots
from experiments.analysis.deal.draft_responses import own_reasons
from experiments.ensemble.progress import Listener
from experiments.page.content.calculations import PLANE, Case, Tables
from experiments.plots.heat_map_marks import map_entries, text_box
from experiments.plots.style import entry, figure_of, label, parts_key

SIZE = (5.2, 3.7)
"""Inches: 10 points are then read on a screen of 390 pixels as 7 are in print."""
RASTER = 130
"""Dots per inch of pictures of dots."""
FORMATS = ("png", "svg")


@dataclass(frozen=True)
class Figure:
    """A picture: the calculation it is of, its heading, how it is drawn, and its words for those who do not see it.

    `draw` is given the case, its tables and, where `shares_scale`, those of the deal beside it, if there is one.
    """

    calculation: str
    heading: str
    draw: Callable[[Case, Tables, Tables | None], Axes]
    words: Callable[[Tables], str]
    shares_scale: bool = False


def draw_figure(name: str, form: str, case: Case, tables: Tables, beside: Tables | None, listen: Listener) -> bytes:
    """The picture `name` as a file of the format `form` (png or svg)."""
    figure = figure_of(FIGURES[name].draw(case, tables, beside))
    file = io.BytesIO()
    with plots.style():
        if form == "png":  # as savefig would, which draws all of it once more to learn where it is
            figure.set_dpi(RASTER)
            canvas: Any = FigureCanvasAgg(figure)
            canvas.print_png(file, pil_kwargs={"compress_level": 1})
        else:
            figure.savefig(file, format=form, dpi=RASTER, metadata={"Date": None})
    plt.close(figure)
    return file.getvalue()


def _axes(width: float = SIZE[0], height: float = SIZE[1]) -> Axes:
    ax: Axes = plots.axes_grid(1, 1, width, height)[0, 0]
    return ax


def _about(ax: Axes, attrs: Mapping[str, Any], *more: str) -> Axes:
    plots.caption(ax, textwrap.fill(plots.about(attrs, *more), 84), size=7)
    return ax


def _reasons(country: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    ends = [_ends(each["reasons"], country) for each in (tables, beside) if each is not None]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    room = 0.16 * max(high - low, 1e-9)
    ax = plots.reasons_bars(tables["reasons"], country, ax=_axes(height=4.3), limits=(low - room, high + room))
    with plots.style():
        figure_of(ax).legend(handles=parts_key(tables["reasons"]), loc="outside lower center", ncols=3)
    return _about(ax, {"preset": case.preset, "seed": case.seed})


def _ends(reasons: Any, country: str) -> tuple[float, float]:
    own = own_reasons(reasons, country)
    values = [*own["contribution"].values.tolist(), float(own["gain"])]
    return min(0.0, *values), max(0.0, *values)


def _reasons_words(country: str, tables: Tables) -> str:
    own = own_reasons(tables["reasons"], country)
    parts = zip(own["reason_meaning"].values, own["contribution"].values, strict=True)
    listed = "; ".join(f"{words} {value:+.2f}" for words, value in parts)
    together = float(own["gain"])
    verb = "signs" if together >= 0 else "refuses"
    return (
        f"Bars of what signing changes for {plots.country_name(country)}, percent of Ukraine's GDP: {listed}; "
        f"together {together:+.2f}, so it {verb}, before its private type."
    )


def _zone(case: Case, tables: Tables, beside: Tables | None) -> Axes:
    table = tables["agreement"]
    ax: Axes = plots.zone_map(table, ax=_axes(height=5.6), key=False)
    with plots.style():
        if bool(table["both_sign"].notnull().any()):
            figure_of(ax).colorbar(ax.collections[0], ax=ax, label=label(table["both_sign"]))
        entries = map_entries(table["both_sign"], table, None)
        figure_of(ax).legend(handles=entries, loc="outside lower center", fontsize=8)
    across, up = (float(getattr(case.parameters, name)) for name in PLANE)
    ax.plot([across], [up], "P", ms=14, mfc="white", mec="black", mew=1.8, clip_on=False, zorder=9)
    side = "right" if across > 0.6 else "left"
    box = {"facecolor": "white", "edgecolor": "black", "alpha": 0.9, "boxstyle": "round,pad=0.25"}
    shift = (-12 if side == "right" else 12, 12)
    ax.annotate("this deal", (across, up), shift, textcoords="offset points", ha=side, fontsize=9, zorder=10, bbox=box)
    return _about(ax, table.attrs, plots.worlds_a_point(table.attrs))


def _zone_words(tables: Tables) -> str:
    table = tables["agreement"]
    known = table["both_sign"].notnull()
    inside = float(table["zone"].where(known).mean()) if bool(known.any()) else float("nan")
    if np.isnan(inside):
        return "Map of ownership share and guarantee strength: not known at any point."
    best = float(table["both_sign"].max())
    return (
        "Map of the US ownership share (across) and the strength of the guarantee (up), both 0 to 1. Colour: share of "
        f"worlds in which both would sign, at most {best:.2f}. At {inside:.0%} of its points both would sign in at "
        "least half of worlds. The current deal is marked with a cross in a box."
    )


def _fan(material: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    abroad, home = f"price_{material}_united_states", f"price_{material}_china"
    ax = _axes()
    if _unknown(ax, tables[abroad]):
        return ax
    _share_limits(ax, [abroad], tables, beside)
    plots.fan_chart(tables[abroad], ax=ax, name="in the United States", log=True)
    title = f"Price of {material} material: median, 50 and 90 % of worlds"
    look: dict[str, Any] = {"colour": "black", "dashes": "--", "only_median": True, "name": "in China (median)"}
    plots.fan_chart(tables[home], ax=ax, log=True, title=title, **look)
    return _worlds(ax, tables[abroad])


def _path(name: str, title: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    ax = _axes()
    if _unknown(ax, tables[name]):
        return ax
    ax.set_ylim(0, 1)
    plots.fan_chart(tables[name], ax=ax, title=title)
    return _worlds(ax, tables[name])


def _share(name: str, title: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    ax = _axes()
    if not bool(tables[name]["mean"].notnull().any()):
        text_box(ax, ["not known in any world"])
        return ax
    plots.mean_chart(tables[name], ax=ax, title=title)
    return _worlds(ax, tables[name])


def _worlds(ax: Axes, table: Any) -> Axes:
    known, attrs = table.attrs["known"], dict(table.attrs)
    return _about(ax, attrs, f"{known} worlds")


def _unknown(ax: Axes, bands: Any) -> bool:
    """Whether nothing is known of a fan, which is then said in its stead."""
    missing = not bool(bands.notnull().any())
    if missing:
        text_box(ax, [f"not known: only {bands.attrs['known']} worlds have numbers"])
    return missing


def _share_limits(ax: Axes, names: list[str], tables: Tables, beside: Tables | None) -> None:
    """Limits of a logarithmic axis within which both deals can be read beside each other."""
    values = [each[name].values for each in (tables, beside) if each is not None for name in names]
    low, high = min(np.nanmin(each) for each in values), max(np.nanmax(each) for each in values)
    ax.set_ylim(low / 1.15, high * 1.15)


def _path_words(name: str, what: str, tables: Tables) -> str:
    bands = tables[name]
    if not bool(bands.notnull().any()):
        return f"{what}: not known."
    last = bands.isel(month=-1)
    low, middle, high = (float(last.sel(quantile=q, method="nearest")) for q in (0.05, 0.5, 0.95))
    first = float(bands.isel(month=0).sel(quantile=0.5, method="nearest"))
    unit, when = bands.attrs["unit"], [str(bands["month"].values[at])[:7] for at in (0, -1)]
    return (
        f"{what}, {unit}. Median {first:.3g} in {when[0]} and {middle:.3g} in {when[1]}, "
        f"then from {low:.3g} to {high:.3g} in 90 % of worlds."
    )


def _share_words(name: str, what: str, tables: Tables) -> str:
    means = tables[name]["mean"]
    if not bool(means.notnull().any()):
        return f"{what}: not known."
    when = [str(means["month"].values[at])[:7] for at in (0, -1)]
    return f"{what}: {float(means[0]):.2f} in {when[0]}, {float(means[-1]):.2f} in {when[1]}."


def _trade(material: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    return plots.trade_flows(tables["flows"].sel(material=material), ax=_axes(height=4.4), key=False)


def _trade_words(material: str, tables: Tables) -> str:
    flows = tables["flows"].sel(material=material)
    pairs = flows.to_series().sort_values(ascending=False)
    named = [
        f"{plots.country_name(exporter)} to {plots.country_name(importer)} {amount:,.0f}"
        for (exporter, importer), amount in pairs.items()
        if exporter != importer
    ]
    return f"Table of who sells {material} material to whom, t/year, mean of worlds. Largest: {'; '.join(named[:3])}."


def _country(name: str, case: Case, tables: Tables, beside: Tables | None) -> Axes:
    effects = tables["effects"]
    ax: Axes = plots.change_bars(effects, name, ax=_axes(height=2.6), names=False)
    with plots.style():
        mark = entry("utility, which weighs them", marker="D", ms=5)
        figure_of(ax).legend(handles=[*parts_key(effects), mark], loc="outside lower center", ncols=4, fontsize=8)
    return _about(ax, effects.attrs, f"{effects.attrs['worlds']} worlds; lines: 95 % intervals")


def _country_words(name: str, tables: Tables) -> str:
    own = tables["effects"]["change"].sel(country=name, draft="deal")
    listed = ", ".join(f"{part} {float(own.sel(part=part)):+.3g}" for part in own["part"].values)
    return f"What the deal in force changes for {plots.country_name(name)}, percent of its GDP: {listed}."


WAR = "There is fighting: share of worlds"
FORCE = "The deal is in force: share of worlds"
CHINA = "China's share of world mining"
DEPENDS = "US purchases of magnet material that China controls"
FIGURES = {
    "ukraine": Figure("answers", "Why Ukraine signs or refuses", partial(_reasons, "ukraine"),
                      partial(_reasons_words, "ukraine"), shares_scale=True),
    "united-states": Figure("answers", "Why the United States signs or refuses", partial(_reasons, "united_states"),
                            partial(_reasons_words, "united_states"), shares_scale=True),
    "map": Figure("zone", "Who would sign where", _zone, _zone_words),
    "price-magnet": Figure("futures", "Price of magnet material, United States and China", partial(_fan, "magnet"),
                           partial(_path_words, "price_magnet_united_states", "Price of magnet material in the US"),
                           shares_scale=True),
    "price-heavy": Figure("futures", "Price of heavy material, United States and China", partial(_fan, "heavy"),
                          partial(_path_words, "price_heavy_united_states", "Price of heavy material in the US"),
                           shares_scale=True),
    "china": Figure("futures", CHINA, partial(_path, "china_mine_share", CHINA),
                    partial(_path_words, "china_mine_share", CHINA)),
    "dependence": Figure("futures", "US dependence on China", partial(_path, "dependence_magnet", DEPENDS),
                         partial(_path_words, "dependence_magnet", DEPENDS)),
    "war": Figure("futures", "War", partial(_share, "fighting", WAR), partial(_share_words, "fighting", WAR)),
    "in-force": Figure("futures", "The deal", partial(_share, "deal_in_force", FORCE),
                       partial(_share_words, "deal_in_force", FORCE)),
    "trade": Figure("trade", "Who sells magnet material to whom, t/year", partial(_trade, "magnet"),
                    partial(_trade_words, "magnet")),
    **{f"country-{name}": Figure("countries", f"What the deal changes for {plots.country_name(name)}",
                                 partial(_country, name), partial(_country_words, name))
       for name in ("united_states", "ukraine", "russia", "china")},
}  # fmt: skip
"""Name -> picture, in the order of the page."""

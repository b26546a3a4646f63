"""Eleven lines about the demo, in plain words; every number is computed from its tables, intervals are of 95 %."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from experiments.analysis.deal import agreement_zones as deals
from experiments.analysis.deal.draft_responses import summed_reasons
from experiments.analysis.sensitivity.report import leading_words
from experiments.analysis.shares_and_survival import percent, renewed_war, share_interval
from experiments.demo.tables import PLANE, Tables

OWN = "Ukraine's own offer"


def summary_lines(tables: Tables) -> Iterator[str]:
    """The eleven lines, one after the other."""
    february, april, own = tables.february, tables.april, tables.own
    first, last = (str(april["month"].values[at])[:4] for at in (0, -1))
    both = april["ukraine_accepts"] * april["united_states_accepts"]
    yield _worths(tables)
    yield (
        "Half of all resource revenue, 500 bn USD of past aid credited, no guarantee (the demand of February 2025), no "
        f"deal for good if it refuses: Ukraine would sign in {share(february['ukraine_accepts'])} of worlds."
    )
    yield (
        f"The agreement of 30 April 2025: Ukraine would sign in {share(april['ukraine_accepts'])}, the United States "
        f"in {share(april['united_states_accepts'])}, both in {share(both)}. Once it is on the table it comes into "
        f"force in {share(april['ratified'])}."
    )
    yield (
        "Ukraine's own offer, half of all revenue for a guarantee of 0.7 at once: Ukraine would sign in "
        f"{share(own['ukraine_accepts'])}, the United States in {share(own['united_states_accepts'])} "
        f"({_reasons(tables, OWN, 'united_states')})."
    )
    yield (
        f"Why, in percent of Ukraine's GDP: Ukraine in February {_reasons(tables, 'February 2025 demand', 'ukraine')}; "
        f"the United States in April {_reasons(tables, 'Agreement of 30 April 2025', 'united_states')}."
    )
    yield _turning(tables)
    yield _zone(tables)
    yield _shifts(tables)
    yield (
        f"Under the agreement of April there is no fighting at the end of {last} in {share(april['peace_holds'])} of "
        f"worlds. {_war_again(tables)}"
    )
    month = april["first_output_month"].values.astype(float)
    yield (
        f"China mines {mean(april['china_mine_share_2025'])} of the world's rare earths at the end of 2025 and "
        f"{mean(april['china_mine_share_end'])} at the end of {last}, Ukraine any in "
        f"{percent(*share_interval(np.isfinite(month))[:3])} of worlds. {_prices(april, first, last)}"
    )
    yield (
        "What each depends on, as parts of the variance of what is to be expected if every group of inputs is drawn "
        f"over all its range (total Sobol' indices): {leading_words(tables.sensitivity)}."
    )


def share(outcome: xr.DataArray) -> str:
    """A share of worlds in percent, with its 95 % interval."""
    return percent(*share_interval(outcome.values)[:3])


def whole(part: float) -> str:
    """A part of a whole (0-1) in whole percent."""
    return f"{100 * part:.0f} %"


def mean(outcome: xr.DataArray) -> str:
    """The mean over worlds of a share, in percent, with half of its 95 % interval."""
    values = outcome.values.astype(float)
    return f"{100 * values.mean():.1f} % (± {196 * values.std(ddof=1) / np.sqrt(values.size):.1g})"


def _worths(tables: Tables) -> str:
    values = [row["worth"] for row in tables.worths]
    return (
        f"In percent of Ukraine's GDP: a guarantee of 0.7 in force at once is worth {values[0]:.1f} to Ukraine and "
        f"costs the United States {-values[1]:.1f}; all resource revenue with every new licence is worth "
        f"{values[5]:.1f}, the US stake of April {values[6]:.1f}, rare earths {values[7]:.2f}. All the minerals could "
        f"{'' if values[5] > -values[1] else 'not '}pay for it."
    )


def _reasons(tables: Tables, deal: str, country: str) -> str:
    """The largest reasons of a country, weighted, and their sum."""
    table = tables.reasons[deal]
    parts = ", ".join(f"{words} {part:+.1f}" for words, part in summed_reasons(table, country, 3))
    return f"{parts}; all together {float(table['gain'].sel(signatory=country)):+.1f}"


def _war_again(tables: Tables) -> str:
    """Renewed war with and without a strong guarantee, with the worlds whose run ends too soon censored."""
    april, guarded = renewed_war(tables.april, 10), renewed_war(tables.guarded, 10)
    words = "war comes back within ten years of the first ceasefire"
    if np.isnan(april[0]):
        return f"Whether {words} is unknown: no run is long enough."
    return (
        f"By Kaplan and Meier {words} in {percent(*april[:3])} of worlds with one ({whole(april[4])} of them are not "
        f"seen that long), against {percent(*guarded[:3])} under a guarantee of 0.7 in force at once."
    )


def _turning(tables: Tables) -> str:
    alone = tables.turning
    turns = alone["term"].values[np.isfinite(alone["needed"].values)]
    others = [_turn(alone.sel(term=term)) for term in turns]
    if not others:
        return "No other value of any one term makes Ukraine sign February's demand."
    return f"Alone, what makes Ukraine sign February's demand is {', or '.join(others)}; no other term does."


def _turn(term: xr.Dataset) -> str:
    """The change of one term that turns Ukraine, and what the other side says then."""
    unit = str(term["unit"].values)
    amount = f"{float(term['needed']):.3g}" + ("" if unit == "share" else f" {unit}")
    still = float(term["other_gain"]) >= 0
    response = "the United States would still sign" if still else "at which the United States refuses"
    return f"{str(term['term'].values).replace('_', ' ')} {amount} ({response})"


def _zone(tables: Tables) -> str:
    areas = {end: float(deals.zone_bounds(table, *PLANE)["area"]) for end, table in tables.politics.items()}
    main = float(deals.zone_bounds(tables.main, *PLANE)["area"])
    hypotheses = deals.zone_bounds(tables.hypotheses, *PLANE)["area"].to_series()
    return (
        "On the map of ownership share and guarantee strength both would sign in at least half of worlds on "
        f"{whole(main)} of its area; with no political costs on {whole(areas['no'])}, with the highest on "
        f"{whole(areas['high'])}. Over the hypotheses of what a US stake does, from {whole(hypotheses.min())} "
        f"({hypotheses.idxmin()}) to {whole(hypotheses.max())} ({hypotheses.idxmax()})."
    )


def _shifts(tables: Tables) -> str:
    """The assumptions over whose ranges the part of the map on which both gain moves most."""
    rows = sorted(tables.shifts, key=lambda row: -abs(row["zone_high"] - row["zone_low"]))[:3]
    moved = "; ".join(
        f"{row['assumption'].replace('_', ' ')} {row['low']:g} to {row['high']:g} {row['unit']}: from "
        f"{whole(row['zone_low'])} to {whole(row['zone_high'])}"
        for row in rows
    )
    return (
        f"Before private types both gain on {whole(rows[0]['zone_now'])} of that map. What moves this most, each alone "
        f"over its range: {moved}."
    )


def _prices(april: xr.Dataset, first: str, last: str) -> str:
    prices = {material: april[f"price_{material}_united_states"].astype(float) for material in ("magnet", "heavy")}
    start = " and ".join(f"{float(price.isel(month=0).mean()):,.0f}" for price in prices.values())
    ends = "; ".join(_last_price(material, price) for material, price in prices.items())
    return f"Prices in the United States at the end of {last}, median: {ends}; in January {first} they were {start}."


def _last_price(material: str, price: xr.DataArray) -> str:
    low, middle, high = price.isel(month=-1).quantile([0.05, 0.5, 0.95]).values
    return f"{material} {middle:,.0f} USD/kg (90 % of worlds: {low:,.0f} to {high:,.0f})"

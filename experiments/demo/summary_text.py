"""Ten lines about the demo, in plain words; every number is computed from its tables, intervals are of 95 %."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from experiments.analysis import agreement_zones as deals
from experiments.analysis.acceptance_reasons import summed_reasons
from experiments.analysis.statistics import percent, renewed_war, share_interval
from experiments.demo.tables import PLANE, Tables


def summary_lines(tables: Tables) -> Iterator[str]:
    """The ten lines, one after the other."""
    february, april = tables.february, tables.april
    first, last = (str(april["month"].values[at])[:4] for at in (0, -1))
    both = april["ukraine_accepts"] * april["united_states_accepts"]
    yield (
        "Half of all resource revenue, 500 bn USD of past aid credited, no guarantee (the demand of February 2025): "
        f"Ukraine would sign in {share(february['ukraine_accepts'])} of worlds."
    )
    yield (
        f"The agreement of 30 April 2025: Ukraine would sign in {share(april['ukraine_accepts'])}, the United States "
        f"in {share(april['united_states_accepts'])}, both in {share(both)}. Once it is on the table it comes into "
        f"force in {share(april['ratified'])}."
    )
    yield _why(next(iter(tables.reasons.values())))
    yield _turning(tables)
    yield _zone(tables.main)
    yield _other_zones(tables)
    yield (
        f"Under the agreement of April there is no fighting at the end of {last} in {share(april['peace_holds'])} of "
        f"worlds. {_war_again(tables)}"
    )
    yield (
        f"China mines {mean(april['china_mine_share_2025'])} of the world's rare earths at the end of 2025 and "
        f"{mean(april['china_mine_share_end'])} at the end of {last}; it separates "
        f"{mean(april['china_separation_share_2025'])} and {mean(april['china_separation_share_end'])}."
    )
    prices = {material: april[f"price_{material}_united_states"].astype(float) for material in ("magnet", "heavy")}
    start = " and ".join(f"{float(price.isel(month=0).mean()):,.0f}" for price in prices.values())
    yield (
        f"Prices in the United States at the end of {last}, median: "
        f"{'; '.join(_last_price(material, price) for material, price in prices.items())}; in January {first} they "
        f"were {start}."
    )
    month = april["first_output_month"].values.astype(float)
    mined = month[np.isfinite(month)]
    when = f", half of them by {int(first) + int(np.median(mined)) // 12}" if len(mined) else ""
    mining = percent(*share_interval(np.isfinite(month))[:3])
    yield f"Ukraine mines its first rare earths by the end of {last} in {mining} of worlds{when}."


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


def _war_again(tables: Tables) -> str:
    """Renewed war under both deals, with the worlds whose run ends too soon censored."""
    april, february = renewed_war(tables.april, 10), renewed_war(tables.february, 10)
    words = "war comes back within ten years of the first ceasefire"
    if np.isnan(april[0]):
        return f"Whether {words} is unknown: no run is long enough."
    return (
        f"By Kaplan and Meier {words} in {percent(*april[:3])} of worlds with one ({whole(april[4])} of them are not "
        f"seen that long), against {percent(*february[:3])} under February's demand."
    )


def _why(table: xr.Dataset) -> str:
    parts = ", ".join(f"{words} ({part:+.1f})" for words, part in summed_reasons(table, "ukraine", 4))
    gain = float(table["gain"].sel(signatory="ukraine"))
    return f"Ukraine's reasons in February, in percent of its GDP: {parts}; all together {gain:+.1f}."


def _turning(tables: Tables) -> str:
    alone, without = tables.turning, tables.turning_without_debt
    guarantee, needed = (float(each["needed"].sel(term="guarantee_strength")) for each in (alone, without))
    if np.isnan(guarantee):
        first = "No guarantee, however strong, makes Ukraine sign that demand"
    else:
        first = f"A guarantee of {guarantee:.2f} makes Ukraine sign that demand"
    turns = alone["term"].values[np.isfinite(alone["needed"].values)]
    others = [_turn(alone.sel(term=term)) for term in turns if term != "guarantee_strength"]
    second = f"; alone, what does is {', or '.join(others)}" if others else "; no other term alone does"
    if without.attrs["gain"] >= 0:
        third = "it signs even without a guarantee"
    else:
        third = "still none is enough" if np.isnan(needed) else f"a guarantee of {needed:.2f} is enough"
    return f"{first}{second}. With no aid credited, {third}."


def _turn(term: xr.Dataset) -> str:
    """The change of one term that turns Ukraine, and what the other side says then."""
    unit = str(term["unit"].values)
    amount = f"{float(term['needed']):.3g}" + ("" if unit == "share" else f" {unit}")
    still = float(term["other_gain"]) >= 0
    response = "the United States would still sign" if still else "at which the United States refuses"
    return f"{str(term['term'].values).replace('_', ' ')} {amount} ({response})"


def _zone(table: xr.Dataset) -> str:
    zone = {str(name): float(value) for name, value in deals.zone_bounds(table, *PLANE).items()}
    start = "On the map of ownership share and guarantee strength, both would sign in at least half of worlds"
    if zone["area"] == 0:
        return f"{start} nowhere; the most is {whole(float(table['both_sign'].max()))} of worlds."
    return (
        f"{start} in {whole(zone['area'])} of its area: up to an ownership share of "
        f"{zone['ownership_share_high']:.2f} and with a guarantee from {zone['guarantee_strength_low']:.2f} to "
        f"{zone['guarantee_strength_high']:.2f}."
    )


def _other_zones(tables: Tables) -> str:
    signed = float(deals.zone_bounds(tables.signed, *PLANE)["area"])
    areas = deals.zone_bounds(tables.hypotheses, *PLANE)["area"].to_series()
    spread = f"from {whole(areas.min())} ({areas.idxmin()}) to {whole(areas.max())} ({areas.idxmax()})"
    if areas.max() - areas.min() < 0.005:
        spread = f"{whole(areas.min())} in all six"
    return (
        f"With the other terms as signed in April the zone is {whole(signed)} of the area. What a US stake does to "
        f"safety is not known: over the hypotheses H0 to H5 the zone of the preset's terms covers {spread}."
    )


def _last_price(material: str, price: xr.DataArray) -> str:
    low, middle, high = price.isel(month=-1).quantile([0.05, 0.5, 0.95]).values
    return f"{material} {middle:,.0f} USD/kg (90 % of worlds: {low:,.0f} to {high:,.0f})"

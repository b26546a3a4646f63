"""Ten lines about the demo, in plain words; every number is computed from its tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from experiments.analysis import agreement_zones as deals
from experiments.demo.tables import PLANE, Tables


def summary_lines(tables: Tables) -> Iterator[str]:
    """The ten lines, one after the other."""
    february, april = tables.february, tables.april
    first, last = (str(april["month"].values[at])[:4] for at in (0, -1))
    yield (
        "Half of all resource revenue, 500 bn USD of past aid credited, no guarantee (the demand of February 2025): "
        f"Ukraine signs in {share(february['ukraine_accepts'])} of worlds."
    )
    yield (
        f"The agreement of 30 April 2025: Ukraine signs in {share(april['ukraine_accepts'])}, the United States would "
        f"in {share(april['united_states_accepts'])}; it comes into force in {share(april['ratified'])}."
    )
    yield _why(next(iter(tables.reasons.values())))
    yield _turning(tables)
    yield _zone(tables.main)
    yield _other_zones(tables)
    changed = (april["renewed_war_10y"] - february["renewed_war_10y"]).values.astype(float)
    error = changed.std(ddof=1) / np.sqrt(changed.size)
    yield (
        f"Under the agreement of April there is no fighting at the end of {last} in {share(april['peace_holds'])} of "
        "worlds; war has come back within ten years of the first ceasefire in "
        f"{share(april['renewed_war_10y'])}, {100 * changed.mean():+.1f} points (± {100 * error:.1f}) against "
        "February's demand."
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
    month = april["first_output_month"].astype(float)
    mined = month.values[np.isfinite(month)]
    when = f", half of them by {int(first) + int(np.median(mined)) // 12}" if len(mined) else ""
    mining = share((month < np.inf).astype(float))
    yield f"Ukraine mines its first rare earths by the end of {last} in {mining} of worlds{when}."


def share(outcome: xr.DataArray) -> str:
    """A share of worlds in percent, with its Monte Carlo standard error."""
    table = deals.share_of_worlds(outcome)
    return f"{100 * float(table.share):.1f} % (± {100 * float(table.error):.1f})"


def mean(outcome: xr.DataArray) -> str:
    """The mean over worlds of a share, in percent, with its standard error."""
    values = outcome.values.astype(float)
    return f"{100 * values.mean():.1f} % (± {100 * values.std(ddof=1) / np.sqrt(values.size):.1g})"


def _why(table: xr.Dataset) -> str:
    own = table[["of", "meaning", "contribution"]].to_dataframe().query("of == 'ukraine'").sort_values("contribution")
    said = [f"{row.meaning} ({row.contribution:+.1f})" for row in own.itertuples()]
    worst, best = f"{said[0]} and {said[1]}", said[-1]
    gain = float(table["gain"].sel(country="ukraine"))
    return f"Ukraine's reasons in February, in percent of its GDP: {worst} against {best}; all together {gain:+.1f}."


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
        best = float(table["less_willing"].max())
        return f"{start} nowhere; the most the less willing side comes to is {best:.0%} of worlds."
    return (
        f"{start} in {zone['area']:.0%} of its area: up to an ownership share of "
        f"{zone['ownership_share_high']:.2f} and with a guarantee from {zone['guarantee_strength_low']:.2f} to "
        f"{zone['guarantee_strength_high']:.2f}."
    )


def _other_zones(tables: Tables) -> str:
    signed = float(deals.zone_bounds(tables.signed, *PLANE)["area"])
    areas = deals.zone_bounds(tables.hypotheses, *PLANE)["area"].to_series()
    spread = f"from {areas.min():.0%} ({areas.idxmin()}) to {areas.max():.0%} ({areas.idxmax()})"
    if areas.max() - areas.min() < 0.005:
        spread = f"{areas.min():.0%} in all six"
    return (
        f"With the other terms as signed in April the zone is {signed:.0%} of the area. What a US stake does to safety "
        f"is not known: over the hypotheses H0 to H5 the zone of the preset's terms covers {spread}."
    )


def _last_price(material: str, price: xr.DataArray) -> str:
    low, middle, high = price.isel(month=-1).quantile([0.05, 0.5, 0.95]).values
    return f"{material} {middle:,.0f} USD/kg (90 % of worlds: {low:,.0f} to {high:,.0f})"

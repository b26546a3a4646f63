"""Ten lines about the demo, in plain words; every number is computed from its tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from experiments.analysis import agreement_zones as deals
from experiments.demo.tables import PLANE

if TYPE_CHECKING:
    from experiments.demo.tables import Tables


def summary_lines(tables: Tables) -> Iterator[str]:
    """The ten lines, one after the other."""
    february, april = (tables.two_deals.isel(policy=policy) for policy in (0, 1))
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
    yield _zone(tables)
    yield _signed_zone(tables)
    yield _peace(february, april)
    yield (
        f"China mines {mean(april['china_mine_share_2025'])} of the world's rare earths at the end of 2025 and "
        f"{mean(april['china_mine_share_end'])} at the end of {_last_year(april)}; it separates "
        f"{mean(april['china_separation_share_2025'])} and {mean(april['china_separation_share_end'])}."
    )
    yield _prices(april)
    yield _output(april)


def share(outcome: xr.DataArray) -> str:
    """A share of worlds in percent, with its Monte Carlo standard error."""
    table = deals.share_of_worlds(outcome)
    return f"{100 * float(table.share):.1f} % (± {100 * float(table.error):.1f})"


def mean(outcome: xr.DataArray) -> str:
    """The mean over worlds of a share, in percent, with its standard error."""
    values = outcome.values.astype(float)
    return f"{100 * values.mean():.1f} % (± {100 * values.std(ddof=1) / np.sqrt(values.size):.1g})"


def _why(table: xr.Dataset) -> str:
    own = table.isel(reason=np.flatnonzero(table["of"].values == "ukraine"))
    order = np.argsort(own["contribution"].values)
    worst = [f"{own['meaning'].values[i]} ({own['contribution'].values[i]:+.1f})" for i in order[:2]]
    best = f"{own['meaning'].values[order[-1]]} ({own['contribution'].values[order[-1]]:+.1f})"
    gain = float(table["gain"].sel(country="ukraine"))
    return (
        f"Ukraine's reasons in February, in percent of its GDP: {' and '.join(worst)} against {best}; "
        f"all together {gain:+.1f}."
    )


def _turning(tables: Tables) -> str:
    alone, without = tables.turning, tables.turning_without_debt
    turning = [str(term) for term in alone["term"].values if np.isfinite(alone["needed"].sel(term=term))]
    guarantee = float(alone["needed"].sel(term="guarantee_strength"))
    if np.isnan(guarantee):
        first = "No guarantee, however strong, makes Ukraine sign that demand"
    else:
        first = f"A guarantee of {guarantee:.2f} makes Ukraine sign that demand"
    others = [_turn(alone.sel(term=term)) for term in turning if term != "guarantee_strength"]
    second = f"; alone, what does is {', or '.join(others)}" if others else "; no other term alone does"
    needed = float(without["needed"].sel(term="guarantee_strength"))
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


def _zone(tables: Tables) -> str:
    zone = tables.main_zone
    start = "On the map of ownership share and guarantee strength, both would sign in at least half of worlds"
    if float(zone["area"]) == 0:
        best = tables.main["less_willing"]
        return f"{start} nowhere; the most the less willing side comes to is {float(best.max()):.0%} of worlds."
    low, high = (float(zone[f"guarantee_strength_{edge}"]) for edge in ("low", "high"))
    return (
        f"{start} in {float(zone['area']):.0%} of its area: up to an ownership share of "
        f"{float(zone['ownership_share_high']):.2f} and with a guarantee from {low:.2f} to {high:.2f}."
    )


def _signed_zone(tables: Tables) -> str:
    area = float(deals.zone_bounds(tables.signed, *PLANE)["area"])
    areas = deals.zone_bounds(tables.hypotheses, *PLANE)["area"]
    low, high = float(areas.min()), float(areas.max())
    names = [str(areas["tripwire"].values[extreme(areas.values)]) for extreme in (np.argmin, np.argmax)]
    spread = (
        f"from {low:.0%} ({names[0]}) to {high:.0%} ({names[1]})" if high - low >= 0.005 else f"{low:.0%} in all six"
    )
    return (
        f"With the other terms as signed in April the zone is {area:.0%} of the area. What a US stake does to safety "
        f"is not known: over the hypotheses H0 to H5 the zone of the preset's terms covers {spread}."
    )


def _peace(february: xr.Dataset, april: xr.Dataset) -> str:
    changed = (april["renewed_war_10y"] - february["renewed_war_10y"]).values.astype(float)
    error = changed.std(ddof=1) / np.sqrt(changed.size)
    return (
        f"Under the agreement of April there is no fighting at the end of {_last_year(april)} in "
        f"{share(april['peace_holds'])} of worlds; war has come back within ten years of the first ceasefire in "
        f"{share(april['renewed_war_10y'])}, {100 * changed.mean():+.1f} points (± {100 * error:.1f}) against "
        "February's demand."
    )


def _prices(april: xr.Dataset) -> str:
    parts = []
    for material in ("magnet", "heavy"):
        price = april[f"price_{material}_united_states"].isel(month=-1).values.astype(float)
        low, middle, high = np.quantile(price, [0.05, 0.5, 0.95])
        parts.append(f"{material} {middle:,.0f} USD/kg (90 % of worlds: {low:,.0f} to {high:,.0f})")
    first = [float(april[f"price_{material}_united_states"].isel(month=0).mean()) for material in ("magnet", "heavy")]
    return (
        f"Prices in the United States at the end of {_last_year(april)}, median: {'; '.join(parts)}; in January "
        f"{_first_year(april)} they were {first[0]:,.0f} and {first[1]:,.0f}."
    )


def _output(april: xr.Dataset) -> str:
    month = april["first_output_month"].values.astype(float)
    known = month[np.isfinite(month)]
    mining = share(xr.DataArray(np.isfinite(month).astype(float), dims="replicate"))
    when = f", half of them by {_first_year(april) + int(np.median(known)) // 12}" if len(known) else ""
    return f"Ukraine mines its first rare earths by the end of {_last_year(april)} in {mining} of worlds{when}."


def _first_year(results: xr.Dataset) -> int:
    return int(str(results["month"].values[0])[:4])


def _last_year(results: xr.Dataset) -> int:
    return int(str(results["month"].values[-1])[:4])

"""Tables with made-up numbers for the pictures that are compared pixel by pixel: no run of the model is in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

ABOUT = {"preset": "documented", "seed": 4, "replicates": 200, "months": 180}
MONTHS = np.arange("2025-01", "2030-01", dtype="datetime64[M]").astype("datetime64[ns]")
COUNTRIES = ["united_states", "ukraine", "russia", "china", "rest_of_world"]


def agreement() -> xr.Dataset:
    """Where each would sign over two terms: Ukraine at the upper left, the United States below; a corner unknown."""
    levels = np.linspace(0, 1, 9)
    words = {"ownership_share": "US share of the revenue covered", "guarantee_strength": "strength of the guarantee"}
    coords = {
        name: (name, levels, {"long_name": name.replace("_", " "), "unit": "share", "meaning": meaning})
        for name, meaning in words.items()
    }
    share, strength = np.meshgrid(levels, levels, indexing="ij")
    ukraine, united_states = 1 / (1 + np.exp(8 * (share - strength - 0.3))), 1 / (1 + np.exp(8 * (strength - 0.6)))
    ukraine[-2:, :2] = united_states[-2:, :2] = np.nan
    shares = {"ukraine_signs": ukraine, "united_states_signs": united_states, "both_sign": ukraine * united_states}
    attrs = {"unit": "share", "long_name": "both would sign"}
    table = xr.Dataset({name: (tuple(coords), each, attrs) for name, each in shares.items()}, coords)
    return table.assign(zone=table["both_sign"] >= 0.5).assign_attrs(ABOUT, threshold=0.5)


def price_paths() -> xr.DataArray:
    """Monthly prices in forty worlds, of which ten end early."""
    random = np.random.default_rng(1)
    values = 60 * np.exp(np.cumsum(0.05 * random.standard_normal((len(MONTHS), 40)), axis=0))
    values[36:, :10] = np.nan
    attrs = {"unit": "USD/kg", "meaning": "price of magnet material in the United States"}
    return xr.DataArray(values, {"month": MONTHS}, ("month", "replicate"), name="price", attrs=ABOUT | attrs)


def total_indices() -> pd.DataFrame:
    """Total indices of three outcomes: one clear, one whose intervals are wide, one that is not known."""
    inputs = ["guarantee_strength", "ceasefire_hazard", "tripwire", "settlement_value"]
    cases: dict[str, Any] = {
        "no fighting at the end of the run": ([0.1, 0.7, 0.02, 0.2], 0.08, ""),
        "the United States would accept the terms": ([0.5, 0.3, 0.1, 0.6], 0.3, "total: intervals up to 0.60 wide"),
        "war came back": ([np.nan] * 4, np.nan, "differs at only 1.2% of points: needs 5%"),
    }
    rows = [
        {"outcome": meaning, "meaning": meaning, "index": "total", "input": name, "unit": "share", "note": note}
        | {"value": value, "low": value - min(half, value), "high": value + half}
        for meaning, (values, half, note) in cases.items()
        for name, value in zip(inputs, values, strict=True)
    ]
    return pd.DataFrame(rows)


def tornado() -> pd.DataFrame:
    """Changes of one outcome by settings of three inputs, a word among them."""
    settings = [
        ("guarantee_strength", "0", 0.4, -0.21), ("guarantee_strength", "1", 0.4, 0.34),
        ("ceasefire_hazard", "0.03", 0.1, -0.12), ("ceasefire_hazard", "0.4", 0.1, 0.18),
        ("tripwire", "H2", "H0", 0.06), ("tripwire", "H4", "H0", -0.01),
    ]  # fmt: skip
    rows = [
        {"outcome": "peace", "meaning": "no fighting at the end of the run", "index": "change", "input": name}
        | {"setting": setting, "base": base, "value": value, "low": value - 0.03, "high": value + 0.03}
        | {"unit": "0/1", "pairs": 200, "variance_ratio": 0.4, "note": ""}
        for name, setting, base, value in settings
    ]
    return pd.DataFrame(rows)


def reasons() -> xr.Dataset:
    """Reasons of both signatories, one of them that only one has."""
    meanings = ["revenue ceded", "support that hinges on signing", "safety by the guarantee", "political cost"]
    coords = {
        "signatory": ["united_states", "ukraine"],
        "reason": ["revenue", "support", "safety", "politics"],
        "reason_meaning": ("reason", meanings),
        "part": (
            ("signatory", "reason"),
            [["money", "money", "none", "politics"], ["money", "security", "security", "politics"]],
        ),
    }
    values = np.array([[1.2, -1.8, 0.0, 2.6], [-1.2, 2.0, 0.03, -1.6]])
    unit = {"unit": "percent of Ukraine's GDP"}
    return xr.Dataset(
        {"contribution": (("signatory", "reason"), values, unit), "gain": ("signatory", values.sum(axis=1), unit)},
        coords,
        ABOUT,
    )


def flows() -> xr.DataArray:
    """Trade of one material between five countries; most of it is China's, and some cells are nothing."""
    values = np.outer([30, 0.4, 5, 900, 60], [0.15, 0.01, 0.05, 0.5, 0.29])
    values[1, 2], values[2, 1] = 0, 0.01
    attrs = {"unit": "t/year", "long_name": "trade", "month": "2025-12", "worlds": 200} | ABOUT
    coords = {"exporter": COUNTRIES, "importer": COUNTRIES, "material": "magnet"}
    return xr.DataArray(values, coords, ("exporter", "importer"), name="trade", attrs=attrs)


def coupling() -> xr.Dataset:
    """Effects of three groups on four outcomes, two of them too small to count."""
    effect = np.array([[6.7, 0.01, 0.3, 0.002], [12.6, 0.31, 0.02, 0.06], [0.4, 0.62, 0.0, 0.004]])
    least = np.array([0.1, 0.02, 0.05, 0.01])
    words = ["worth of the deal to Ukraine", "peace holds", "price of magnets", "China's share"]
    return xr.Dataset(
        {
            "effect": (("group", "outcome"), effect),
            "empty": (("group", "outcome"), effect < least),
            "least": ("outcome", least),
            "words": ("outcome", words),
            "unit": ("outcome", ["% of GDP", "share", "log", "share"]),
        },
        {"group": ["minerals", "guarantee", "war"], "outcome": ["worth", "peace", "price", "share"]},
        ABOUT,
    )


def war_windows() -> xr.Dataset:
    """Ratios to nothing promised: above 1 where a weak guarantee is slowly built; the rate is unknown at once."""
    strength, buildup, rates, years = np.linspace(0, 1, 6), np.linspace(0, 120, 7), [0.02, 0.06], [10.0]
    grown = np.exp(0.8 * buildup / 120 - 1.2 * strength[:, None])
    renewed = np.stack([np.stack([grown ** (year / 10), grown ** (year / 5)]) for year in years])
    attack = np.stack([grown * 1.1, grown * 1.4])
    attack[..., 0] = np.nan
    axes = ("regrouping", "guarantee_strength", "guarantee_buildup")
    coords = dict(zip(axes, (rates, strength, buildup), strict=True)) | {"years": years}
    content = {"attack": (axes, attack), "renewed": (("years", *axes), renewed)}
    table = xr.Dataset(content, coords, ABOUT | {"guarantor": "united_states", "assumed": "land worth 2"})
    table["regrouping"].attrs = {"long_name": "regrouping", "unit": "1/month"}
    return table


def differences() -> pd.DataFrame:
    """Two outcomes of three rows against a base, some of which cannot be told from nought."""
    rows = [
        {"row": row, "outcome": outcome, "meaning": outcome, "unit": unit, "difference": value}
        | {"low": value - half, "high": value + half, "error": half / 2, "pairs": 200, "variance_ratio": 0.3}
        for outcome, unit, half, values in (
            ("both would sign the terms", "0/1", 0.05, (-0.3, 0.02, 0.12)),
            ("months of fighting", "months", 4.0, (22.0, -6.0, 1.0)),
        )
        for row, value in zip(("settlement value 0", "guarantee 0.7", "aid 10"), values, strict=True)
    ]
    table = pd.DataFrame(rows)
    return table.assign(in_errors=table["difference"].abs() / table["error"], spread=[0.5] * 3 + [60.0] * 3)

"""What the figures of the replays show: the model's prices as fans beside the points of the record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.quantile_bands import bands
from experiments.validation.market import WORLDS, replayed
from experiments.validation.market_patterns import CRISIS, LICENCES
from experiments.validation.price_record import price_points
from model.china_policy_record import REPLAY_MONTHS
from model.initial_state import PRICE_OF
from model.parameters.declaration import ParameterError, nearest

Panel = tuple[xr.Dataset, pd.DataFrame]
"""The model's fans (see `price_fans`) and the points of the record (see `record.price_points`)."""

SHOWN: dict[str, dict[str, tuple[str, ...]]] = {
    CRISIS: {"magnet": ("Nd",), "heavy": ("Dy",), "bulk": ("Ce",)},
    LICENCES: {"heavy": ("Dy",), "magnet": ("Nd", "NdPr")},
}
"""Replay -> material -> elements whose record stands beside it."""

SIDES = {"abroad": "price_{}", "home": "home_price_{}"}
"""Where a price is paid -> the watched series: buyers outside China (the US price), and in China."""


def replay_panels(replay: str, worlds: int = WORLDS, rng: int = 0) -> list[Panel]:
    """All panels of a replay's figure; raises ParameterError for an unknown replay."""
    if replay not in SHOWN:
        raise ParameterError(f"unknown replay {replay!r}: {nearest(replay, SHOWN)}")
    panels = []
    for material, elements in SHOWN[replay].items():
        fans = price_fans(replay, material, worlds, rng)
        panels.append((fans, price_points(elements, fans.attrs["start"], REPLAY_MONTHS[replay])))
    return panels


def price_fans(replay: str, material: str, worlds: int = WORLDS, rng: int = 0) -> xr.Dataset:
    """The model's price of a material `abroad` and at `home` in China by month, quantiles over worlds, USD/kg."""
    watched, months = replayed(replay, worlds, rng), REPLAY_MONTHS[replay]
    calendar = (np.datetime64(f"{watched.start}-01", "M") + np.arange(months)).astype("datetime64[ns]")
    coords = {"month": calendar, "world": np.arange(worlds)}
    attrs = {"unit": "USD/kg", "meaning": f"{material} material, priced as {PRICE_OF[material]} oxide"}
    fans = {
        side: bands(
            xr.DataArray(watched.series[name.format(material)][:months], coords, ("month", "world"), attrs=attrs)
        )
        for side, name in SIDES.items()
    }
    facts = {"preset": replay, "start": watched.start, "seed": rng, "worlds": worlds, "material": material}
    return xr.Dataset(fans, attrs=facts | attrs)

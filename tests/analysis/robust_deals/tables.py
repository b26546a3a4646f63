"""Small tables of worlds with known answers, as `deal_worlds` gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.array_axes import Floats


def worlds_of(ukraine: Any, united_states: Any, peace: Any, **coords: Any) -> xr.Dataset:
    """Worlds (deal, state, replicate) with these answers and this peace; gains are shares less a half."""
    content = {"ukraine_signs": ukraine, "united_states_signs": united_states, "peace": peace}
    arrays = {name: np.asarray(values, dtype=np.float64) for name, values in content.items()}
    for who in ("ukraine", "united_states"):
        share = np.nan_to_num(arrays[f"{who}_signs"]).mean(axis=-1, keepdims=True)
        arrays[f"{who}_gain"] = np.broadcast_to(share - 0.5, arrays["peace"].shape)
    deals, states, replicates = arrays["peace"].shape
    names = {"deal": [f"deal {at + 1}" for at in range(deals)], "state": [f"state {at + 1}" for at in range(states)]}
    dims = ("deal", "state", "replicate")
    return xr.Dataset(
        {name: (dims, values) for name, values in arrays.items()},
        coords={**names, "replicate": np.arange(replicates), **coords},
        attrs={"crossed": 1},
    )


def yes(shares: Any, replicates: int = 10) -> Floats:
    """0/1 over so many replicates, with a share of ones as given in each cell; NaN where the share is."""
    shares = np.asarray(shares, dtype=np.float64)[..., None]
    ones = (np.arange(replicates) < np.round(np.nan_to_num(shares) * replicates)).astype(np.float64)
    return np.where(np.isnan(shares), np.nan, ones)

"""How deals do across states of the world: in how many they satisfy, and how much is regretted at worst."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from experiments.analysis.shares_and_survival import wilson
from experiments.errors import InputError
from model.array_axes import Floats

ALL = "all"


def satisficing_share(met: Floats) -> tuple[Floats, Floats]:
    """The share of states in which each deal satisfies, and in how many that is known.

    `met` (deal, state) is 1 where it does, 0 where not, NaN where that is unknown, which does not count: the domain
    criterion of Starr (1962), as in McPhail and others (2018). NaN where no state is known.
    """
    known = (~np.isnan(met)).sum(axis=1)
    return np.nansum(met, axis=1) / np.where(known > 0, known, np.nan), known


def regrets(worth: Floats) -> Floats:
    """What choosing a deal forgoes in a state: the most that any deal is worth there less its own (Savage 1951).

    `worth` (deal, state), more being better; NaN is unknown, and so is its regret. Where another deal's worth is
    unknown, the regret is that to the deals known, and so the least that it can be.
    """
    most = np.where(np.isnan(worth), -np.inf, worth).max(axis=0)
    return np.asarray(np.where(np.isnan(worth), np.nan, most - worth))


def robustness(
    worlds: xr.Dataset, threshold: float = 0.5, holds: float = 0.6, by: str = "tripwire"
) -> pd.DataFrame:  # fmt: skip
    """Satisficing share and maximum regret of each deal of `deal_worlds`, over all states and by the values of `by`.

    One row for each `deal` and `group`. A state satisfies if both sign in `threshold` of its worlds and the peace
    holds in `holds` of them: `share` of the `known` of `states` in which it does, with Wilson's interval
    `low` to `high`, in which a draw counts once under however many values of `by` it is seen.
    `max_regret` is the largest over states of `regrets` in the share of worlds in which both sign and the peace holds,
    at the state `worst_state`. The largest of noisy numbers is too large: `checked_regret` chooses rival and state by
    one half of the replicates and measures by the other, which errs to the other side; NaN where unknown. Raises
    InputError where deals and states are not crossed, or there is one state.
    """
    for name, value in (("threshold", threshold), ("holds", holds)):
        if not 0 <= value <= 1:
            raise InputError(f"{name}={value}: allowed 0 to 1, a share of worlds")
    if not worlds.attrs["crossed"] or worlds.sizes["state"] < 2:
        needs = (
            "every deal in the same states of the world, such as a grid of terms × tripwire, or policies × scenarios"
        )
        raise InputError(f"robustness needs {needs}")
    both = (worlds["ukraine_signs"] * worlds["united_states_signs"]).values
    peace = worlds["peace"].values
    shares = _mean(both), _mean(peace)
    unknown = np.isnan(shares[0]) | np.isnan(shares[1])
    met = np.where(unknown, np.nan, (shares[0] >= threshold) & (shares[1] >= holds))
    kept = both * peace
    groups = {ALL: np.ones(worlds.sizes["state"], dtype=bool)}
    if by in worlds.coords:
        groups |= {str(each): worlds[by].values == each for each in sorted(set(worlds[by].values.tolist()))}
    rows = []
    for group, chosen in groups.items():
        share, known = satisficing_share(met[:, chosen])
        draws = known / (len(groups) - 1 if group == ALL and len(groups) > 1 else 1)
        low, high = wilson(share * draws, draws)[1:]
        regret, checked = regrets(_mean(kept[:, chosen])), _checked_regret(kept[:, chosen])
        names = worlds["state"].values[chosen]
        for at, deal in enumerate(worlds["deal"].values.tolist()):
            seen = not np.isnan(regret[at]).all()
            rows.append(
                {"deal": deal, "group": group, "share": share[at], "low": low[at], "high": high[at]}
                | {"known": int(known[at]), "states": int(chosen.sum())}
                | {"max_regret": float(np.nanmax(regret[at])) if seen else np.nan}
                | {"checked_regret": checked[at]}
                | {"worst_state": str(names[np.nanargmax(regret[at])]) if seen else ""}
            )
    return pd.DataFrame(rows)


def _mean(worlds: Floats) -> Floats:
    """The mean over the replicates known, (deal, state); NaN where none is."""
    known = (~np.isnan(worlds)).sum(axis=-1)
    return np.asarray(np.nansum(worlds, axis=-1) / np.where(known > 0, known, np.nan))


def _checked_regret(kept: Floats) -> Floats:
    """Regret at the worst state and to the best rival of one half of the replicates, in the other half; (deal,)."""
    halves = _mean(kept[..., 0::2]), _mean(kept[..., 1::2])
    found = []
    for choose, measure in (halves, halves[::-1]):
        regret = regrets(choose)
        state = np.where(np.isnan(regret), -np.inf, regret).argmax(axis=1)
        rival = np.where(np.isnan(choose), -np.inf, choose).argmax(axis=0)[state]
        found.append(measure[rival, state] - measure[np.arange(len(measure)), state])
    return np.asarray(np.mean(found, axis=0))

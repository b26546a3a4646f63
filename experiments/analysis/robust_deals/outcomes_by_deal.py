"""Who would sign and whether the peace holds, by deal, state of the world and replicate, from stores of any design."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from experiments.analysis.deal.agreement_zones import facts
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.declaration import nearest
from model.states.deal import TERMS
from model.states.reasons import REASONS, SIGNATORIES

PEACE = {
    "renewed_war_10y": "no war again within ten years of the first ceasefire",
    "renewed_war_5y": "no war again within five years of the first ceasefire",
    "peace_holds": "no fighting at the end of the run",
}
"""Outcomes that say whether the peace holds, and what it then means; worlds that do not say it yet are unknown."""
SPARSE = 4
"""A table of deals × states with more cells for each of its rows is no crossed design but a joint sample."""
ANSWERED, NOBODY_ASKED = "fixed", ("imposed", "none")


def deal_worlds(
    results: xr.Dataset, peace: str = "renewed_war_10y", imposed: xr.Dataset | None = None
) -> xr.Dataset:  # fmt: skip
    """Worlds by (deal, state, replicate): `<who>_signs` and `peace` (0/1), `<who>_gain` (percent of Ukraine's GDP).

    A deal is one combination of the terms (or one policy) of the design, a state one of everything else that varies;
    both are coordinates. Answers are those of talks="fixed" and unknown (NaN) where the store's talks are imposed.
    Peace is that of `imposed`, the same rows with the deal in force, where it is given or the store has the talks
    "imposed" beside; else that of the answers as they fall. Where deals and states are not crossed, as in one sample
    of both, there is one state, "mixed". Raises InputError if no term varies, for talks in which the terms are not
    those of the design, and for stores that do not fit together.
    """
    if peace not in PEACE:
        raise InputError(f"peace={peace!r}: allowed {', '.join(PEACE)}; {nearest(peace, PEACE)}")
    answers, inside = _by_talks(results)
    outcomes = inside if imposed is None else imposed
    cells = _Cells(answers)
    told = answers_of(results)
    content = {f"{who}_signs": cells.worlds(told[f"{who}_accepts"]) for who in SIGNATORIES}
    for who in SIGNATORIES:
        content[f"{who}_gain"] = cells.worlds(answers["deal_gain"].sel(signatory=who, drop=True))
    own = cells if outcomes is answers else _Cells(outcomes)
    if outcomes is not answers:
        _check_same(cells, own, results, outcomes)
    kept = own.worlds(outcomes[peace])
    content["peace"] = kept if peace == "peace_holds" else 1 - kept
    under = "with the deal in force" if _talks(outcomes) == "imposed" else "whatever is answered"
    attrs = facts(results) | {
        "peace": peace,
        "peace_meaning": f"{PEACE[peace]}, {under}",
        "crossed": int(cells.crossed),
    }
    attrs["months"] = outcomes.attrs["months"]
    dims = ("deal", "state", "replicate")
    coords = cells.coords | {"replicate": answers["replicate"].values}
    return xr.Dataset({name: (dims, each) for name, each in content.items()}, coords, attrs)


def _talks(results: xr.Dataset) -> str:
    """The talks that all rows of a store have."""
    if "talks" in results.coords and results["talks"].size == 1:
        return str(results["talks"].item())
    return str(json.loads(results.attrs["parameters"]).get("talks", ""))


def _by_talks(results: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """The part of a store with the answers, and the part with what comes of the deal."""
    if "talks" in results.dims:
        listed = results["talks"].values.tolist()
        if ANSWERED not in listed:
            raise InputError(f"talks {', '.join(listed)}: nobody answers; sweep with talks=fixed,imposed")
        answers = results.sel(talks=ANSWERED)
        return answers, results.sel(talks="imposed") if "imposed" in listed else answers
    if not _talks(results):
        raise InputError("talks vary along with other inputs: give talks an axis of its own, talks=fixed,imposed")
    if _talks(results) not in (ANSWERED, *NOBODY_ASKED):
        raise InputError(
            f"talks={_talks(results)}: what is signed is not the terms of the design; sweep with talks=fixed or imposed"
        )
    return results, results


def design_dims(results: xr.Dataset) -> list[str]:
    """The dimensions of the design of a store's results."""
    return [str(dim) for dim in results["signed"].dims if dim != "replicate"]


def design_rows(results: xr.Dataset) -> dict[str, NDArray[Any]]:
    """The columns of a design that vary, each (row,); the axis of talks is told apart before."""
    dims = design_dims(results)
    shape = xr.DataArray(np.empty([results.sizes[dim] for dim in dims]), dims=dims)
    columns = {}
    for name, column in results.coords.items():
        if set(column.dims) <= set(dims) and column.size > 1 and name != "talks":
            spread = column.broadcast_like(shape).transpose(*dims).values.ravel()
            if len(set(spread.tolist())) > 1:
                columns[str(name)] = spread
    return columns


def worlds_by_row(outcome: xr.DataArray, dims: Sequence[str]) -> Floats:
    """An outcome as (row, replicate), NaN where it is unknown."""
    values = outcome.transpose(*dims, "replicate").values.astype(np.float64)
    return np.where(np.isfinite(values), values, np.nan).reshape(-1, values.shape[-1])


def answers_of(results: xr.Dataset) -> xr.Dataset:
    """The rows of a store in which the two are asked, their answers unknown where its talks ask nobody."""
    answers = _by_talks(results)[0]
    if _talks(answers) in NOBODY_ASKED:
        return answers.assign({f"{who}_accepts": answers[f"{who}_accepts"] * np.nan for who in SIGNATORIES})
    return answers


class _Cells:
    """Where each row of a design stands in the table of deals × states."""

    def __init__(self, results: xr.Dataset) -> None:
        self._dims = design_dims(results)
        rows = design_rows(results)
        of_deal = {
            name: values
            for name, values in rows.items()
            if name in TERMS or name == "policy" or results[name].dims == ("policy",)
        }
        if not of_deal:
            listed = ", ".join(rows) or "nothing"
            raise InputError(f"no term of the deal varies, but {listed}; sweep over ownership_share, or several terms")
        of_state = {name: values for name, values in rows.items() if name not in of_deal}
        count = len(next(iter(rows.values())))
        deal, state = _numbers(of_deal, count), _numbers(of_state, count)
        deals, states = int(deal.max()) + 1, int(state.max()) + 1
        self.crossed = deals * states <= SPARSE * count
        if not self.crossed:
            deal, state, deals, states = np.arange(count), np.zeros(count, dtype=np.int64), count, 1
            of_state = {}
        self._shape, self._at = (deals, states), deal * states + state
        if len(np.unique(self._at)) < count:
            raise InputError("two rows have the same terms and the same state: leave out one of them")
        names = _names(of_deal, deal, "deal"), _names(of_state, state, "state") if self.crossed else ["mixed"]
        self.coords: dict[str, Any] = {}
        for dim, own, index, columns in zip(("deal", "state"), names, (deal, state), (of_deal, of_state), strict=True):
            first = np.unique(index, return_index=True)[1]
            self.coords[dim] = (dim, own, {})
            self.coords |= {name: (dim, values[first], dict(results[name].attrs)) for name, values in columns.items()}

    def rows_of(self, deal: str) -> NDArray[np.int64]:
        """The rows of the design that hold a deal."""
        number = list(self.coords["deal"][1]).index(deal)
        return np.flatnonzero(self._at // self._shape[1] == number)

    def worlds(self, outcome: xr.DataArray) -> Floats:
        """An outcome as (deal, state, replicate), NaN where it is not known or the design has no such row."""
        rows = worlds_by_row(outcome, self._dims)
        table = np.full((self._shape[0] * self._shape[1], rows.shape[1]), np.nan)
        table[self._at] = rows
        return table.reshape(*self._shape, -1)


def deal_reasons(results: xr.Dataset, deal: str) -> dict[str, dict[str, float]]:
    """What signing `deal` of `deal_worlds` changes for each signatory: its reasons by their meaning, weighted.

    Percent of Ukraine's GDP, means over all worlds known; those of a signatory add up to its mean gain.
    """
    answers = _by_talks(results)[0]
    cells, rows, dims = _Cells(answers), design_rows(answers), design_dims(answers)
    chosen = cells.rows_of(deal)
    held = json.loads(results.attrs["parameters"])
    found: dict[str, dict[str, float]] = {}
    for who in SIGNATORIES:
        name = f"{who}_security_weight"
        weight = (
            rows[name][chosen, None] if name in rows else float(answers[name]) if name in answers.coords else held[name]
        )
        for reason in (reason for reason in REASONS if who in reason.sides):
            worth = answers["deal_worth"].sel(signatory=who, reason=reason.name, drop=True)
            share = weight if reason.part(who) == "security" else 1 - weight
            own = worlds_by_row(worth, dims)[chosen] * share
            found.setdefault(who, {})[reason.meaning(who)] = float(np.nanmean(own)) if (own == own).any() else np.nan
    return found


def _numbers(columns: Mapping[str, NDArray[Any]], rows: int) -> NDArray[np.int64]:
    """The number of each row's combination of values, in the order in which they come; 0 if nothing varies."""
    if not columns:
        return np.zeros(rows, dtype=np.int64)
    table = pd.DataFrame(dict(columns))
    return np.asarray(table.groupby(list(table), sort=False, dropna=False).ngroup(), dtype=np.int64)


def _names(columns: Mapping[str, NDArray[Any]], index: NDArray[np.int64], what: str) -> list[str]:
    """What each deal or state is called: its label where it has one, else its number."""
    first = np.unique(index, return_index=True)[1]
    label = {"deal": "policy", "state": "scenario"}[what]
    if label in columns and len(set(columns[label][first].tolist())) == len(first):
        return [str(each) for each in columns[label][first]]
    return [f"{what} {number + 1}" for number in range(len(first))]


def _check_same(cells: _Cells, others: _Cells, results: xr.Dataset, outcomes: xr.Dataset) -> None:
    """Raise InputError unless two stores have the same rows and the same random draws."""
    for name in ("seed", "replicates", "preset"):
        one, other = (each.attrs.get(name) for each in (results, outcomes))
        if one != other:
            raise InputError(f"answers and outcomes are not of the same worlds: {name} is {one} and {other}")
    same = cells.coords.keys() == others.coords.keys() and all(
        np.array_equal(cells.coords[name][1], others.coords[name][1]) for name in cells.coords
    )
    if not same:
        raise InputError("answers and outcomes are not of the same deals and states")

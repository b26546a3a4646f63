"""What counts as a failure: an outcome on one side of a threshold, by name or as `outcome < value`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.analysis.sensitivity.inputs_and_outcomes import check_outcomes
from experiments.errors import InputError
from model.array_axes import Floats
from model.parameters.declaration import nearest
from model.record.variables import OUTCOMES, Outcome

SIGNS = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
NEVER = ("month_signed", "days_to_signature", "ceasefire_month", "renewal_month", "first_output_month")
"""Times without a number where what they date never comes, so that no threshold divides all worlds."""


@dataclass(frozen=True)
class Failure:
    """A failure: worlds in which the `outcome` is on the `sign` side (<, <=, >, >=) of the threshold."""

    name: str
    outcome: str
    sign: str
    threshold: float
    meaning: str

    @property
    def rule(self) -> str:
        """The comparison, as it can be given: signed < 0.5."""
        return f"{self.outcome} {self.sign} {self.threshold:g}"

    def of(self, values: Any) -> Floats:
        """1 where it fails, 0 where not, NaN where the value is unknown; of the same shape.

        Compared at the precision of the values: 0.8 kept in single precision is not above 0.8.
        """
        values = np.asarray(values)
        values = values if values.dtype.kind == "f" else values.astype(np.float64)
        fails = SIGNS[self.sign](values, values.dtype.type(self.threshold))
        return np.where(np.isnan(values), np.nan, fails)


FAILURES = {
    each.name: each
    for each in (
        Failure("no_deal", "signed", "<", 0.5, "no deal is signed by the end of the run"),
        Failure("renewed_war", "renewed_war_5y", ">", 0.5, "war again within five years of the first ceasefire"),
        Failure("china_above_80", "china_mine_share_2035", ">", 0.8, "China mines over 80 % of the world in Dec 2035"),
    )
}
"""The failures that have names."""


def failure_of(text: str) -> Failure:
    """The failure of a name of FAILURES, or of one comparison: `outcome < value`, also <=, >, >=.

    Raises InputError for an unknown outcome, for what could mean two things (0,8; two comparisons; an equality; a time
    that has no number where it never comes), and for a threshold that all values of the outcome, or none, are beyond.
    """
    text = text.strip()
    if text in FAILURES:
        return FAILURES[text]
    parts = [part.strip() for part in re.split(r"([<>=!]+)", text)]
    if len(parts) < 3:
        raise InputError(
            f"failure {text!r}: needs a comparison, e.g. 'signed < 0.5', or a name: {nearest(text, FAILURES)}"
        )
    if len(parts) > 3:
        raise InputError(f"failure {text!r}: needs one comparison, an outcome on its left: 'peace_holds < 0.5'")
    outcome, sign, number = parts
    if sign not in SIGNS:
        raise InputError(
            f"failure {text!r}: needs one of {', '.join(SIGNS)}, got {sign}; a 0/1 outcome: '{outcome} < 0.5'"
        )
    check_outcomes([outcome])
    if outcome in NEVER:
        raise InputError(
            f"failure {text!r}: {outcome} has no number where it never comes, which is neither side of a threshold; "
            "compare a share or a count, e.g. signed, renewed_war_5y, renewals"
        )
    declared = _declared(outcome)
    threshold = _threshold(text, number, declared)
    _refuse_beyond(text, sign, threshold, declared)
    return Failure(f"{outcome} {sign} {threshold:g}", outcome, sign, threshold, _meaning(outcome, sign, threshold))


def _declared(outcome: str) -> Outcome:
    """The outcome of which a column is."""
    return next(each for each in OUTCOMES.values() if outcome in each.columns)


def _meaning(outcome: str, sign: str, threshold: float) -> str:
    """A comparison in words: of a yes or no which it is, else the outcome's meaning and the threshold in its unit."""
    declared = _declared(outcome)
    if declared.unit == "0/1":
        return declared.meaning if ">" in sign else f"not: {declared.meaning}"
    labels = outcome.removeprefix(declared.name).replace("_", " ").strip()
    unit = "" if declared.unit in ("1", "share", "probability") else f" {declared.unit}"
    return f"{declared.meaning}{f' ({labels})' if labels else ''} {sign} {threshold:g}{unit}"


def _threshold(text: str, number: str, declared: Outcome) -> float:
    """The number, or the percentage of a share, to the right of the sign; raises InputError."""
    share = declared.unit in ("share", "probability")
    percentage = number.endswith("%")
    try:
        value = float(number.removesuffix("%"))
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        hint = f"; write {number.replace(',', '.')}" if re.fullmatch(r"-?[0-9]+,[0-9]+%?", number) else ""
        raise InputError(f"failure {text!r}: needs a number on the right, got {number!r}{hint}")
    if percentage and not share:
        raise InputError(f"failure {text!r}: {declared.name} is in {declared.unit}, not a share; leave out the %")
    return value / 100 if percentage else value


def _refuse_beyond(text: str, sign: str, threshold: float, declared: Outcome) -> None:
    """Raise InputError for a threshold that does not divide the range of the outcome."""
    low, high = declared.low, declared.high
    divides = low < threshold <= high if sign in ("<", ">=") else low <= threshold < high
    if not divides:
        unit = declared.unit if declared.unit == "0/1" else f"{low:g} to {high:g} {declared.unit}"
        hint = f"; did you mean {threshold / 100:g}?" if high == 1 and 1 < threshold <= 100 else ""
        raise InputError(f"failure {text!r}: {threshold:g} divides no values of {declared.name}, which is {unit}{hint}")

"""The pass matrix: one line for each pattern on record, the model's figure beside its tolerance."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

KINDS = {"C": "used in tuning", "H": "held out"}
WIDTH = 80
EXISTENCE = (
    "; existence test (the observed figure inside the middle four fifths of worlds), where a figure was observed and "
    "the ensemble has a spread: "
)


@dataclass(frozen=True)
class PatternLine:
    """What is on record of one pattern, and what the model shows; numbers are in `unit`."""

    pattern: str
    kind: str  #: C: parameters were set by it; H: held out
    meaning: str
    unit: str
    low: float  #: the tolerance, stated beforehand, reaches from here
    high: float  #: to here; infinite where there is no upper end
    measured: float  #: the model's figure: a median or a share of worlds
    measured_low: float = np.nan  #: the middle four fifths of worlds reach from here; NaN without an ensemble
    measured_high: float = np.nan  #: to here
    observed: float = np.nan  #: what is on record, where it is one number
    given: bool = False  #: a table or script puts the value in: no test of the model's equations
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the model's figure lies in the tolerance."""
        return bool(self.low <= self.measured <= self.high)

    @property
    def exists(self) -> bool | None:
        """The existence test: whether the observed figure lies in the middle four fifths; None without the two."""
        if np.isnan(self.observed) or np.isnan(self.measured_low):
            return None
        return bool(self.measured_low <= self.observed <= self.measured_high)

    @property
    def verdict(self) -> str:
        """Pass or miss, the model's figure with its middle four fifths, and the tolerance, in words."""
        verdict = ("pass" if self.passed else "MISS") + (", put in" if self.given else "")
        low, high = self.measured_low, self.measured_high
        spread = f" ({_number(low)} to {_number(high)})" if low < high else ""
        tolerance = f"{self.low:.4g} to {self.high:.4g}" if np.isfinite(self.high) else f"from {self.low:.4g}"
        unit = "" if self.unit in ("0/1", "ratio") else f" {self.unit}"
        return f"{verdict}: {_number(self.measured)}{spread}; tolerance {tolerance}{unit}"


def _number(value: float) -> str:
    return "no end" if np.isinf(value) else f"{value:.3g}" if abs(value) >= 5e-4 else "0"


def pass_matrix(lines: Iterable[PatternLine]) -> pd.DataFrame:
    """A row per line, with its fields, `passed`, `exists` and `verdict`; tuned lines first, then by number."""
    rows = [
        asdict(line) | {"passed": line.passed, "exists": line.exists, "verdict": line.verdict}
        for line in sorted(lines, key=lambda line: (line.kind, int(line.pattern.split()[0][1:])))
    ]
    return pd.DataFrame(rows).astype({"exists": object})


def matrix_text(table: pd.DataFrame, bar: float | None = None) -> str:
    """A pass matrix as text in 80 columns, two lines or more for each pattern, and its `summary` below."""
    paragraphs = []
    for row in table.to_dict("records"):
        figures = [row["verdict"]]
        if not np.isnan(row["observed"]):
            side = {None: "", True: ", inside", False: ", outside"}[row["exists"]]
            figures.append(f"observed {_number(row['observed'])}{f'{side} the middle four fifths' if side else ''}")
        figures += [row["note"]] if row["note"] else []
        for text, indent in ((f"{row['pattern']} ({row['kind']}): {row['meaning']}", ""), ("; ".join(figures), "    ")):
            paragraphs.append(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent="    "))
    return "\n".join([*paragraphs, "", textwrap.fill(summary(table, bar), WIDTH)])


def summary(table: pd.DataFrame, bar: float | None = None) -> str:
    """How many lines pass, tuned and held out apart, against a `bar` stated beforehand for the latter (0-1)."""
    counts = {kind: table.loc[table["kind"] == kind, "passed"] for kind in KINDS}
    said = "; ".join(f"{KINDS[kind]}: {own.sum()} of {len(own)} pass" for kind, own in counts.items())
    if bar is not None:
        said += f", bar of {bar:.0%} {'met' if counts['H'].mean() >= bar else 'NOT met'}"
    if table["given"].any():
        free = table.loc[(table["kind"] == "H") & ~table["given"], "passed"]
        said += f"; of the {len(free)} held-out lines that no table or script puts in, {free.sum()} pass"
    tested = table["exists"].dropna().astype(bool)
    return said + (EXISTENCE + f"{tested.sum()} of {len(tested)}" if len(tested) else "")

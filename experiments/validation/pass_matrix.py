"""Pass matrices of market and talks in one form, every line on its own scale, for a picture."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

EDGE = 1.0
"""How far beyond its tolerance a line is shown, in widths of the tolerance."""


def lines(table: pd.DataFrame) -> pd.DataFrame:
    """One row per pattern line of `validation.market_table` or `validation_talks.patterns_table`.

    Columns: pattern, use (C or H), given (put in by a table or script), quantity, middle, low, high (middle
    four fifths, NaN where there is no ensemble), asked (the tolerance in words), tolerance_from,
    tolerance_to, passed, observed (NaN where not in the table). Then the same on the line's own scale,
    on which the tolerance reaches from 0 to 1: at, at_low, at_high, at_observed, held within EDGE of the
    tolerance, and `band`, where the tolerance ends. Raises ValueError for a table that is neither.
    """
    if "tolerance" in table.columns:
        found = _of_market(table)
    elif {"from", "to", "value", "passed"} <= set(table.columns):
        found = _of_talks(table)
    else:
        raise ValueError(f"no pass matrix: the table has the columns {', '.join(map(str, table.columns))}")
    return pd.DataFrame([row | _scaled(row) for row in found.to_dict("records")])


def _of_market(table: pd.DataFrame) -> pd.DataFrame:
    bounds = [tolerance(str(text)) for text in table["tolerance"]]
    found = table[["pattern", "use", "given", "quantity"]].assign(
        middle=table["median"],
        low=table["10%"],
        high=table["90%"],
        asked=table["tolerance"],
        tolerance_from=[low for low, _ in bounds],
        tolerance_to=[high for _, high in bounds],
        passed=table["result"] == "pass",
        observed=np.nan,
    )
    return found.sort_values("use", kind="stable")


def _of_talks(table: pd.DataFrame) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "pattern": [str(name) for name in table.index],
            "use": table["use"].to_numpy(),
            "given": False,
            "quantity": table["quantity"].to_numpy(),
            "middle": table["value"].to_numpy(float),
            "low": table["low"].to_numpy(float),
            "high": table["high"].to_numpy(float),
            "asked": [f"{low:.4g} to {high:.4g}" for low, high in zip(table["from"], table["to"], strict=True)],
            "tolerance_from": table["from"].to_numpy(float),
            "tolerance_to": table["to"].to_numpy(float),
            "passed": table["passed"].to_numpy(bool),
            "observed": table["observed"].to_numpy(float),
        }
    )
    return found.sort_values("use", kind="stable")


def tolerance(text: str) -> tuple[float, float]:
    """The bounds that a market table prints as "0.5 to 0.7", "from 0.95" or "holds"; a truth passes from 0.5 on."""
    if text == "holds":
        return 0.5, 1.5
    number = r"(-?[\d.]+(?:e[+-]?\d+)?)"
    both, one = re.fullmatch(f"{number} to {number}", text), re.fullmatch(f"from {number}", text)
    if both:
        return float(both[1]), float(both[2])
    if one:
        return float(one[1]), np.inf
    raise ValueError(f"tolerance {text!r}: needs 'a to b', 'from a' or 'holds'")


def _scaled(row: dict[str, float]) -> dict[str, float]:
    """The numbers of a line on its own scale; without an upper bound the farthest number sets the scale."""
    low, high = row["tolerance_from"], row["tolerance_to"]
    numbers = {"at": "middle", "at_low": "low", "at_high": "high", "at_observed": "observed"}
    width = high - low
    if not np.isfinite(width):
        far = [abs(row[name] - low) for name in numbers.values() if np.isfinite(row[name])]
        width = max([*far, 0.1 * abs(low), 1e-9])
    placed = {name: np.clip((row[source] - low) / width, -EDGE, 1 + EDGE) for name, source in numbers.items()}
    return placed | {"band": 1.0 if np.isfinite(high) else 1 + EDGE}

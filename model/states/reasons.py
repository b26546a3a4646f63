"""Why a deal is signed or refused: the two signatories, and the reasons that each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.array_axes import Floats

SIGNATORIES = ("ukraine", "united_states")
NO_PART = "none"
"""The part of a reason that a signatory does not have."""


@dataclass(frozen=True)
class Reason:
    """A reason for or against signing; `sides` gives its part of utility and its meaning for each signatory with it."""

    name: str
    sides: Mapping[str, tuple[str, str]]

    def part(self, signatory: str) -> str:
        """Whether it counts as money, security or politics, NO_PART where the signatory does not have it."""
        return self.sides.get(signatory, (NO_PART, ""))[0]

    def meaning(self, signatory: str) -> str:
        """What it is to this signatory, NO_PART where it does not have it."""
        return self.sides.get(signatory, ("", NO_PART))[1]


REASONS = (
    Reason(
        "resources",
        {
            "ukraine": ("money", "revenue ceded to the United States"),
            "united_states": ("money", "stake in Ukraine's resources"),
        },
    ),
    Reason(
        "repaid",
        {
            "ukraine": ("money", "revenue that repays credited aid"),
            "united_states": ("money", "credited aid repaid"),
        },
    ),
    Reason("pie", {"ukraine": ("money", "resources worth more in a safer country")}),
    Reason(
        "support",
        {
            "ukraine": ("security", "war shortened and land held by US support that hinges on the deal"),
            "united_states": ("money", "support paid for"),
        },
    ),
    Reason("guarantee", {"ukraine": ("security", "the guarantee: wars deterred, longer peace")}),
    Reason("supply", {"united_states": ("security", "a second source of supply")}),
    Reason("upkeep", {"united_states": ("security", "upkeep of the guarantee")}),
    Reason("risk", {"united_states": ("security", "risk of having to fight")}),
    Reason("word", {"united_states": ("security", "its word, where it would stand aside")}),
    Reason("settlement", {"united_states": ("politics", "worth of a signed deal in itself")}),
    Reason("sovereignty", {"ukraine": ("politics", "political cost of foreign ownership and of debt")}),
)


def by_reason(signatory: str, parts: Mapping[str, Floats]) -> Floats:
    """Parts of a deal as one array, (reason, worlds), nan for the reasons that the signatory does not have.

    Raises ValueError where `parts` are not those that it has.
    """
    own = {reason.name for reason in REASONS if signatory in reason.sides}
    if own != parts.keys():
        raise ValueError(f"{signatory} has other reasons than REASONS says: {sorted(own ^ parts.keys())}")
    none = np.full_like(next(iter(parts.values())), np.nan)
    return np.stack([parts.get(reason.name, none) for reason in REASONS])

"""How likely each restriction of a box would hold so many failures by chance."""

from __future__ import annotations

from experiments.analysis.discovery.boxes import Box, Limit, Side, inside
from experiments.analysis.discovery.boxes import independent_worlds as worlds_worth
from experiments.analysis.discovery.failures_by_point import FailurePoints

WEAK = 0.05
"""Quasi-p from which on a restriction is dropped."""


def quasi_p(points: FailurePoints, box: Box, side: Side) -> float:
    """The quasi-p of one restriction, 0 to 1: that of a one-sided binomial test (Bryant and Lempert 2010).

    Would as many fail by chance if the box took its worlds from the one without this restriction? Worlds of one point
    are not independent, so that the test counts what the spread of shares between points is worth: with one world a
    point it is theirs; where all worlds of a point agree, more of them change nothing. "Quasi", since the box was
    chosen on the same points: small is necessary, not sufficient.
    """
    from scipy.special import betainc

    outer = inside({each: limit for each, limit in box.items() if each != side}, points)
    inner = inside(box, points)
    failing, known = points.failing[outer], points.known[outer]
    share = failing.sum() / known.sum()
    density = points.failing[inner].sum() / points.known[inner].sum()
    if density <= share or not 0 < share < 1:
        return 1.0
    count = worlds_worth(failing, known) * points.known[inner].sum() / known.sum()
    return float(betainc(count * density, count * (1 - density) + 1, share))


def strong(points: FailurePoints, box: Box) -> dict[Side, Limit]:
    """The box without its weak restrictions, the weakest dropped first."""
    kept = dict(box)
    while kept:
        values = {side: quasi_p(points, kept, side) for side in kept}
        weakest = max(values, key=values.__getitem__)
        if values[weakest] < WEAK:
            break
        del kept[weakest]
    return kept

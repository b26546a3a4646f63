"""Functions whose sensitivity indices are known, on the unit cube."""

from __future__ import annotations

from typing import Any

import numpy as np

ISHIGAMI_FIRST, ISHIGAMI_TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
ISHIGAMI_SHAPLEY = (0.4357, 0.4424, 0.1218)
G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def ishigami(unit: Any) -> Any:
    """Ishigami and Homma (1990), a = 7, b = 0.1; rows of the unit cube (row, 3)."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(unit: Any) -> Any:
    """The G-function of Sobol' with G_WEIGHTS; rows of the unit cube (row, 5)."""
    return np.prod((np.abs(4 * unit - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)


def sobol_g_indices() -> tuple[Any, Any]:
    """First and total indices of `sobol_g`."""
    own = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    whole = np.prod(1 + own) - 1
    return own / whole, own * np.prod(1 + own) / (1 + own) / whole


LINEAR_SHAPLEY = (0.1042, 0.4182, 0.4776)
"""Shapley effects of the sum of `correlated_normals` (Iooss and Prieur 2019): the first alone has 1 / 9.6."""


def correlated_normals(rows: int, seed: int) -> Any:
    """Three normals of standard deviations 1, 1 and 2, the second and third with correlation 0.9, (row, 3)."""
    covariance = np.diag([1.0, 1.0, 4.0])
    covariance[1, 2] = covariance[2, 1] = 0.9 * 2
    return np.random.default_rng(seed).multivariate_normal(np.zeros(3), covariance, rows)

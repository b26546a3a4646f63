"""Investment in capacity under price and war risk."""

from __future__ import annotations

import numpy as np

from model.array_axes import Floats, Truths


def annuity(
    discount_rate: Floats | float,
    hazard: Floats | float,
    lead_years: Floats | float,
    life_years: Floats | float,
) -> Floats:
    """Present value (years) of one a year from the end of the lead time for the life of a project.

    e^{-(r+h)T} (1 - e^{-(r+h)L}) / (r + h): the hazard of loss counts like interest.
    """
    rate = np.asarray(discount_rate) + hazard
    return np.exp(-rate * lead_years) * -np.expm1(-rate * life_years) / rate


def project_value(
    margin: Floats,
    capital: Floats,
    discount_rate: Floats,
    hazard: Floats,
    lead_years: Floats | float,
    life_years: Floats,
    insured_share: Floats,
) -> Floats:
    """Present value of a unit of capacity in the unit of `capital`, before its cost.

    Insurance pays back the insured part of the capital at the hazard's rate while it is being built.
    """
    rate = discount_rate + hazard
    insured = insured_share * capital * hazard / rate * -np.expm1(-rate * lead_years)
    return margin * annuity(discount_rate, hazard, lead_years, life_years) + insured


def unpaid_interest(unpaid: Floats | float, due: Floats | float, earned: Floats | float) -> Floats:
    """Interest in arrears after a month, all in one unit of money: what is due and not earned is added.

    What is earned beyond what is due pays arrears back and is then the owner's; a loss pays nothing.
    """
    return np.maximum(np.asarray(unpaid) + due - np.maximum(earned, 0.0), 0.0)


def in_default(unpaid: Floats | float, interest: Floats | float, patience_years: Floats | float) -> Truths:
    """Whether lenders end it: more than so many years of interest (a year's, unit of `unpaid`) are in arrears.

    Default for want of cash, not of worth: Kim, Ramaswamy and Sundaresan (1993), with lenders who wait.
    """
    return (np.asarray(interest) > 0) & (np.asarray(unpaid) > np.asarray(patience_years) * interest)


def option_trigger(discount_rate: Floats | float, drift: Floats | float, volatility: Floats | float) -> Floats:
    """Value over cost at which waiting stops paying: β/(β - 1) (Dixit and Pindyck 1994, ch. 5)."""
    variance = np.square(volatility)
    half = 0.5 - np.asarray(drift) / variance
    root = half + np.sqrt(np.square(half) + 2 * np.asarray(discount_rate) / variance)
    return root / (root - 1)


def price_at_opening(
    shortage: Floats, pipeline: Floats, growth: Floats, years: Floats | float, elasticity: Floats
) -> Floats:
    """Log price over the base that is to be expected in so many years, with all that is under way open by then.

    `shortage` is the log of demand over normal supply at the base price, `pipeline` what is under way over supply,
    `growth` that of demand less that of supply (1/year). Who does not count the pipeline overshoots for good.
    """
    result: Floats = (shortage - np.log1p(pipeline) + growth * years) / elasticity
    return result


def entry(value: Floats, threshold: Floats, entry_rate: Floats, market: Floats) -> Floats:
    """Capacity begun in a period (unit of `market`): it grows with the excess of value over the threshold.

    Nothing below the threshold, which is cost times the trigger of waiting, `entry_rate` of the market a period at
    twice that and beyond (the entry rule of Gaskins 1971 with the investment trigger of Dixit and Pindyck 1994 as
    its limit price).
    """
    return entry_rate * market * np.clip(value / threshold - 1.0, 0.0, 1.0)

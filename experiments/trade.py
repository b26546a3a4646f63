"""Trade as people expect to see it: who ships what to whom, and what a cut-off would cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from model import COUNTRIES, MATERIALS, GeopoliticalEconomy
from model.rules.market import cut_off_loss
from model.state import CN
from model.units import BN_USD_PER_T_AT_1_USD_PER_KG as BN

Floats = NDArray[np.float64]


def trade_table(model: GeopoliticalEconomy) -> pd.DataFrame:
    """Exports of the model's last month by exporter, importer and material, at a year's rate.

    One row per pair and material (home supply where the two are the same): median tonnes a year over
    the worlds with the middle four fifths, and median value (million USD a year) at the importer's
    price. Run the model to the month wanted first.
    """
    flows = 12 * model.market.flows()
    worth = flows * model.market.price[None] * BN * 1000
    low, middle, high = np.quantile(flows, [0.1, 0.5, 0.9], axis=-1)
    value = np.median(worth, axis=-1)
    rows = [
        (exporter, importer, material, middle[i, j, m], low[i, j, m], high[i, j, m], value[i, j, m])
        for i, exporter in enumerate(COUNTRIES)
        for j, importer in enumerate(COUNTRIES)
        for m, material in enumerate(MATERIALS)
    ]
    columns = [
        "exporter",
        "importer",
        "material",
        "tonnes_per_year",
        "tonnes_10%",
        "tonnes_90%",
        "million_usd_per_year",
    ]
    return pd.DataFrame(rows, columns=columns)


def dependence_table(model: GeopoliticalEconomy) -> pd.DataFrame:
    """What China controls of each country's use in the model's last month, and the loss from a cut-off.

    One row per country and material: median over worlds of the share controlled (0-1), of the
    Herfindahl index of the country's sources (0-1), and of the loss in percent of GDP. China is left out.
    """
    p, market = model.spread, model.market
    flows = market.flows()
    rows = []
    for row, country in enumerate(COUNTRIES):
        if row == CN:
            continue
        controlled = market.controlled_share(row)
        loss = 100 * market.value_weights * cut_off_loss(controlled, p.rare_earth_cost_share, p.source_elasticity)
        bought = flows[:, row]
        shares = bought / np.maximum(sum(bought), 1e-12)
        concentration = sum(shares * shares)
        for m, material in enumerate(MATERIALS):
            medians = (float(np.median(values[m])) for values in (controlled, concentration, loss))
            rows.append((country, material, *medians))
    return pd.DataFrame(
        rows, columns=["country", "material", "controlled_by_china", "herfindahl", "loss_percent_of_gdp"]
    )

"""Who sells to whom: a matrix of exporters and importers."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from experiments.plots.style import PALETTE, about, axes_or_new, country_name, figure_of, label, styled


@styled
def trade_flows(flows: xr.DataArray, *, ax: Axes | None = None, key: bool = True) -> Axes:
    """Trade (exporter, importer) as a matrix with the amounts written in; the diagonal is home supply."""
    if set(flows.dims) != {"exporter", "importer"}:
        raise ValueError(
            f"trade flows need exporter and importer, got {', '.join(map(str, flows.dims))}; choose a material"
        )
    ax = axes_or_new(ax, 7.0, 5.2)
    amounts = flows.transpose("exporter", "importer").values
    shown = np.where(amounts >= 0.05, amounts, np.nan)
    top = float(np.nanmax(shown)) if np.isfinite(shown).any() else 1.0
    scale = LogNorm(max(top / 1e4, 0.05), top)
    picture = ax.imshow(shown, cmap="cividis", norm=scale)
    for row, line in enumerate(amounts):
        for column, amount in enumerate(line):
            dark = amount >= 0.05 and scale(amount) < 0.55
            words = "0" if amount < 0.05 else f"{amount:,.0f}" if amount >= 10 else f"{amount:.1f}"
            tone = PALETTE["grey"] if amount < 0.05 else "white" if dark else "black"
            weight = "bold" if row == column else "normal"
            ax.text(column, row, words, ha="center", va="center", color=tone, fontsize=8.5, fontweight=weight)
    for set_ticks, dim in ((ax.set_xticks, "importer"), (ax.set_yticks, "exporter")):
        names = [country_name(str(name)) for name in flows[dim].values]
        set_ticks(
            range(len(names)),
            [name.replace(" ", "\n", 1) if dim == "importer" else name for name in names],
            fontsize=8.5,
        )
    ax.set(xlabel="importer (bold: home supply)", ylabel="exporter")
    material = str(flows["material"].values) if "material" in flows.coords else ""
    worlds = f"mean of {flows.attrs['worlds']} worlds" if "worlds" in flows.attrs else ""
    when = f"{material} material, {flows.attrs.get('month', '')}".strip(", ")
    ax.set_title(f"{when}\n{about(flows.attrs, worlds)}", fontsize=9)
    if key:
        figure_of(ax).colorbar(picture, ax=ax, label=label(flows), shrink=0.85)
    return ax

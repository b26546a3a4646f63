"""Panel and its Material widgets, whose classes carry no types: this is the one place that says so."""

from __future__ import annotations

from typing import Any

import panel
import panel_material_ui

pn: Any = panel
pmu: Any = panel_material_ui

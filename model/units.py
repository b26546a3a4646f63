"""The internal unit of each quantity and the few conversions made at the door.

Quantities t REO per month, prices USD/kg, money billion USD of 2024, hazards per year, shares and
probabilities 0-1, utilities in percent of a GDP.
"""

from __future__ import annotations

BN_USD_PER_T_AT_1_USD_PER_KG = 1e-6
"""Worth of one tonne at 1 USD/kg, in billion USD."""

USD_PER_EUR_2024 = 1.082
"""Mean exchange rate of 2024, used for Kiel's allocations (European Central Bank reference rates)."""

PERCENT = 100.0
"""Points in a whole."""

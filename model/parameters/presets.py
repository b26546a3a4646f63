"""Named sets of parameters."""

from __future__ import annotations

from model.parameters.declaration import ParameterError, Value, nearest
from model.parameters.table import Parameters

PRESETS: dict[str, dict[str, Value]] = {
    "documented": {},
    "as_reported": {
        "ukraine_output_share": 0.05,
        "china_reserves": 4.4e6,
        "recognised_aid": 500,
    },
    "quota_crisis_2010": {"start": "2008", "china_policy": "recorded", "price_floor": 0},
    "long_run": {},
    "licences_2025": {"start": "2024", "china_policy": "recorded", "talks_start": 13},
}
"""Name -> what differs from the defaults.

documented: the best sources at hand. as_reported: the claims of the newspaper report the project
started from (Ukraine supplies 5 % of the world, China holds 4.4 million t, 500 bn USD are owed), so
that a reader can see what they would imply; the tables say which of them hold. long_run: as documented,
for so long that Ukraine's new mines can be seen (`MONTHS`). quota_crisis_2010
and licences_2025: China's recorded acts from January 2008 and January 2024 (`REPLAY_MONTHS` of
`china_policy_record` says how long they run), with the same market parameters as the default; no deal is talked about
before 2025, and the war, which moves no rare earths, runs as if from 2025.
"""

USUAL_MONTHS = 180
MONTHS = {"long_run": 420}
"""Months of a run with a preset, where it is not the usual length."""


def months_of(name: str) -> int:
    """How long a run with a preset is unless something else is wanted."""
    return MONTHS.get(name, USUAL_MONTHS)


def preset(name: str, **changes: Value) -> Parameters:
    """The parameters of a preset with some values changed; raises ParameterError."""
    if name not in PRESETS:
        raise ParameterError(f"unknown preset {name!r}: {nearest(name, PRESETS)}")
    return Parameters(**(PRESETS[name] | changes))

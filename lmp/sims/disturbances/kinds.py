"""The table of disturbances."""

from __future__ import annotations

from lmp.sims.disturbances.kind import Kind
from lmp.sims.disturbances.moments import before_first
from lmp.sims.disturbances.shift_target import shift_target

DISTURBANCES: dict[str, Kind] = {
    "shift-target": Kind(
        line="the object that is wanted is moved to another place on the table",
        quantity="a mean distance",
        unit="m",
        default=0.10,
        low=0.02,
        high=0.30,
        strike=shift_target,
        moment=before_first,
    ),
}

"""The row of the table of disturbances for one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lmp.errors import SetupFault
from lmp.lab.disturbances.faults import Faults
from lmp.lab.disturbances.moments import Moment
from lmp.lab.disturbances.occasion import Occasion
from lmp.stages import Disturbable


class Lasting(Protocol):
    """Something that goes on for a while, once it was begun.

    Attributes:
        words: What happens.
    """

    words: str

    def go_on(self, seconds: float) -> bool:
        """Goes on for a time [s]; false once it is over."""


Strike = Callable[[Occasion, float, np.random.Generator], str | Lasting]
"""Does it to the world at once and says what was done, or begins what lasts; raises SetupFault where that cannot be now."""


@dataclass(frozen=True)
class Kind:
    """One kind of disturbance.

    Attributes:
        line: What it does, in one line.
        quantity: What its amount is, in words; empty for a kind that takes none.
        unit: The amount's unit; "1" for a share.
        default: The amount where none is said.
        low, high: The amount's range.
        strike: Disturbs the world at one moment; None for faults of the robot.
        moment: Draws when it strikes.
        faults: Makes the faults of measuring and driving that last a whole run; None for strikes.
        forces: True if it means nothing in a world without friction and contact forces.
    """

    line: str
    quantity: str = ""
    unit: str = ""
    default: float = 0.0
    low: float = 0.0
    high: float = 0.0
    strike: Strike | None = None
    moment: Callable[[np.random.Generator], Moment] | None = None
    faults: Callable[[Disturbable, float, np.random.Generator], Faults] | None = None
    forces: bool = False

    def require(self, world: Disturbable, name: str) -> None:
        """Checks that the world is one in which this kind means something.

        Raises:
            SetupFault: It is not.
        """
        if self.forces and not world.has_forces:
            raise SetupFault(
                f"The disturbance {name!r} needs friction and contact forces, and a {type(world).__name__} has none; "
                "use the world 'pybullet'."
            )

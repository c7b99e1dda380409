"""Reads which disturbance is requested: ``KIND`` or ``KIND:AMOUNT``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lmp.errors import SetupFault, UnknownName
from lmp.lab.disturbances.kind import Kind
from lmp.lab.disturbances.kinds import DISTURBANCES

NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{0,9})?|\.[0-9]{1,9}")


@dataclass(frozen=True)
class DisturbanceRequest:
    """A kind with an amount in its range.

    Attributes:
        kind: Its name in `DISTURBANCES`.
        amount: How much, in the kind's unit.
    """

    kind: str
    amount: float

    @property
    def about(self) -> Kind:
        """The row of the table for the kind."""
        return DISTURBANCES[self.kind]

    def __str__(self) -> str:
        amount = f"{self.amount:.9f}".rstrip("0").rstrip(".")
        return f"{self.kind}:{amount}" if self.about.quantity else self.kind


def parse_disturbance(text: str) -> DisturbanceRequest:
    """Reads ``knock`` or ``knock:0.4``.

    Raises:
        UnknownName: There is no such kind; names the nearest.
        SetupFault: The amount is not a number in the kind's range.
    """
    name, colon, amount = text.partition(":")
    name, amount = name.strip(), amount.strip()
    if name == "all":
        raise SetupFault('--disturb all, every kind in turn, is for `lmp evaluate`; a run takes one kind, such as "knock".')
    if name not in DISTURBANCES:
        raise UnknownName("disturbance", name, DISTURBANCES)
    kind = DISTURBANCES[name]
    if not colon:
        return DisturbanceRequest(name, kind.default)
    if not kind.quantity:
        raise SetupFault(f"--disturb {name} takes no amount, got {amount[:40]!r}.")
    unit = "" if kind.unit == "1" else f" {kind.unit}"
    bare = amount.removesuffix(kind.unit).rstrip() if unit else amount
    if bare != amount and NUMBER.fullmatch(bare):
        raise SetupFault(f"--disturb {name}:AMOUNT is in {kind.unit} already: leave out the unit, {name}:{bare}.")
    value = float(amount) if NUMBER.fullmatch(amount) else math.nan
    if not kind.low <= value <= kind.high:
        raise SetupFault(
            f"--disturb {name}:AMOUNT takes {kind.quantity} from {kind.low:g} to {kind.high:g}{unit} "
            f"({kind.default:g} by default), got {amount[:40]!r}."
        )
    return DisturbanceRequest(name, value)

"""The package's own conditions and targets, one family a file; loading this registers them."""

from lmp.meaning.conditions.positions import At, MovedBy
from lmp.meaning.conditions.resting import Resting
from lmp.meaning.conditions.sides import Behind, Between, InFrontOf, LeftOf, NextTo, RightOf
from lmp.meaning.conditions.support import Cleared, Held, In, On

__all__ = [
    "At",
    "Behind",
    "Between",
    "Cleared",
    "Held",
    "In",
    "InFrontOf",
    "LeftOf",
    "MovedBy",
    "NextTo",
    "On",
    "Resting",
    "RightOf",
]

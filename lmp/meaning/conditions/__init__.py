"""The package's own conditions and targets, one family a file; loading this registers them."""

from lmp.meaning.conditions.positions import At, AtTarget, MovedBy
from lmp.meaning.conditions.resting import Resting
from lmp.meaning.conditions.sides import Behind, BesideTarget, Between, BetweenTarget, InFrontOf, LeftOf, NextTo, RightOf
from lmp.meaning.conditions.support import Cleared, Held, In, InTarget, On, OnTarget

__all__ = [
    "At",
    "AtTarget",
    "Behind",
    "BesideTarget",
    "Between",
    "BetweenTarget",
    "Cleared",
    "Held",
    "In",
    "InFrontOf",
    "InTarget",
    "LeftOf",
    "MovedBy",
    "NextTo",
    "On",
    "OnTarget",
    "Resting",
    "RightOf",
]

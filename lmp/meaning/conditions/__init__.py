"""The package's own conditions and targets, one family a file; loading this registers them, in the order of prompts."""

# isort: skip_file

from lmp.meaning.conditions.resting import Resting
from lmp.meaning.conditions.support import Cleared, Held, In, InTarget, On, OnTarget
from lmp.meaning.conditions.sides import Behind, BesideTarget, Between, BetweenTarget, InFrontOf, LeftOf, NextTo, RightOf
from lmp.meaning.conditions.positions import At, AtTarget, MovedBy
from lmp.meaning.conditions.attitude import Heading, Tilted, Upright
from lmp.meaning.conditions.joints import JointAtLeast, JointAtMost, JointShare
from lmp.meaning.conditions.contact import Inserted, Touching
from lmp.meaning.conditions.spacing import Aligned, ApartFrom, AtCorner, AtEdge
from lmp.meaning.conditions.negation import Not

__all__ = [
    "Aligned",
    "ApartFrom",
    "At",
    "AtCorner",
    "AtEdge",
    "AtTarget",
    "Behind",
    "BesideTarget",
    "Between",
    "BetweenTarget",
    "Cleared",
    "Heading",
    "Held",
    "In",
    "InFrontOf",
    "InTarget",
    "Inserted",
    "JointAtLeast",
    "JointAtMost",
    "JointShare",
    "LeftOf",
    "MovedBy",
    "NextTo",
    "Not",
    "On",
    "OnTarget",
    "Resting",
    "RightOf",
    "Tilted",
    "Touching",
    "Upright",
]

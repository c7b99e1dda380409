"""What is not to be: another place instead, which is fine, or a part of the place that was said, which cannot be promised."""

from __future__ import annotations

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.syntax import Relation

_WIDE = frozenset({"next_to", "between", "on", "at", "side", "towards", "away_from", "middle_of"})
"""Relations that leave open where exactly."""


def narrows(avoided: Relation, relations: list[Relation]) -> bool:
    """Whether "but not there" leaves out a part of the place that was said, instead of naming another place."""
    if not relations or relations[-1].value not in _WIDE:
        return False
    same = {phrase.noun for phrase in relations[-1].objects}
    return not avoided.objects or any(phrase.head == "PRON" or phrase.noun in same for phrase in avoided.objects)


def cannot_avoid(words: str, text: str) -> Refused:
    """The refusal of what cannot be promised."""
    return Refused(
        "not_understood", f'"not {words}" in {text!r}: I cannot promise what to avoid.', "Say on which side it is to be."
    )

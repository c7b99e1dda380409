"""The skills that a schedule chains, found by what they need and achieve instead of by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lmp.schema.condition import CONDITIONS
from lmp.schema.plan import Refused
from lmp.schema.skill import SkillSpec

Skills = Mapping[str, SkillSpec]


def taking(skills: Skills) -> str:
    """The skill that brings an object into the empty gripper.

    Raises:
        Refused: There is none.
    """

    def takes(spec: SkillSpec) -> bool:
        kinds = (CONDITIONS.get(kind) for kind in spec.achieves)
        return spec.needs == "empty_gripper" and any(kind is not None and kind.in_hand for kind in kinds)

    return _first(skills, takes, "takes an object")


def putting(skills: Skills) -> str:
    """The skill that brings what is held to its place.

    Raises:
        Refused: There is none.
    """
    return _first(skills, lambda spec: spec.places and spec.needs == "object_held", "puts down what is held")


def sliding(skills: Skills) -> str:
    """The skill that brings an object to its place without taking it.

    Raises:
        Refused: There is none.
    """
    return _first(skills, lambda spec: spec.places and spec.needs == "empty_gripper", "moves an object without taking it")


def resting(skills: Skills) -> str:
    """The skill that brings the arm to its rest posture.

    Raises:
        Refused: There is none.
    """
    return _first(skills, lambda spec: spec.rests, "brings the arm to its rest posture")


def _first(skills: Skills, does: Callable[[SkillSpec], bool], what: str) -> str:
    found = next((name for name, spec in skills.items() if does(spec)), None)
    if found is None:
        raise Refused("impossible", f"None of the skills {what}: {', '.join(skills)}.", "Add a skill that does.")
    return found

"""Truths of what carries or holds an object."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from pydantic import JsonValue

from lmp.lab.truth.predicates.at_rest import AtRest, Related
from lmp.lab.truth.truth import TRUTHS, Finding, Predicate
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.schema.base import Name
from lmp.schema.pose import Pose
from lmp.schema.shape import Cavity

UPRIGHT = np.cos(np.radians(20.0))


@TRUTHS.register
class OnTruth(Related):
    """It touches the support, its middle is over it, it is above it, and nothing below helps to carry it."""

    kind: Literal["on"] = "on"

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "blue_block"}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """By contacts and heights."""
        over = reference.covers(item.middle[:2])
        floors = [frame.position[2] + cavity.floor for cavity, frame in reference.hollows]
        floor = min(floors) - 0.003 if floors else reference.top - 0.008
        above = item.bottom >= floor
        others = world.supports & item.touching - {reference.name}
        alone = reference.name in world.supports or not others
        touches = reference.name in item.touching
        why = f"{item.name} {'touches' if touches else 'does not touch'} {reference.name}"
        why += "" if over else ", its middle is not over it"
        why += "" if above else ", it is not above it"
        why += "" if alone else f", it touches {', '.join(sorted(others))} too"
        return Finding(touches and over and above and alone, why)


@TRUTHS.register
class InTruth(Related):
    """Its middle is over the opening, it reaches well below the rim, and the container carries it, if by way of others."""

    kind: Literal["in"] = "in"

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """In one of its hollows."""
        if not reference.hollows:
            return Finding(False, f"{reference.name} has no hollow")
        findings = [_in_hollow(item, reference, cavity, frame, world) for cavity, frame in reference.hollows]
        return next((finding for finding in findings if finding.holds), findings[0])


def _in_hollow(item: TrueObject, container: TrueObject, cavity: Cavity, frame: Pose, world: Snapshot) -> Finding:
    if frame.rotation[2, 2] < UPRIGHT:
        return Finding(False, f"{container.name} is tipped over")
    local = frame.inverse().apply(item.points)
    middle = (local.min(axis=0) + local.max(axis=0))[:2] / 2
    half = np.array([cavity.half_x, cavity.half_y])
    inside = float(np.hypot(*(middle / half))) <= 1.0 if cavity.round else bool((np.abs(middle) <= half).all())
    depth = cavity.rim - float(local[:, 2].min())
    deep = depth >= min(0.01, (cavity.rim - cavity.floor) / 2)
    over_floor = float(local[:, 2].min()) >= cavity.floor - 0.005
    carried = not world.supports & item.touching and _leads_to(item, container.name, world)
    why = f"{item.name} reaches {depth:.3f} m below the rim of {container.name}"
    why += "" if inside else ", its middle is outside of the opening"
    why += "" if over_floor else ", it is under the floor"
    why += "" if carried else ", the container does not carry it"
    return Finding(inside and deep and over_floor and carried, why)


def _leads_to(item: TrueObject, goal: str, world: Snapshot) -> bool:
    """True if contacts lead from an object to the goal without the furniture and the robot."""
    seen, waiting = {item.name}, [item]
    while waiting:
        for name in waiting.pop().touching - seen - world.supports:
            if name == goal:
                return True
            seen.add(name)
            waiting += [other for other in world.objects if other.name == name]
    return False


@TRUTHS.register
class HeldTruth(Predicate):
    """The gripper holds the object."""

    kind: Literal["held"] = "held"
    object: Name

    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block"}

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """As the world says."""
        item = after.find(self.object)
        held = item is not None and item.held
        return Finding(held, f"{self.object} is {'' if held else 'not '}held")


@TRUTHS.register
class ClearedTruth(AtRest):
    """Nothing stands on or lies in the object."""

    kind: Literal["cleared"] = "cleared"

    example: ClassVar[dict[str, JsonValue]] = {"object": "tray"}

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """Find the objects that it carries."""
        on_it = [other.name for other in after.objects if other is not item and _carried_by(other, item)]
        return Finding(not on_it, f"{item.name} carries {', '.join(on_it) or 'nothing'}")


def _carried_by(item: TrueObject, support: TrueObject) -> bool:
    """It touches the support and its middle is over it and higher."""
    return support.name in item.touching and support.covers(item.middle[:2]) and item.bottom > support.bottom + 0.003

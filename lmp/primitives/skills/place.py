"""Place: put the held object down on, in, beside or between things, or at a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lmp.primitives.contacts import standing_against, touching_now
from lmp.primitives.moves import Candidate, Contacts, Grip, ToolMove
from lmp.primitives.placements import Placement, placements
from lmp.primitives.settling import settled
from lmp.primitives.skill import Situation, movable_object
from lmp.schema.base import Name
from lmp.schema.motion import OnTarget, PlaceTarget
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation

STANDOFF = 0.06
"""Height over the place from which the object comes down straight [m]; more over the rim of a container."""
RETREAT = 0.08
"""How far the hand goes up after the release [m]."""
SLOW = 0.15
"""Largest speed while the object comes down, and right after the release [m/s]."""
OPENINGS = (0.024, 0.012)
"""How much the fingers open to let go, the wider first [m]."""
RIM_GAP = 0.006
"""Free height of the finger tips over a rim that they do not go below [m]."""


class PlaceParameters(SkillParameters):
    """Put the held object down."""

    kind: Literal["place"] = "place"
    object: Name
    target: PlaceTarget
    release_height: float = Field(
        default=0.003, ge=0.001, le=0.05, description="free height under the object when it is let go [m]"
    )


class Place:
    """The skill `place`."""

    spec = SkillSpec(
        name="place",
        line="Put the held object down on, in, beside or between other things, or at a place, and let go.",
        parameters=PlaceParameters,
        example=PlaceParameters(object="red_block", target=OnTarget(support="blue_block")),
    )

    def candidates(self, parameters: PlaceParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """One candidate for each free place, turn and way to let go, in their order of rank."""
        thing = movable_object(parameters.object, situation.scene)
        if isinstance(thing, Violation):
            return (thing,)
        if not thing.held or situation.T_tool_held is None:
            return (_not_holding(thing, situation.scene),)
        found = placements(thing, parameters.target, situation.scene)
        places = [place for place in found if isinstance(place, Placement)]
        if not places:
            return [violation for violation in found if isinstance(violation, Violation)]
        low = [way for place in places for way in _ways(place, parameters, thing, situation, over_rim=False)]
        high = [way for place in places for way in _ways(place, parameters, thing, situation, over_rim=True)]
        return [*low, *high]

    def predict(self, parameters: PlaceParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The object falls from where the fingers opened onto what is below it."""
        scene, T_tool_held = situation.scene, situation.T_tool_held
        thing = scene.get(parameters.object)
        if T_tool_held is None:
            return scene
        opened = next(event.t for event in trajectory.gripper if event.action == "open")
        T_world_object = situation.forward(trajectory.at(opened)) @ T_tool_held
        placed = settled(thing.model_copy(update={"pose": Pose.from_matrix(T_world_object), "held": False}), scene)
        return touching_now(scene, placed)


def _not_holding(thing: SceneObject, scene: Scene) -> Violation:
    held = scene.held
    message = f"The hand holds {held.name}, not {thing.name}." if held else f"The hand does not hold {thing.name}."
    hint = f"Place {held.name} first, then pick {thing.name}." if held else f"Pick {thing.name} first."
    return Violation(code="not_holding", message=message, object=thing.name, hint=hint)


def _ways(
    place: Placement, parameters: PlaceParameters, thing: SceneObject, situation: Situation, *, over_rim: bool
) -> Iterator[Candidate]:
    """Low: set down close to the surface. Over the rim: let go with the fingers above a container's walls."""
    assert situation.T_tool_held is not None
    gripper = situation.robot.gripper
    T_world_release = place.T_world_object @ np.linalg.inv(situation.T_tool_held)
    T_world_release[2, 3] += parameters.release_height
    label = place.label
    if over_rim:
        if place.surface.rim is None:
            return
        lift = place.surface.rim + RIM_GAP + gripper.tip_length - float(T_world_release[2, 3])
        if lift <= 0.0:
            return
        T_world_release[2, 3] += lift
        label += f", dropped from {lift * 1000:.0f} mm up"
    for opening in OPENINGS:
        width = min(situation.scene.robot.gripper_width + opening, gripper.max_width)
        yield Candidate(
            f"{label}, fingers to {width * 1000:.0f} mm", _moves(T_world_release, width, place, parameters, thing, situation)
        )


def _moves(
    T_world_release: NDArray[np.float64],
    width: float,
    place: Placement,
    parameters: PlaceParameters,
    thing: SceneObject,
    situation: Situation,
) -> tuple[ToolMove | Grip, ...]:
    slow = min(parameters.speed, SLOW)
    bottom = situation.scene.get(thing.name).bounds[0][2] - situation.T_world_tool[2, 3] + T_world_release[2, 3]
    over = 0.0 if place.surface.rim is None else max(0.0, place.surface.rim + RIM_GAP - bottom)
    T_world_above, T_world_away = T_world_release.copy(), T_world_release.copy()
    T_world_above[2, 3] += max(STANDOFF, over)
    T_world_away[2, 3] += RETREAT
    standing = tuple((thing.name, other) for other in standing_against(situation.scene, thing))
    down: Contacts = ((thing.name, place.surface.owner),)
    letting_go: Contacts = (("fingers", thing.name), ("hand", thing.name), *down)
    return (
        ToolMove("carry", T_world_above, parameters.speed, parameters.duration, parameters.path, free=True, allowed=standing),
        ToolMove("lower", T_world_release, slow, allowed=down),
        Grip("release", "open", width, width, situation.robot.gripper.force, lets_go=True, allowed=letting_go),
        ToolMove("retreat", T_world_away, slow, allowed=letting_go),
    )


PLACE = Place()

"""Place: put the held object down on, in, beside or between objects, or at a place."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lmp.meaning.conditions import Heading, OnTarget
from lmp.meaning.directions import directions
from lmp.meaning.symmetry import period
from lmp.primitives.arm.leeway import IN_THE_AIR, SET_DOWN
from lmp.primitives.handling.contacts import arriving, standing_against, touching_now
from lmp.primitives.moves import Candidate, Contacts, Expects, Follows, Grip, ToolMove
from lmp.primitives.places.footprints import outline
from lmp.primitives.places.free_places import Place as Spot
from lmp.primitives.places.goals import goal_for, is_new_there
from lmp.primitives.places.placements import Placement, placements
from lmp.primitives.places.spot import settled
from lmp.primitives.skill import NOT_HOLDING, OUT_OF_RANGE, Situation, filled, movable_object
from lmp.schema.base import Name
from lmp.schema.condition import Condition, KnownTarget, Target
from lmp.schema.episode import History
from lmp.schema.motion import Angle, Side, Width
from lmp.schema.plan import LONGEST, Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.roles import roles_of
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

STANDOFF = 0.06
"""Height over the place from which the object comes down straight [m]; more over the rim of a container."""
RETREAT = 0.08
"""How far the gripper goes up after the release [m]."""
SLOW = 0.15
"""Largest speed while the object comes down, and right after the release [m/s]."""
FORCE_LIMIT = 40.0
"""Contact force beside the grip at which the motion is stopped [N].

Normal execution exerts up to 16 N, when what comes down brushes a rim or a neighbour: 162 places,
benchmarks/contact_forces.py. The limit is more than twice that.
"""
OPENINGS = (0.024, 0.012)
"""How much the fingers open to let go, the wider first [m]."""
NO_HEADING = VIOLATIONS.register(
    ViolationKind("no_heading", "a heading of what looks the same from all sides", about="request", hint="Leave `yaw` out.")
)
RELEASED = 0.004
"""Least opening beyond the object's width that lets go of it [m]."""
HEADING_TOLERANCE = 0.15
"""How far off a requested heading an object may stand in the end [rad]: what it is put down with, and some turn on release."""
PLAY = 0.01
"""How far a support, a container or a reference may have moved since it was perceived [m]: a quarter of a small block."""
RIM_GAP = 0.006
"""Free height of the finger tips over a rim that they do not go below [m]."""


class PlaceParameters(SkillParameters):
    """Put the held object down."""

    kind: Literal["place"] = "place"
    object: Name
    target: KnownTarget
    release_height: float = Field(
        default=0.003, ge=0.001, le=0.05, description="free height under the object when it is let go [m]"
    )
    yaw: Angle | None = Field(
        default=None,
        description="heading of the object's own x axis when it stands, from forward towards the robot's left; tested "
        "afterwards; null for any [rad]",
    )
    alike: bool = Field(
        default=False,
        description="whether headings with which the object looks the same will do as well, such as every quarter of a cube",
    )
    approach: Side | None = Field(
        default=None,
        description="side from which the hand arrives over the place before it comes straight down, as the robot sees it: "
        "its left or right, front nearer to the robot, behind farther; null for the straight way",
    )
    opening: Width | None = Field(
        default=None, description="distance of the fingers after letting go, wider than the object; null for the usual [m]"
    )

    def requests(self) -> tuple[Condition, ...]:
        """The heading, where one was asked for."""
        if self.yaw is None:
            return ()
        return (Heading(object=self.object, yaw=self.yaw, tolerance=HEADING_TOLERANCE, exact=not self.alike),)


def ground(subgoal: Subgoal, scene: Scene, history: History | None) -> SkillParameters | Refusal:
    """The target that the conditions set."""
    goal = goal_for(subgoal.objects[0], subgoal.success, scene)
    if goal is None:
        message = f"The subgoal {subgoal.description!r} says no place."[:LONGEST]
        return Refusal(reason="impossible", message=message, hint="Name where to put it.")
    target, spot = goal
    if spot is not None:
        target = _not_on_newcomers(target, spot, subgoal.objects[0], scene, history)
    return filled(PlaceParameters, subgoal, target=target)


def _not_on_newcomers(target: Target, spot: Spot, name: str, scene: Scene, history: History | None) -> Target:
    """The target with the support that was meant, where something has come to the place since the words were understood."""
    others = [item for item in scene.objects if item.name != name and outline(item).depth(np.array(spot)) > 0]
    new = [item for item in others if item.movable and not item.held and is_new_there(item.name, scene, history)]
    meant = [item for item in others if item not in new and not item.held]
    support = next((field for field, role in roles_of(type(target)).items() if role == "support"), None)
    if not new or not meant or support is None:
        return target
    return target.model_copy(update={support: max(meant, key=lambda item: float(item.bounds[1][2])).name})


class Place:
    """The skill `place`."""

    spec = SkillSpec(
        name="place",
        line="Put the held object down on, in, beside or between things, at a place, or where a picture shows it; let go.",
        parameters=PlaceParameters,
        example=PlaceParameters(object="red_block", target=OnTarget(support="blue_block")),
        force_limit=FORCE_LIMIT,
        needs_gripper=True,
        needs="object_held",
        places=True,
        ground=ground,
    )

    def candidates(self, parameters: PlaceParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """One candidate for each free place, turn and way to let go, in their order of rank."""
        thing = movable_object(parameters.object, situation.scene)
        if isinstance(thing, Violation):
            return (thing,)
        if not thing.held or situation.T_tool_held is None:
            return (_not_holding(thing, situation.scene),)
        complaints = _complaints(parameters, thing, situation)
        yaw = None if parameters.yaw is None else directions(situation.scene).world_yaw(parameters.yaw)
        found = placements(thing, parameters.target, situation.scene, yaw, alike=parameters.alike)
        places = [place for place in found if isinstance(place, Placement)]
        if complaints or not places:
            return [*complaints, *(violation for violation in found if isinstance(violation, Violation))]
        moves = _GripperMoves(parameters, thing, situation)
        spots = [list(turns) for _, turns in itertools.groupby(places, key=lambda place: place.spot)]
        return [
            way for turns in spots for above in moves.heights(turns[0]) for place in turns for way in moves.ways(place, above)
        ]

    def predict(self, parameters: PlaceParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The object falls from where the fingers opened onto what is below it."""
        scene, T_tool_held = situation.scene, situation.T_tool_held
        thing = scene.get(parameters.object)
        if T_tool_held is None:
            return scene
        opened = next(event.t for event in trajectory.gripper if event.action == "open")
        T_world_object = situation.forward(trajectory.at(opened)) @ T_tool_held
        placed = settled(thing.model_copy(update={"pose": Pose.from_matrix(T_world_object), "held_by": None}), scene)
        return touching_now(scene, placed)


def _not_holding(thing: SceneObject, scene: Scene) -> Violation:
    held = scene.held
    message = f"The gripper holds {held.name}, not {thing.name}." if held else f"The gripper does not hold {thing.name}."
    hint = f"Place {held.name} first, then pick {thing.name}." if held else f"Pick {thing.name} first."
    return NOT_HOLDING(message=message, object=thing.name, hint=hint)


def _complaints(parameters: PlaceParameters, thing: SceneObject, situation: Situation) -> tuple[Violation, ...]:
    """Complaints that hold wherever the object is put."""
    if parameters.yaw is not None and period(thing) == 0.0:
        message = f"A heading is requested for {thing.name}, which looks the same from all sides: nobody could tell it."
        return (NO_HEADING(message=message, object=thing.name),)
    opening, width, widest = parameters.opening, situation.scene.robot.gripper_width, situation.robot.fingers.max_width
    if opening is None or width + RELEASED <= opening <= widest:
        return ()
    requested = f"An opening of {opening * 1000:.0f} mm is requested to let go of {thing.name}"
    if opening > widest:
        message, limit = f"{requested}; the fingers go {widest * 1000:.0f} mm apart at most.", widest
    else:
        limit = width + RELEASED
        message = f"{requested}, which keeps them {width * 1000:.0f} mm apart; at least {limit * 1000:.0f} mm are needed."
    hint = "Leave the opening out, or choose one between the two."
    return (OUT_OF_RANGE(message=message, value=opening, limit=limit, unit="m", object=thing.name, hint=hint),)


class _GripperMoves:
    """Moves of the gripper that put the held object at a place."""

    def __init__(self, parameters: PlaceParameters, thing: SceneObject, situation: Situation):
        assert situation.T_tool_held is not None
        self.parameters, self.thing, self.gripper = parameters, thing, situation.robot.fingers
        self.scene = situation.scene
        self.T_held_tool = np.linalg.inv(situation.T_tool_held)
        self.width = situation.scene.robot.gripper_width
        self.hang = float(situation.T_world_tool[2, 3] - -thing.extent(np.array([0.0, 0.0, -1.0])))
        self.standing: Contacts = tuple((thing.name, other) for other in standing_against(situation.scene, thing))

    def heights(self, place: Placement) -> tuple[float | None, ...]:
        """Heights that the finger tips have to stay above: none; in containers also the rim, and what is inside [m]."""
        rim = place.surface.rim
        if rim is None:
            return (None,)
        return (None, rim) if place.crowded <= rim else (None, rim, place.crowded)

    def ways(self, place: Placement, above: float | None) -> Iterator[Candidate]:
        """Set down close to the surface, or let go with the finger tips above a height [m]."""
        T_world_release = place.T_world_object @ self.T_held_tool
        T_world_release[2, 3] += self.parameters.release_height
        label = place.label
        if above is not None:
            lift = above + RIM_GAP + self.gripper.tip_length - float(T_world_release[2, 3])
            if lift <= 0.0:
                return
            T_world_release[2, 3] += lift
            label += f", dropped from {lift * 1000:.0f} mm up"
        usual = [min(self.width + opening, self.gripper.max_width) for opening in OPENINGS]
        for width in usual if self.parameters.opening is None else [self.parameters.opening]:
            moves = self._moves(T_world_release, width, place)
            yield Candidate(f"{label}, fingers to {width * 1000:.0f} mm", moves)

    def _moves(self, T_world_release: NDArray[np.float64], width: float, place: Placement) -> tuple[ToolMove | Grip, ...]:
        requested = self.parameters
        rim = place.surface.rim
        over = 0.0 if rim is None else max(rim, place.crowded) + RIM_GAP + self.hang - float(T_world_release[2, 3])
        T_world_above, T_world_away = T_world_release.copy(), T_world_release.copy()
        T_world_above[2, 3] += max(STANDOFF, over)
        T_world_away[2, 3] += RETREAT
        slow, name = min(requested.speed, SLOW), self.thing.name
        down: Contacts = ((name, place.surface.owner),)
        letting_go: Contacts = (("fingers", name), ("hand", name), *down)
        requests = requested.speed, requested.duration, requested.path
        in_place = self._in_place(place)
        follows: Follows = in_place[0] if len(in_place) == 1 else None
        carry = ToolMove(
            "carry",
            T_world_above,
            *requests,
            free=True,
            allowed=self.standing,
            timing=requested.timing,
            follows=follows,
            leeway=IN_THE_AIR,
        )
        return (
            *arriving(carry, requested.approach, self.scene),
            ToolMove("lower", T_world_release, slow, allowed=down, expects=in_place, follows=follows, leeway=SET_DOWN),
            Grip("release", "open", width, width, self.gripper.force, lets_go=True, allowed=letting_go),
            ToolMove("retreat", T_world_away, slow, allowed=letting_go, follows=follows, leeway=IN_THE_AIR),
        )

    def _in_place(self, place: Placement) -> Expects:
        """Objects that the place depends on: those it is on or in or related to by the words; furniture stays where it is."""
        names = dict.fromkeys((place.surface.owner, *self.parameters.target.names))
        return tuple((name, PLAY) for name in names if name in self.scene and self.scene.get(name).movable)


PLACE = Place()

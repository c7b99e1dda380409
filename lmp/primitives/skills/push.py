"""Push: slide an object along what it stands on, with the fingers behind it, or closed on it where there is no room.

Or a part of an object along its joint: a drawer is closed by its front.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lmp.meaning.directions import directions
from lmp.primitives.handling.contacts import touching_now
from lmp.primitives.moves import Candidate
from lmp.primitives.places.goals import middle, spot_for
from lmp.primitives.skill import ALREADY_HOLDING, Situation, filled, movable_object
from lmp.primitives.skills.push_parameters import PushParameters
from lmp.schema.episode import History
from lmp.schema.plan import LONGEST, Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation

FORCE_LIMIT = 30.0
"""Contact force beside the grip at which the motion is stopped [N], while pushing, too.

Normal execution exerts up to 16 N, when a bowl is drawn along between the fingers, and up to 9 N from behind: 28 pushes,
benchmarks/contact_forces.py. The limit is about twice that.
"""


def ground(subgoal: Subgoal, scene: Scene, history: History | None) -> SkillParameters | Refusal:
    """The displacement from where the object is to where the conditions want it."""
    name = subgoal.objects[0]
    spot, (x, y) = spot_for(name, subgoal.success, scene), middle(scene, name)
    if spot is None:
        message = f"The subgoal {subgoal.description!r} says no place to push to."[:LONGEST]
        return Refusal(reason="impossible", message=message, hint="Name a direction or a place.")
    way = directions(scene).components(np.array([spot[0] - x, spot[1] - y, 0.0]))
    return filled(PushParameters, subgoal, dx=float(way[0]), dy=float(way[1]))


class PushSkill:
    """The skill `push`."""

    spec = SkillSpec(
        name="push",
        line="Slide an object along what it stands on by a displacement, with an empty hand; for things too wide to take, too. "
        "With `joint`, move a part of it along its joint: close a drawer by its front.",
        parameters=PushParameters,
        example=PushParameters(object="red_block", dx=0.0, dy=0.1),
        force_limit=FORCE_LIMIT,
        needs_gripper=True,
        needs="empty_gripper",
        places=True,
        ground=ground,
    )

    def candidates(self, parameters: PushParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """From behind, the gripper turned either way, two pushes where no face is square to the way; else drawn along."""
        full = _not_empty(situation.scene)
        if parameters.joint is not None:
            from lmp.primitives.skills.joint_push import joint_candidates

            return full or joint_candidates(parameters, parameters.joint, situation)
        from lmp.primitives.skills.object_push import displacement, object_candidates

        thing = movable_object(parameters.object, situation.scene)
        if isinstance(thing, Violation):
            return (thing,)
        way = displacement(parameters, thing, situation.scene)
        if isinstance(way, Violation):
            return (*full, way)
        found = object_candidates(parameters, way, thing, situation)
        return (*full, *(each for each in found if isinstance(each, Violation))) if full else found

    def predict(self, parameters: PushParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The object stands displaced, or its joint is elsewhere, and what is in or on it has come along."""
        from lmp.primitives.handling.riding import joint_moved, moved, riders
        from lmp.primitives.skills.object_push import displacement

        thing = situation.scene.get(parameters.object)
        if parameters.joint is not None:
            value = parameters.joint.position(thing.joint(parameters.joint.name))
            return joint_moved(situation.scene, thing.name, parameters.joint.name, value)
        way = displacement(parameters, thing, situation.scene)
        if isinstance(way, Violation):
            return situation.scene
        T = np.eye(4)
        T[:2, 3] = way
        scene = moved(situation.scene, riders(situation.scene, thing.name), T)
        pose = Pose.from_matrix(T @ thing.pose.matrix)
        return touching_now(scene, thing.model_copy(update={"pose": pose}))


def _not_empty(scene: Scene) -> tuple[Violation, ...]:
    if scene.held is None:
        return ()
    message = f"The gripper holds {scene.held.name}; a push needs it empty."
    return (ALREADY_HOLDING(message=message, object=scene.held.name, hint="Place it first."),)


PUSH = PushSkill()

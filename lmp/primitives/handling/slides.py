"""Slides: an object drawn along the table between closed fingers, for where a push from behind has no room."""

from __future__ import annotations

import numpy as np

from lmp.meaning.relations import contents, supported_by
from lmp.primitives.handling.contacts import standing_against
from lmp.primitives.handling.grasps import Grasp, grasps
from lmp.primitives.moves import Candidate, Contacts, Grip, ToolMove
from lmp.primitives.skill import Situation
from lmp.schema.scene import SceneObject
from lmp.schema.skill import SkillParameters

MOST = 6
"""Grasps that are offered, best first [count]."""
STANDOFF = 0.1
"""Height over the grasp from which the gripper comes down, and to which it goes away [m]."""
LETTING_GO = 0.008
"""How far each finger opens from the object at the end [m]: little, since neighbours may be near there."""


def slides(
    parameters: SkillParameters, thing: SceneObject, way: np.ndarray[tuple[int], np.dtype[np.float64]], situation: Situation
) -> list[Candidate]:
    """The object slides by `way` [m], shape (2,), with the fingers closed on it; empty where it cannot be grasped."""
    scene, gripper = situation.scene, situation.robot.fingers
    if supported_by(scene, thing.name) or contents(scene, thing.name):
        return []
    pinched: Contacts = (("fingers", thing.name), *((thing.name, other) for other in standing_against(scene, thing)))
    found = [grasp for grasp in grasps(thing, situation) if isinstance(grasp, Grasp)]
    return [_candidate(grasp, parameters, thing.name, way, gripper.force, gripper.max_width, pinched) for grasp in found[:MOST]]


def _candidate(
    grasp: Grasp,
    parameters: SkillParameters,
    name: str,
    way: np.ndarray[tuple[int], np.dtype[np.float64]],
    force: float,
    max_width: float,
    pinched: Contacts,
) -> Candidate:
    above, end = grasp.T_world_tool.copy(), grasp.T_world_tool.copy()
    above[2, 3] += STANDOFF
    end[:2, 3] += way
    away = end.copy()
    away[2, 3] += STANDOFF
    in_place = ((name, grasp.play),)
    slow, opened = min(parameters.speed, 0.25), min(max_width, grasp.width + 2 * LETTING_GO)
    requests = parameters.speed, parameters.duration, parameters.path
    return Candidate(
        f"drawn along between the fingers; {grasp.label}",
        (
            Grip("open", "open", grasp.opening, grasp.opening, force, wait=False),
            ToolMove("approach", above, *requests, free=True, timing=parameters.timing),
            ToolMove("descend", grasp.T_world_tool, slow, expects=in_place),
            Grip("grasp", "close", 0.0, grasp.width, force, takes=name, allowed=pinched, expects=in_place),
            ToolMove("slide", end, min(slow, 0.12), allowed=pinched),
            Grip("release", "open", opened, opened, force, lets_go=True, allowed=pinched),
            ToolMove("retreat", away, slow, allowed=pinched),
        ),
    )

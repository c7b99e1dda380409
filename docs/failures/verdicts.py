"""What the compiler and its checks say of a fault of each kind: real ones where an instruction leads to it, else planted."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import strikes
from causes import SEED
from striker import Moment

from lmp.meaning.conditions import In
from lmp.meaning.directions import directions
from lmp.meaning.failures import MISSED_GRASP
from lmp.primitives.arm.reachability import IkProblem, Unreachable
from lmp.primitives.checks.checks import SegmentClearance, check_motion
from lmp.primitives.checks.path_checks import reach_violations
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.primitives.collision.named_pairs import Clearance, Contact
from lmp.runtime.agent import Agent
from lmp.runtime.flow.checking import checked, missed
from lmp.runtime.flow.run_state import summary
from lmp.runtime.flow.varying import tried_before
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Attempt
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Verdict, Violation

ARM_ALONE = "iiwa14"
"""A robot without a gripper."""
WRONG: tuple[dict[str, Any], ...] = (
    {"kind": "pick", "object": "purple_block"},
    {"kind": "pick", "object": "table"},
    {"kind": "pick", "object": "red_block", "force": 150.0},
    {"kind": "pick", "object": "red_block", "at": {"camera": "front", "column": 320.0, "row": 240.0}},
    {"kind": "pick", "object": "red_block", "opening": 0.02},
    {"kind": "place", "object": "red_block", "target": {"kind": "in", "container": "bowl"}},
    {"kind": "push", "object": "red_block", "dx": 0.0, "dy": -0.3},
    {"kind": "pick", "object": "red_block", "path": {"kind": "weights", "x": [0.1], "y": [0.1, 0.2], "z": [0.0]}},
)
HELD_WRONG: tuple[dict[str, Any], ...] = (
    {"kind": "pick", "object": "green_block"},
    {"kind": "place", "object": "red_block", "target": {"kind": "on", "support": "ball"}},
    {"kind": "place", "object": "red_block", "target": {"kind": "in", "container": "mug"}},
    {"kind": "place", "object": "red_block", "target": {"kind": "at", "x": 0.35, "y": 0.42, "support": "table"}},
    {"kind": "place", "object": "red_block", "target": {"kind": "at", "x": 1.2, "y": 0.0}},
    {"kind": "place", "object": "red_block", "target": {"kind": "at", "x": 0.75, "y": 0.65}},
)


def examples() -> dict[str, str]:
    """A sentence for each code that a check gives."""
    found: dict[str, str] = {}
    for violation in _found():
        found.setdefault(violation.code, violation.message)
    return {code: found[code] for code in VIOLATIONS.all() if code in found}


def _found() -> Iterator[Violation]:
    with open_world("kinematic:tabletop", seed=SEED, robot=ARM_ALONE) as world:
        agent = Agent(world)
        yield from _of(agent, agent.perceive(), WRONG[2:3])
    with open_world("kinematic:tabletop", seed=SEED) as world:
        agent = Agent(world)
        scene = agent.perceive()
        yield from _of(agent, scene, WRONG)
        fitting = agent.skills["pick"].spec.parameters.model_validate({"kind": "pick", "object": "red_block"})
        motion = agent.compile(fitting, scene)
        assert isinstance(motion, JointTrajectory)
        held = agent.stages.world_model.predict(fitting, scene, motion).model_copy(update={"predicted": False})
        yield from _of(agent, held, HELD_WRONG)
        yield from _aimed(agent, scene, held, motion)
        tower = Moment(world, motion, 0.0, Path())
        strikes.put_on("green_block", "blue_block")(tower)
        yield from _of(agent, agent.perceive(), ({"kind": "pick", "object": "blue_block"},))
        yield from _planted(motion, agent, scene)


def _aimed(agent: Agent, scene: Scene, held: Scene, motion: JointTrajectory) -> Iterator[Violation]:
    """What is said of primitives that miss what was asked for, and of one that has failed equally twice."""
    yaw = directions(scene).viewer_yaw(scene.get("red_block").pose.yaw)
    askew = {"kind": "pick", "object": "red_block", "yaw": math.remainder(yaw + math.pi / 4, 2 * math.pi)}
    yield from _of(agent, scene, (askew,))
    can = scene.replacing(scene.get("can").model_copy(update={"held_by": "gripper"}))
    yield from _of(agent, can, ({"kind": "place", "object": "can", "target": {"kind": "in", "container": "bowl"}, "yaw": 0.3},))
    goal = Subgoal(
        description="", reasoning="", skill="place", objects=("red_block",), success=(In(object="red_block", container="bowl"),)
    )
    place = {"kind": "place", "object": "red_block", "target": {"kind": "beside", "reference": "mug", "side": "left"}}
    primitive = agent.skills["place"].spec.parameters.model_validate(place)
    answer, _ = checked(agent.stages, goal, primitive, held)
    assert isinstance(answer, Verdict)
    yield from answer.violations
    turned = agent.skills["place"].spec.parameters.model_validate({**place, "yaw": math.remainder(yaw + 1.0, 2 * math.pi)})
    yield from missed(goal.model_copy(update={"success": ()}), turned, held, scene)
    pick = agent.skills["pick"].spec.parameters.model_validate({"kind": "pick", "object": "red_block"})
    take = Subgoal(description="", reasoning="", skill="pick", objects=("red_block",))
    failed = Attempt(subgoal=take, primitive=pick, compiled=summary(motion), outcome=MISSED_GRASP)
    again = tried_before(take, pick, motion, (failed, failed))
    assert again is not None
    yield from again.violations


def _of(agent: Agent, scene: Scene, wrong: tuple[dict[str, Any], ...]) -> Iterator[Violation]:
    for fields in wrong:
        answer = agent.compile(agent.skills[fields["kind"]].spec.parameters.model_validate(fields), scene)
        if isinstance(answer, Verdict):
            yield from answer.violations


def _planted(motion: JointTrajectory, agent: Agent, scene: Scene) -> Iterator[Violation]:
    """What the checks say of a good motion with one number changed."""
    robot, middle = agent.world.robot.description, len(motion.times) // 3
    rows = [int(np.argmin(np.abs(motion.times - segment.end))) for segment in motion.segments]
    good = SampledMotion(
        motion.times,
        motion.positions,
        motion.velocities,
        motion.accelerations,
        np.zeros_like(motion.positions),
        motion.tool_path,
        np.full(len(motion.times), 0.1),
        motion.segments,
        motion.tool_path[rows],
    )
    for name, value in (("positions", 1.9), ("velocities", 2.4), ("accelerations", 8.1), ("jerks", 8000.0)):
        array = np.array(getattr(good, name))
        array[middle, 1] = value
        yield from check_motion(dataclasses.replace(good, **{name: array}), robot, scene)
    values = np.array(good.singular_values)
    values[middle] = 0.004
    yield from check_motion(dataclasses.replace(good, singular_values=values), robot, scene)
    yield from check_motion(dataclasses.replace(good, ends=good.ends + 0.004), robot, scene)
    for a, b in (("panda_hand", "panda_link2"), ("panda_leftfinger", "can"), ("panda_hand", "table")):
        close = Clearance((Contact(a, b, 0.002, middle, middle),), None, 0.0)
        yield from check_motion(good, robot, scene, [SegmentClearance("descend", motion.times, close, 0.005)])
    q = np.array(motion.positions[middle])
    for problem in (
        IkProblem("reach", 1, None, 0.12, 1e-4, "m", 0.12, 0.0, 0.05),
        IkProblem("branch_jump", 1, 3, 1.7, 0.3, "rad", 0.0, 0.0, 0.05),
    ):
        yield from reach_violations(Unreachable((problem,), q, q[None], np.eye(4)), robot, "carry")

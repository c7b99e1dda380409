"""A run folder as a run leaves it: a missed grasp, a second try, a refused and repaired placement."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field
from ray_camera import Brick, take_picture

from lmp.meaning.conditions import Held, In, InTarget
from lmp.meaning.failures import MISSED_GRASP
from lmp.record import RunFolder
from lmp.robots.robot_file import load_robot
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.condition import KnownTarget
from lmp.schema.episode import Attempt, Compiled, Episode, SubgoalReport, WorldObject
from lmp.schema.findings import ConditionResult, Execution, Verification
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Margins, Segment
from lmp.schema.verdict import Violation

PANDA = load_robot("panda")
BLOCK, BOWL, INSIDE = (0.45, -0.18, 0.025), (0.52, 0.2, 0.03), (0.52, 0.2, 0.05)
ABOVE, RAISED = (0.31, 0.0, 0.5), (0.45, -0.18, 0.2)


class Grab(SkillParameters):
    """Parameters of a skill that only these tests have."""

    kind: Literal["grab"] = "grab"
    object: str
    grip: float = Field(default=30.0, description="grip force [N]")


class Drop(SkillParameters):
    """Parameters of another."""

    kind: Literal["drop"] = "drop"
    object: str
    target: KnownTarget


def bricks(block: tuple[float, float, float], name: str = "red_block") -> tuple[Brick, ...]:
    """The things on the table with the block at a place."""
    return (
        Brick(name, block, (0.05, 0.05, 0.05), (206, 52, 48)),
        Brick("bowl", BOWL, (0.16, 0.16, 0.06), (240, 240, 236)),
        Brick("blue_block", (0.36, 0.05, 0.04), (0.06, 0.06, 0.08), (52, 98, 206)),
        Brick("green_block", (0.62, -0.05, 0.03), (0.05, 0.05, 0.06), (60, 160, 80)),
    )


def frames(block: tuple[float, float, float], name: str = "red_block") -> tuple[CameraFrame, ...]:
    """Both cameras' pictures."""
    things = bricks(block, name)
    return (take_picture(things), take_picture(things, "side", (0.45, 1.05, 0.62), (0.45, 0.0, 0.05)))


def scene(name: str = "red_block") -> Scene:
    """A small scene."""
    things = tuple(
        SceneObject(name=brick.name, category="block", pose=Pose(position=brick.centre), shape=Box(size=brick.size))
        for brick in bricks(BLOCK, name)
    )
    state = RobotState(joint_names=PANDA.joint_names, positions=PANDA.rest, velocities=(0.0,) * 7, gripper_width=0.08)
    return Scene(
        objects=things, T_world_base=Pose(), robot=state, workspace=Workspace(lower=(0.2, -0.5, 0.0), upper=(0.8, 0.5, 0.8))
    )


def motion(
    start: tuple[float, float, float], end: tuple[float, float, float], action: Literal["open", "close"]
) -> JointTrajectory:
    """A minimum-jerk arc over 3.2 s at 1 kHz with a gripper event at its end."""
    t = np.linspace(0.0, 3.2, 3201)
    p = np.clip(t / 2.8, 0.0, 1.0)
    s, ds, dds = 10 * p**3 - 15 * p**4 + 6 * p**5, 30 * p**2 - 60 * p**3 + 30 * p**4, 60 * p - 180 * p**2 + 120 * p**3
    way = np.array([0.7, 0.5, -0.4, 0.6, 0.35, -0.5, 0.9])
    path = np.array(start) + s[:, None] * np.subtract(end, start)
    path[:, 2] += 0.22 * np.sin(np.pi * s)
    return JointTrajectory(
        skill="grab" if action == "close" else "drop",
        joint_names=PANDA.joint_names,
        times=t,
        positions=np.array(PANDA.rest) + s[:, None] * way,
        velocities=ds[:, None] * way / 2.8,
        accelerations=dds[:, None] * way / 2.8**2,
        tool_path=path,
        gripper=(GripperEvent(t=2.8, action=action, width=0.02, force=30.0),),
        segments=(
            Segment(name="approach", start=0.0, end=1.9),
            Segment(name="descend", start=1.9, end=2.8),
            Segment(name="grasp" if action == "close" else "release", start=2.8, end=3.0),
            Segment(name="retreat", start=3.0, end=3.2),
        ),
        margins=margins(),
    )


def margins() -> Margins:
    """Margins of a checked motion."""
    return Margins(
        joint_limit=0.42, velocity=0.63, acceleration=0.94, jerk=0.021, clearance=0.018,
            smallest_singular_value=0.11, end_error=4e-5,
        stretch=1.12,
    )  # fmt: skip


def violations() -> tuple[Violation, ...]:
    """What is wrong with the refused placement."""
    return (
        Violation(
            code="collision", message="The carried red_block meets the blue_block by 12 mm.", value=-0.012, limit=0.005,
            unit="m", t=1.31, object="blue_block", segment="carry", hint="carry higher: a bulge up of 0.10 m at phase 0.5",
        ),
        Violation(
            code="acceleration_limit", message="Joint 2 would need 9.1 rad/s2.", value=9.1, limit=7.5, unit="rad/s^2", t=0.42,
            joint="panda_joint2", hint="a duration of 2.4 s",
        ),
    )  # fmt: skip


def world_objects(block: tuple[float, float, float], name: str, touching: str) -> tuple[WorldObject, ...]:
    """The simulator's own report."""
    return tuple(
        WorldObject(
            name=brick.name, category="block" if "block" in brick.name else "bowl", colour="red", position=brick.centre,
            quaternion=(0, 0, 0, 1), size=brick.size, touching=(touching if brick.name == name else "table",),
        )
        for brick in bricks(block, name)
    )  # fmt: skip


def record_run(out: Path, name: str = "red_block", instruction: str = "put the red block in the bowl") -> RunFolder:
    """Writes the run; `name` is what the block is called."""
    run = RunFolder.create(out, instruction, {"world": "tabletop", "seed": 3, "planner": "scripted"}, PANDA)
    pick = Subgoal(
        description=f"Pick up the {name}", reasoning=f'"the red block" is {name}: the one red block.',
        skill="grab", objects=(name,), success=(Held(object=name),),
    )  # fmt: skip
    place = Subgoal(
        description=f"Put the {name} in the bowl", reasoning='"in the bowl" asks for the inside of bowl, which is open.',
        skill="drop", objects=(name, "bowl"), success=(In(object=name, container="bowl"),), lasting=True,
    )  # fmt: skip
    target, arc = InTarget(container="bowl"), Bulges(bulges=(Bulge(direction="up", amount=0.1),))
    grasp, carry = motion(ABOVE, BLOCK, "close"), motion(RAISED, INSIDE, "open")
    attempts = [
        _attempt(run, pick, Grab(object=name), grasp, MISSED_GRASP, BLOCK, BLOCK),
        _attempt(run, pick, Grab(object=name, grip=45.0), grasp, Outcome.SUCCEEDED, BLOCK, RAISED),
        _refused(run, place, Drop(object=name, target=target)),
        _attempt(run, place, Drop(object=name, target=target, path=arc), carry, Outcome.SUCCEEDED, RAISED, INSIDE),
    ]
    reports = [
        SubgoalReport(
            description=goal.description, reasoning=goal.reasoning, skill=goal.skill, objects=goal.objects,
            primitive=attempts[last].primitive, verdict=attempts[last].compiled, attempts=2, outcome=Outcome.SUCCEEDED,
        )
        for goal, last in ((pick, 1), (place, 3))
    ]  # fmt: skip
    run.save_episode(
        Episode(
            outcome=Outcome.SUCCEEDED, verified=True, instruction=instruction, world="tabletop", seed=3, robot="panda",
            planner="scripted", subgoals=tuple(reports), attempts=tuple(attempts), replans=1, seconds=11.4, run=str(out),
            timings={"observe": 1.9, "perceive": 0.02, "decompose": 0.05, "preview": 0.6, "compile": 0.7, "execute": 7.8},
            scene_before=world_objects(BLOCK, name, "table"), scene_after=world_objects(INSIDE, name, "bowl"),
        )
    )  # fmt: skip
    return run


def _attempt(
    run: RunFolder,
    subgoal: Subgoal,
    primitive: SkillParameters,
    trajectory: JointTrajectory,
    outcome: Outcome,
    block: tuple[float, float, float],
    after: tuple[float, float, float],
) -> Attempt:
    good = outcome is Outcome.SUCCEEDED
    name = subgoal.objects[0]
    _look(run, "perceived", block, name)
    run.append("grounded", subgoal=subgoal, answer=primitive)
    compiled = Compiled(
        feasible=True, margins=trajectory.margins, duration=trajectory.duration, candidate="from above, yaw 12 deg",
        notes=("stretched by 1.12 for the acceleration of panda_joint2",), trajectory=run.save_trajectory(trajectory),
    )  # fmt: skip
    run.append("compiled", subgoal=subgoal, compiled=compiled)
    run.append("executed", subgoal=subgoal)
    _look(run, "verifying", after, name)
    message = "" if good else "The fingers closed to 0 mm: nothing is between them."
    results = tuple(ConditionResult(condition=item, holds=good, measured="23 mm above its support") for item in subgoal.success)
    attempt = Attempt(
        subgoal=subgoal, primitive=primitive, compiled=compiled, outcome=outcome, message=message,
        execution=Execution(outcome=Outcome.SUCCEEDED, duration=3.2, tracking_error=0.002, gripper_width=0.049 if good else 0),
        verification=Verification(outcome=outcome, results=results, message=message),
        rule="" if good else "missed_grasp: perceive again",
    )  # fmt: skip
    run.append("responded", attempt=attempt)
    return attempt


def _refused(run: RunFolder, subgoal: Subgoal, primitive: SkillParameters) -> Attempt:
    run.append("grounded", subgoal=subgoal, answer=primitive)
    attempt = Attempt(
        subgoal=subgoal, primitive=primitive, compiled=Compiled(feasible=False, violations=violations()),
        outcome=INFEASIBLE, message="Two violations.", rule="infeasible: repair the parameters",
    )  # fmt: skip
    run.append("responded", attempt=attempt)
    return attempt


def _look(run: RunFolder, event: str, block: tuple[float, float, float], name: str) -> None:
    label = run.save_scene(scene(name))
    run.save_frames(frames(block, name), label)
    run.append(event, scene=label)

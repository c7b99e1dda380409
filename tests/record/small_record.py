"""A record with one of everything, small enough to be damaged in thousands of ways."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from lmp.record import RunFolder
from lmp.robots.robot_file import load_robot
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.episode import Attempt, Compiled, Episode
from lmp.schema.exchange import Exchange, PictureNote, Turn
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Plan, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Sphere
from lmp.schema.trajectory import JointTrajectory, Margins, Segment

SUBGOAL = Subgoal(description="pick up ball", reasoning="said so", skill="pick", objects=("ball",))
SETTINGS = {"world": "empty", "seed": 1, "robot": "panda", "planner": "scripted"}
PICTURE = b"the bytes of a picture"
PICTURE_HASH = hashlib.sha256(PICTURE).hexdigest()
EPISODE = Episode(
    outcome=Outcome.SUCCEEDED,
    verified=True,
    instruction="go home",
    world="empty",
    seed=1,
    robot="panda",
    planner="scripted",
    seconds=1.0,
)


def scene(time: float = 0.0) -> Scene:
    state = RobotState(joint_names=("a",), positions=(0.1,), velocities=(0.0,), gripper_width=0.04)
    ball = SceneObject(name="ball", category="ball", pose=Pose(), shape=Sphere(radius=0.02), touching=("table",))
    return Scene(
        objects=(ball,), T_world_base=Pose(), robot=state, workspace=Workspace(lower=(0, 0, 0), upper=(1, 1, 1)), time=time
    )


def trajectory() -> JointTrajectory:
    zeros = np.zeros((2, 1))
    margins = Margins(
        joint_limit=0.1, velocity=0.5, acceleration=0.3, jerk=0.2, smallest_singular_value=0.1, end_error=0.0, stretch=1.0
    )
    return JointTrajectory(
        skill="pick",
        joint_names=("a",),
        times=np.array([0.0, 0.1]),
        positions=zeros,
        velocities=zeros,
        accelerations=zeros,
        tool_path=np.zeros((2, 3)),
        segments=(Segment(name="go", start=0.0, end=0.1),),
        margins=margins,
    )


def frame() -> CameraFrame:
    return CameraFrame(
        name="front",
        rgb=np.full((2, 2, 3), 7, dtype=np.uint8),
        depth=np.ones((2, 2), dtype=np.float32),
        segmentation=np.zeros((2, 2), dtype=np.int16),
        labels=("ball",),
        intrinsics=np.eye(3),
        T_world_camera=Pose(),
    )


def exchange(round_: int = 1) -> Exchange:
    """A question to a model, with the same picture each time."""
    return Exchange(
        question="decompose",
        prompt="decompose",
        version="1",
        sha256="0" * 64,
        model="openai:m",
        system="You plan.",
        user=f"What is left to do in round {round_}?",
        pictures=(PictureNote(label="front", sha256=PICTURE_HASH, width=2, height=2),),
        answer_schema={"type": "object"},
        turns=(Turn(text="{}", complaints=("subgoals: this is needed.",)), Turn(text='{"subgoals": []}')),
        answer={"subgoals": []},
    )


def write(run: RunFolder, round_: int = 1) -> None:
    """One round of a run: look, plan, compile, move, answer."""
    name = run.save_scene(scene(float(round_)))
    run.save_frames([frame()], name)
    run.append("perceived", scene=name)
    run.save_exchange(exchange(round_), {PICTURE_HASH: PICTURE})
    run.save("plans", Plan(instruction="go home", subgoals=(SUBGOAL,)))
    compiled = Compiled(feasible=True, duration=0.1, trajectory=run.save_trajectory(trajectory()))
    run.append("compiled", subgoal=SUBGOAL, compiled=compiled)
    run.save_world(lambda path: path.write_bytes(b"state %d" % round_))
    run.save("attempts", Attempt(subgoal=SUBGOAL, compiled=compiled, outcome=Outcome.SUCCEEDED))


def cut_off(folder: Path) -> Path:
    """A record that was begun and has no end."""
    with RunFolder.create(folder, "go home", SETTINGS, load_robot("panda")) as run:
        write(run)
        with closing(sqlite3.connect(run.checkpoint)) as connection, connection:
            connection.execute("create table steps (words text)")
    return folder


def ended(folder: Path) -> Path:
    """A record with an end."""
    cut_off(folder)
    with RunFolder.resume(folder) as run:
        run.append("closed", outcome="succeeded")
        run.save_episode(EPISODE)
        run.write_text("report.html", "<p>a page</p>")
    return folder


def in_a_child(work: Callable[[], None]) -> int:
    """Does the work in a process of its own, which is quick since nothing is loaded again; returns its number [pid]."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(1)

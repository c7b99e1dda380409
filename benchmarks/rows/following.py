"""A chunk of a closed loop: another end of a segment under way, for an object that drifts among six boxes on a table.

1,000 chunks in motion. Each belongs to a pick of one of the boxes, which drifts with 3 cm/s in a random direction from the
beginning; it is asked for 20 times a second while the arm approaches and descends, as an executor does. The time is that of
`ObjectLoop.chunk` where it answers with a chunk or finds none: the scene is prepared with and without the object, the rest of
the segment is looked at in the world and as seen from the object, and sampled. Perceiving is the world's and not in it. No
peer does this work; the control period of the simulated worlds is the measure.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from peers.boxes_scene import boxes_scene

from lmp.execution.splicing import commanded_at, spliced
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.moving.object_loop import ObjectFollower
from lmp.primitives.skills.pick import PICK, PickParameters
from lmp.robots.robot_file import load_robot
from lmp.schema.executable import UnderWay
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from rows.row import Row
from rows.stopwatch import words

Array = NDArray[np.float64]

TIMES, LOOKS, SPEED = 1000, 20.0, 0.03
PERIOD = 1.0 / 240.0
"""The control period of the simulated worlds [s]."""


def measure() -> list[Row]:
    """The 99th percentile of many chunks."""
    robot = load_robot("panda")
    compiler, scene = PrimitiveCompiler(robot, {"pick": PICK}), boxes_scene(robot)
    rng, taken = np.random.default_rng(5), list[float]()
    follow(compiler, scene, rng)  # Kernels are loaded, matrices are kept.
    while len(taken) < TIMES:
        taken += follow(compiler, scene, rng)
    times = np.array(taken)
    return [
        Row(
            "another end for an object that drifts, of a motion under way: 99 of 100 chunks are there within",
            f"{words(float(np.percentile(times, 99)))} (median {words(float(np.median(times)))})",
            "none; a control period at 240 Hz is 4.2 ms",
            1e3 * float(np.percentile(times, 99)),
            "at most",
            1e3 * PERIOD,
            "ms",
        )
    ]


def follow(compiler: PrimitiveCompiler, scene: Scene, rng: np.random.Generator) -> list[float]:
    """Times that the thread computed for the chunks of one pick, up to where the fingers close [s]."""
    name, heading = f"box_{rng.integers(6)}", rng.uniform(-np.pi, np.pi)
    velocity = SPEED * np.array([np.cos(heading), np.sin(heading), 0.0])
    compiled = compiler.compile(PickParameters(object=name), scene)
    if not isinstance(compiled, JointTrajectory):
        return []
    loop, trajectory, taken = ObjectFollower(lambda: compiler.arm, LOOKS).motion(compiled), compiled, list[float]()
    assert not isinstance(loop, JointTrajectory), "a pick follows"
    for t in np.arange(1.0 / LOOKS, 2.0, 1.0 / LOOKS):
        if t >= trajectory.duration or (trajectory.gripper[-1].t > 0.0 and t > trajectory.gripper[-1].t):
            break
        joints = commanded_at(trajectory, float(t))
        now = UnderWay(float(t), trajectory, joints, seen(scene, name, velocity * t, joints[0]))
        begin = time.perf_counter()
        chunk = loop.chunk(now)
        passed = time.perf_counter() - begin
        if isinstance(chunk, JointTrajectory):
            taken.append(passed)
            trajectory = spliced(trajectory, float(t), chunk)
    return taken


def seen(scene: Scene, name: str, way: Array, q: Array) -> Scene:
    """The scene with an object displaced [m] and the arm in a posture. Shapes (3,) and (dof,)."""
    thing = scene.get(name)
    x, y, z = (float(value) for value in np.array(thing.pose.position) + way)
    moved = thing.model_copy(update={"pose": Pose(position=(x, y, z), quat_xyzw=thing.pose.quat_xyzw)})
    state = scene.robot.model_copy(update={"positions": tuple(float(value) for value in q)})
    return scene.replacing(moved, robot=state)

"""How the cost of the compile path grows: with samples, joints, obstacles and candidates. One thread, best of 15 calls.

Run: .venv-bench/bin/python benchmarks/costs.py (`make bench` does it at its end)
You see: a line a curve with its first and last point (after a minute); docs/images/compile_cost.png is drawn again.

- Samples: one roll-out of three dimensions with 10 weights, its matrices kept from the call before: positions, velocities and
  accelerations. `movement_primitives` (Cython): positions only, its own matrices kept as well.
- Joints: 200 way-points that a joint motion draws, followed from its first posture with `Kinematics.inverse_path`: chains of 4
  to 8 joints that are made up (peers/chains.py), and the robots that come with the library. PyBullet on the same chains:
  `calculateInverseKinematics` with its own number of iterations and threshold and without a rest posture, its fastest.
- Obstacles: one configuration of the Panda against itself, a table and boxes that stand anywhere on it, the mean of 100 random
  ones: `SceneCollisions.check`, and the quickest of PyBullet's in rows/collision.py, `check_at_once`.
- Candidates: a pick in the scene of peers/boxes_scene.py; ways followed at 50 poses or more and ranked, beside one compile.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is loaded

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cost_plot
import numpy as np
from cost_plot import Curve, Panel
from movement_primitives.dmp import DMP
from numpy.typing import NDArray
from peers.boxes_scene import TABLE, boxes_scene
from peers.chains import BulletChain, chain
from rows.collision import BulletCollisions
from rows.compile import POSES, SHAPES
from rows.stopwatch import Work, times, words

from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.primitives.compiler.ranking_compiler import RankingCompiler
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.rollout import Rollout
from lmp.primitives.skills.pick import PICK
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box
from lmp.sims.pybullet.engine import silence

Array = NDArray[np.float64]

SAMPLES = (50, 100, 200, 500, 1000, 2000, 10000)
JOINTS = (4, 5, 6, 7, 8)
ROBOTS = ("ur5e", "xarm6", "panda", "iiwa14")
BOXES = (0, 1, 2, 4, 8, 16, 32, 64)
CANDIDATES = (4, 8, 16, 32, 64, 128, 256)
WEIGHTS, WAYPOINTS, CONFIGURATIONS, WIDTH = 10, 200, 100, 0.04
ROUNDS, CALLS = 5, 3


def main() -> None:
    """Measures all of it and draws it."""
    with silence():
        panels = [samples(), joints(), obstacles(), candidates()]
    for panel in panels:
        for curve in panel.curves:
            ends = (f"{words(cost)} at {count} {panel.axis}" for count, cost in (curve.points[0], curve.points[-1]))
            print(f"{panel.title}: {curve.name}: {', '.join(ends)}", flush=True)
    cost_plot.draw(panels)


def samples() -> Panel:
    """Seconds a roll-out."""
    rng = np.random.default_rng(2)
    start, goal, weights = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(WEIGHTS, 3))
    ours, theirs = [], []
    for count in SAMPLES:
        instants = np.arange(count) / 1000.0
        compiled = compile_default(instants, float(instants[-1]), WEIGHTS)
        peer = DMP(n_dims=3, execution_time=float(instants[-1]), dt=1e-3, n_weights_per_dim=WEIGHTS)
        peer.configure(start_y=start, goal_y=goal)
        ours.append(partial(_rolled, compiled, start, goal, weights))
        theirs.append(peer.open_loop)
    curves = (_curve("lmp", SAMPLES, ours), _curve("movement_primitives", SAMPLES, theirs))
    return Panel("roll-out of one primitive, 3-D", "samples", "a roll-out", curves)


def _rolled(compiled: Rollout, start: Array, goal: Array, weights: Array) -> object:
    return compiled(compiled.values(start, goal, weights))


def joints() -> Panel:
    """Seconds a way-point of inverse kinematics."""
    with tempfile.TemporaryDirectory() as folder:
        made_up = [chain(dof, Path(folder)) for dof in JOINTS]
        arms = [Kinematics(robot) for robot in (*made_up, *(load_robot(name) for name in ROBOTS))]
        peers = [BulletChain(robot) for robot in made_up]
    ways = [_joint_motion(arm) for arm in arms]
    poses = [arm.forward_path(qs) for arm, qs in zip(arms, ways, strict=True)]
    ours = [partial(arm.inverse_path, path, qs[0]) for arm, path, qs in zip(arms, poses, ways, strict=True)]
    theirs = [partial(peer.follow, path, qs[0]) for peer, path, qs in zip(peers, poses, ways, strict=False)]
    count = len(JOINTS)
    robots = _curve("lmp, its robots", tuple(arm.dof for arm in arms[count:]), ours[count:], WAYPOINTS)
    curves = (
        _curve("lmp", JOINTS, ours[:count], WAYPOINTS),
        _curve("PyBullet", JOINTS, theirs, WAYPOINTS),
        replace(robots, drawn="points"),
    )
    return Panel(f"inverse kinematics along {WAYPOINTS} way-points", "joints", "a way-point", curves)


def _joint_motion(arm: Kinematics) -> Array:
    """Postures from rest towards the middle of the joint ranges. Shape (WAYPOINTS, dof)."""
    return np.linspace(arm.rest, arm.rest + 0.4 * np.where(arm.rest > 0.0, -1.0, 1.0), WAYPOINTS)


def obstacles() -> Panel:
    """Seconds a check of one configuration."""
    robot, rng = load_robot("panda"), np.random.default_rng(0)
    model, scene = CollisionModel(robot), boxes_scene(load_robot("panda"))
    qs = rng.uniform(*([getattr(joint, end) for joint in robot.joints] for end in ("lower", "upper")), (CONFIGURATIONS, 7))
    fingers = [[WIDTH / 2]] * len(robot.finger_joints)
    positions = [[*([float(value)] for value in q), *fingers] for q in qs]
    boxes = [_box(number, rng) for number in range(max(BOXES))]
    ours, theirs = [], []
    for count in BOXES:
        among: Scene = scene.model_copy(update={"objects": (TABLE, *boxes[:count])})
        world, bullet = model.with_scene(among), BulletCollisions(robot, among.objects)
        ours.append(partial(_each, partial(_checked, world), qs))
        theirs.append(partial(_each, bullet.check_at_once, positions))
    curves = (_curve("lmp", BOXES, ours, CONFIGURATIONS), _curve("PyBullet", BOXES, theirs, CONFIGURATIONS))
    return Panel("collision check: arm, table and boxes", "boxes", "a configuration", curves)


def _box(number: int, rng: np.random.Generator) -> SceneObject:
    """A box anywhere on the table."""
    x, y = rng.uniform((0.2, -0.55), (0.8, 0.55))
    width, depth, height = rng.uniform((0.03, 0.03, 0.04), (0.08, 0.08, 0.15))
    pose = Pose.from_yaw((x, y, height / 2), rng.uniform(-np.pi, np.pi))
    return SceneObject(name=f"box_{number}", category="box", pose=pose, shape=Box(size=(width, depth, height)))


def _each(work: Callable[[Any], object], inputs: Iterable[Any]) -> None:
    for value in inputs:
        work(value)


def _checked(world: SceneCollisions, q: Array) -> object:
    return world.check(q, WIDTH)


def candidates() -> Panel:
    """Seconds a ranking."""
    robot = load_robot("panda")
    compiler, scene = RankingCompiler(robot, {"pick": PICK}), boxes_scene(robot)
    pick = PICK.spec.parameters.model_validate({"kind": "pick", "object": "box_2"})
    rankings = [partial(compiler.rank, pick, scene, SHAPES, POSES, most) for most in CANDIDATES]
    counts = tuple(len(ranking()) for ranking in rankings)
    one = partial(compiler.compile, pick, scene)
    ((_, level),) = _curve("", counts[:1], [one]).points
    curves = (
        _curve("lmp, ranked", counts, rankings),
        Curve("lmp, one of them compiled", ((counts[0], level), (counts[-1], level)), "level"),
    )
    return Panel(f"ranking of a pick's candidates, at {POSES} poses and more", "candidates", "all of them", curves)


def _curve(name: str, counts: tuple[int, ...], works: list[Work], each: int = 1) -> Curve:
    """The best of several calls, in turns; seconds are divided by the number of things that one call does."""
    rounds = [[min(times(work, CALLS)) for work in works] for _ in range(ROUNDS)]
    best = np.min(rounds, axis=0) / each
    return Curve(name, tuple(zip(counts, best.tolist(), strict=True)))


if __name__ == "__main__":
    main()

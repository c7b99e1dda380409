"""A whole compile, and many candidates at once.

- One pose primitive: a tool move of a Panda above a table with six boxes, to a random pose, straight or raised over what is in
  between, at rest at both ends: roll-out, inverse kinematics, timing within velocity, acceleration and jerk, a collision check
  that also bounds what lies between its samples, joint limits, singularity, workspace, margins; a `JointTrajectory` at 1 kHz.
  Beside it the peers of `peers/motion_stack.py`, which check at their way-points only and know no jerk.
- 256 candidates of a pick, each followed at 50 poses or more and ranked, the best three compiled and the best of them taken,
  over one compile of a pick in the same scenes. The exhaustive winner is the best of all of them, each compiled in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from peers.boxes_scene import boxes_scene
from peers.motion_stack import MotionStack

from lmp.primitives.compiler.coarse_motion import Margin
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.handling.grasps import tool_pose
from lmp.primitives.moves import Candidate, ToolMove
from lmp.primitives.skill import Situation
from lmp.primitives.skills.pick import PICK
from lmp.robots.robot_file import load_robot
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from rows.row import Row
from rows.stopwatch import medians, times, words

Array = NDArray[np.float64]

MOTIONS, SCENES, CANDIDATES, POSES = 40, 100, 256, 50
SHAPES = [
    Bulges(bulges=(Bulge(direction=direction, phase=phase, amount=amount),))
    for phase in (0.5, 0.3, 0.7)
    for amount in (0.06, 0.12)
    for direction in ("up", "left", "right", "forward", "backward")
]


class ReachParameters(SkillParameters):
    """The tool goes to a pose, pointing down."""

    kind: Literal["reach"] = "reach"
    position: tuple[float, float, float]
    yaw: float


class Reach:
    """A skill of one move."""

    spec = SkillSpec(
        name="reach",
        line="Bring the tool to a pose.",
        parameters=ReachParameters,
        example=ReachParameters(position=(0.5, 0.0, 0.3), yaw=0.0),
    )

    def candidates(self, parameters: ReachParameters, situation: Situation) -> Sequence[Candidate]:
        goal = tool_pose(parameters.position, parameters.yaw)
        return [
            Candidate("there", (ToolMove("reach", goal, parameters.speed, parameters.duration, parameters.path, free=True),))
        ]

    def predict(self, parameters: ReachParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        return situation.scene


def measure() -> list[Row]:
    """The rows of compiling and of candidates."""
    return [*_one_primitive(), *_candidates()]


def _one_primitive() -> list[Row]:
    robot = load_robot("panda")
    scene = boxes_scene(robot)
    compiler = PrimitiveCompiler(robot, {"reach": Reach()})
    motions = _motions(compiler, scene)
    stack = MotionStack(robot, scene.objects)
    state = MotionState.first(compiler.arm, scene)
    pairs = [(primitive, tool_pose(primitive.position, primitive.yaw)) for primitive in motions]
    ours, theirs = medians(
        lambda: [compiler.compile(primitive, scene) for primitive, _ in pairs],
        lambda: [stack.compile(state.q, state.T_world_tool, goal) for _, goal in pairs],
        rounds=5,
    )
    each = [seconds for primitive in motions for seconds in times(partial(compiler.compile, primitive, scene), 25)]
    median, tail = float(np.median(each)), float(np.quantile(each, 0.99))
    work = "one pose primitive to a checked 1 kHz trajectory"
    peer = f"peers {words(theirs / len(pairs))}"
    return [
        Row(work, words(ours / len(pairs)), peer, theirs / ours, "at least", 25.0),
        Row("its 99th percentile over its median", words(tail), f"median {words(median)}", tail / median, "at most", 3.0),
    ]


def _motions(compiler: PrimitiveCompiler, scene: Scene) -> list[ReachParameters]:
    """Random moves that can be done."""
    rng, found = np.random.default_rng(11), []
    while len(found) < MOTIONS:
        x, y, z = rng.uniform((0.35, -0.35, 0.18), (0.65, 0.35, 0.45))
        primitive = ReachParameters(position=(x, y, z), yaw=rng.uniform(-1.5, 1.5), speed=1.5)
        if isinstance(compiler.compile(primitive, scene), JointTrajectory):
            found.append(primitive)
    return found


def _candidates() -> list[Row]:
    robot = load_robot("panda")
    compiler = PrimitiveCompiler(robot, {"pick": PICK})
    tasks = [_pick_task(compiler, robot, seed) for seed in range(SCENES)]
    few = tasks[:10]
    best, one = medians(
        lambda: [compiler.compile_best(primitive, scene, SHAPES, POSES, CANDIDATES) for primitive, scene in few],
        lambda: [compiler.compile(primitive, scene) for primitive, scene in few],
        rounds=5,
    )
    same = sum(_same_winner(compiler, primitive, scene) for primitive, scene in tasks)
    counts = [len(compiler.rank(primitive, scene, SHAPES, POSES, CANDIDATES)) for primitive, scene in few]
    return [
        Row(
            f"{CANDIDATES} candidates at {POSES} poses and more, the best compiled",
            f"{words(best / len(few))} for {np.mean(counts):.0f} of them",
            f"one compile {words(one / len(few))}",
            best / one,
            "at most",
            100.0,
        ),
        Row(
            f"scenes of {SCENES} in which the winner is the exhaustive winner",
            f"{same}",
            "every candidate compiled in full",
            100.0 * same / SCENES,
            "at least",
            95.0,
            "%",
        ),
    ]


def _pick_task(compiler: PrimitiveCompiler, robot: RobotDescription, seed: int) -> tuple[SkillParameters, Scene]:
    """A pick that can be done of a box among five others that stand anywhere."""
    rng = np.random.default_rng(seed)
    while True:
        scene = _scattered(boxes_scene(robot), rng)
        primitive = PICK.spec.parameters.model_validate({"kind": "pick", "object": f"box_{rng.integers(6)}"})
        if isinstance(compiler.compile(primitive, scene), JointTrajectory):
            return primitive, scene


def _scattered(scene: Scene, rng: np.random.Generator) -> Scene:
    """The boxes elsewhere, at least 11 cm apart."""
    places: list[Array] = []
    while len(places) < len(scene.objects) - 1:
        place = rng.uniform((0.32, -0.35), (0.68, 0.35))
        if all(np.linalg.norm(place - other) > 0.11 for other in places):
            places.append(place)
    moved = [
        thing.model_copy(update={"pose": Pose.from_yaw((x, y, thing.pose.position[2]), rng.uniform(-np.pi, np.pi))})
        for thing, (x, y) in zip(scene.objects[1:], places, strict=True)
    ]
    return scene.replacing(*moved)


def _same_winner(compiler: PrimitiveCompiler, primitive: SkillParameters, scene: Scene) -> bool:
    """Whether the way that is taken is the best of all, each compiled in full."""
    taken = compiler.compile_best(primitive, scene, SHAPES, POSES, CANDIDATES)
    results = [compiler.compile_way(way, scene) for way in compiler.rank(primitive, scene, SHAPES, POSES, CANDIDATES)]
    comforts = [Margin.of(result).comfort for result in results if isinstance(result, JointTrajectory)]
    if isinstance(taken, Verdict) or not comforts:
        return isinstance(taken, Verdict) and not comforts
    return Margin.of(taken[1]).comfort == max(comforts)

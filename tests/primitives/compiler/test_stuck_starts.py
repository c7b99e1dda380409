"""Starts at which something is wrong already: a way that leads back is found, or a person is told where to move the arm."""

from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import WORKSPACE, block, compiler, standing, table_scene
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, kinematics

from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.compiler.near_pairs import MARGIN, SLACK
from lmp.primitives.skills.home import HOME, HomeParameters
from lmp.primitives.skills.pick import PickParameters
from lmp.robots.robot_file import load_robot
from lmp.schema.scene import RobotState, Scene, Workspace
from lmp.schema.shape import Box
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

LOWER, UPPER = kinematics().lower, kinematics().upper
SMALLEST = 0.02


def beyond(qs: np.ndarray, workspace: Workspace) -> np.ndarray:
    """How far postures are beyond ranges, workspace and singularity, written anew. Shape (n, k)."""
    tool = np.array([kinematics().forward(q)[:3, 3] for q in qs])
    singular = np.array([np.linalg.svd(kinematics().jacobian(q), compute_uv=False)[-1] for q in qs])
    columns = [LOWER - qs, qs - UPPER, workspace.lower - tool, tool - np.array(workspace.upper), (SMALLEST - singular)[:, None]]
    return np.maximum(np.concatenate(columns, axis=1), 0.0)


def only_lessens(trajectory: JointTrajectory, scene: Scene) -> None:
    """Checks the rule sample by sample, and that nothing but the start's pairs touches."""
    qs = trajectory.positions[::10]
    over = beyond(qs, scene.workspace)[:, :-1]  # These ways go straight in joint space, which no singularity bars.
    least = np.minimum.accumulate(over, axis=0)
    assert (over[1:] <= np.where(least[:-1] > 1e-9, least[:-1] + 1.1e-3, 1e-6)).all()
    obstacles = compiler().arm.collisions.with_scene(scene)
    best = {(c.a, c.b): c.distance for c in obstacles.check(qs[0], scene.robot.gripper_width, margin=MARGIN)}
    for q in qs:
        now = {(c.a, c.b): c.distance for c in obstacles.check(q, scene.robot.gripper_width, margin=MARGIN - 1e-6)}
        assert now.keys() <= best.keys()
        for pair, distance in list(best.items()):
            if pair not in now:
                del best[pair]  # It has parted, and may not meet again.
            else:
                assert now[pair] >= distance - SLACK - 1e-6
                best[pair] = max(distance, now[pair])


def at(q: np.ndarray, *things: object, workspace: Workspace = WORKSPACE) -> Scene:
    scene = table_scene(*things, q=tuple(map(float, q)))  # type: ignore[arg-type]
    return scene.model_copy(update={"workspace": workspace})


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_from_random_postures_outside_the_arm_comes_home_or_says_to_move_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    q = rng.uniform(LOWER, UPPER)
    joint = int(rng.integers(len(q)))
    if rng.random() < 0.5:
        q[joint] = UPPER[joint] + rng.uniform(0.0, 0.08) if rng.random() < 0.5 else LOWER[joint] - rng.uniform(0.0, 0.08)
    scene = at(q, workspace=Workspace(lower=(0.2, -0.55, -0.01), upper=(0.8, 0.55, 0.7)))
    result = compiler().compile(HomeParameters(), scene)
    if isinstance(result, Verdict):
        if beyond(q[None], scene.workspace)[:, :-1].any():  # Else it is an ordinary refusal: the way home is barred.
            hints = [violation.hint for violation in result.violations if "by hand" in violation.hint]
            assert hints and "panda_joint4 -2.3" in hints[0]
        return
    only_lessens(result, scene)
    assert result.positions[-1] == pytest.approx(np.array(PANDA.rest), abs=1e-9)
    assert not beyond(result.positions[-1:], scene.workspace).any()


@pytest.mark.parametrize(
    ("change", "amount"), [(3, 0.05), (5, 0.05), (1, -0.1), (6, 0.02)], ids=["elbow", "wrist", "shoulder", "last"]
)
def test_a_joint_slightly_outside_its_range_does_not_bar_the_way(change: int, amount: float) -> None:
    q = np.array(PANDA.rest)
    q[change] = (UPPER if amount > 0.0 else LOWER)[change] + amount
    scene = at(q, workspace=Workspace(lower=(-1.0, -1.0, -0.01), upper=(1.0, 1.0, 1.5)))
    result = compiler().compile(HomeParameters(), scene)
    assert isinstance(result, JointTrajectory), str(result)
    only_lessens(result, scene)


UP = (0.0, 0.0, 0.0, -0.0698, 0.0, 1.5, 0.0)
NEARLY_UP = (0.3, -0.2, 0.0, -0.3, 0.0, 2.2, 0.0)


@pytest.mark.parametrize("q", [UP, NEARLY_UP], ids=["up", "nearly up"])
def test_an_arm_that_is_stretched_upwards_picks_something_up(q: tuple[float, ...]) -> None:
    scene = at(np.array(q), block("red_block", 0.5, 0.1))
    result = compiler().compile(PickParameters(object="red_block"), scene)
    assert isinstance(result, JointTrajectory), str(result)
    assert result.segments[0].name in ("lead in", "approach")
    assert result.gripper[-1].action == "close"


def test_the_way_back_is_not_a_way_out() -> None:
    """From a little outside, a motion that goes on outwards is refused, with the words for it."""
    q = np.array(PANDA.rest)
    tool = kinematics().forward(q)[:3, 3]
    workspace = Workspace(lower=(0.2, -0.55, -0.01), upper=(0.8, 0.55, float(tool[2]) - 0.02))
    scene = at(q, block("red_block", 0.5, 0.1), workspace=workspace)
    for phase in (0.2, 0.5):
        bulge = {"bulges": [{"direction": "up", "phase": phase, "amount": 0.3}]}
        primitive = HomeParameters.model_validate({"path": {"kind": "bulges", **bulge}})
        moved = scene.replacing(robot=scene.robot.model_copy(update={"positions": (0.4, *PANDA.rest[1:])}))
        result = compiler().compile(primitive, moved)
        assert isinstance(result, Verdict)
        assert any(violation.code == "out_of_workspace" for violation in result.violations)


def test_an_arm_between_walls_is_told_to_be_moved_by_hand() -> None:
    """The hand stands in a box that it fills: every way out goes through a wall."""
    T = kinematics().forward(np.array(PANDA.rest))
    x, y = T[:2, 3]
    walls = [
        standing("wall_1", Box(size=(0.6, 0.02, 1.6)), x, y - 0.03),
        standing("wall_2", Box(size=(0.6, 0.02, 1.6)), x, y + 0.03),
        standing("wall_3", Box(size=(0.02, 0.6, 1.6)), x - 0.03, y),
        standing("wall_4", Box(size=(0.02, 0.6, 1.6)), x + 0.03, y),
    ]
    result = compiler().compile(HomeParameters(), at(np.array(PANDA.rest) + 0.3, *walls))
    assert isinstance(result, Verdict)
    first = result.violations[0]
    assert "where the arm stands" in first.message and "by hand" in first.hint and "panda_joint1 0.00 rad" in first.hint


def test_contacts_may_part_and_not_deepen() -> None:
    thing = standing("post", Box(size=(0.04, 0.04, 0.3)), 0.5, 0.05)
    posture = kinematics().inverse(down(0.5, 0.0, 0.15))
    q = posture.q  # type: ignore[union-attr]
    scene = at(q, thing)
    touching = compiler().arm.collisions.with_scene(scene).check(q, 0.08, margin=MARGIN)
    assert touching, "the test is about a start in contact"
    result = compiler().compile(HomeParameters(), scene)
    assert isinstance(result, JointTrajectory), str(result)
    only_lessens(result, scene)


def down(x: float, y: float, z: float) -> np.ndarray:
    T = np.diag([1.0, -1.0, -1.0, 1.0])
    T[:3, 3] = x, y, z
    return T


@pytest.mark.parametrize("elbow", [0.0, 0.3, -0.2])
def test_an_arm_that_is_parked_upright_comes_home(elbow: float) -> None:
    """The usual parking posture of a UR: outside the workspace, and singular where the elbow is straight."""
    robot = load_robot("ur5e")
    arm = PrimitiveCompiler(robot, {"home": HOME})
    q = (0.0, -1.5708, elbow, -1.5708, 0.0, 0.0)
    state = RobotState(joint_names=robot.joint_names, positions=q, velocities=(0.0,) * 6, gripper_width=0.0)
    box = Workspace(lower=(0.2, -0.55, -0.01), upper=(0.8, 0.55, 0.7))
    scene = Scene(objects=(), T_world_base=robot.base, robot=state, workspace=box)
    result = arm.compile(HomeParameters(), scene)
    assert isinstance(result, JointTrajectory), str(result)
    tool = result.tool_path
    outside = np.maximum(np.maximum(np.array(scene.workspace.lower) - tool, tool - np.array(scene.workspace.upper)), 0.0)
    assert (np.diff(outside, axis=0) <= 1e-4).all() and not outside[-1].any()

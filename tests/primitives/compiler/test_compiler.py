from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, random_scene, standing, table_scene
from hypothesis import example, given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, kinematics, postures
from pydantic import ValidationError

from lmp.errors import LmpError, SetupFault, UnknownName
from lmp.meaning.conditions import AtTarget, BesideTarget, InTarget, OnTarget
from lmp.primitives.skills.home import HomeParameters
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.primitives.skills.push import PushParameters
from lmp.schema.condition import KnownTarget
from lmp.schema.motion import Bulge, Bulges, Preset, Weights
from lmp.schema.scene import Scene
from lmp.schema.shape import Box
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

RED = block("red_block", 0.5, 0.1, yaw=0.3)
BLUE = block("blue_block", 0.42, -0.2, 0.05)


def assert_sound(trajectory: JointTrajectory, scene: Scene) -> None:
    """Limits hold at every sample, the derivatives are those of the positions, and it starts and ends at rest."""
    t, q, v, a = trajectory.times, trajectory.positions, trajectory.velocities, trajectory.accelerations
    dt = 1e-3
    assert np.diff(t) == pytest.approx(dt, abs=1e-9)
    limit = {name: np.array([getattr(joint, name) for joint in PANDA.joints]) for name in ("lower", "upper", "velocity")}
    assert (q >= limit["lower"]).all() and (q <= limit["upper"]).all()
    assert (np.abs(v) <= limit["velocity"] * (1 + 1e-9)).all()
    acceleration, jerk = (np.array([getattr(joint, name) for joint in PANDA.joints]) for name in ("acceleration", "jerk"))
    assert (np.abs(a) <= acceleration * (1 + 1e-9)).all()
    assert (np.abs(np.diff(a, axis=0)) / dt <= jerk * (1 + 1e-6)).all()
    # Central differences of q and v are v and a to second order; the bound is the largest jerk's share of it.
    assert np.abs((q[2:] - q[:-2]) / (2 * dt) - v[1:-1]).max() <= dt**2 / 6 * jerk.max()
    assert np.abs((v[2:] - v[:-2]) / (2 * dt) - a[1:-1]).max() <= dt * jerk.max() / 2
    assert q[0] == pytest.approx(np.array(scene.robot.positions), abs=1e-9)
    assert v[[0, -1]] == pytest.approx(0.0, abs=1e-12) and a[[0, -1]] == pytest.approx(0.0, abs=1e-9)
    starts, ends = (np.array([getattr(segment, end) for segment in trajectory.segments]) for end in ("start", "end"))
    assert starts[0] == 0.0 and ends[-1] == pytest.approx(trajectory.duration) and starts[1:] == pytest.approx(ends[:-1])
    rows = np.linspace(0, len(t) - 1, 25).astype(int)
    assert kinematics().forward_path(q[rows])[:, :3, 3] == pytest.approx(trajectory.tool_path[rows], abs=1e-6)


def primitive(rng: np.random.Generator, scene: Scene) -> SkillParameters:
    """A random primitive about the scene's things, with random options."""
    names = [thing.name for thing in scene.objects if thing.movable]
    name, other = (str(each) for each in rng.permutation(names)[:2])
    options: dict[str, Any] = {"speed": rng.uniform(0.05, 1.5)}
    if rng.random() < 0.4:
        options["duration"] = rng.uniform(0.2, 5.0)
    shape = rng.random()
    if shape < 0.3:
        direction = str(rng.choice(["up", "left", "right", "backward"]))
        bulge = Bulge.model_validate(
            {"direction": direction, "phase": rng.uniform(0.2, 0.8), "amount": rng.uniform(0.01, 0.15)}
        )
        options["path"] = Bulges(bulges=(bulge,))
    elif shape < 0.5:
        x, y, z = (tuple(float(w) for w in rng.uniform(-0.05, 0.05, 5)) for _ in range(3))
        options["path"] = Weights(x=x, y=y, z=z)
    if scene.held is not None:
        targets: list[KnownTarget] = [
            BesideTarget(reference=other),
            OnTarget(support="table"),
            AtTarget(x=rng.uniform(0.3, 0.7), y=rng.uniform(-0.4, 0.4)),
        ]
        return PlaceParameters(object=scene.held.name, target=targets[int(rng.integers(3))], **options)
    match int(rng.integers(3)):
        case 0:
            return PickParameters(object=name, grasp=int(rng.integers(4)), lift=rng.uniform(0.03, 0.3), **options)
        case 1:
            angle = rng.uniform(0, 2 * np.pi)
            dx, dy = rng.uniform(0.02, 0.15) * np.array([np.cos(angle), np.sin(angle)])
            return PushParameters(object=name, dx=dx, dy=dy, **options)
        case _:
            return HomeParameters(**options)


@settings(max_examples=50)
@given(seed=st.integers(0, 100_000), away=st.booleans())
@example(seed=1543, away=True)
def test_every_trajectory_keeps_every_limit(seed: int, away: bool) -> None:
    rng = np.random.default_rng(seed)
    scene = random_scene(seed, 4)
    if away:
        q = np.array(PANDA.rest) + rng.uniform(-0.15, 0.15, 7)
        scene = scene.replacing(robot=scene.robot.model_copy(update={"positions": tuple(float(x) for x in q)}))
    wish = primitive(rng, scene)
    result = compiler().compile(wish, scene)
    if isinstance(result, JointTrajectory):
        assert_sound(result, scene)
        assert result.margins.velocity <= 1.0 + 1e-9 and result.margins.jerk <= 1.0 + 1e-9
        assert result.margins.clearance is None or result.margins.clearance >= 0.001
        speed = np.linalg.norm(np.diff(result.tool_path, axis=0), axis=1).max() * 1e3
        assert speed <= wish.speed * 1.02
    else:
        assert result.violations and all(violation.message for violation in result.violations)


def test_it_succeeds_on_most_picks() -> None:
    results = [compiler().compile(PickParameters(object="thing_0"), random_scene(seed)) for seed in range(40)]
    assert sum(isinstance(result, JointTrajectory) for result in results) >= 38


def test_a_wished_duration_is_kept_or_stretched_and_said() -> None:
    scene = table_scene(RED)

    def approach(duration: float) -> tuple[float, JointTrajectory]:
        result = compiler().compile(PickParameters(object="red_block", duration=duration, speed=1.5), scene)
        assert isinstance(result, JointTrajectory)
        segment = result.segments[0]
        return segment.end - segment.start, result

    slow, kept = approach(4.0)
    assert slow == pytest.approx(4.0, abs=1.1e-3)
    assert kept.margins.stretch == pytest.approx(1.0, abs=1e-3)
    fast, stretched = approach(0.2)
    assert fast > 0.2
    assert stretched.margins.stretch == pytest.approx(fast / 0.2, rel=1e-3)
    assert any("approach takes" in note for note in stretched.notes)


def test_a_bulge_is_flown_exactly() -> None:
    scene = table_scene(RED)
    path = Bulges(bulges=(Bulge(direction="up", phase=0.5, amount=0.1),))
    plain, bulged = (
        compiler().compile(PickParameters(object="red_block", path=shape, duration=3.0), scene) for shape in (None, path)
    )
    assert isinstance(plain, JointTrajectory) and isinstance(bulged, JointTrajectory)
    half = round(plain.segments[0].end / 2 * 1000)
    assert bulged.tool_path[half] - plain.tool_path[half] == pytest.approx([0.0, 0.0, 0.1], abs=1e-5)


def test_a_wall_in_the_way_is_passed_over_and_said() -> None:
    wall = standing("wall", Box(size=(0.25, 0.02, 0.15)), 0.5, 0.08)
    held = holding(table_scene(block("red_block", 0.5, 0.25), wall), "red_block")
    result = compiler().compile(PlaceParameters(object="red_block", target=AtTarget(x=0.5, y=-0.15)), held)
    assert isinstance(result, JointTrajectory), str(result)
    assert any("raised" in note or "repaired" in note for note in result.notes)
    over = np.abs(result.tool_path[:, 1] - 0.08) < 0.01
    assert over.any() and result.tool_path[over, 2].min() > 0.15 + 0.02
    assert result.margins.clearance is not None and result.margins.clearance >= 0.001


def test_a_verdict_counts_candidates_and_gives_facts() -> None:
    far = block("red_block", 0.78, 0.5)
    verdict = compiler().compile(PickParameters(object="red_block"), table_scene(far))
    assert isinstance(verdict, Verdict)
    assert verdict.candidates >= 4
    assert {violation.code for violation in verdict.violations} <= {
        "unreachable", "joint_limit", "singularity", "branch_jump", "out_of_workspace"
    }  # fmt: skip
    assert all(violation.hint for violation in verdict.violations)


def test_the_mark_of_a_predicted_scene_is_handed_on() -> None:
    scene = table_scene(RED).model_copy(update={"predicted": True})
    assert compiler().compile(PickParameters(object="red_block"), scene).predicted
    assert compiler().compile(PickParameters(object="nothing"), scene).predicted
    assert not compiler().compile(PickParameters(object="red_block"), table_scene(RED)).predicted


def test_compiling_is_deterministic() -> None:
    first, second = (compiler().compile(PickParameters(object="red_block"), table_scene(RED, BLUE)) for _ in range(2))
    assert first == second


def test_a_shape_that_no_path_has_is_a_violation() -> None:
    uneven = Weights(x=(0.1,), y=(0.1, 0.1), z=(0.1,))
    verdict = compiler().compile(PickParameters(object="red_block", path=uneven), table_scene(RED))
    assert isinstance(verdict, Verdict)
    assert verdict.violations[0].code == "bad_shape"


def test_wrong_use_raises() -> None:
    class Dance(SkillParameters):
        kind: str = "dance"

    with pytest.raises(UnknownName, match="No skill named 'dance'"):
        compiler().compile(Dance(), table_scene(RED))
    with pytest.raises(SetupFault, match="takes PickParameters, not Dance"):
        compiler().compile(Dance(kind="pick"), table_scene(RED))
    scene = table_scene(RED)
    other = scene.replacing(robot=scene.robot.model_copy(update={"joint_names": tuple("abcdefg")}))
    with pytest.raises(SetupFault, match="has panda_joint1"):
        compiler().compile(PickParameters(object="red_block"), other)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["red_block", "table", "on"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["object", "grasp", "lift", "force", "speed", "duration", "path", "target", "release_height", "dx", "dy"]
TARGETS = [OnTarget(support="blue_block"), InTarget(container="tray"), BesideTarget(reference="blue_block", side="left")]


@settings(max_examples=150)
@given(
    kind=st.sampled_from(["pick", "place", "push", "home"]),
    fields=st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3),
    name=st.sampled_from(["red_block", "blue_block", "table", "nothing", ""]),
    target=st.sampled_from(TARGETS),
)
def test_any_json_gives_a_result_or_a_typed_error(kind: str, fields: dict[str, Any], name: str, target: KnownTarget) -> None:
    """Valid primitives with some fields replaced by anything."""
    base: dict[str, Any] = {"kind": kind}
    if kind != "home":
        base["object"] = name
    if kind == "push":
        base |= {"dx": 0.05, "dy": 0.0}
    if kind == "place":
        base["target"] = json.loads(target.model_dump_json())
    scene = table_scene(RED, BLUE)
    skill = compiler().skills[kind]
    try:
        wish = skill.spec.parameters.model_validate_json(json.dumps({**base, **fields}))
        result = compiler().compile(wish, scene)
    except (ValidationError, LmpError):
        return
    assert isinstance(result, JointTrajectory | Verdict)


@settings(max_examples=12)
@given(seed=st.integers(0, 1000))
def test_from_any_posture_it_answers(seed: int) -> None:
    q = postures(1, seed)[0]
    scene = table_scene(RED)
    scene = scene.replacing(robot=scene.robot.model_copy(update={"positions": tuple(float(x) for x in q)}))
    result = compiler().compile(HomeParameters(), scene)
    if isinstance(result, JointTrajectory):
        assert_sound(result, scene)
        assert result.positions[-1] == pytest.approx(np.array(PANDA.rest), abs=1e-9)


@pytest.mark.parametrize("direction", ["up", "forward"])
def test_a_wished_shape_that_the_arm_cannot_follow_is_refused_and_not_left_out(direction: str) -> None:
    wish = Bulges(bulges=(Bulge(direction=direction, amount=0.5),))
    verdict = compiler().compile(HomeParameters(path=wish), table_scene())
    assert isinstance(verdict, Verdict)
    assert {violation.code for violation in verdict.violations} <= {"unreachable", "joint_limit", "singularity", "branch_jump"}
    followed = compiler().compile(HomeParameters(path=Bulges(bulges=(Bulge(direction=direction, amount=0.1),))), table_scene())
    assert isinstance(followed, JointTrajectory)
    axis = {"up": 2, "forward": 0}[direction]
    assert np.ptp(followed.tool_path[:, axis]) == pytest.approx(0.1, abs=1e-4)


def in_preset(preset: Preset, z: tuple[float, ...], duration: float | None = None) -> PickParameters:
    straight = (0.0,) * 11
    return PickParameters(object="red_block", path=Weights(preset=preset, x=straight, y=straight, z=z), duration=duration)


@pytest.mark.parametrize("preset", ["textbook", "lmp-2602.02839"])
def test_another_preset_is_followed_from_rest_to_rest_within_all_limits(preset: Preset) -> None:
    scene = table_scene(RED)
    result = compiler().compile(in_preset(preset, (0.0,) * 4 + (0.05,) * 3 + (0.0,) * 4, duration=0.3), scene)
    assert isinstance(result, JointTrajectory)
    assert_sound(result, scene)
    approach = result.segments[0].end
    assert any(f"approach follows the preset {preset} within" in note for note in result.notes)
    assert any(f"approach takes {approach:.2f} s in place of 0.30 s" in note for note in result.notes)
    # Half of the way is over in the first sixth of the primitive's time, as its spring says; minimum jerk takes half.
    way = result.tool_path[: round(approach * 1000) + 1] - result.tool_path[0]
    along = way @ way[-1] / (way[-1] @ way[-1])
    assert np.argmax(along > 0.5) / len(along) < 0.2


def test_a_preset_that_ends_beside_its_goal_is_refused_and_no_other_way_is_taken() -> None:
    verdict = compiler().compile(in_preset("lmp-2602.02839", (0.0,) * 7 + (0.3,) * 4), table_scene(RED))
    assert isinstance(verdict, Verdict)
    assert {(violation.code, violation.segment) for violation in verdict.violations} == {("end_error", "approach")}

"""Push of a part along its joint: found, checked, predicted, carried out in both worlds; what jams is no success."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_scenes import block, compiler, standing, table_scene, tray, world_model
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA
from pydantic import ValidationError

from lmp.meaning.conditions.joints import JointShare
from lmp.meaning.conditions.support import In
from lmp.meaning.relations import contents, rests_on
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.handling.riding import joint_moved, part_alone, riders
from lmp.primitives.moves import Drag
from lmp.primitives.skills.push import PUSH, PushParameters
from lmp.primitives.skills.push_parameters import JointGoal
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.budget import Budget
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.plan_file import PlanFile, PlannedSubgoal
from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Button, Door, DrawerCabinet, Knob, Switch
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.scene_file import ObjectSpec, SceneFile
from lmp.schema.shape import Box
from lmp.schema.skill import RecordedParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.scenes.ready_shapes import build_shape, built_object

HELD = ("red_block", "blue_block")
CLOSE = PushParameters(object="cabinet", joint=JointGoal(name="top_drawer", share=0.0))


def cabinet(open_by: float | None = 0.1, x: float = 0.62, y: float = 0.1, yaw: float = 0.0) -> SceneObject:
    shape = DrawerCabinet(size=(0.2, 0.24, 0.15), drawers=2, travel=0.13)
    spec = ObjectSpec(name="cabinet", category="cabinet", shape=shape, role="fixture")
    thing = built_object(spec, Pose.from_yaw((x, y, 0.075), yaw), build_shape(spec))
    return thing.with_joints({"top_drawer": open_by})


def in_drawer(thing: SceneObject, name: str, size: float = 0.03, along: float = -0.055, across: float = 0.04) -> SceneObject:
    """A block on the floor of the top drawer."""
    cavity, frame = thing.hollows[0]
    spot = frame.apply(np.array([along, across, cavity.floor + size / 2]))
    pose = Pose(position=tuple(float(value) for value in spot), quat_xyzw=frame.quat_xyzw)
    return block(name, 0.0, 0.0, size).model_copy(update={"pose": pose, "touching": ("cabinet",)})


def compiled(parameters: PushParameters, world: Scene) -> JointTrajectory:
    result = compiler().compile(parameters, world)
    assert isinstance(result, JointTrajectory), str(result)
    return result


@settings(max_examples=6, deadline=None)
@given(st.floats(0.05, 0.13), st.floats(0.61, 0.66), st.floats(-0.1, 0.2), st.floats(-0.15, 0.15), st.sampled_from((0.0, 0.3)))
def test_the_fingers_go_along_the_axis_and_as_far_as_the_joint(
    open_by: float, x: float, y: float, yaw: float, share: float
) -> None:
    thing = cabinet(open_by, x, y, yaw)
    goal = share * 0.13
    parameters = CLOSE.model_copy(update={"joint": JointGoal(name="top_drawer", share=share)})
    trajectory = compiled(parameters, table_scene(thing))
    push = next(segment for segment in trajectory.segments if segment.name == "push")
    path = trajectory.tool_path[(trajectory.times >= push.start) & (trajectory.times <= push.end)]
    axis = thing.T_world_part("carcass")[:3, 0]
    way = (path - path[0]) @ axis
    spare = 0.002 if share == 0.0 else 0.0
    sense = 1.0 if open_by > goal else -1.0
    assert sense * way[-1] == pytest.approx(abs(open_by - goal) - spare, abs=1e-4)
    assert np.linalg.norm((path - path[0]) - np.outer(way, axis), axis=1).max() < 1e-3
    assert push.force_limit == 30.0
    assert ("fingers", "cabinet/top_drawer") in push.allowed_contacts


def test_what_is_in_the_drawer_is_predicted_to_come_along_and_what_is_not_stays() -> None:
    thing = cabinet(0.1)
    inside, rider = in_drawer(thing, "red_block"), block("green_block", 0.35, -0.2)
    top = in_drawer(thing, "upper", 0.02).model_copy(update={"touching": ("red_block",)})
    top = top.model_copy(update={"pose": inside.pose @ Pose(position=(0.0, 0.0, 0.025))})
    lid = block("lid", 0.62, 0.1).model_copy(update={"touching": ("cabinet",)})
    lid = lid.model_copy(update={"pose": Pose(position=(0.66, 0.1, 0.17))})
    before = table_scene(thing, inside, top, rider, lid)
    assert contents(before, "cabinet") == ("red_block", "upper") and rests_on(before, "lid", "cabinet")
    assert riders(before, "cabinet", ("top_drawer",)) == ("red_block", "upper")
    assert riders(before, "cabinet", ("carcass",)) == ("lid",)
    after = world_model().predict(CLOSE, before, compiled(CLOSE, before))
    assert after.get("cabinet").joint("top_drawer").value == 0.0
    for name, moved in (("red_block", 0.1), ("upper", 0.1), ("green_block", 0.0), ("lid", 0.0)):
        change = np.subtract(after.get(name).pose.position, before.get(name).pose.position)
        np.testing.assert_allclose(change, [moved, 0.0, 0.0], atol=1e-9, err_msg=name)
    assert contents(after, "cabinet") == ("red_block", "upper")


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 0.13), st.floats(0.0, 0.13), st.floats(-3.0, 3.0))
def test_there_and_back_leaves_all_where_it_was(first: float, second: float, yaw: float) -> None:
    thing = cabinet(first, yaw=yaw)
    before = table_scene(thing, in_drawer(thing, "red_block"))
    again = joint_moved(joint_moved(before, "cabinet", "top_drawer", second), "cabinet", "top_drawer", first)
    for name in ("cabinet", "red_block"):
        np.testing.assert_allclose(again.get(name).pose.matrix, before.get(name).pose.matrix, atol=1e-12)
    assert again.get("cabinet").joint("top_drawer").value == pytest.approx(first, abs=1e-12)


def test_a_tray_that_is_pushed_takes_along_what_is_in_it() -> None:
    before = table_scene(tray("tray", 0.5, 0.0), block("red_block", 0.52, 0.02, 0.03).model_copy(
        update={"pose": Pose(position=(0.52, 0.02, 0.02)), "touching": ("tray",)}))  # fmt: skip
    push = PushParameters(object="tray", dx=0.0, dy=0.08)
    after = world_model().predict(push, before, compiled(push, before))
    assert after.get("red_block").pose.position == pytest.approx((0.52, 0.10, 0.02))
    assert contents(after, "tray") == ("red_block",)


@pytest.mark.parametrize(
    ("goal", "opened", "code", "words"),
    [
        ({"name": "drawer", "share": 0.0}, 0.1, "unknown_joint", "no joint 'drawer'. Did you mean 'top_drawer'?"),
        ({"name": "top_drawer", "value": 0.3}, 0.1, "out_of_range", "goes from 0 to 0.13 m, not to 0.3 m"),
        ({"name": "top_drawer", "share": 0.0}, 0.0, "out_of_range", "is at 0.000 m already"),
        ({"name": "top_drawer", "share": 0.0}, None, "not_seen", "Where top_drawer of cabinet is is not known"),
    ],
)
def test_what_cannot_be_asked_is_said(goal: dict[str, Any], opened: float | None, code: str, words: str) -> None:
    parameters = CLOSE.model_copy(update={"joint": JointGoal.model_validate(goal)})
    verdict = compiler().compile(parameters, table_scene(cabinet(opened)))
    assert isinstance(verdict, Verdict)
    assert [violation.code for violation in verdict.violations] == [code] and words in str(verdict)


def test_an_object_without_joints_and_a_goal_said_twice_are_refused() -> None:
    on_block = PushParameters(object="red_block", joint=JointGoal(name="lid", share=0.0))
    verdict = compiler().compile(on_block, table_scene(block("red_block", 0.5, 0.0)))
    assert isinstance(verdict, Verdict) and "It has no joints" in verdict.violations[0].hint
    with pytest.raises(ValidationError, match="not both"):
        PushParameters(object="cabinet", dx=0.1, joint=JointGoal(name="top_drawer", share=0.0))
    with pytest.raises(ValidationError, match="give either `value` or `share`"):
        JointGoal(name="top_drawer", share=0.0, value=0.0)


def test_a_thing_that_stands_above_the_drawer_would_jam_it() -> None:
    thing = cabinet(0.12)
    tall = in_drawer(thing, "tall", 0.03).model_copy(update={"shape": block("b", 0, 0, 0.03).shape.model_copy(
        update={"size": (0.03, 0.03, 0.14)})})  # fmt: skip
    tall = tall.model_copy(update={"pose": tall.pose @ Pose(position=(0.0, 0.0, 0.055))})
    verdict = compiler().compile(CLOSE, table_scene(thing, tall))
    assert isinstance(verdict, Verdict)
    assert [(each.code, each.object) for each in verdict.violations] == [("collision", "tall")]
    assert "would be pushed into cabinet" in str(verdict)
    low = in_drawer(thing, "low", 0.04)
    compiled(CLOSE, table_scene(thing, low))


def test_while_it_is_pushed_the_part_and_what_is_in_it_are_one_body_that_moves_with_the_tool() -> None:
    thing = cabinet(0.12)
    inside, post = in_drawer(thing, "red_block"), standing("post", Box(size=(0.03, 0.03, 0.2)), 0.45, 0.27)
    arm = compiler().arm
    start = MotionState.first(arm, table_scene(thing, inside, post))
    drag = Drag("cabinet", "top_drawer", 0.02)
    pushed = start.dragging(arm, drag)
    assert pushed.held == "cabinet/top_drawer" and "red_block" not in pushed.scene
    lower, upper = pushed.scene.get("cabinet/top_drawer").bounds
    alone = part_alone(thing, ("top_drawer",)).bounds
    np.testing.assert_allclose(lower, np.minimum(alone[0], inside.bounds[0]), atol=1e-12)
    np.testing.assert_allclose(upper, np.maximum(alone[1], inside.bounds[1]), atol=1e-12)
    still = {body for body in pushed.obstacles.bodies if not body.startswith("panda")}
    assert still == {"cabinet/top_drawer", "cabinet", "table", "post"}
    T = start.T_world_tool.copy()
    T[0, 3] += 0.1
    after = start.dragged(arm, drag, start.q, T)
    assert after.held is None and after.scene.get("cabinet").joint("top_drawer").value == 0.02
    assert after.scene.get("red_block").pose.position[0] == pytest.approx(inside.pose.position[0] + 0.1)


def test_a_place_of_a_drawer_that_is_not_known_counts_as_everywhere() -> None:
    """Closed fingers where the front of the drawer is if it is open by 0.13 m are free only if it is known to be closed."""
    arm = compiler().arm
    q = arm.kinematics.inverse(tool_at(0.474, 0.1, 0.125), np.array(PANDA.rest)[None]).q
    for opened, free in ((0.0, True), (0.13, False), (None, False)):
        found = arm.collisions.with_scene(table_scene(cabinet(opened, x=0.7))).check(q, 0.0, (), 0.001)
        touched = {contact.b for contact in found}
        assert ("cabinet/top_drawer" not in touched) is free, (opened, touched)


def tool_at(x: float, y: float, z: float) -> np.ndarray:
    T = np.diag([1.0, -1.0, -1.0, 1.0])
    T[:3, 3] = (x, y, z)
    return T


def run(file: SceneFile | str, engine: str, out: Path, goal: JointGoal, **options: Any) -> tuple[Any, Scene, Scene]:
    primitive = PushParameters(object="cabinet", joint=goal)
    subgoal = PlannedSubgoal(
        description="push it along its joint",
        primitive=RecordedParameters.model_validate(primitive.model_dump(mode="json")),
        objects=("cabinet",),
        success=(
            JointShare(object="cabinet", joint=goal.name, most=0.03),
            *(In(object=name, container="cabinet") for name in HELD),
        ),
    )
    plan = PlanFile(instruction="push it", subgoals=(subgoal,))
    address = file if isinstance(file, str) else str(out / "scene.json")
    out.mkdir(exist_ok=True)
    if not isinstance(file, str):
        Path(address).write_text(file.model_dump_json())
    with open_world(f"{engine}:{address}", seed=5) as world:
        look = OraclePerceiver(world)
        before = look.perceive(world.observe())
        episode = Agent(world, PlanFilePlanner(plan, {"push": PUSH.spec})).run(
            "push it", out=out / "run", budget=Budget(replans=0), **options
        )
        return episode, before, look.perceive(world.observe())


@pytest.mark.parametrize("engine", ["kinematic", "pybullet"])
def test_a_drawer_is_closed_with_all_that_is_in_it(engine: str, tmp_path: Path) -> None:
    episode, before, after = run("cabinet", engine, tmp_path / "a", JointGoal(name="top_drawer", share=0.0))
    assert episode.outcome is Outcome.SUCCEEDED
    assert before.get("cabinet").joint("top_drawer").share > 0.6
    assert after.get("cabinet").joint("top_drawer").share < 0.03
    assert contents(after, "cabinet") == contents(before, "cabinet") == HELD


def test_a_drawer_that_jams_is_not_a_success(tmp_path: Path) -> None:
    """Sabotage: its runners hold it with more than the skill may press with."""
    file = load_scene_file("cabinet")
    jammed = {"top_drawer": {"value": 0.1, "friction": 100.0}}
    spec = ObjectSpec.model_validate(file.objects[0].model_dump() | {"joints": jammed})
    file = file.model_copy(update={"objects": (spec, *file.objects[1:])})
    episode, before, after = run(file, "pybullet", tmp_path / "a", JointGoal(name="top_drawer", share=0.0))
    assert episode.outcome is not Outcome.SUCCEEDED and not episode.verified
    assert after.get("cabinet").joint("top_drawer").value > 0.8 * before.get("cabinet").joint("top_drawer").value


def test_a_drawer_that_comes_out_again_is_not_a_success(tmp_path: Path) -> None:
    """Sabotage: closed, and opened by somebody before it is looked at."""

    def open_again(world: Any, subgoal: Subgoal) -> None:
        world.inventory.body("cabinet").set_joints({"top_drawer": 0.06})

    goal = JointGoal(name="top_drawer", share=0.0)
    episode, _, _ = run("cabinet", "pybullet", tmp_path / "a", goal, before_verify=open_again)
    assert episode.outcome is not Outcome.SUCCEEDED and not episode.verified


def test_a_door_is_closed_by_its_leaf_along_an_arc() -> None:
    """Several straight stretches, the hand turning with the leaf: the fingers stay where they pressed on it."""
    spec = ObjectSpec(name="door", category="door", shape=Door(size=(0.2, 0.25), knob=0.0), role="fixture")
    door = built_object(spec, Pose(position=(0.6, 0.0, 0.145)), build_shape(spec)).with_joints({"door": 0.7})
    trajectory = compiled(PushParameters(object="door", joint=JointGoal(name="door", share=0.1)), table_scene(door))
    pushes = [segment for segment in trajectory.segments if segment.name == "push"]
    assert len(pushes) >= 3
    local = []
    for value, t in zip(np.linspace(0.7, 0.16, len(pushes) + 1), (pushes[0].start, *(s.end for s in pushes)), strict=True):
        q = trajectory.at(t)
        T_leaf = door.with_joints({"door": float(value)}).T_world_part("leaf")
        local.append((np.linalg.inv(T_leaf) @ compiler().arm.kinematics.forward(q))[:3, 3])
    np.testing.assert_allclose(local, np.tile(local[0], (len(local), 1)), atol=1e-3)


@pytest.mark.parametrize(
    ("shape", "joint", "share"), [(Button(), "button", 0.9), (Switch(), "switch", 1.0), (Knob(), "knob", 0.8)]
)
def test_other_joints_are_pressed_and_turned_by_the_same_rule(shape: Button | Switch | Knob, joint: str, share: float) -> None:
    """Straight down on a cap, on the higher side of a rocker, beside the bar of a knob."""
    spec = ObjectSpec(name="it", category="it", shape=shape, role="fixture")
    built = build_shape(spec)
    height = built.shape.support(np.array([0.0, 0.0, -1.0]))
    thing = built_object(spec, Pose(position=(0.5, 0.0, height)), built)
    before = table_scene(thing)
    push = PushParameters(object="it", joint=JointGoal(name=joint, share=share))
    after = world_model().predict(push, before, compiled(push, before))
    assert after.get("it").joint(joint).share == pytest.approx(share)

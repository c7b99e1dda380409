"""Plans from disturbed states, compiled and followed by the world model: what they predict is what was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lmp
from lmp.meaning.relations import holds
from lmp.runtime.flow.planning import plan_that_compiles
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.trajectory import JointTrajectory

TEXTS = ("put the red block in the bowl", "put the can on the tray", "move the green block 10 cm to the right")
TILTS = st.sampled_from((0.0, 0.0, math.pi / 2))


@pytest.fixture(scope="module")
def agent() -> Iterator[lmp.Agent]:
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        yield lmp.Agent(world)


def put(scene: Scene, name: str, x: float, y: float, tilt: float) -> Scene:
    """The thing lies on the highest thing that its middle is over."""
    thing = scene.get(name)
    turned = thing.model_copy(
        update={"pose": Pose(position=(x, y, 0.0), quat_xyzw=(math.sin(tilt / 2), 0.0, 0.0, math.cos(tilt / 2)))}
    )
    below = [other for other in scene.objects if other.name not in (name, "table") and over(other, x, y)]
    tops = [0.0] + [
        float(other.pose.position[2] + other.cavity.floor) if other.cavity is not None else float(other.bounds[1][2])
        for other in below
    ]
    lift = max(tops) - float(turned.bounds[0][2])
    pose = Pose(position=(x, y, lift), quat_xyzw=turned.pose.quat_xyzw)
    return scene.replacing(thing.model_copy(update={"pose": pose, "touching": None}))


def over(thing: SceneObject, x: float, y: float) -> bool:
    low, high = thing.bounds
    return bool(low[0] < x < high[0] and low[1] < y < high[1])


def predicted_end(agent: lmp.Agent, plan: tuple[Subgoal, ...], scene: Scene) -> Scene:
    for subgoal in plan:
        primitive = agent.ground(subgoal, scene)
        assert not isinstance(primitive, Refusal)
        trajectory = agent.compile(primitive, scene)
        assert isinstance(trajectory, JointTrajectory)
        scene = agent.stages.world_model.predict(primitive, scene, trajectory)
    return scene


@settings(max_examples=6)
@given(
    text=st.sampled_from(TEXTS),
    thing=st.sampled_from(("red_block", "can", "green_block", "yellow_block")),
    place=st.tuples(st.floats(0.40, 0.60), st.floats(-0.30, 0.30)),
    at=st.sampled_from((None, "bowl", "tray", "blue_block", "red_block")),
    tilt=TILTS,
)
def test_what_a_plan_predicts_is_what_was_asked_for(
    agent: lmp.Agent, text: str, thing: str, place: tuple[float, float], at: str | None, tilt: float
) -> None:
    first = agent.perceive()
    first = first.model_copy(update={"objects": tuple(item.model_copy(update={"touching": None}) for item in first.objects)})
    x, y = place if at in (None, thing) else (float(value) for value in first.get(str(at)).centre[:2])
    now = put(first, thing, x, y, tilt)
    answer = agent.decompose(text, now)
    if not isinstance(answer, Refusal):
        answer, seen = plan_that_compiles(agent.stages, text, answer, now, None)
        if isinstance(answer, Refusal) or (seen and seen[-1].outcome is not Outcome.PLANNED):
            return
        end = predicted_end(agent, answer, now)
        for subgoal in answer:
            if subgoal.lasting:
                assert all(holds(condition, end).holds for condition in subgoal.success), (text, subgoal)
        assert end.held is None

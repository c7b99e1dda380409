"""The target of a primitive is compared with its subgoal's conditions before motion; what was asked for is tested after it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import lmp
from lmp import registry
from lmp.cli.exit_status import REFUSED, exit_status
from lmp.meaning.conditions import At, Heading, In, LeftOf, MovedBy, On, RightOf
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.runtime.agent import Agent
from lmp.runtime.flow.checking import wanted
from lmp.runtime.flow.planning import preview
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.plan import TARGET_MISSED, Subgoal
from lmp.schema.plan_file import PlanFile
from lmp.schema.pose import Pose

SPECS = {name: registry.load("skill", name).spec for name in registry.known("skill")}
RED = "red_block"


def plan(goal: Any, primitive: dict[str, Any], taken: bool = True) -> PlanFile:
    take = {
        "description": "take it",
        "primitive": {"kind": "pick", "object": RED},
        "success": [{"kind": "held", "object": RED}],
    }
    last = {"description": "do it", "primitive": primitive, "success": [goal.model_dump(mode="json")], "lasting": True}
    content = {"instruction": "x", "world": "kinematic:tabletop", "seed": 3, "subgoals": [*([take] if taken else []), last]}
    return PlanFile.model_validate(content)


def run(plan: PlanFile, tmp_path: Path) -> Episode:
    with open_world(plan.world, seed=plan.seed) as world:
        agent = Agent(world, PlanFilePlanner(plan, SPECS))
        return agent.run("x", out=tmp_path / "run", pictures=False, report=False)


def place(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "place", "object": RED, "target": {"kind": kind, **fields}}


@pytest.mark.parametrize(
    ("goal", "primitive", "taken"),
    [
        (In(object=RED, container="bowl"), place("in", container="mug"), True),
        (In(object=RED, container="bowl"), place("in", container="tray"), True),
        (On(object=RED, support="blue_block"), place("on", support="green_block"), True),
        (RightOf(object=RED, reference="mug"), place("beside", reference="mug", side="left"), True),
        (At(object=RED, x=0.30, y=0.10, tolerance=0.02), place("at", x=0.30, y=0.25), True),
        (LeftOf(object=RED, reference="tray"), {"kind": "push", "object": RED, "dx": 0.03, "dy": 0.0}, False),
    ],
    ids=lambda value: value.words if hasattr(value, "words") else None,
)
def test_a_target_that_misses_the_condition_is_turned_down_before_any_motion(
    goal: Any, primitive: dict[str, Any], taken: bool, tmp_path: Path
) -> None:
    with open_world("kinematic:tabletop", seed=3) as world:
        scene = world.scene()  # type: ignore[attr-defined]
    if goal.measure(scene).holds:
        pytest.skip("it is so already in this scene")
    episode = run(plan(goal, primitive, taken), tmp_path)
    assert episode.outcome is TARGET_MISSED
    assert not any(attempt.execution is not None for attempt in episode.attempts)
    assert exit_status(episode) == REFUSED
    violation = episode.subgoals[-1].verdict.violations[0]  # type: ignore[union-attr]
    assert violation.code == "misses_condition"
    assert violation.message.startswith(f"{primitive['kind']} would not make {goal.words} true: ")
    assert goal.words in violation.hint


def test_what_is_aimed_at_rightly_passes(tmp_path: Path) -> None:
    assert run(plan(In(object=RED, container="bowl"), place("in", container="bowl")), tmp_path).verified


def test_a_push_the_wrong_way_is_turned_down(tmp_path: Path) -> None:
    with open_world("kinematic:tabletop", seed=3) as world:
        x, y, z = world.scene().get(RED).centre  # type: ignore[attr-defined]
    goal = MovedBy(object=RED, origin=(x, y, z), dx=0.0, dy=-0.06)
    wrong = run(plan(goal, {"kind": "push", "object": RED, "dx": 0.0, "dy": 0.06}, taken=False), tmp_path / "wrong")
    assert wrong.outcome is TARGET_MISSED
    right = run(plan(goal, {"kind": "push", "object": RED, "dx": 0.0, "dy": -0.06}, taken=False), tmp_path / "right")
    assert right.verified, right.error


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_heading_that_was_asked_for_is_a_condition_afterwards(quarters: int) -> None:
    """A cube looks the same after a quarter turn: the block that stays as it was is not what was asked for."""
    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world)
        scene = agent.perceive()
        item = scene.get(RED)
        asked = math.remainder(item.pose.yaw + quarters * math.pi / 2, 2 * math.pi)
        subgoal = Subgoal(description="turn it", reasoning="so", skill="place", objects=(RED,), success=())
        primitive = SPECS["place"].parameters.model_validate({**place("on", support="table"), "yaw": asked})
        tested = wanted(subgoal, primitive)
        assert [condition.kind for condition in tested.success] == ["heading"]
        unturned = agent.verify(tested, scene, scene)
        assert unturned.outcome is not lmp.Outcome.SUCCEEDED, "it has not been turned"
        about = Pose.from_yaw((0.0, 0.0, 0.0), quarters * math.pi / 2)
        pose = item.pose.model_copy(update={"quat_xyzw": (about @ item.pose).quat_xyzw})
        turned = scene.replacing(item.model_copy(update={"pose": pose}))
        assert agent.verify(tested, scene, turned).outcome is lmp.Outcome.SUCCEEDED


def test_a_turn_that_was_asked_for_is_done_and_verified(tmp_path: Path) -> None:
    with open_world("kinematic:tabletop", seed=3) as world:
        yaw = world.scene().get(RED).pose.yaw  # type: ignore[attr-defined]
    asked = math.remainder(yaw + math.pi / 2, 2 * math.pi)
    goal = On(object=RED, support="table")
    turn = {**place("at", x=0.32, y=0.28), "yaw": asked}
    made = plan(goal, turn)
    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world, PlanFilePlanner(made, SPECS))
        [*_, last] = preview(agent.stages, agent.decompose("x", agent.perceive()), agent.perceive())  # type: ignore[arg-type]
        assert last.trajectory is not None, last.message
        episode = agent.run("x", out=tmp_path / "run", pictures=False, report=False)
        assert episode.verified
        exact = Heading(object=RED, yaw=asked, exact=True, tolerance=0.15)
        assert exact.measure(agent.perceive()).holds

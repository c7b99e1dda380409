"""Recoveries try something else: slower, another choice, a firmer grip, and never the same a third time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp import registry
from lmp.execution.monitoring.outcome_of import TIMED_OUT, TRACKING_ERROR
from lmp.meaning.conditions import Held
from lmp.meaning.failures import DROPPED, MISSED_GRASP
from lmp.robots.robot_file import load_robot
from lmp.runtime.agent import Agent
from lmp.runtime.flow.varying import SLOWER, SLOWEST, changed_by, slower, varied
from lmp.runtime.worlds import open_world
from lmp.schema.budget import Budget
from lmp.schema.episode import Attempt
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.skill import SkillParameters
from lmp.stages import World

PANDA = load_robot("panda")
PICK, PLACE = (registry.load("skill", name).spec.parameters for name in ("pick", "place"))
TAKE = Subgoal(description="take it", reasoning="so", skill="pick", objects=("red_block",))
PUT = Subgoal(description="put it", reasoning="so", skill="place", objects=("red_block",))


def tried(subgoal: Subgoal, primitive: SkillParameters, outcome: Outcome) -> Attempt:
    return Attempt(subgoal=subgoal, primitive=primitive, outcome=outcome)


def pick(**fields: object) -> SkillParameters:
    made: SkillParameters = PICK(object="red_block", **fields)
    return made


@given(st.floats(0.02, 1.5), st.lists(st.sampled_from([TRACKING_ERROR, TIMED_OUT]), min_size=1, max_size=6))
def test_each_motion_that_could_not_be_followed_makes_the_next_slower_down_to_the_floor(
    speed: float, outcomes: list[Outcome]
) -> None:
    attempts: list[Attempt] = []
    speeds = [speed]
    for outcome in outcomes:
        attempts.append(tried(TAKE, pick(speed=speeds[-1]), outcome))
        speeds.append(slower(pick(speed=speed), attempts).speed)
    for before, after in pairwise(speeds):
        assert after == pytest.approx(min(before, max(SLOWER * before, SLOWEST)), abs=1e-4)
    assert min(speeds) >= min(speed, SLOWEST)


def test_slowness_is_the_arms_and_holds_for_every_motion_after() -> None:
    attempts = [tried(TAKE, pick(), TRACKING_ERROR)]
    assert changed_by(PLACE(object="red_block", target={"kind": "in", "container": "bowl"}), PUT, attempts, PANDA).speed == 0.2
    assert slower(pick(speed=0.1), attempts).speed == 0.1, "what is slower already stays as it is"
    assert slower(pick(duration=2.0), attempts).duration == pytest.approx(5.0)
    assert slower(pick(timing="fastest"), attempts).timing == "keep"


def test_a_slip_is_answered_by_a_firmer_grip_within_what_gripper_and_skill_allow() -> None:
    attempts: list[Attempt] = []
    forces = []
    for _ in range(5):
        attempts.append(tried(PUT, pick(), DROPPED))
        forces.append(changed_by(pick(), TAKE, attempts, PANDA).model_dump()["force"])
    assert forces == [45.0, 67.5, 70.0, 70.0, 70.0], "the Panda's usual force is 30 N, its largest 70 N"
    other = TAKE.model_copy(update={"objects": ("blue_block",)})
    assert changed_by(PICK(object="blue_block"), other, attempts, PANDA).model_dump()["force"] is None


@pytest.mark.parametrize("missed", range(4))
def test_a_grasp_that_missed_is_followed_by_the_next(missed: int) -> None:
    attempts = [tried(TAKE, pick(grasp=rank), MISSED_GRASP) for rank in range(missed)]
    assert changed_by(pick(), TAKE, attempts, PANDA).model_dump()["grasp"] == missed
    done = [*attempts, tried(TAKE, pick(grasp=missed), Outcome.SUCCEEDED)]
    assert changed_by(pick(), TAKE, done, PANDA) == pick(), "it was taken since"
    assert changed_by(pick(yaw=0.3), TAKE, attempts, PANDA) == pick(yaw=0.3), "another request is not what failed"


def test_after_two_equal_failures_there_are_other_ways_behind_the_proposal() -> None:
    proposal = Proposal(primitive=pick())
    once = [tried(TAKE, pick(), INFEASIBLE)]
    assert varied((proposal,), TAKE, once, PANDA) == (proposal,)
    further = varied((proposal,), TAKE, 2 * once, PANDA)
    assert further[0] == proposal
    assert [one.primitive.model_dump()["grasp"] for one in further[1:4]] == [1, 2, 3]
    assert [one.primitive.speed for one in further[4:]] == pytest.approx([0.2, 0.08])
    assert [one.prior for one in further] == sorted((one.prior for one in further), reverse=True)


class Same:
    """A planner that proposes the same for ever."""

    def __init__(self, primitive: SkillParameters):
        self.primitive = primitive

    def decompose(self, instruction: str, scene: object, history: object = None) -> tuple[Subgoal, ...]:
        return (TAKE.model_copy(update={"success": (Held(object="red_block"),)}),)

    def propose(self, subgoal: Subgoal, scene: object, history: object = None, most: int = 1) -> tuple[Proposal, ...]:
        return (Proposal(primitive=self.primitive),)


@pytest.mark.parametrize("words", ["missed", "dropped", "not met"])
def test_a_third_try_is_never_the_same_as_two_that_failed_equally(tmp_path: Path, words: str) -> None:
    """The object is torn away before each look: the planner proposes the same, and something else is tried all the same."""

    def tear(world: World, subgoal: Subgoal) -> None:
        thing = next(thing for thing in world.scene().objects if thing.name == "red_block")
        x, y, z = begun
        place = {"missed": (x, y, z), "dropped": (x, y + 0.15, z), "not met": (x, y, z)}[words]
        world.move_object("red_block", thing.pose.model_copy(update={"position": place}))

    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world, Same(pick(grasp=2)))  # type: ignore[arg-type]
        begun = next(thing for thing in world.scene().objects if thing.name == "red_block").pose.position
        episode = agent.run(
            "x", out=tmp_path / "run", pictures=False, report=False, before_verify=tear, budget=Budget(replans=9)
        )
    assert not episode.verified
    followed = [attempt for attempt in episode.attempts if attempt.execution is not None]
    assert len(followed) >= 3
    keys = [
        (attempt.outcome, attempt.compiled.candidate, attempt.primitive.speed, attempt.primitive.model_dump()["force"],
         tuple(round(value, 2) for value in attempt.compiled.target))
        for attempt in followed
    ]  # fmt: skip
    assert max(keys.count(key) for key in keys) <= 2

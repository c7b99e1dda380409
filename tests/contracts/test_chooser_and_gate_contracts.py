"""All choosers and gates that are listed, and one of each from outside the package."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp import registry
from lmp.choosing import CheckedMotion, Chooser, Compile, Gate
from lmp.errors import SetupFault, UnknownName
from lmp.primitives.compiler.coarse_motion import Margin
from lmp.runtime.agent import Agent
from lmp.runtime.choosers import BestMargin, FirstThatCompiles
from lmp.runtime.flow.checking import checked
from lmp.runtime.gates import LEAST, MOST, ApprovalGate, MarginGate
from lmp.runtime.worlds import open_world
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import Abstain, Go, Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.testing import ChooserContract, GateContract


@cache
def seen() -> tuple[Agent, Scene, Subgoal, tuple[Proposal, ...]]:
    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world)
        scene = agent.perceive()
        subgoal = agent.decompose("pick up the red block", scene)[0]  # type: ignore[index]
        proposals = agent.propose(subgoal, scene, None, 4)
    assert isinstance(proposals, tuple) and len(proposals) == 4
    return agent, scene, subgoal, proposals


@cache
def compiled(primitive: SkillParameters) -> JointTrajectory | Verdict:
    agent, scene, subgoal, _ = seen()
    return checked(agent.stages, subgoal, primitive, scene)[0]


class _Choosers(ChooserContract):
    name = ""

    def chooser(self) -> Chooser:
        return registry.configured("chooser", self.name)

    def proposals(self) -> Sequence[Proposal]:
        return seen()[3]

    def answer_to(self) -> Compile:
        return compiled


class TestFirst(_Choosers):
    name = "first"


class TestFirstOfFour(_Choosers):
    name = "first:most=4"


class TestBestMargin(_Choosers):
    name = "best-margin"


class TestLastFromOutside(_Choosers):
    name = "python:outside_gates:LastThatCompiles"


class _Gates(GateContract):
    name = ""

    def gate(self) -> Gate:
        return registry.configured("gate", self.name)

    def motion(self) -> CheckedMotion:
        _, scene, subgoal, proposals = seen()
        trajectory = compiled(proposals[0].primitive)
        assert isinstance(trajectory, JointTrajectory)
        return CheckedMotion(subgoal, scene, proposals[0].primitive, trajectory)


class TestApproval(_Gates):
    name = "approval"


class TestMarginThatHolds(_Gates):
    name = "margin:clearance=0.0001"


class TestMarginThatDoesNot(_Gates):
    name = "margin:joint_limit=3.0,velocity=0.01"


class TestOutside(_Gates):
    name = "python:outside_gates:ShortMotions?seconds=2.5"


def test_all_that_are_listed_are_here() -> None:
    assert set(registry.CHOOSERS) == {kind.name.partition(":")[0] for kind in _Choosers.__subclasses__()} - {"python"}
    assert set(registry.GATES) == {kind.name.partition(":")[0] for kind in _Gates.__subclasses__()} - {"python"}


def motion() -> CheckedMotion:
    return TestApproval().motion()


def test_the_first_of_several_that_compiles_is_taken_in_the_order_of_the_priors() -> None:
    _, _, _, proposals = seen()
    backwards = [Proposal(primitive=one.primitive, prior=1.0 - one.prior) for one in proposals]
    assert FirstThatCompiles(4).choose(proposals, compiled).proposal == proposals[0]
    assert FirstThatCompiles(4).choose(backwards, compiled).proposal == backwards[-1]

    def only_the_third(primitive: SkillParameters) -> JointTrajectory | Verdict:
        from lmp.testing.chooser_contract import _refusing

        return compiled(primitive) if primitive == proposals[2].primitive else _refusing(primitive)

    assert FirstThatCompiles(4).choose(proposals, only_the_third).proposal == proposals[2]


def test_the_best_margin_is_that_of_no_other_proposal_surpassed() -> None:
    _, _, _, proposals = seen()
    taken = BestMargin().choose(proposals, compiled)
    comforts = {
        one.primitive: Margin.of(found).comfort
        for one in proposals
        if isinstance(found := compiled(one.primitive), JointTrajectory)
    }
    assert comforts[taken.proposal.primitive] == max(comforts.values())
    assert len(set(comforts.values())) > 1, "there is something to choose"


@given(st.sampled_from(sorted(LEAST | MOST)), st.floats(1e-6, 1e3))
def test_the_margin_gate_abstains_exactly_beyond_the_limit(name: str, limit: float) -> None:
    """The comparison, made here by hand from the trajectory's own margins."""
    value = getattr(motion().trajectory.margins, name)
    answer = MarginGate(**{name: limit}).judge(motion())
    beyond = value is not None and (value < limit if name in LEAST else value > limit)
    assert isinstance(answer, Abstain if beyond else Go)
    if isinstance(answer, Abstain):
        assert (answer.score, answer.limit) == (value, limit)
        assert name.replace("_", " ") in answer.why


def test_the_gate_of_approval_says_what_would_be_done() -> None:
    words = ApprovalGate().judge(motion()).words
    assert "pick" in words and "red_block" in words and words.endswith(" s")


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("gate", "margin", r"needs a limit at least: joint_limit, clearance, .*, such as clearance=0\.01"),
        (
            "gate",
            "margin:clearence=0.01",
            r"It has no option 'clearence'\. Did you mean 'clearance'\? Its options: joint_limit",
        ),
        ("gate", "margin:clearance=near", r"clearance = 'near': Input should be a valid number"),
        ("gate", "margin:clearance=-1", r"above 0 and finite, got clearance=-1\.0"),
        ("gate", f"margin:clearance={math.nan}", r"above 0 and finite"),
        ("gate", "margin:clearance", r"settings are key=value,key=value, each once, got 'clearance'"),
        ("gate", "margin:clearance=1,clearance=2", r"each once"),
        ("gate", "approval:often=1", r"It has no option 'often'\. It takes none\."),
        ("chooser", "first:most=0", r"most"),
        ("chooser", "best-margin:most=many", r"most = 'many': Input should be a valid integer"),
        (
            "gate",
            "python:outside_gates:ShortMotions",
            r"It needs the option seconds: python:outside_gates:ShortMotions\?seconds=",
        ),
        ("gate", "python:no_such_module:Gate", r"the module 'no_such_module' cannot be imported"),
    ],
)
def test_wrong_settings_are_told_in_words(kind: str, text: str, words: str) -> None:
    with pytest.raises(SetupFault, match=words):
        registry.configured(kind, text)


def test_unknown_names_are_told_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"No gate named 'aproval'\. Did you mean 'approval'\? Known: approval, margin"):
        registry.configured("gate", "aproval")
    with pytest.raises(UnknownName, match=r"No chooser named 'best'\. Did you mean"):
        registry.configured("chooser", "best")

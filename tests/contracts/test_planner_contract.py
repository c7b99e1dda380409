from __future__ import annotations

import functools

import pytest
from grounding import grounded
from hypothesis import given, settings
from hypothesis import strategies as st
from implementations import PLANNERS, open_world
from loopback.scripted_model import ScriptedModel
from loopback.server import Loopback

from lmp import registry
from lmp.model_settings import ModelSettings
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.stages import Planner
from lmp.testing import PlannerContract

MODELS = {
    "openai:tiny": {},
    "openai:tiny, responses": {"api": "responses"},
    "openai:tiny, tool": {"form": "tool"},
    "openai:tiny, text": {"form": "text"},
    "openai:tiny, one call": {"one_call": True},
    "anthropic:tiny": {},
}
"""Planners that ask a model: how they ask it. The model is the scripted planner behind the provider's protocol."""

named = pytest.mark.parametrize("name", (*PLANNERS, *MODELS))


@functools.lru_cache
def scene() -> Scene:
    with open_world("kinematic", 3) as world:
        return OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]


@functools.lru_cache
def planner_named(name: str) -> Planner:
    skills = {skill: registry.load("skill", skill).spec for skill in registry.known("skill")}
    if name not in MODELS:
        planner: Planner = registry.load("planner", name)(skills)
        return planner
    server = Loopback().always(ScriptedModel(scene))
    server.__enter__()  # until the process ends: its thread is a daemon
    settings = ModelSettings.model_validate({"base_url": server.url, **MODELS[name]})
    asking: Planner = registry.planner(name.partition(",")[0], skills, settings)
    return asking


class _Listed(PlannerContract):
    name: str

    def planner(self) -> Planner:
        return planner_named(self.name)

    def scene(self) -> Scene:
        return scene()

    def instruction(self) -> str:
        return "stack the green block on the blue one, then move the yellow block to the left of the bowl"


KINDS = {f"Test_{place}": type(f"Test_{place}", (_Listed,), {"name": name}) for place, name in enumerate((*PLANNERS, *MODELS))}
globals().update(KINDS)


@named
def test_a_plain_instruction_becomes_subgoals_with_reasons_and_primitives(name: str) -> None:
    planner = planner_named(name)
    subgoals = planner.decompose("put the red block in the bowl", scene())
    assert isinstance(subgoals, tuple)
    assert [subgoal.skill for subgoal in subgoals][:2] == ["pick", "place"]
    for subgoal in subgoals:
        assert subgoal.reasoning
        assert subgoal.success
        assert set(subgoal.objects) <= set(scene().names)
        assert subgoal.skill in registry.known("skill")
    first = grounded(planner, subgoals[0], scene())
    assert isinstance(first, SkillParameters)
    assert first.kind == subgoals[0].skill


@named
@pytest.mark.parametrize(
    ("instruction", "reasons"),
    [
        ("frobnicate the gizmo", {"not_understood", "absent"}),
        ("put the red spoon in the bowl", {"absent"}),
        ("put the block in the bowl", {"ambiguous"}),
        ("put the red block inside the blue block", {"impossible"}),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(name: str, instruction: str, reasons: set[str]) -> None:
    answer = planner_named(name).decompose(instruction, scene())
    assert isinstance(answer, Refusal)
    assert answer.reason in reasons
    assert answer.message


TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(["put", "the", "red", "block", "in", "bowl", "on", "to", "and"])).map(" ".join),
)


@named
def test_any_text_gets_an_answer(name: str) -> None:
    @given(text=TEXTS)
    @settings(max_examples=12 if name in MODELS else 60)  # an exchange costs more than a reading
    def answered(text: str) -> None:
        answer = planner_named(name).decompose(text, scene())
        assert isinstance(answer, Refusal) or all(isinstance(subgoal, Subgoal) for subgoal in answer)

    answered()

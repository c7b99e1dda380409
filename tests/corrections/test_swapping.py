""" "No, the other one": what takes the place of what, and what follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.corrections.change import fitted
from lmp.corrections.swapping import Swap, swap_meant, swapped, swapped_primitive
from lmp.meaning.conditions import MovedBy
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.push import PushParameters
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.plan import Refusal, Subgoal

with open_world("kinematic:tabletop") as _world:
    SCENE = Agent(_world).perceive()
NAMED = ("red_block", "bowl")


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("no, the blue one", "blue_block"),
        ("not that one, the green block", "green_block"),
        ("I meant the mug", "mug"),
        ("the other yellow block", "yellow_block"),
        ("no, the left one", "yellow_block"),
        ("no, blue_block", "blue_block"),
    ],
)
def test_the_words_say_which(words: str, after: str):
    assert swap_meant(words, NAMED, SCENE) == Swap(before="red_block", after=after)


def test_several_are_asked_about_and_a_name_answers():
    answer = swap_meant("no, the other one", NAMED, SCENE)
    assert isinstance(answer, Refusal)
    assert answer.candidates == ("green_block", "blue_block", "yellow_block")
    assert swap_meant("green_block", NAMED, SCENE, name_alone=True) == Swap(before="red_block", after="green_block")
    assert swap_meant("green_block", NAMED, SCENE) is None


def test_one_that_is_left_is_meant_and_none_is_said():
    blocks = ("red_block", "green_block", "blue_block")
    assert swap_meant("the other one", blocks, SCENE) == Swap(before="red_block", after="yellow_block")
    answer = swap_meant("the other bowl", NAMED, SCENE)
    assert isinstance(answer, Refusal)
    assert answer.message == "There is no other bowl than those of the plan."


@pytest.mark.parametrize("words", ["put the red block in the bowl", "no, slower", "no", "no, that was wrong", "", "x" * 500])
def test_other_words_are_about_something_else(words: str):
    assert swap_meant(words, NAMED, SCENE) is None


@given(st.text(max_size=300), st.booleans())
def test_any_words_give_things_of_the_scene_or_none(words: str, name_alone: bool):
    answer = swap_meant(words, NAMED, SCENE, name_alone)
    if isinstance(answer, Swap):
        assert answer.before in NAMED and answer.after in SCENE and answer.after not in NAMED


def test_a_push_of_another_thing_starts_where_that_one_is():
    push = PushParameters(object="red_block", dx=0.1, dy=0.0)
    condition = MovedBy(object="red_block", origin=(0.0, 0.0, 0.0), dx=0.1, dy=0.0)
    subgoal = Subgoal(
        description="push red_block 10 cm away",
        reasoning="the red one",
        skill="push",
        objects=("red_block",),
        success=(condition,),
    )
    swap = Swap(before="red_block", after="mug")
    other, primitive = swapped(subgoal, swap, SCENE), swapped_primitive(push, swap)
    assert (other.description, other.objects) == ("push mug 10 cm away", ("mug",))
    assert "red" not in other.reasoning.replace("red_block", "")
    assert other.success[0].origin == pytest.approx(tuple(SCENE.get("mug").centre))
    assert primitive == PushParameters(object="mug", dx=0.1, dy=0.0)


def test_conditions_follow_the_numbers_of_the_primitive():
    condition = MovedBy(object="mug", origin=(0.5, 0.0, 0.0), dx=0.1, dy=0.0)
    subgoal = Subgoal(description="push", reasoning="", skill="push", objects=("mug",), success=(condition,))
    farther = fitted(subgoal, PushParameters(object="mug", dx=0.15, dy=0.0))
    assert farther.success == (condition.model_copy(update={"dx": 0.15}),)
    assert fitted(subgoal, PickParameters(object="mug")) is subgoal


def test_the_rank_of_a_grasp_begins_anew_with_another_thing():
    pick = PickParameters(object="red_block", grasp=3, lift=0.2)
    assert swapped_primitive(pick, Swap(before="red_block", after="mug")) == PickParameters(object="mug", lift=0.2)
    assert swapped_primitive(pick, Swap(before="bowl", after="mug")) == pick

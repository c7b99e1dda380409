"""A table of instructions with the conditions that they come to, in the words of different people."""

from __future__ import annotations

import pytest
from grounding import grounded
from planner_scenes import SKILLS, scene

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.condition import Condition
from lmp.schema.plan import Subgoal

PLANNER = ScriptedPlanner(SKILLS)


def said(condition: Condition) -> str:
    numbers = {"dx", "dy"}
    parts = []
    for field, value in condition:
        if field in ("kind", "origin", "tolerance"):
            continue
        parts.append(f"{value:.3f}" if field in numbers or isinstance(value, float) else str(value))
    return f"{condition.kind}({','.join(parts)})"


def outline(subgoals: tuple[Subgoal, ...]) -> str:
    """The goals without the picks that only serve a place: "place in(a,b); pick held(c)"."""
    kept = [goal for goal in subgoals if not (goal.skill == "pick" and not goal.lasting)]
    return "; ".join(f"{goal.skill} {' & '.join(map(said, goal.success))}".strip() for goal in kept)


TABLE = [
    ("put the red block in the bowl", "place in(red_block,bowl)"),
    ("Please put the scarlet cube into the dish.", "place in(red_block,bowl)"),
    ("could you grab the green block and drop it in the bowl?", "place in(green_block,bowl)"),
    ("would you mind putting the red block in the bowl?", "place in(red_block,bowl)"),
    ("I want the red block in the bowl", "place in(red_block,bowl)"),
    ("make sure the red block is in the bowl", "place in(red_block,bowl)"),
    ("the red block should go in the bowl", "place in(red_block,bowl)"),
    ("have the red block moved onto the tray", "place on(red_block,tray)"),
    ("in the bowl, put the red block", "place in(red_block,bowl)"),
    ("put red block in bowl", "place in(red_block,bowl)"),
    ("put red_block into bowl", "place in(red_block,bowl)"),
    ("PUT THE RED BLOCK IN THE BOWL!!!", "place in(red_block,bowl)"),
    ("take the red block to the tray", "place on(red_block,tray)"),
    ("move the red block over to the bowl", "place in(red_block,bowl)"),
    ("put the big, red block in the bowl", "place in(red_block,bowl)"),
    ("put the cup on the plate", "place on(mug,tray)"),
    ("put the fruit in the bowl", "place in(banana,bowl)"),
    ("pick up the yellow block", "pick held(yellow_block)"),
    ("pick the red block up", "pick held(red_block)"),
    ("lift the red block", "pick held(red_block)"),
    ("take hold of the mug", "pick held(mug)"),
    ("pick up the nearest block", "pick held(green_block)"),
    ("pick up the block closest to you", "pick held(green_block)"),
    ("pick up the block closest to the mug", "pick held(yellow_block)"),
    ("place the block farthest from the bowl on the tray", "place on(blue_block,tray)"),
    ("pick up the second largest block", "pick held(red_block)"),
    ("pick up the second block from the left", "pick held(yellow_block)"),
    ("pick up the third block from the right", "pick held(yellow_block)"),
    ("put the leftmost block in the bowl", "place in(red_block,bowl)"),
    ("put the rightmost block on the tray", "place on(blue_block,tray)"),
    ("grab the smallest cube", "pick held(yellow_block)"),
    ("pick up the big block", "pick held(blue_block)"),
    ("put the smaller of the red and blue blocks in the bowl", "place in(red_block,bowl)"),
    ("pick up the red object that is not a block", "pick held(can)"),
    ("pick up the red cylinder", "pick held(can)"),
    ("pick up the block to the left of the mug", "pick held(red_block)"),
    ("put the block that is to the left of the mug in the bowl", "place in(red_block,bowl)"),
    ("stack the red block on the green block", "place on(red_block,green_block)"),
    ("set the yellow cube atop the red cube", "place on(yellow_block,red_block)"),
    ("put the yellow block to the left of the bowl", "place left_of(yellow_block,bowl)"),
    ("the mug should be to the left of the bowl", "place left_of(mug,bowl)"),
    ("put the red block behind the bowl", "place behind(red_block,bowl)"),
    ("put the mug in front of the bowl", "place in_front_of(mug,bowl)"),
    ("place the mug next to the tray", "place next_to(mug,tray)"),
    ("could you move the blue block so that it is next to the mug?", "place next_to(blue_block,mug)"),
    ("put the yellow block between the bowl and the mug", "place between(yellow_block,bowl,mug)"),
    ("put the red block between the green and the blue block", "place between(red_block,green_block,blue_block)"),
    ("move the red block ten centimetres to the right", "place moved_by(red_block,0.000,-0.100)"),
    ("move the red block 10 cm left", "place moved_by(red_block,0.000,0.100)"),
    ("move the red block 10cm forward and 5cm to the left", "place moved_by(red_block,0.100,0.050)"),
    ("push the red block to the left by 5 cm", "push moved_by(red_block,0.000,0.050)"),
    ("slide the green block a quarter of a metre to the left", "push moved_by(green_block,0.000,0.250)"),
    ("slide the green block two inches away from you", "push moved_by(green_block,0.051,0.000)"),
    ("nudge the red block towards the robot", "push moved_by(red_block,-0.100,0.000)"),
    ("push the mug to the left of the bowl", "push left_of(mug,bowl)"),
    ("put all the blocks in the bowl except the red one",
     "place in(green_block,bowl); place in(blue_block,bowl); place in(yellow_block,bowl)"),
    ("put all but the green block in the bowl",
     "place in(red_block,bowl); place in(blue_block,bowl); place in(yellow_block,bowl)"),
    ("put all the blocks in the bowl, not the red one",
     "place in(green_block,bowl); place in(blue_block,bowl); place in(yellow_block,bowl)"),
    ("put all blocks except the red and the blue one in the bowl", "place in(green_block,bowl); place in(yellow_block,bowl)"),
    ("put everything that is red in the bowl", "place in(red_block,bowl); place in(can,bowl)"),
    ("put everything red on the tray", "place on(red_block,tray); place on(can,tray)"),
    ("put the two smallest blocks in the bowl", "place in(yellow_block,bowl); place in(green_block,bowl)"),
    ("put the blocks that are smaller than the red block in the bowl",
     "place in(green_block,bowl); place in(yellow_block,bowl)"),
    ("put the red, green and blue blocks on the tray",
     "place on(red_block,tray); place on(green_block,tray); place on(blue_block,tray)"),
    ("put the red and the green block in the bowl", "place in(red_block,bowl); place in(green_block,bowl)"),
    ("put the red block in the bowl and the green one on the tray", "place in(red_block,bowl); place on(green_block,tray)"),
    ("put the red block in the bowl and the rest on the tray",
     "place in(red_block,bowl); place on(green_block,tray); place on(blue_block,tray); place on(yellow_block,tray)"),
    ("put the red block in the bowl, then the green one, and finally the blue one",
     "place in(red_block,bowl); place in(green_block,bowl); place in(blue_block,bowl)"),
    ("put the red block in the bowl. Do the same with the green block.",
     "place in(red_block,bowl); place in(green_block,bowl)"),
    ("put the red block in the bowl and put the green block in there too",
     "place in(red_block,bowl); place in(green_block,bowl)"),
    ("stack the green block on the blue one, then move the yellow block to the left of the bowl",
     "place on(green_block,blue_block); place left_of(yellow_block,bowl)"),
    ("before you put the red block in the bowl, push the green block 5 cm to the left",
     "push moved_by(green_block,0.000,0.050); place in(red_block,bowl)"),
    ("put the red block in the bowl but first move the green block to the tray",
     "place on(green_block,tray); place in(red_block,bowl)"),
    ("put the red block in the bowl after you have moved the green block onto the tray",
     "place on(green_block,tray); place in(red_block,bowl)"),
    ("put the red block in the bowl before moving the green block to the tray",
     "place in(red_block,bowl); place on(green_block,tray)"),
    ("put the red block on the tray instead of in the bowl", "place on(red_block,tray)"),
    ("don't put the red block in the bowl, put it on the tray instead", "place on(red_block,tray)"),
    ("put the yellow block on the green block and then put the blue block on top",
     "place on(yellow_block,green_block); place on(blue_block,yellow_block)"),
    ("put the red block on the green block and the green block on the blue block",
     "place on(green_block,blue_block); place on(red_block,green_block)"),
    ("stack all the blocks",
     "place on(red_block,blue_block); place on(green_block,red_block); place on(yellow_block,green_block)"),
    ("stack all the blocks with the red one on top",
     "place on(green_block,blue_block); place on(yellow_block,green_block); place on(red_block,yellow_block)"),
    ("make a tower from the red, green and blue blocks in that order",
     "place on(green_block,red_block); place on(blue_block,green_block)"),
    ("put the red and blue blocks next to each other", "place next_to(blue_block,red_block)"),
    ("put the red block in the bowl then go home", "place in(red_block,bowl); home"),
    ("put both the red and the green block in the bowl", "place in(red_block,bowl); place in(green_block,bowl)"),
    ("take the red and the green block and put them on the tray", "place on(red_block,tray); place on(green_block,tray)"),
    ("gather all the blocks that are not red in the bowl",
     "place in(green_block,bowl); place in(blue_block,bowl); place in(yellow_block,bowl)"),
    ("put the left and right blocks in the bowl", "place in(red_block,bowl); place in(blue_block,bowl)"),
    ("move the green block so it's left of the bowl", "place left_of(green_block,bowl)"),
    ("push the red block left", "push moved_by(red_block,0.000,0.100)"),
    ("put the yellow block in the mug and the mug on the tray", "place on(mug,tray); place in(yellow_block,mug)"),
    ("put the green block on the blue block and the red block behind it",
     "place on(green_block,blue_block); place behind(red_block,blue_block)"),
    ("red block in the bowl", "place in(red_block,bowl)"),
    ("the red block to the left of the mug, please", "place left_of(red_block,mug)"),
    ("lift the red block by 10 cm", "pick held(red_block)"),
    ("raise the mug 5 cm above the table", "pick held(mug)"),
    ("pick up the red block and hold it", "pick held(red_block)"),
    ("leave the red block where it is and put the other blocks in the bowl",
     "place in(green_block,bowl); place in(blue_block,bowl); place in(yellow_block,bowl)"),
    ("put the blocks on the tray and leave the red one alone",
     "place on(green_block,tray); place on(blue_block,tray); place on(yellow_block,tray)"),
    ("put the red block in the bowl and leave it there", "place in(red_block,bowl)"),
    ("put the red block in the bowl again", "place in(red_block,bowl)"),
    ("put the red block in the bowl and leave the others where they are", "place in(red_block,bowl)"),
    ("put the red block behind the bowl and the blue block in front of it",
     "place behind(red_block,bowl); place in_front_of(blue_block,bowl)"),
    ("put the red block on the tray, then the green one on top of it",
     "place on(red_block,tray); place on(green_block,red_block)"),
    ("put the largest block on the tray and stack the smallest on it",
     "place on(blue_block,tray); place on(yellow_block,blue_block)"),
    ("put the green and the red block in the bowl, then stack them",
     "place in(green_block,bowl); place in(red_block,bowl); place on(red_block,table); place on(green_block,red_block)"),
    ("put all the red things on the tray and the yellow ones in the bowl",
     "place on(red_block,tray); place on(can,tray); place in(yellow_block,bowl); place in(banana,bowl)"),
]  # fmt: skip


@pytest.mark.parametrize(("instruction", "expected"), TABLE)
def test_instruction_comes_to(instruction: str, expected: str) -> None:
    answer = PLANNER.decompose(instruction, scene())
    assert isinstance(answer, tuple), answer
    assert outline(answer) == expected


@pytest.mark.parametrize(("instruction", "expected"), TABLE)
def test_every_subgoal_grounds_and_explains_itself(instruction: str, expected: str) -> None:
    del expected
    answer = PLANNER.decompose(instruction, scene())
    assert isinstance(answer, tuple)
    for subgoal in answer:
        primitive = grounded(PLANNER, subgoal, scene())
        assert primitive.kind == subgoal.skill
        assert '"' in subgoal.reasoning, "the reasoning quotes the words that led to it"
        for name in subgoal.objects:
            assert name in subgoal.reasoning or name in subgoal.description


def test_reasoning_names_words_and_choice() -> None:
    answer = PLANNER.decompose("put the red block in the bowl", scene())
    assert isinstance(answer, tuple)
    assert answer[-1].reasoning.startswith('"the red block" is red_block, the only red thing of category block;')
    assert '"in the bowl" asks for a place in bowl' in answer[-1].reasoning


def test_default_distance_is_said() -> None:
    answer = PLANNER.decompose("push the red block to the left", scene())
    assert isinstance(answer, tuple)
    assert "no distance is said, so 10 cm" in answer[0].reasoning


@pytest.mark.parametrize(("adverb", "speed"), [("slowly", 0.15), ("carefully", 0.15), ("gently", 0.15), ("quickly", 1.0)])
def test_adverbs_set_the_speed_and_say_so(adverb: str, speed: float) -> None:
    answer = PLANNER.decompose(f"{adverb} push the red block to the left", scene())
    assert isinstance(answer, tuple)
    assert answer[0].speed == speed
    assert grounded(PLANNER, answer[0], scene()).speed == speed
    assert f"{speed:g} m/s" in answer[0].reasoning


@pytest.mark.parametrize(
    "words",
    [
        "put the red block in the bowl as fast as you can",
        "as quickly as possible, put the red block in the bowl",
        "put the red block in the bowl at full speed",
        "put the red block, as fast as possible, in the bowl",
    ],
)
def test_as_fast_as_possible_asks_for_the_least_time(words: str) -> None:
    answer = PLANNER.decompose(words, scene())
    assert isinstance(answer, tuple)
    assert [goal.skill for goal in answer] == ["pick", "place"]
    for goal in answer:
        assert "the least time that the limits allow" in goal.reasoning
        assert grounded(PLANNER, goal, scene()).timing == "fastest"


@pytest.mark.parametrize("words", ["slowly, push the red block to the left", "first, slowly, push the red block to the left"])
def test_a_pace_may_stand_before_its_clause(words: str) -> None:
    answer = PLANNER.decompose(words, scene())
    assert isinstance(answer, tuple)
    assert [(goal.skill, goal.speed) for goal in answer] == [("push", 0.15)]


def test_picks_precede_places_and_only_goals_last() -> None:
    answer = PLANNER.decompose("put the red block in the bowl", scene())
    assert isinstance(answer, tuple)
    assert [(goal.skill, goal.lasting, goal.step) for goal in answer] == [("pick", False, 0), ("place", True, 0)]

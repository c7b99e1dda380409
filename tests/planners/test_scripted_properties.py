"""Laws that hold for any words: an answer and no exception, the same answer every time, left and right mirrored."""

from __future__ import annotations

import pytest
from grounding import grounded
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_scenes import SKILLS, scene

from lmp.planners.scripted.lexicon import letter_distance, load_lexicon, nearest_word
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene

PLANNER = ScriptedPlanner(SKILLS)
SCENE = scene()
PHRASES = sorted(" ".join(phrase) for phrase in load_lexicon().entries)

COLOURS = st.sampled_from(["red", "green", "blue", "yellow", "purple", "large", "smallest", "leftmost", ""])
NOUNS = st.sampled_from(["block", "bowl", "tray", "mug", "one", "can", "banana", "thing", "blocks"])
DETERMINERS = st.sampled_from(["the", "a", "all the", "the two", "any", "both", "the other", ""])
PHRASE = st.builds(lambda *words: " ".join(filter(None, words)), DETERMINERS, COLOURS, NOUNS)
PLACE = st.builds(
    lambda relation, phrase: f"{relation} {phrase}",
    st.sampled_from(["in", "on", "next to", "to the left of", "behind", "between", "onto", "from", "towards", "to"]),
    PHRASE,
)
WAY = st.sampled_from(
    [
        "10 cm to the left",
        "forward",
        "half a metre to the right",
        "up",
        "down",
        "back",
        "there",
        "in a row",
        "on top of each other",
        "",
    ]
)
CLAUSE = st.builds(
    lambda verb, phrase, places, way: " ".join([verb, phrase, *places, way]),
    st.sampled_from(
        ["put", "pick up", "move", "push", "stack", "swap", "take", "line up", "build a tower of", "clear", "go home", ""]
    ),
    PHRASE,
    st.lists(PLACE, max_size=3),
    WAY,
)
SENTENCE = st.builds(
    lambda clauses, joint: joint.join(clauses),
    st.lists(CLAUSE, min_size=1, max_size=3),
    st.sampled_from([", then ", " and ", ". ", " before ", " but first ", ", "]),
)


def check(text: str) -> tuple[Subgoal, ...] | Refusal:
    answer = PLANNER.decompose(text, SCENE)
    assert isinstance(answer, tuple | Refusal)
    if isinstance(answer, Refusal):
        assert answer.message
        return answer
    for goal in answer:
        assert goal.reasoning and goal.skill in SKILLS
        assert not isinstance(grounded(PLANNER, goal, SCENE), Refusal)
    return answer


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=500))
def test_any_text_gets_an_answer(text: str) -> None:
    check(text)


@settings(deadline=None, max_examples=250)
@given(st.lists(st.sampled_from(PHRASES), max_size=14).map(" ".join))
def test_any_known_words_get_an_answer(text: str) -> None:
    check(text[:500])


@settings(deadline=None, max_examples=300)
@given(SENTENCE)
def test_any_sentence_gets_an_answer_and_the_same_one_again(text: str) -> None:
    assert check(text[:500]) == ScriptedPlanner(SKILLS).decompose(text[:500], SCENE)


def mirrored(original: Scene) -> Scene:
    """Left and right exchanged."""
    flipped = [
        thing.model_copy(
            update={"pose": Pose(position=(thing.pose.position[0], -thing.pose.position[1], thing.pose.position[2]))}
        )
        for thing in original.objects
    ]
    return original.model_copy(update={"objects": tuple(flipped)})


def outline(answer: tuple[Subgoal, ...] | Refusal) -> object:
    if isinstance(answer, Refusal):
        return answer.reason
    return [(goal.skill, goal.objects, [condition.kind for condition in goal.success]) for goal in answer]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pick up the leftmost block", "pick up the rightmost block"),
        ("pick up the second block from the left", "pick up the second block from the right"),
        ("put the last block from the left in the bowl", "put the last block from the right in the bowl"),
        ("pick up the block to the left of the mug", "pick up the block to the right of the mug"),
        ("put the two blocks on the left in the bowl", "put the two blocks on the right in the bowl"),
        ("pick up the leftmost red thing", "pick up the rightmost red thing"),
    ],
)
def test_mirroring_the_scene_exchanges_left_and_right(one: str, other: str) -> None:
    answer = PLANNER.decompose(one, SCENE)
    assert isinstance(answer, tuple)
    assert outline(answer) == outline(PLANNER.decompose(other, mirrored(SCENE)))


@settings(deadline=None, max_examples=40)
@given(SENTENCE)
def test_names_do_not_matter(text: str) -> None:
    """Renaming the objects renames the answer and changes nothing else."""
    names = {thing.name: f"zq{i}x" for i, thing in enumerate(SCENE.objects)}
    renamed = SCENE.model_copy(
        update={"objects": tuple(thing.model_copy(update={"name": names[thing.name]}) for thing in SCENE.objects)}
    )
    first, second = PLANNER.decompose(text[:500], SCENE), PLANNER.decompose(text[:500], renamed)
    if isinstance(first, Refusal):
        assert isinstance(second, Refusal) and second.reason == first.reason
    else:
        assert isinstance(second, tuple)
        assert [(g.skill, tuple(names[n] for n in g.objects)) for g in first] == [(g.skill, g.objects) for g in second]


@settings(deadline=None, max_examples=100)
@given(st.text("abcde", max_size=6), st.text("abcde", max_size=6), st.text("abcde", max_size=6))
def test_letter_distance_is_symmetric_and_zero_only_for_equals(first: str, second: str, third: str) -> None:
    assert letter_distance(first, second) == letter_distance(second, first)
    assert (letter_distance(first, second) == 0) == (first == second)
    assert abs(len(first) - len(third)) <= letter_distance(first, third) <= max(len(first), len(third))


def test_nearest_word_prefers_the_scene() -> None:
    assert nearest_word("blok", ["block"], ["book", "block"]) == "block"
    assert nearest_word("rde", ["trade", "red"]) == "red"
    assert nearest_word("teh", [], ["the"], ["tea"]) == "the"
    assert nearest_word("frobnicate", ["red", "block"]) is None

"""What people write: numbers and units, lists, parts of the table, cheap words, orders; and that no word is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planner_scenes import SKILLS, block, bowl, scene

from lmp.meaning.conditions import At
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal

PLANNER = ScriptedPlanner(SKILLS)
NOW = scene()


def plan(text: str) -> tuple[Subgoal, ...]:
    answer = PLANNER.decompose(text, NOW)
    assert isinstance(answer, tuple), answer
    return answer


def goals(text: str) -> list[str]:
    """What the subgoals that matter in the end come to, without places by numbers."""
    return [" and ".join(condition.words for condition in goal.success) or goal.skill for goal in plan(text) if goal.lasting]


def order(text: str) -> list[str]:
    return [goal.objects[0] for goal in plan(text) if goal.skill in ("place", "push")]


UNDERSTOOD = (
    "put the red block in the bowl", "push the red block 5 cm to the left", "move the red and the green block onto the tray",
    "put all the blocks on the tray", "stack the red block on the blue block", "put the mug 10 cm behind the tray",
    "put the blocks in a row from left to right", "swap the red block and the blue block", "pick up the leftmost block",
)  # fmt: skip
CHANGING = (
    "not", "minus", "never", "without", "except", "almost", "nearly", "halfway", "half", "at least", "at most", "more than",
    "less than", "twice", "if", "unless", "or", "no", "barely", "partly", "instead of", "several", "somewhere", "neither",
)  # fmt: skip


@settings(deadline=None, max_examples=250)
@given(text=st.sampled_from(UNDERSTOOD), word=st.sampled_from(CHANGING), place=st.floats(0.0, 1.0))
def test_a_word_that_changes_the_meaning_changes_the_answer(text: str, word: str, place: float) -> None:
    words = text.split()
    at = round(place * len(words))
    changed = PLANNER.decompose(" ".join([*words[:at], word, *words[at:]]), NOW)
    assert isinstance(changed, Refusal) or changed != PLANNER.decompose(text, NOW), (at, word, text)


@pytest.mark.parametrize(
    "text",
    [
        "move the red block minus 5 cm to the left",
        "move the red block by minus five centimetres to the left",
        "push the red block -3 cm to the right",
        "push the red block 5 to 10 cm to the left",
        "push the red block 5-10 cm to the left",
        "push the red block a few centimetres to the left",
        "put the red block in the bowl or put the blue block on the tray",
        "put at least two blocks in the bowl",
        "clear the tray 5 cm to the left",
        "line up the blocks 10 cm to the right",
        "swap the red and the blue block to the left",
        "stack the blocks from left to right",
        "put the red block slowly and quickly in the bowl",
        "put the red block in the bowl before",
        "put the red block to my left",
        "put the mug on the left as seen from me",
    ],
)
def test_what_cannot_be_promised_is_refused_with_a_hint(text: str) -> None:
    answer = PLANNER.decompose(text, NOW)
    assert isinstance(answer, Refusal), answer
    assert answer.message and answer.hint


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("2.5cm", 0.025), ("2.5 cm", 0.025), ("2,5 cm", 0.025), ("0,05 m", 0.05), ("0.05m", 0.05), (".05 m", 0.05),
        ("5-cm", 0.05), ("10mm", 0.01), ("1 1/2 cm", 0.015), ("3/4 cm", 0.0075), ("2in", 0.0508), ("about 5 cm", 0.05),
        ("another 5 cm", 0.05), ("a further 5 cm", 0.05), ("exactly 40mm", 0.04), ("two and a half centimetres", 0.025),
        ("5cm further", 0.05), ("5 cm.", 0.05),
    ],
)  # fmt: skip
def test_a_distance_is_read_as_it_is_written(text: str, metres: float) -> None:
    (goal,) = plan(f"push the red block {text} to the left")
    assert goal.success[0].model_dump()["dy"] == pytest.approx(metres, abs=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "1. put the red block in the bowl 2. put the blue block on the tray",
        "1) put the red block in the bowl\n2) put the blue block on the tray",
        "(a) put the red block in the bowl, (b) put the blue block on the tray",
        "Step 1: put the red block in the bowl. Step 2: put the blue block on the tray.",
        "* put the red block in the bowl\n* put the blue block on the tray",
        "\u2022 put the red block in the bowl\n\u2022 put the blue block on the tray",
        "- Put the red block in the bowl;\n- put the blue block on the tray.",
        "put the red block in the bowl\nput the blue block on the tray",
        "'put the red block in the bowl' and \"put the blue block on the tray\" :)",
        "first step: put the red block in the bowl; second step: put the blue block on the tray (please), thank you very much!",
        "put the red block in the bowl put the blue block on the tray",
    ],
)
def test_lists_are_sentences(text: str) -> None:
    assert goals(text) == ["red_block in bowl", "blue_block on tray"]


def test_a_number_at_the_end_of_a_sentence_is_no_sign_of_a_list() -> None:
    answer = PLANNER.decompose("put the red block at (0.5, 0.1) then put the green block at (0.5, -0.1)", NOW)
    assert isinstance(answer, tuple) and len([goal for goal in answer if goal.lasting]) == 2


@pytest.mark.parametrize(
    ("words", "x", "y"),
    [
        ("to the front of the table", -1, 0), ("to the back of the table", 1, 0), ("to the left of the table", 0, 1),
        ("to the right of the table", 0, -1), ("to the top left corner", 1, 1),
        ("to the bottom right corner of the table", -1, -1),
        ("to the lower left corner", -1, 1), ("to the far end of the table", 1, 0), ("on the left half of the table", 0, 1),
        ("all the way to the right", 0, -1), ("to the near edge of the table", -1, 0), ("to the back left corner", 1, 1),
        ("to the bottom of the table", -1, 0),
    ],
)  # fmt: skip
def test_parts_of_the_table(words: str, x: int, y: int) -> None:
    now = scene(block("red_block", "red", 0.5, 0.0))
    answer = PLANNER.decompose(f"move the red block {words}", now)
    assert isinstance(answer, tuple), answer
    (spot,) = answer[-1].success
    assert isinstance(spot, At)
    for value, middle, half, end in ((spot.x, 0.5, 0.25, x), (spot.y, 0.0, 0.45, y)):
        assert end * (value - middle) >= 0.35 * half if end else abs(value - middle) < 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go get the red block", ["red_block held"]),
        ("go to the mug and pick it up", ["mug held"]),
        ("fill the bowl with the red and the green block", ["red_block in bowl", "green_block in bowl"]),
        ("group the red and the blue block", ["blue_block next to red_block"]),
        ("gather the red and the blue block", ["blue_block next to red_block"]),
        ("get the red block in the bowl", ["red_block in bowl"]),
        ("pick and place the red block in the bowl", ["red_block in bowl"]),
        ("put red & blue blocks in the bowl", ["red_block in bowl", "blue_block in bowl"]),
        ("move the mug to the other side of the bowl", ["mug left of bowl"]),
        ("robot, could you maybe put the left-most block in the bowl?", ["red_block in bowl"]),
        ("get the red block out of the way: put it on the far side of the tray", ["red_block behind tray"]),
        ("move the red block aside, then put it in the bowl", ["red_block in bowl"]),
        ("put the red block, then the green one, then the blue one in the bowl",
         ["red_block in bowl", "green_block in bowl", "blue_block in bowl"]),
        ("before you put the red block in the bowl put the blue block on the tray",
         ["blue_block on tray", "red_block in bowl"]),
    ],
)  # fmt: skip
def test_cheap_words(text: str, expected: list[str]) -> None:
    said = [words.replace("to the left of", "left of") for words in goals(text)]
    assert said == expected


@pytest.mark.parametrize(
    "text", ["get the mug out of the way", "move the mug to one side", "put the mug aside", "push the mug aside"]
)
def test_aside_is_a_free_place(text: str) -> None:
    last = plan(text)[-1]
    assert last.objects == ("mug",) and last.success[0].kind in ("at", "moved_by")


def test_what_is_separated_is_apart() -> None:
    near = scene(block("red_block", "red", 0.5, 0.0), block("blue_block", "blue", 0.5, 0.06), bowl())
    for text in ("separate the red and the blue block", "separate the red block from the blue one", "spread the blocks out"):
        answer = PLANNER.decompose(text, near)
        assert isinstance(answer, tuple), answer
        (spot,) = answer[-1].success
        other = near.get("red_block" if spot.subject == "blue_block" else "blue_block").centre
        assert isinstance(spot, At) and max(abs(spot.x - other[0]), abs(spot.y - other[1])) >= 0.1
    far = scene(block("red_block", "red", 0.5, -0.2), block("blue_block", "blue", 0.5, 0.2), bowl())
    assert PLANNER.decompose("separate the red and the blue block", far) == ()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("put both the red block and the blue block on the tray, the red one first", "red_block", "blue_block"),
        ("put the red and the blue block on the tray, blue first", "blue_block", "red_block"),
        ("put the red and the blue block on the tray, starting with the blue one", "blue_block", "red_block"),
        ("put all the blocks in the bowl, the green one last", "red_block", "green_block"),
        ("put all the blocks in the bowl beginning with the smallest", "yellow_block", "blue_block"),
        ("put the blocks on the tray, ending with the red one", "green_block", "red_block"),
    ],
)
def test_what_is_said_to_be_first_is_first(text: str, first: str, last: str) -> None:
    found = order(text)
    assert (found[0], found[-1]) == (first, last)


def test_a_row_has_its_ends_as_said() -> None:
    answer = plan("put the red, green and blue blocks in a row with the blue one on the left")
    spots = {goal.objects[0]: goal.success[0].model_dump()["y"] for goal in answer if goal.skill == "place"}
    assert max(spots, key=lambda name: spots[name]) == "blue_block"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("move the red block 5 to the left", "5"), ("push the mug 10 forward", "10"),
        ("move the red block to the left by 3", "3"),
        ("push the blue block to the right 7", "7"), ("put the red block 5 left of the mug", "5"),
        ("move the can twenty towards the robot", "twenty"), ("move it 2 away from the bowl", "2"),
    ],
)  # fmt: skip
def test_a_bare_number_beside_a_direction_asks_for_its_unit(text: str, number: str) -> None:
    answer = PLANNER.decompose(text, NOW)
    assert isinstance(answer, Refusal) and "unit" in answer.message and f"{number} cm" in answer.hint, answer


@pytest.mark.parametrize(
    "text", ["move 2 blocks to the left", "put two of the blocks in the bowl", "move the two blocks on the left"]
)
def test_numbers_of_objects_need_no_unit(text: str) -> None:
    answer = PLANNER.decompose(text, NOW)
    assert not isinstance(answer, Refusal) or "unit" not in answer.message, answer


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("move the red block minus 5 cm to the left", "to the right"), ("push the mug -3 cm to the right", "to the left"),
        ("push the mug minus 2 cm forward", "backward"), ("move the can towards the robot by -4 cm", "forward"),
        ("put the mug in the bowl, then push the can to the right by minus 1 cm", "to the left"),
    ],
)  # fmt: skip
def test_a_negative_distance_is_turned_round_where_a_direction_is_said(text: str, instead: str) -> None:
    answer = PLANNER.decompose(text, NOW)
    assert isinstance(answer, Refusal) and f"'{instead}'" in answer.hint, answer


@pytest.mark.parametrize("category", ["part", "side", "row", "piece", "stack", "edge", "column", "top"])
def test_objects_may_be_called_like_a_word_of_the_grammar(category: str) -> None:
    now = scene(
        block("first", "red", 0.4, 0.1, category=category), block("second", "blue", 0.4, -0.1, category=category), bowl()
    )
    for text, name in ((f"put the red {category} in the bowl", "first"), (f"pick up the blue {category}", "second")):
        answer = PLANNER.decompose(text, now)
        assert isinstance(answer, tuple) and answer[-1].objects[0] == name, answer
    answer = PLANNER.decompose(f"put the red {category} on the left side of the table", now)
    assert isinstance(answer, tuple) and answer[-1].success[0].subject == "first", answer


@pytest.mark.parametrize(
    ("word", "meant"), [("teh", "the"), ("adn", "and"), ("thier", "their"), ("bolw", "bowl"), ("mgu", "mug")]
)
def test_suggestions_prefer_words_of_the_scene_and_the_grammar(word: str, meant: str) -> None:
    answer = PLANNER.decompose(f"{word} red block", NOW)
    assert isinstance(answer, Refusal) and answer.hint == f"Did you mean {meant!r}?", answer

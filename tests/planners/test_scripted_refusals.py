"""What cannot be followed is refused, for the right reason and with a way out."""

from __future__ import annotations

import pytest
from planner_scenes import SKILLS, block, bowl, scene, tray

from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal

PLANNER = ScriptedPlanner(SKILLS)

REFUSED = [
    ("put the red blok in the bowl", "not_understood", "'blok'", "'block'"),
    ("put the rde block in the bowl", "not_understood", "'rde'", "'red'"),
    ("frobnicate the red block", "not_understood", "'frobnicate'", ""),
    ("put the red block in the bowl if it is green", "not_understood", "'if'", "without the condition"),
    ("put the red block in the bowl unless it is full", "not_understood", "'unless'", ""),
    ("put the red block in the bowl without touching the mug", "not_understood", "'without'", ""),
    ("don't touch the mug", "not_understood", '"don\'t"', ""),
    ("put the red block in the bowl and don't move the green one", "not_understood", '"don\'t"', ""),
    ("put the red block twice in the bowl", "not_understood", "'twice'", ""),
    ("where is the red block", "not_understood", "'where'", "what to do"),
    ("pour the mug into the bowl", "not_understood", "'pour'", "put it there"),
    ("give me the red block", "not_understood", "'give'", ""),
    ("bring the red block to me", "not_understood", '"me"', "towards the robot"),
    ("put the red block", "not_understood", "where to", "in the bowl"),
    ("put the red block away", "not_understood", "'away'", ""),
    ("red block", "not_understood", "no verb", "verb"),
    ("", "not_understood", "no instruction", "put the red block"),
    ("push the green block ten cm", "not_understood", "no direction", "to the left"),
    ("move the red block -5 cm to the left", "not_understood", "negative", "to the right"),
    ("put the elephant in the bowl", "absent", "elephant", "red block"),
    ("put the purple block in the bowl", "absent", "purple", "red block"),
    ("put all five blocks in the bowl", "absent", "only 4", ""),
    ("put the red block between the two mugs", "absent", "only 1", ""),
    ("take the red block out of the bowl", "absent", "elsewhere", ""),
    ("put the block on the tray in the bowl", "absent", "on the tray", ""),
    ("pick up the block", "ambiguous", "red_block, green_block, blue_block or yellow_block", "the red block"),
    ("put both blocks in the bowl", "ambiguous", "both blocks", ""),
    ("put it in the bowl", "ambiguous", '"it"', "Name the object"),
    ("put some blocks in the bowl", "ambiguous", "how many", "two"),
    ("pick up the other block", "ambiguous", "other than which", ""),
    ("put the middle block in the bowl", "ambiguous", "in the middle", ""),
    ("put the red block, the small one, in the bowl", "ambiguous", "one thing or several", ""),
    ("put the red block inside the blue block", "impossible", "no inside", "bowl"),
    ("put the blue block in the mug", "impossible", "does not fit", ""),
    ("put the mug in the mug", "impossible", "itself", ""),
    ("put the red block on the red block", "impossible", "itself", ""),
    ("put the red block on the bowl", "impossible", "open at the top", "in the bowl"),
    ("stack the red block on the ball", "impossible", "no flat top", ""),
    ("put the bowl on the yellow block", "impossible", "too small to carry", ""),
    ("move the table to the left", "impossible", "cannot be moved", ""),
    ("put the red block under the bowl", "impossible", "under the bowl", ""),
    ("put the red block in the bowl and on the tray", "impossible", "two places", ""),
    ("put the red block to the left and to the right of the bowl", "impossible", "two places", ""),
    ("pick up the red block and the green block", "impossible", "holds one thing", ""),
    ("pick up the red block and then pick up the green block", "impossible", "one thing at a time", "red_block"),
    ("put the red block on the green block and the green block on the red block", "impossible", "ring", ""),
    ("push the red block into the bowl", "impossible", "pushed", "put"),
    ("push the red block off the table", "impossible", "stay on the table", ""),
    ("put the blocks in a row on the left side of the table", "not_understood", "place of a row", "Leave the place out"),
    ("hand me the mug", "not_understood", "'hand'", "pick up"),
    ("bring me the red block", "impossible", "hand things over", "pick up"),
    ("put the red block back", "ambiguous", "not moved before", "place"),
    ("stack them", "ambiguous", '"them"', "Name"),
    ("lift the red block 90 cm", "infeasible", "2 to 40 cm", ""),
    ("leave the red block alone and put the red block in the bowl", "impossible", "left alone", ""),
    ("leave the red block in the bowl", "absent", "elsewhere", ""),
    ("put the red block left of the mug and the blue block left of it", "ambiguous", "red_block or mug", "Name"),
    ("sort the blocks by colour", "absent", "red_block", "bowl"),
    ("put the red block in the matching mug", "absent", "red_block", "mug"),
    ("put the matching block in the bowl", "not_understood", "matching what", "colour"),
    ("put the small blocks in the bowl", "ambiguous", "how many", ""),
    ("stack the red block on the red block on top of each other", "impossible", "", ""),
    ("move the red block 3 metres to the left", "infeasible", "outside the workspace", "smaller"),
]


@pytest.mark.parametrize(("instruction", "reason", "message", "hint"), REFUSED)
def test_refused_with_reason_and_help(instruction: str, reason: str, message: str, hint: str) -> None:
    answer = PLANNER.decompose(instruction, scene())
    assert isinstance(answer, Refusal), answer
    assert (answer.reason, message in answer.message, hint in answer.hint) == (reason, True, True), answer


def test_absent_lists_what_there_is() -> None:
    answer = PLANNER.decompose("put the purple block in the bowl", scene())
    assert isinstance(answer, Refusal)
    assert set(answer.candidates) == {"red_block", "green_block", "blue_block", "yellow_block"}
    assert "white bowl" in answer.hint


def test_ambiguous_lists_candidates_and_colours() -> None:
    answer = PLANNER.decompose("pick up the block", scene())
    assert isinstance(answer, Refusal)
    assert answer.candidates == ("red_block", "green_block", "blue_block", "yellow_block")
    assert answer.hint == "Say the colour: the red block, the green block, the blue block or the yellow block."


def test_equal_sizes_are_not_ranked() -> None:
    twins = scene(block("a", "red", 0.4, 0.1), block("b", "blue", 0.4, -0.1), bowl())
    answer = PLANNER.decompose("put the largest block in the bowl", twins)
    assert isinstance(answer, Refusal)
    assert answer.reason == "ambiguous"


def test_two_attachments_that_both_fit_are_not_guessed() -> None:
    """The red block is next to the mug-sized tray and on it is room: "next to" and "on" could each be the goal."""
    things = scene(
        block("block_a", "red", 0.40, -0.16),
        block("block_b", "blue", 0.50, -0.28, z=0.006),
        bowl(x=0.45, y=-0.02, radius=0.07),
        tray(),
    )
    answer = PLANNER.decompose("put the red block next to the bowl on the tray", things)
    assert isinstance(answer, Refusal) or all("tray" in goal.objects for goal in answer if goal.skill == "place")


def test_too_long_is_refused_at_once() -> None:
    answer = PLANNER.decompose("put the red block in the bowl and " * 400, scene())
    assert isinstance(answer, Refusal)
    assert answer.reason == "not_understood"


def test_a_flat_bowl_is_still_a_bowl() -> None:
    """A wide bowl with a low rim is not a tray: "on" is refused and "to" means into it."""
    wide = bowl(radius=0.16)
    things = scene(block("red_block", "red", 0.4, -0.1), wide)
    on, to = (
        PLANNER.decompose("put the red block on the bowl", things),
        PLANNER.decompose("move the red block to the bowl", things),
    )
    assert isinstance(on, Refusal) and on.reason == "impossible"
    assert isinstance(to, tuple) and to[-1].success[0].kind == "in"

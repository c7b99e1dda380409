"""What a motion under way says of itself, and which names it takes for what may touch."""

from __future__ import annotations

from typing import Any

import pytest
from moving_arm import arm, state
from panda_arm import down

from lmp.errors import SetupFault, UnknownName
from lmp.primitives.moving.answers import Followed
from lmp.primitives.moving.tool_motion import ToolMotion

GOAL = down(0.5, 0.2, 0.25)


def test_what_is_followed_is_told_in_one_line() -> None:
    answer = ToolMotion(arm(), state()).retarget(GOAL, 1.0)
    assert isinstance(answer, Followed)
    assert str(answer).startswith("to (0.500, 0.200, 0.250) m in 1.000 s; ")
    quick = ToolMotion(arm(), state(), swept=False).retarget(GOAL, 0.4)
    assert isinstance(quick, Followed)
    assert f"{quick.stretch:.2f} times as long as requested; nothing is too near at the poses" in str(quick)
    assert all("\n" not in str(one) and len(str(one)) < 200 for one in (answer, quick))


def test_a_misspelt_name_of_what_may_touch_is_refused() -> None:
    with pytest.raises(UnknownName, match=r"No body named 'fingerz'\. Did you mean 'fingers'"):
        ToolMotion(arm(), state(), allowed=(("fingerz", "box_0"),))
    with pytest.raises(UnknownName, match="Did you mean 'box_0'"):
        ToolMotion(arm(), state(), allowed=(("fingers", "box0"),))


@pytest.mark.parametrize("allowed", ["fingers", ["fingers"], None, [("a", "b", "c")]])
def test_what_is_no_pair_of_names_is_refused(allowed: Any) -> None:
    with pytest.raises(SetupFault, match="What may touch: contacts are pairs of two names each"):
        ToolMotion(arm(), state(), allowed=allowed)


def test_what_a_person_allows_may_touch_links_by_their_names_too() -> None:
    """Just over the table, with the fingers' tips nearer to it than the margin."""
    low = down(0.45, -0.2, 0.0005)
    assert not isinstance(ToolMotion(arm(), state()).retarget(low, 3.0), Followed)
    fingers: Any = [[link, "table"] for link in arm().robot.finger_links]
    for allowed in (fingers, (("fingers", "table"),)):
        answer = ToolMotion(arm(), state(), allowed=allowed).retarget(low, 3.0)
        assert isinstance(answer, Followed), str(answer)


def test_skills_may_name_what_is_not_there() -> None:
    assert state().allowed((("fingers", "gone"), ("fingers", "box_0"))) == (("fingers", "box_0"),)

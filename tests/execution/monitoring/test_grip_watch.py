from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lmp.execution.monitoring.watches import KEPT, SHUT, GripWatch
from lmp.schema.evidence import Touch

HELD = Touch(gripped="cup", fingers={"cup": 2})
EMPTY = Touch()


def watched(touches: list[bool], forgiven: int) -> list[bool]:
    """Whether the cup counts as lost after each tick."""
    watch, lost = GripWatch(2, forgiven), []
    for touches_it in touches:
        watch.see("cup", True, HELD if touches_it else EMPTY, 0.04)
        lost.append(watch.lost)
    return lost


@given(touches=st.lists(st.booleans(), max_size=60), forgiven=st.integers(0, 12))
def test_lost_is_a_run_longer_than_chatter_that_has_not_ended(touches: list[bool], forgiven: int) -> None:
    words = "".join("x" if touch else "." for touch in touches)
    assert watched(touches, forgiven) == [words[: i + 1].endswith("." * (forgiven + 1)) for i in range(len(words))]


@given(chatter=st.lists(st.integers(1, 7), min_size=1, max_size=10))
def test_a_grip_that_always_comes_back_within_the_chatter_is_never_lost(chatter: list[int]) -> None:
    assert not any(watched([touch for off in chatter for touch in (*[False] * off, True)], forgiven=7))


@given(width=st.floats(0.003, 0.08), left=st.floats(KEPT * 1.01, 1.0))
def test_by_width_what_gives_way_a_little_is_held_and_what_is_gone_is_lost(width: float, left: float) -> None:
    watch = GripWatch(2, 2)
    for seen in (width, *[max(width * left, SHUT * 1.01)] * 10):
        watch.see("cup", True, None, seen)
    assert not watch.lost
    for seen in (0.0, 0.0, 0.0):
        watch.see("cup", True, None, seen)
    assert watch.lost
    assert watch.measure()[0] == 0.0


def test_one_finger_alone_does_not_hold() -> None:
    watch = GripWatch(2, 1)
    for _ in range(2):
        watch.see("cup", True, Touch(fingers={"cup": 1}), 0.04)
    assert watch.lost
    assert watch.measure() == (0.5, 1.0, "1")


def test_what_is_in_the_hand_instead_is_named() -> None:
    watch = GripWatch(2, 0)
    watch.see("cup", False, Touch(gripped="mug", fingers={"mug": 2}), 0.04)
    assert (watch.lost, watch.other) == (True, "mug")


def test_a_robot_that_only_repeats_its_command_is_not_judged_by_it() -> None:
    watch = GripWatch(2, 0, tells_width=False)
    for _ in range(5):
        watch.see("cup", True, None, 0.0)
    assert not watch.lost
    assert not watch.shut


def test_nothing_to_hold_is_nothing_to_lose() -> None:
    watch = GripWatch(2, 0)
    watch.see("cup", True, EMPTY, 0.0)
    watch.see(None, False, EMPTY, 0.0)
    assert not watch.lost

"""The objects that are elsewhere now than they were before a motion."""

from __future__ import annotations

from small_scenes import ball, block, scene

from lmp.planners.model.words.moved_words import moved_lines


def test_what_moved_came_and_went_is_told_with_both_places() -> None:
    before = scene(block("a", 0.4, 0.1), block("b", 0.5, 0.0), ball())
    now = scene(block("a", 0.4, 0.13), block("b", 0.501, 0.0), block("new", 0.6, 0.2))
    assert list(moved_lines(before, now)) == [
        'Since the attempt began: "a" went from (0.400, 0.100, 0.020) to (0.400, 0.130, 0.020), 0.030 m.',
        'Since the attempt began: "new" is new.',
        'Since the attempt began: "ball" is gone.',
    ]


def test_without_an_earlier_look_nothing_is_told() -> None:
    now = scene(block("a", 0.4, 0.1))
    assert list(moved_lines(None, now)) == list(moved_lines(now, now)) == []

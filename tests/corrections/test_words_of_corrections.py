"""What corrections in words mean, and that whatever is no correction is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.corrections.reading import adjustments
from lmp.schema.plan import Refusal


def meaning(words: str) -> list[tuple[str, str | None, float]]:
    found = adjustments(words)
    assert not isinstance(found, Refusal), found
    return [(adjustment.about, adjustment.direction, adjustment.degree) for adjustment in found]


@pytest.mark.parametrize(
    ("words", "about", "direction", "degree"),
    [
        ("a bit higher", "height", None, 1.0),
        ("Much lower, please!", "height", None, -4.0),
        ("slower", "speed", None, -2.0),
        ("that was too fast", "speed", None, -2.0),
        ("not fast enough", "speed", None, 2.0),
        ("not so high", "height", None, -2.0),
        ("gentler", "gentleness", None, 2.0),
        ("more carefully", "gentleness", None, 2.0),
        ("hold it more firmly", "grip", None, 2.0),
        ("more to the left", "shift", "left", 2.0),
        ("too far to the left", "shift", "left", -2.0),
        ("a little bit closer to you", "shift", "backward", 1.0),
        ("from the left", "from", "left", 2.0),
        ("from the side", "from", None, 2.0),
        ("approach it from behind", "from", "forward", 2.0),
        ("push it a bit further", "distance", None, 1.0),
        ("in a higher arc", "arc", None, 2.0),
        ("grab it differently", "grasp", None, 1.0),
        ("a bit less", "again", None, -1.0),
        ("no, a bit more", "again", None, 1.0),
        ("5 cm up", "height", None, 2.0),
    ],
)
def test_each_sentence_is_one_wish(words: str, about: str, direction: str | None, degree: float):
    assert meaning(words) == [(about, direction, degree)]


@pytest.mark.parametrize(
    ("words", "amount", "unit"),
    [
        ("5 cm higher", 0.05, "m"),
        ("2.5cm higher", 0.025, "m"),
        ("half a centimetre lower", 0.005, "m"),
        ("0,5 cm lower", 0.005, "m"),
        ("one and a half centimetres higher", 0.015, "m"),
        ("0.1 m/s faster", 0.1, "m/s"),
        ("10 percent slower", 0.1, "share"),
        ("2 inches more to the left", 0.0508, "m"),
        ("higher by 12mm", 0.012, "m"),
        ("20 % slower", 0.2, "share"),
        ("10 N firmer", 10.0, "N"),
    ],
)
def test_a_number_is_taken_in_its_unit(words: str, amount: float, unit: str):
    found = adjustments(words)
    assert not isinstance(found, Refusal)
    assert (found[0].amount, found[0].unit) == (pytest.approx(amount), unit)


def test_several_wishes_in_one_sentence():
    assert meaning("no, slower and a bit higher, from the right") == [
        ("speed", None, -2.0),
        ("height", None, 1.0),
        ("from", "right", 2.0),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "put the red block in the bowl", "put it down", "push the mug a bit to the left", "home", "right", "up", "no", "stop",
        "0 cm higher", "higher and purple", "", "999999999999999999999 cm higher", "x" * 300, "open the gripper",
    ],
)  # fmt: skip
def test_what_is_no_correction_is_refused_with_what_is_known(words: str):
    found = adjustments(words)
    assert isinstance(found, Refusal)
    assert found.reason == "not_understood"
    assert "higher" in found.hint and "the other one" in found.hint


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(words: str):
    found = adjustments(words)
    assert isinstance(found, Refusal) or 1 <= len(found) <= 8

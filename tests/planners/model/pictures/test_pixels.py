"""Every convention goes to the frame's pixels and back; what is outside is refused with what is allowed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.planners.model.pictures.pixels import convention_words, from_pixels, to_pixels

CONVENTIONS = ("pixels", "thousand_xy", "thousand_yx", "percent")
conventions = st.sampled_from(CONVENTIONS)
sizes = st.tuples(st.integers(1, 4096), st.integers(1, 4096))
shares = st.floats(0.0, 1.0, exclude_max=True)


@given(conventions, sizes, st.none() | sizes, shares, shares)
def test_there_and_back_stays_within_half_a_pixel(
    convention: str, frame: tuple[int, int], sent: tuple[int, int] | None, across: float, down: float
) -> None:
    pixel = (across * frame[0], down * frame[1])
    back = to_pixels(from_pixels(pixel, convention, *frame, sent), convention, *frame, sent)
    assert back == pytest.approx(pixel, abs=1e-6)
    assert math.floor(back[0]) < frame[0]
    assert math.floor(back[1]) < frame[1]


@given(conventions, st.integers(64, 1000), st.integers(64, 1000), shares, shares)
def test_whole_numbers_of_a_model_miss_by_half_a_pixel_at_most(
    convention: str, width: int, height: int, across: float, down: float
) -> None:
    """In percent a whole number is coarser: models that write percent write decimals."""
    pixel = (across * width, down * height)
    written = from_pixels(pixel, convention, width, height)
    rounded = tuple(round(value, 2 if convention == "percent" else 0) for value in written)
    assert to_pixels(rounded, convention, width, height) == pytest.approx(pixel, abs=0.5 + 1e-9)


@given(sizes, sizes, shares, shares)
def test_all_conventions_mean_the_same_pixel(frame: tuple[int, int], sent: tuple[int, int], across: float, down: float) -> None:
    expected = (across * frame[0], down * frame[1])
    ways = {
        "pixels": (across * sent[0], down * sent[1]),
        "thousand_xy": (across * 1000, down * 1000),
        "thousand_yx": (down * 1000, across * 1000),
        "percent": (across * 100, down * 100),
    }
    for convention, point in ways.items():
        assert to_pixels(point, convention, *frame, sent) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_far_corner_is_the_last_pixel(convention: str) -> None:
    full = {"pixels": (320.0, 240.0), "percent": (100.0, 100.0)}.get(convention, (1000.0, 1000.0))
    column, row = to_pixels(full, convention, 640, 480, (320, 240))
    assert (math.floor(column), math.floor(row)) == (639, 479)


@pytest.mark.parametrize("value", [-0.1, 1000.5, math.nan, math.inf, -math.inf, 1e308])
@pytest.mark.parametrize("name", ["x", "y"])
def test_what_is_outside_is_refused_with_what_is_allowed(value: float, name: str) -> None:
    point = (5.0, value) if name == "x" else (value, 5.0)
    said = rf"^{name} \S+ is outside the picture; allowed: 0 to 1000 \(thousandths of the picture's height and width"
    with pytest.raises(ValueError, match=said):
        to_pixels(point, "thousand_yx", 640, 480)


def test_the_words_say_order_and_range() -> None:
    assert "x 0 to 320, y 0 to 240" in convention_words("pixels", (320, 240))
    assert convention_words("thousand_yx").index("y down") < convention_words("thousand_yx").index("x to the right")
    assert convention_words("thousand_xy").index("x to the right") < convention_words("thousand_xy").index("y down")
    assert "0 to 100" in convention_words("percent")

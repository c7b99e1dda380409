"""Complaints about numbers: the range with its unit, and the unit in which the number would have been right."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from lmp.files.data_complaints import complaints_of
from lmp.files.unit_slips import SLIPS, slip_words
from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.pixels import convention_words, slip_of_convention, to_pixels
from lmp.schema.base import Model


class Part(Model):
    """A part with numbers of every unit."""

    kind: Literal["part"] = "part"
    lift: Annotated[float, Field(ge=0.02, le=0.4, description="how far to lift it [m]")] = 0.1
    yaw: Annotated[float, Field(ge=-math.pi, le=math.pi)] | None = Field(default=None, description="its turn [rad]")
    share: Annotated[float, Field(ge=0.0, le=1.0, description="how much of it [dimensionless]")] = 0.5
    speed: Annotated[float, Field(gt=0.0, le=1.5, description="largest speed [m/s]")] = 0.5
    mass: Annotated[float, Field(gt=0.0, lt=2.0, description="how heavy [kg]")] = 0.1
    size: tuple[Annotated[float, Field(gt=0.0, le=0.5)], ...] = Field(default=(), description="its sides [m]")
    count: Annotated[int, Field(ge=0, le=9)] = 0


class Whole(Model):
    """Something with parts."""

    parts: tuple[Part, ...]


def complaint(**said: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate({"parts": [said]})
    [found] = complaints_of(caught.value, Whole)
    return found.removeprefix("parts.0.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"lift": 12}, "got 12. Allowed: at least 0.02 m, at most 0.4 m. In centimetres, perhaps? 12 cm are 0.12 m."),
        ({"lift": 120}, "got 120. Allowed: at least 0.02 m, at most 0.4 m. In millimetres, perhaps? 120 mm are 0.12 m."),
        ({"lift": 1e6}, "got 1000000.0. Allowed: at least 0.02 m, at most 0.4 m."),
        ({"lift": 0.0}, "got 0.0. Allowed: at least 0.02 m, at most 0.4 m."),
        ({"yaw": 90}, "at most 3.14159 rad. In degrees, perhaps? 90 degrees are 1.571 rad."),
        ({"yaw": -45.0}, "In degrees, perhaps? -45 degrees are -0.7854 rad."),
        ({"share": 60}, "Allowed: at least 0, at most 1. In percent, perhaps? 60 % are 0.6."),
        ({"share": 450}, "In thousandths, perhaps? 450 ‰ are 0.45."),
        ({"speed": 20}, "Allowed: above 0 m/s, at most 1.5 m/s. In centimetres per second, perhaps? 20 cm/s are 0.2 m/s."),
        ({"mass": 150}, "Allowed: above 0 kg, below 2 kg. In grams, perhaps? 150 g are 0.15 kg."),
        ({"size": [0.1, 4]}, "Allowed: above 0 m, at most 0.5 m. In centimetres, perhaps? 4 cm are 0.04 m."),
        ({"lift": "12 cm"}, "got '12 cm'. Write the number alone: 12 cm are 0.12 m."),
        ({"lift": "0.1 metres"}, "Write the number alone: 0.1 metres are 0.1 m."),
        ({"yaw": "90°"}, "Write the number alone: 90 ° are 1.571 rad."),
        ({"lift": "3 feet"}, "A number of m without its unit is needed."),
        ({"lift": "high"}, "got 'high'."),
    ],
)
def test_a_complaint_says_range_unit_and_slip(said: dict[str, object], words: str) -> None:
    assert complaint(**said).endswith(words)


def test_a_number_without_a_unit_is_told_as_before() -> None:
    assert complaint(count=12) == "count: Input should be less than or equal to 9, got 12."


@given(unit=st.sampled_from(sorted(SLIPS)), number=st.floats(-1e9, 1e9), low=st.floats(-10, 10), width=st.floats(0, 10))
def test_a_slip_is_only_offered_where_it_would_be_in_the_range(unit: str, number: float, low: float, width: float) -> None:
    told = slip_words(number, unit, {"minimum": low, "maximum": low + width})
    fitting = [slip for slip in SLIPS[unit] if low <= number * slip.factor <= low + width]
    assert bool(told) == (bool(fitting) and number != 0.0)
    if told:
        assert f"In {fitting[0].name}, perhaps?" in told


@pytest.mark.parametrize(
    ("convention", "point", "words"),
    [
        ("pixels", (900.0, 450.0), " In thousandths of the picture, perhaps? (900, 450) would be (576, 216)."),
        ("thousand_xy", (1200.0, 500.0), ""),
        ("percent", (320.0, 240.0), " In thousandths of the picture, perhaps? (320, 240) would be (32, 24)."),
        ("pixels", (5000.0, 10.0), ""),
    ],
)
def test_a_point_outside_of_the_picture(convention: str, point: tuple[float, float], words: str) -> None:
    assert slip_of_convention(point, convention, (640, 480)) == words  # type: ignore[arg-type]


@given(
    convention=st.sampled_from(["pixels", "thousand_xy", "percent"]),
    point=st.tuples(st.floats(0, 2000), st.floats(0, 2000)),
)
def test_what_is_offered_for_a_point_is_inside_of_the_picture(convention: str, point: tuple[float, float]) -> None:
    told = slip_of_convention(point, convention, (640, 480))  # type: ignore[arg-type]
    if told:
        x, y = map(float, told.rpartition("(")[2].rstrip(").").split(", "))
        to_pixels((x, y), convention, 640, 480)  # type: ignore[arg-type]
    assert convention_words(ModelSettings().pixels)

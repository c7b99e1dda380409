import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.errors import PlannerFault, SetupFault
from lmp.primitives.dmp.bulges import AXES, BadShape, deviation_of, shape_complaint
from lmp.primitives.dmp.position_path import PositionPath
from lmp.schema.motion import Bulge, Bulges, Weights

START, GOAL = np.array([0.3, -0.2, 0.1]), np.array([0.6, 0.25, 0.3])
directions = st.sampled_from(sorted(AXES))
bulges = st.builds(Bulge, direction=directions, phase=st.floats(0.15, 0.8), amount=st.floats(1e-3, 0.5))
points = st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3).map(np.array)
weight_rows = st.integers(1, 32).flatmap(
    lambda count: st.lists(st.tuples(*[st.floats(-0.5, 0.5)] * 3), min_size=count, max_size=count)
)


def around(phase: float) -> np.ndarray:
    """Phases over the whole motion, and densely near one, itself among them."""
    near = phase + np.concatenate([-np.geomspace(1e-4, 0.05, 40), [0.0], np.geomspace(1e-4, 0.05, 40)])
    return np.unique(np.concatenate([np.linspace(0.0, 1.0, 301), near]))


@settings(max_examples=150)
@given(bulges)
def test_the_amount_is_the_largest_deviation_of_one_sign_at_exactly_its_phase(bulge):
    p = around(bulge.phase)
    straight = PositionPath(START, GOAL).evaluate(p)[0]
    curved = PositionPath(START, GOAL, Bulges(bulges=(bulge,))).evaluate(p)[0]
    axis = AXES[bulge.direction]
    along = (curved - straight) @ axis
    across = (curved - straight) @ (np.eye(3) - np.outer(axis, axis))
    peak = int(np.flatnonzero(p == bulge.phase)[0])
    assert along[peak] == pytest.approx(bulge.amount, abs=1e-12)
    assert along.max() <= along[peak] + 1e-15
    assert along.min() >= -1e-14
    assert np.abs(across).max() <= 1e-15
    # Up to the peak it only rises, after it it only falls.
    assert (np.diff(along[: peak + 1]) >= -1e-14).all()
    assert (np.diff(along[peak:]) <= 1e-14).all()


def test_every_phase_of_the_range_has_a_single_peak():
    p = np.linspace(0.0, 1.0, 2001)
    for phase in np.linspace(0.15, 0.8, 131):
        velocity = deviation_of(Bulges(bulges=(Bulge(direction="up", phase=float(phase), amount=0.5),))).evaluate(p)[1][:, 2]
        assert velocity[(p > 0) & (p < phase - 1e-9)].min() > 0.0
        assert velocity[(p > phase + 1e-9) & (p < 1)].max() < 0.0


@pytest.mark.parametrize(
    ("direction", "axis"),
    [
        ("up", [0, 0, 1]),
        ("down", [0, 0, -1]),
        ("left", [0, 1, 0]),
        ("right", [0, -1, 0]),
        ("forward", [1, 0, 0]),
        ("backward", [-1, 0, 0]),
    ],
)
def test_directions_are_the_robots(direction, axis):
    shape = Bulges(bulges=(Bulge(direction=direction, phase=0.5, amount=0.1),))
    assert deviation_of(shape).evaluate(np.array([0.5]))[0][0] == pytest.approx(0.1 * np.array(axis), abs=1e-13)


@settings(max_examples=40)
@given(st.lists(bulges, min_size=2, max_size=4))
def test_bulges_add_up(several):
    p = np.linspace(0.0, 1.0, 101)
    together = deviation_of(Bulges(bulges=tuple(several))).evaluate(p)
    alone = [deviation_of(Bulges(bulges=(bulge,))).evaluate(p) for bulge in several]
    for order in range(3):
        assert np.abs(together[order] - sum(part[order] for part in alone)).max() <= 1e-10


def test_bulges_along_different_axes_stay_exact():
    shape = Bulges(bulges=(Bulge(direction="up", phase=0.3, amount=0.12), Bulge(direction="right", phase=0.7, amount=0.05)))
    deviation = deviation_of(shape).evaluate(np.array([0.3, 0.7]))[0]
    assert deviation[0, 2] == pytest.approx(0.12, abs=1e-13)
    assert deviation[1, 1] == pytest.approx(-0.05, abs=1e-13)


def test_bulges_along_one_axis_add_up_as_the_notation_says():
    shape = Bulges(bulges=(Bulge(direction="up", phase=0.3, amount=0.2), Bulge(direction="up", phase=0.7, amount=0.05)))
    deviation = deviation_of(shape).evaluate(np.array([0.3, 0.7]))[0]
    assert deviation[:, 2] == pytest.approx([0.218, 0.118], abs=5e-4)
    shape = Bulges(bulges=(Bulge(direction="up", amount=0.1), Bulge(direction="down", amount=0.1)))
    assert np.abs(deviation_of(shape).evaluate(np.linspace(0.0, 1.0, 11))[0]).max() <= 1e-12


@settings(max_examples=50)
@given(points, points, weight_rows)
def test_any_weights_meet_both_ends_at_rest(start, goal, rows):
    x, y, z = zip(*rows, strict=True)
    position, velocity, acceleration = PositionPath(start, goal, Weights(x=x, y=y, z=z)).evaluate(np.array([0.0, 1.0]))
    assert np.abs(position - [start, goal]).max() <= 1e-13
    assert np.abs(velocity).max() <= 1e-12
    assert np.abs(acceleration).max() <= 1e-11


@settings(max_examples=30)
@given(points, points, bulges)
def test_moving_both_ends_moves_the_path(start, shift, bulge):
    p, shape = np.linspace(0.0, 1.0, 51), Bulges(bulges=(bulge,))
    before = PositionPath(start, GOAL, shape).evaluate(p)
    after = PositionPath(start + shift, GOAL + shift, shape).evaluate(p)
    assert np.abs(after[0] - before[0] - shift).max() <= 1e-14
    assert np.abs(after[1] - before[1]).max() <= 1e-12


def test_derivatives_are_those_of_the_positions():
    shape = Bulges(bulges=(Bulge(direction="up", phase=0.2, amount=0.2), Bulge(direction="left", phase=0.6, amount=0.1)))
    p = np.linspace(0.0, 1.0, 20001)
    position, first, second = PositionPath(START, GOAL, shape).evaluate(p)
    assert np.abs(np.gradient(position, p, axis=0) - first)[1:-1].max() < 1e-5
    assert np.abs(np.gradient(first, p, axis=0) - second)[1:-1].max() < 1e-3


def test_unequal_rows_of_weights_are_refused_with_their_lengths():
    shape = Weights(x=(0.1, 0.2), y=(0.1,), z=(0.0, 0.0))
    assert shape_complaint(shape) == "Weights x, y, z have 2, 1 and 2 entries; all three rows need the same number."
    with pytest.raises(BadShape, match="2, 1 and 2 entries") as caught:
        PositionPath(START, GOAL, shape)
    assert isinstance(caught.value, PlannerFault)


@pytest.mark.parametrize("phase", [0.1499, 0.8001, -1.0])
def test_bulges_outside_the_range_are_refused_by_schema_and_by_the_path(phase):
    with pytest.raises(ValidationError):
        Bulge(direction="up", phase=phase, amount=0.1)
    unchecked = Bulges.model_construct(bulges=(Bulge.model_construct(direction="up", phase=phase, amount=0.1),))
    with pytest.raises(BadShape, match=r"\[0.15, 0.8\]"):
        deviation_of(unchecked)


def test_good_shapes_have_no_complaint():
    good = (None, Bulges(bulges=(Bulge(direction="up", amount=0.1),)), Weights(x=(0.1,), y=(0.0,), z=(0.0,)))
    assert [shape_complaint(shape) for shape in good] == [None, None, None]


@pytest.mark.parametrize("start", [[0.0, 0.0], [0.0, 0.0, np.nan], [[0.0, 0.0, 0.0]]])
def test_ends_are_three_finite_numbers(start):
    with pytest.raises(SetupFault, match="three finite numbers"):
        PositionPath(np.array(start), GOAL)

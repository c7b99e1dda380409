import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.integrate import solve_ivp

from lmp.errors import SetupFault
from lmp.primitives.dmp.basis import GaussianBasis, smooth_basis
from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.dmp import TransformationSystem
from lmp.primitives.dmp.rollout import Rollout
from lmp.primitives.dmp.textbook import TextbookPrimitive, scaled_by_goal

NARROW = TextbookPrimitive(TransformationSystem(20.8, 5.2), GaussianBasis(11, 1600.0, 4.5), 2.0)
WIDE = TextbookPrimitive(TransformationSystem(25.0, 6.25), smooth_basis(8), 156.25)
TIMES = np.array([0.0, 0.13, 0.4, 0.41, 1.0, 1.7, 2.0])
DURATION = 2.0
TEXTBOOK, DEFAULT = WIDE.compile(TIMES, DURATION), compile_default(TIMES, DURATION, 6)

numbers = st.floats(-2.0, 2.0)


def values_for(rollout: Rollout):
    return npst.arrays(np.float64, (len(rollout.parameters), 2), elements=numbers)


@pytest.mark.parametrize("primitive", [NARROW, WIDE])
def test_textbook_matrices_agree_with_an_integrator_in_seconds(primitive):
    rng = np.random.default_rng(5)
    values = rng.normal(size=(3 + primitive.basis.count, 1))
    y0, v0, g = values[:3, 0]
    a, b = primitive.system.alpha, primitive.system.beta

    def slope(t: float, state: np.ndarray) -> list[float]:
        force = primitive.gain * float(primitive.basis.evaluate(np.array([t / DURATION]))[0] @ values[3:, 0])
        return [state[1], (a * (b * (g - state[0]) - DURATION * state[1]) + force) / DURATION**2]

    solution = solve_ivp(slope, (0.0, DURATION), [y0, v0], "DOP853", TIMES, rtol=1e-13, atol=1e-15, max_step=0.02)
    position, velocity, acceleration = primitive.compile(TIMES, DURATION)(values)
    assert np.abs(position[:, 0] - solution.y[0]).max() <= 1e-12
    assert np.abs(velocity[:, 0] - solution.y[1]).max() <= 1e-11
    slopes = [slope(t, state)[1] for t, state in zip(TIMES, solution.y.T, strict=True)]
    assert np.abs(acceleration[:, 0] - slopes).max() <= 1e-10


@pytest.mark.parametrize("rollout", [TEXTBOOK, DEFAULT], ids=["textbook", "default"])
@settings(max_examples=30)
@given(data=st.data())
def test_superposition(rollout, data):
    one, two = data.draw(values_for(rollout)), data.draw(values_for(rollout))
    a, b = data.draw(numbers), data.draw(numbers)
    for mixed, first, second in zip(rollout(a * one + b * two), rollout(one), rollout(two), strict=True):
        assert np.abs(mixed - (a * first + b * second)).max() <= 1e-10


@pytest.mark.parametrize(("rollout", "goal"), [(TEXTBOOK, 2), (DEFAULT, 3)], ids=["textbook", "default"])
@settings(max_examples=30)
@given(data=st.data(), shift=numbers)
def test_moving_start_and_goal_moves_the_path(rollout, goal, data, shift):
    values = data.draw(values_for(rollout))
    moved = values.copy()
    moved[[0, goal]] += shift
    before, after = rollout(values), rollout(moved)
    assert np.abs(after[0] - before[0] - shift).max() <= 1e-11
    assert np.abs(after[1] - before[1]).max() <= 1e-10
    assert np.abs(after[2] - before[2]).max() <= 1e-9


@settings(max_examples=30)
@given(data=st.data(), angle=st.floats(-3.2, 3.2))
def test_a_turned_primitive_gives_the_turned_path(data, angle):
    values = data.draw(values_for(DEFAULT))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for before, after in zip(DEFAULT(values), DEFAULT(values @ turn.T), strict=True):
        assert np.abs(after - before @ turn.T).max() <= 1e-10


@pytest.mark.parametrize("compile_at", [WIDE.compile, compile_default])
@pytest.mark.parametrize("factor", [0.1, 3.0])
def test_stretched_time_is_the_same_path(compile_at, factor):
    slow, fast = compile_at(TIMES * factor, DURATION * factor), compile_at(TIMES, DURATION)
    values = np.random.default_rng(2).normal(size=(len(slow.parameters), 1))
    values[1] = 0.0
    if slow.parameters[2] == "a0":
        values[2] = 0.0
    for order, (one, other) in enumerate(zip(slow(values), fast(values), strict=True)):
        assert one * factor**order == pytest.approx(other, abs=1e-10)


def test_a_batch_is_what_single_rollouts_give():
    batch = np.random.default_rng(1).normal(size=(5, len(DEFAULT.parameters), 3))
    for order, together in enumerate(DEFAULT(batch)):
        assert together.shape == (5, len(TIMES), 3)
        for candidate, alone in zip(batch, together, strict=True):
            assert np.abs(DEFAULT(candidate)[order] - alone).max() <= 1e-12


def test_the_goal_scaled_variant_scales_the_way():
    values = np.random.default_rng(4).normal(size=(len(TEXTBOOK.parameters), 2))
    values[:2] = 0.0
    doubled = values.copy()
    doubled[2] *= 2.0
    assert TEXTBOOK(scaled_by_goal(doubled))[0] == pytest.approx(2.0 * TEXTBOOK(scaled_by_goal(values))[0], abs=1e-12)


@pytest.mark.parametrize("shape", [(10, 3), (4, 10, 3)])
def test_samples_go_where_they_are_wanted_and_are_contiguous(shape):
    values = np.random.default_rng(3).normal(size=shape)
    out = np.empty((3, *shape[:-2], len(TIMES), 3))
    fresh, written = DEFAULT(values), DEFAULT(values, out)
    for one, other, given_to in zip(fresh, written, out, strict=True):
        assert np.shares_memory(other, given_to)
        assert one.flags.c_contiguous
        assert (one == other).all()
    assert (DEFAULT.positions(values) == fresh[0]).all()
    assert np.shares_memory(DEFAULT.positions(values, out[0]), out)
    with pytest.raises(SetupFault, match="is needed"):
        DEFAULT(values, out[:2])
    with pytest.raises(SetupFault, match="float32"):
        DEFAULT.positions(values, out[0].astype(np.float32))


@settings(max_examples=20)
@given(st.integers(0, 7), st.integers(1, 2000))
def test_a_batch_in_parts_is_the_batch_within_the_memory_that_is_given(count, most_bytes):
    batch = np.random.default_rng(9).normal(size=(count, len(DEFAULT.parameters), 2))
    whole = DEFAULT(batch)
    seen = 0
    for part, samples in DEFAULT.in_parts(batch, most_bytes):
        assert part.start == seen
        seen = part.stop
        each = sum(array.nbytes for array in samples)
        assert each <= most_bytes or part.stop - part.start == 1
        for one, other in zip(samples, whole, strict=True):
            assert np.abs(one - other[part]).max() <= 1e-12
    assert seen == count
    with pytest.raises(SetupFault, match="a batch has the shape"):
        next(DEFAULT.in_parts(np.zeros((len(DEFAULT.parameters), 2))))


def test_parameters_are_put_in_their_rows():
    weights = np.arange(12.0).reshape(6, 2)
    rows = DEFAULT.values([1.0, 2.0], [3.0, 4.0], weights, velocity=[5.0, 6.0])
    assert rows.tolist() == [[1.0, 2.0], [5.0, 6.0], [0.0, 0.0], [3.0, 4.0], *weights.tolist()]
    assert TEXTBOOK.values([1.0], [2.0]).ravel().tolist() == [1.0, 0.0, 2.0] + [0.0] * 8
    with pytest.raises(SetupFault, match="a0 came; this primitive's parameters are y0, v0, g, weight 0"):
        TEXTBOOK.values([1.0], [2.0], acceleration=[1.0])
    with pytest.raises(SetupFault, match=r"Weights of shape \(2, 6\) came; the shape has to be \(6, 2\)"):
        DEFAULT.values([1.0, 2.0], [3.0, 4.0], weights.T)


@pytest.mark.parametrize("compile_at", [WIDE.compile, compile_default])
def test_the_same_sampling_is_compiled_once(compile_at):
    again = compile_at(TIMES.copy(), DURATION)
    assert again is compile_at(list(TIMES), DURATION)
    assert again is not compile_at(TIMES, 2.0 * DURATION)
    assert again is not compile_at(TIMES[::-1], DURATION)


@pytest.mark.parametrize("shape", [(3,), (4, 2), (2, 4, 2), (1, 1, 1, 1)])
def test_parameters_of_another_shape_are_refused(shape):
    with pytest.raises(SetupFault, match="rows y0, v0, g, weight 0"):
        TEXTBOOK(np.zeros(shape))


def test_compiled_matrices_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        TEXTBOOK.position[0, 0] = 1.0


def test_matrices_of_another_shape_are_refused():
    with pytest.raises(SetupFault, match="position has shape"):
        Rollout(("y0",), np.zeros(2), np.zeros((3, 1)), np.zeros((2, 1)), np.zeros((2, 1)))


@pytest.mark.parametrize("compile_at", [WIDE.compile, compile_default])
@pytest.mark.parametrize(("times", "duration"), [([0.0, 3.0], 2.0), ([-0.1], 2.0), ([0.0], 0.0)])
def test_instants_outside_the_motion_are_refused(compile_at, times, duration):
    with pytest.raises(SetupFault):
        compile_at(np.array(times), duration)


@pytest.mark.parametrize("count", [0, 33])
def test_the_default_preset_has_up_to_32_weights(count):
    with pytest.raises(SetupFault, match=r"\[1, 32\]"):
        compile_default(TIMES, DURATION, count)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": [0.0, np.nan], "goal": [1.0, 1.0]}, r"start \[0.0, nan\] came; it has to be finite numbers"),
        ({"start": [0.0, 0.0], "goal": [1.0]}, r"goal \[1.0\] came; .*shape \(2,\)"),
        ({"start": [], "goal": []}, r"start \[\] came; .*with one at least"),
        ({"start": "here", "goal": [1.0]}, "start 'here' came"),
        ({"start": [0.0], "goal": [1.0], "velocity": [np.inf]}, "velocity"),
        ({"start": [0.0], "goal": [1.0], "weights": np.full((6, 1), np.nan)}, "weights have to be finite"),
    ],
)
def test_parameters_that_are_no_vectors_are_refused(given, said):
    with pytest.raises(SetupFault, match=said):
        DEFAULT.values(**given)


def test_instants_in_rows_and_half_a_weight_are_refused():
    with pytest.raises(SetupFault, match=r"Instants of shape \(1, 7\) came"):
        compile_default(TIMES[None], DURATION)
    with pytest.raises(SetupFault, match=r"count 2\.5 came; it has to be a whole number in \[1, 32\]"):
        compile_default(TIMES, DURATION, 2.5)

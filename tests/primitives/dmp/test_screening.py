import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.errors import SetupFault
from lmp.primitives.dmp import screening
from lmp.primitives.dmp.bulges import AXES, BadShape, unit_bulges
from lmp.primitives.dmp.deviation import COUNT, Deviation, end_conditions, response_matrices, smoothest
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.dmp.screening import orientations_at, positions_at
from lmp.schema.motion import Bulge, Bulges, Weights

P = np.array([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
directions = st.sampled_from(sorted(AXES))
bulges = st.builds(Bulge, direction=directions, phase=st.floats(0.15, 0.8), amount=st.floats(1e-3, 0.5))
rows = st.integers(1, 5).flatmap(lambda count: st.tuples(*[st.tuples(*[st.floats(-0.5, 0.5)] * count)] * 3))
shapes = st.one_of(
    st.none(),
    st.lists(bulges, min_size=1, max_size=3).map(lambda several: Bulges(bulges=tuple(several))),
    rows.map(lambda xyz: Weights(x=xyz[0], y=xyz[1], z=xyz[2])),
)


def ends(count: int) -> tuple[np.ndarray, np.ndarray]:
    starts, goals = np.random.default_rng(count).normal(size=(2, count, 3))
    return starts, goals


@settings(max_examples=30)
@given(st.lists(shapes, min_size=1, max_size=8))
def test_each_candidate_is_where_its_own_path_is(several):
    starts, goals = ends(len(several))
    together = positions_at(P, starts, goals, several)
    for start, goal, shape, positions in zip(starts, goals, several, together, strict=True):
        assert np.abs(PositionPath(start, goal, shape).evaluate(P)[0] - positions).max() <= 1e-13


def test_straight_candidates_are_on_the_quintic():
    starts, goals = ends(4)
    way = 10 * P**3 - 15 * P**4 + 6 * P**5
    expected = starts[:, None] + way[:, None] * (goals - starts)[:, None]
    assert positions_at(P, starts, goals, [None] * 4) == pytest.approx(expected, abs=1e-14)


@settings(max_examples=30)
@given(st.lists(bulges, min_size=1, max_size=12))
def test_a_candidates_bulge_is_its_amount_at_its_phase(several):
    starts, goals = ends(len(several))
    phases = np.array([bulge.phase for bulge in several])
    curved = positions_at(phases, starts, goals, [Bulges(bulges=(bulge,)) for bulge in several])
    straight = positions_at(phases, starts, goals, [None] * len(several))
    for index, bulge in enumerate(several):
        expected = bulge.amount * np.array(AXES[bulge.direction])
        assert (curved - straight)[index, index] == pytest.approx(expected, abs=1e-12)


def test_many_bulges_at_once_are_the_smoothest_that_meet_the_six_conditions():
    phases = np.linspace(0.15, 0.8, 14)
    values = np.array([[0.0], [0.0], [0.0], [0.0], [1.0], [0.0]])
    for phase, coefficients in zip(phases, unit_bulges(phases), strict=True):
        conditions = np.concatenate([end_conditions(COUNT), response_matrices(np.array([phase]), COUNT)[:2, 0]])
        assert np.abs(conditions @ coefficients - values[:, 0]).max() <= 1e-13
        assert np.abs(coefficients - smoothest(conditions, values)[:, 0]).max() <= 1e-11 * np.abs(coefficients).max()


def test_the_cut_into_chunks_does_not_matter(monkeypatch):
    several = [None, Bulges(bulges=(Bulge(direction="up", amount=0.1),)), Weights(x=(0.1,), y=(0.2,), z=(-0.1,))] * 3
    whole = positions_at(P, *ends(9), several)
    monkeypatch.setattr(screening, "CHUNK", 2)
    assert positions_at(P, *ends(9), several) == pytest.approx(whole, abs=1e-15)


@settings(max_examples=20)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_orientations_of_many_turns_are_scipys(count, seed):
    both = Rotation.random(2 * count, rng=np.random.default_rng(seed))
    starts, goals = both[:count], both[count:]
    left = 1.0 - (10 * P**3 - 15 * P**4 + 6 * P**5)
    turned = orientations_at(P, starts.as_matrix(), goals.as_matrix())
    assert turned.shape == (count, len(P), 3, 3)
    for index in range(count):
        vector = (starts[index] * goals[index].inv()).as_rotvec()
        expected = Rotation.from_rotvec(left[:, None] * vector) * goals[index]
        assert turned[index] == pytest.approx(expected.as_matrix(), abs=1e-11)


def test_no_candidates_are_no_positions():
    assert positions_at(P, np.empty((0, 3)), np.empty((0, 3)), []).shape == (0, len(P), 3)
    assert orientations_at(P, np.empty((0, 3, 3)), np.empty((0, 3, 3))).shape == (0, len(P), 3, 3)


def test_wrong_candidates_are_refused_in_words():
    starts, goals = ends(2)
    with pytest.raises(SetupFault, match=r"goals of shape \(1, 3\) came; finite numbers of shape \(2, 3\)"):
        positions_at(P, starts, goals[:1], [None, None])
    with pytest.raises(SetupFault, match=r"lie in \[0, 1\]"):
        positions_at(P + 0.1, starts, goals, [None, None])
    with pytest.raises(SetupFault, match="shape 'up' came; it has to be Bulges, Weights or None"):
        positions_at(P, starts, goals, [None, "up"])
    with pytest.raises(BadShape, match="2, 1 and 1 entries"):
        positions_at(P, starts, goals, [None, Weights(x=(0.1, 0.2), y=(0.1,), z=(0.1,))])
    with pytest.raises(SetupFault, match="R_start has to be a rotation matrix"):
        orientations_at(P, np.stack([np.eye(3), 2.0 * np.eye(3)]), np.stack([np.eye(3)] * 2))
    with pytest.raises(SetupFault, match="1 starts and 2 goals"):
        orientations_at(P, np.eye(3)[None], np.stack([np.eye(3)] * 2))


def test_paths_without_derivatives_are_the_same_paths():
    shape = Weights(x=(0.1, 0.3), y=(0.0, -0.2), z=(0.2, 0.2))
    path = PositionPath(np.zeros(3), np.ones(3), shape)
    assert path.positions(P) == pytest.approx(path.evaluate(P)[0], abs=1e-15)
    deviation = Deviation.from_weights(np.array([shape.x, shape.y, shape.z]).T)
    assert path.evaluate(P)[2] == pytest.approx(
        PositionPath(np.zeros(3), np.ones(3)).evaluate(P)[2] + deviation.evaluate(P)[2], abs=1e-12
    )

"""Distances and depths of convex solids, against coal and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from coal_truth import coal_distance
from convex_pairs import piece_distance, piece_distances
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.primitives.collision.convex_pieces import Piece, Solid, hull_solid, object_pieces, packed
from lmp.primitives.kernels.solids import HULL, support
from lmp.schema.shape import Box, Cylinder, Sphere

SIZE = st.floats(0.01, 0.2)


def solids() -> list[Solid]:
    """Boxes, flat ones too, cylinders, balls, and hulls with few and with many corners."""
    rng = np.random.default_rng(0)
    shapes = [Box(size=tuple(size)) for size in (*rng.uniform(0.02, 0.3, (5, 3)), (1.2, 0.8, 1e-3), (2e-4, 0.4, 2e-4))]
    round_ones = [Cylinder(radius=r, height=h) for r, h in rng.uniform(0.01, 0.2, (5, 2))]
    plain = [object_pieces(shape)[0].solid for shape in (*shapes, *round_ones, Sphere(radius=0.05), Sphere(radius=0.01))]
    return plain + [hull_solid(rng.normal(size=(n, 3)) * rng.uniform(0.02, 0.1, 3)) for n in (4, 12, 60, 300, 300)]


def random_pairs(count: int, seed: int) -> list[tuple[Piece, Piece]]:
    """Solids near each other; a third of the pairs have their axes parallel, some stand at one place."""
    rng = np.random.default_rng(seed)
    known = solids()
    turns = Rotation.random(2 * count, random_state=seed).as_matrix()
    turns[: 2 * count // 3] = np.eye(3)
    offsets = rng.normal(size=(count, 3)) * rng.uniform(0.0, 0.25, (count, 1))
    offsets[::40] = 0.0
    chosen = rng.integers(0, len(known), (count, 2))
    return [
        (Piece(known[a], turns[2 * k], np.zeros(3)), Piece(known[b], turns[2 * k + 1], offsets[k]))
        for k, (a, b) in enumerate(chosen)
    ]


def test_distances_agree_with_coal_and_nothing_that_overlaps_is_free() -> None:
    pairs = random_pairs(1500, seed=1)
    ours, truth = piece_distances(pairs), np.array([coal_distance(a, b) for a, b in pairs])
    apart = truth > 0.0
    assert 400 < apart.sum() < 1100
    assert np.abs(ours - truth)[apart].max() < 2e-6  # coal's own tolerance is 1e-6.
    assert not (ours[truth < -1e-6] > 0.0).any()
    hulls = np.array([a.solid.kind == b.solid.kind == HULL for a, b in pairs]) & ~apart
    assert hulls.sum() > 40
    np.testing.assert_allclose(ours[hulls], truth[hulls], atol=5e-6)


def test_the_order_of_a_pair_and_where_it_stands_make_no_difference() -> None:
    pairs = random_pairs(300, seed=2)
    T = np.eye(4)
    T[:3, :3], T[:3, 3] = Rotation.from_rotvec([0.3, -0.5, 0.8]).as_matrix(), [0.7, -0.2, 0.4]
    ours = piece_distances(pairs)
    for other in (piece_distances([(b, a) for a, b in pairs]), piece_distances([(a.moved(T), b.moved(T)) for a, b in pairs])):
        np.testing.assert_allclose(other[ours > 0.0], ours[ours > 0.0], atol=1e-7)
        np.testing.assert_allclose(other, ours, rtol=1e-3, atol=1e-5)  # The depth of round solids is a little too great.


@settings(max_examples=40)
@given(one=st.tuples(SIZE, SIZE, SIZE), other=st.tuples(SIZE, SIZE, SIZE), offset=st.tuples(*[st.floats(-0.3, 0.3)] * 3))
def test_upright_boxes_have_the_distance_and_the_depth_of_their_sides(
    one: tuple[float, float, float], other: tuple[float, float, float], offset: tuple[float, float, float]
) -> None:
    a, b = (object_pieces(Box(size=size))[0] for size in (one, other))
    T = np.eye(4)
    T[:3, 3] = offset
    gaps = np.abs(offset) - (np.array(one) + np.array(other)) / 2
    expected = gaps.max() if (gaps <= 0.0).all() else np.linalg.norm(np.maximum(gaps, 0.0))
    assert piece_distance(a, b.moved(T)) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=30)
@given(radius=SIZE, height=SIZE, ball=st.floats(0.001, 0.05), x=st.floats(0.0, 0.3), z=st.floats(0.0, 0.3))
def test_a_ball_beside_or_in_a_cylinder_is_the_closed_form(
    radius: float, height: float, ball: float, x: float, z: float
) -> None:
    gaps = np.array([x - radius, z - height / 2])
    expected = gaps.max() if (gaps <= 0.0).all() else np.linalg.norm(np.maximum(gaps, 0.0))
    T = np.eye(4)
    T[:3, 3] = x, 0.0, z
    cylinder, sphere = object_pieces(Cylinder(radius=radius, height=height))[0], object_pieces(Sphere(radius=ball))[0]
    assert piece_distance(cylinder, sphere.moved(T)) == pytest.approx(expected - ball, abs=1e-5)


def test_faces_edges_and_corners_that_touch_are_at_zero() -> None:
    (box,) = object_pieces(Box(size=(0.2, 0.2, 0.2)))
    for offset in ((0.2, 0.0, 0.0), (0.2, 0.05, 0.03), (0.2, 0.2, 0.0), (0.2, 0.2, 0.2)):
        T = np.eye(4)
        T[:3, 3] = offset
        assert piece_distance(box, box.moved(T)) == pytest.approx(0.0, abs=1e-8)


def test_climbing_a_hull_finds_the_farthest_corner() -> None:
    rng = np.random.default_rng(3)
    hulls = [hull_solid(rng.normal(size=(n, 3)) * scale) for n in (8, 40, 400) for scale in (0.1, np.array([0.1, 0.1, 1e-3]))]
    hulls.append(hull_solid(np.array(np.meshgrid(*[np.linspace(-1, 1, 4)] * 3)).reshape(3, -1).T))
    arrays = packed(hulls).arrays
    for index, hull in enumerate(hulls):
        hint = -1
        for x, y, z in rng.normal(size=(60, 3)):
            *point, hint = support(index, x, y, z, hint, *arrays)
            *cold, _ = support(index, x, y, z, -1, *arrays)
            best = (hull.corners @ (x, y, z)).max()
            assert np.dot(point, (x, y, z)) == pytest.approx(best, abs=1e-12)
            assert np.dot(cold, (x, y, z)) == pytest.approx(best, abs=1e-12)

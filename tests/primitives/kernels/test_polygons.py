"""The gap of outlines against the facets of their Minkowski difference, which Qhull finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from lmp.primitives.kernels.polygons import polygon_gap, polygon_gaps


def _outline(seed: int, count: int) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(count, 2))
    return points[ConvexHull(points).vertices]


@settings(max_examples=60)
@given(
    seeds=st.tuples(st.integers(0, 999), st.integers(0, 999)),
    counts=st.tuples(st.integers(3, 12), st.integers(3, 12)),
    away=st.floats(0.0, 6.0),
    angle=st.floats(0.0, 2 * np.pi),
)
def test_the_gap_is_the_origins_place_in_the_minkowski_difference(
    seeds: tuple[int, int], counts: tuple[int, int], away: float, angle: float
) -> None:
    first, second = (_outline(seed, count) for seed, count in zip(seeds, counts, strict=True))
    second = second + away * np.array([np.cos(angle), np.sin(angle)])
    difference = ConvexHull((second[:, None] - first[None]).reshape(-1, 2))
    # Each facet's equation is n . x + d = 0 with n outward: d at the origin is positive outside.
    assert polygon_gap(first, second) == pytest.approx(difference.equations[:, 2].max(), abs=1e-9)
    assert polygon_gap(second, first) == pytest.approx(polygon_gap(first, second), abs=1e-12)


@settings(max_examples=30)
@given(seed=st.integers(0, 999), count=st.integers(0, 9), distance=st.floats(-0.5, 3.0))
def test_many_gaps_are_each_pairs_gap_where_it_is_near(seed: int, count: int, distance: float) -> None:
    rng = np.random.default_rng(seed)
    one = _outline(seed, 6)
    others = [_outline(seed + index + 1, 5) + rng.uniform(-4, 4, 2) for index in range(count)]
    starts = np.cumsum([0, *map(len, others)])
    centres = [other.mean(axis=0) for other in others]
    balls = [(*c, np.linalg.norm(o - c, axis=1).max()) for o, c in zip(others, centres, strict=True)]
    gaps = np.empty(count)
    corners = np.concatenate([np.empty((0, 2)), *others])
    found = polygon_gaps(one, corners, starts, np.array(balls).reshape(-1, 3), distance, gaps)
    truth = np.array([polygon_gap(one, other) for other in others])
    assert (gaps < distance).tolist() == (truth < distance).tolist()
    assert np.allclose(gaps[gaps < distance], truth[truth < distance])
    assert found == (truth < distance).sum()

"""Mass properties against closed forms, additivity and invariance; and what the engine makes of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.shape import Box, Compound, Cylinder, Mesh, Part
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.mass import mass_properties
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

edge = st.floats(0.01, 0.5)


def corners(a: float, b: float, c: float) -> tuple[tuple[float, float, float], ...]:
    return tuple((x * a / 2, y * b / 2, z * c / 2) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1))


@settings(deadline=None, max_examples=40)
@given(edge, edge, edge, st.floats(0.01, 10))
def test_a_hull_of_a_boxs_corners_is_the_box(a: float, b: float, c: float, mass: float) -> None:
    centre, inertia = mass_properties(Mesh(vertices=corners(a, b, c)), mass)
    assert centre == pytest.approx([0, 0, 0], abs=1e-12)
    expected = mass / 12 * np.diag([b * b + c * c, a * a + c * c, a * a + b * b])
    assert inertia == pytest.approx(expected, rel=1e-9, abs=1e-9 * mass)


@settings(deadline=None, max_examples=40)
@given(edge, edge, edge, st.floats(0.1, 0.9), st.floats(-3, 3))
def test_cutting_a_box_changes_nothing(a: float, b: float, c: float, share: float, turn: float) -> None:
    """Two pieces of a box, moved and turned together, have the whole box's inertia about its centre, turned."""
    T = Pose.from_yaw((0.3, -0.2, 0.1), turn)
    low = Part(pose=T @ Pose(position=(-a / 2 + share * a / 2, 0, 0)), shape=Box(size=(share * a, b, c)))
    high = Part(pose=T @ Pose(position=(share * a / 2, 0, 0)), shape=Box(size=((1 - share) * a, b, c)))
    centre, inertia = mass_properties(Compound(parts=(low, high)), 2.0)
    whole = mass_properties(Box(size=(a, b, c)), 2.0)[1]
    assert centre == pytest.approx(T.position, abs=1e-9)
    assert inertia == pytest.approx(T.rotation @ whole @ T.rotation.T, abs=1e-9)


def test_a_fine_prism_tends_to_the_cylinder() -> None:
    angles = np.arange(128) * 2 * math.pi / 128
    points = tuple((0.05 * math.cos(angle), 0.05 * math.sin(angle), z) for angle in angles for z in (-0.04, 0.04))
    prism, cylinder = (
        mass_properties(Mesh(vertices=points), 1.0)[1],
        mass_properties(Cylinder(radius=0.05, height=0.08), 1.0)[1],
    )
    assert prism == pytest.approx(cylinder, rel=2e-3, abs=1e-9)


def test_the_engine_has_the_mass_and_inertia_of_the_file() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=0), load_robot("panda")) as world:
        by_name = {name: uid for uid, name in world.names.items()}
        for spec in world.scene_file.objects:
            info = world.engine.getDynamicsInfo(by_name[spec.name], -1)
            shape = next(thing for thing in world.scene().objects if thing.name == spec.name).shape
            moments = np.linalg.eigvalsh(mass_properties(shape, spec.mass)[1])
            assert info[0] == pytest.approx(spec.mass)
            assert np.sort(info[2]) == pytest.approx(moments, rel=1e-6)

"""Paths: what lies between the samples, long ones, many postures at once, and everything that a scene can hold."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
import pytest
from coal_truth import coal_distance
from panda_arm import PANDA, TABLE, collision_model, kinematics, postures, scene, thing

from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.primitives.collision import scene_collisions
from lmp.primitives.collision.convex_pieces import Piece, hull_solid, object_pieces
from lmp.primitives.collision.scene_collisions import HORIZON, SceneCollisions
from lmp.robots.robot_file import robot_urdf
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box, Compound, Cylinder, Mesh, Part, Sphere

GRASP = Pose.from_yaw((0.0, 0.0, 0.05), 0.3).matrix
LOWER, UPPER = (np.array([getattr(joint, end) for joint in PANDA.joints]) for end in ("lower", "upper"))


def things() -> list[SceneObject]:
    """One of each shape, around the arm."""
    rng = np.random.default_rng(5)
    rock = Mesh(vertices=tuple(tuple(point) for point in 0.08 * rng.normal(size=(60, 3))))
    wedge = Mesh(vertices=((0.0, 0.0, 0.0), (0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 0.1)))
    wall, floor = Box(size=(0.01, 0.2, 0.1)), Box(size=(0.2, 0.2, 0.01))
    tray = Compound(parts=(Part(shape=floor), Part(pose=Pose(position=(0.1, 0.0, 0.05)), shape=wall)))
    shapes = (rock, Cylinder(radius=0.04, height=0.2), wedge, Sphere(radius=0.06), tray, Box(size=(0.1, 0.1, 0.3)))
    places = [(0.4 * np.cos(a), 0.4 * np.sin(a), 0.25 + 0.1 * k) for k, a in enumerate(np.linspace(-2.5, 2.5, 6))]
    return [thing(f"thing{k}", s, Pose.from_yaw(p, 0.4 * k)) for k, (s, p) in enumerate(zip(shapes, places, strict=True))]


def crowded(held: bool = False) -> SceneCollisions:
    """The arm among all of them, with a mesh in the hand if wished."""
    objects = [TABLE, *things()]
    if not held:
        return collision_model().with_scene(scene(*objects))
    return collision_model().with_scene(scene(*objects), held="thing2", T_tool_object=GRASP)


def placed_pieces(q: np.ndarray, width: float, held: bool) -> dict[str, list[Piece]]:
    """The pieces of every body in the world, the robot's placed by Pinocchio."""
    model, path = robot_model(PANDA), robot_urdf(PANDA).path
    geometry = pin.buildGeomFromUrdf(
        model, str(path), pin.GeometryType.COLLISION, pin.GeometryModel(), [str(folder) for folder in path.parents[:3]]
    )
    data, placed = model.createData(), pin.GeometryData(geometry)
    values = np.concatenate([q, [width / 2, width / 2]])
    pin.framesForwardKinematics(model, data, values)
    pin.updateGeometryPlacements(model, data, geometry, placed)
    found: dict[str, list[Piece]] = {}
    for shape, T_world_link in zip(geometry.geometryObjects, placed.oMg, strict=True):
        name = model.frames[shape.parentFrame].name
        found.setdefault(name, []).append(
            Piece(hull_solid(np.array(shape.geometry.vertices())), T_world_link.rotation, T_world_link.translation)
        )
    poses = {obj.name: obj.pose.matrix for obj in (TABLE, *things())}
    if held:
        poses["thing2"] = data.oMf[model.getFrameId(TOOL_FRAME)].homogeneous @ GRASP
    return found | {o.name: [piece.moved(poses[o.name]) for piece in object_pieces(o.shape)] for o in (TABLE, *things())}


@pytest.mark.parametrize("held", [False, True])
def test_every_pair_has_the_distance_that_coal_finds(held: bool) -> None:
    world, near = crowded(held), 0
    for q in postures(10, seed=11):
        pieces = placed_pieces(q, 0.05, held)
        ours = {(c.a, c.b): c.distance for c in world.check(q, 0.05, margin=HORIZON - 1e-9)}
        for a, b in ((world.bodies[i], world.bodies[j]) for i, j in world.pairs):
            truth = min(coal_distance(one, other) for one in pieces[a] for other in pieces[b])
            assert (ours.get((a, b), HORIZON) <= 0.0) == (truth <= 0.0)
            if truth > 0.0:
                assert ours.get((a, b), HORIZON) == pytest.approx(min(truth, HORIZON), abs=2e-6)
            near += truth < HORIZON
    assert near > 15


def test_many_postures_at_once_are_as_free_as_one_by_one() -> None:
    world, qs = crowded(), postures(150, seed=12)
    free = world.free(qs, 0.03, margin=0.01)
    assert free.tolist() == [not world.check(q, 0.03, margin=0.01) for q in qs]
    assert 20 < free.sum() < 140
    assert world.free(qs, 0.03, [("robot", "robot"), *[("robot", name) for name in world.bodies]]).all()


def random_edges(count: int, seed: int) -> np.ndarray:
    """Straight joint motions from random starts. Shape (count, 2, dof)."""
    rng = np.random.default_rng(seed)
    starts, ways = rng.uniform(LOWER, UPPER, (count, 7)), rng.normal(size=(count, 7))
    ways *= rng.uniform(0.3, 2.0, (count, 1)) / np.linalg.norm(ways, axis=1, keepdims=True)
    return np.stack([starts, np.clip(starts + ways, LOWER, UPPER)], axis=1)


@pytest.mark.parametrize("held", [False, True])
def test_no_touch_between_two_postures_is_missed(held: bool) -> None:
    world, touched, hidden = crowded(held), 0, 0
    for start, end in random_edges(150, seed=13):
        found = world.check_path([start, end], 0.05)
        fine = world.check_path(np.linspace(start, end, 51), 0.05)
        at_samples = {(c.a, c.b) for c in fine.contacts if c.distance < 0.0}
        assert at_samples <= {(c.a, c.b) for c in found.contacts}
        if not found.contacts:
            assert fine.min_distance is None or fine.min_distance >= found.between - 1e-7
        touched += bool(at_samples)
        hidden += bool(at_samples) and bool(world.free([start, end], 0.05).all())
    assert touched > 20 and hidden > 0


def test_fingers_that_move_are_seen_between_two_samples() -> None:
    q = kinematics().rest
    T_world_tool = Pose.from_matrix(kinematics().forward(q))
    world = collision_model().with_scene(scene(thing("pin", Cylinder(radius=0.002, height=0.01), T_world_tool)))
    assert world.free([q, q], [0.08, 0.04]).all() and world.check_path([q, q], [0.08, 0.04]).contacts == ()
    aside = Pose.from_matrix(kinematics().forward(q)) @ Pose(position=(0.0, 0.03, 0.0))
    world = collision_model().with_scene(scene(thing("pin", Cylinder(radius=0.002, height=0.01), aside)))
    assert world.free([q, q], [0.08, 0.0]).all()
    (contact,) = world.check_path([q, q], [0.08, 0.0]).contacts
    assert contact.a in PANDA.finger_links and contact.b == "pin" and contact.distance < 0.0


def test_a_long_path_is_looked_at_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    world, path = crowded(), np.linspace(0.7 * LOWER, 0.7 * UPPER, 40)
    whole = world.check_path(path, 0.05, margin=0.003)
    monkeypatch.setattr(scene_collisions, "CHUNK", 7)
    parts = world.check_path(path, 0.05, margin=0.003)
    assert whole.contacts and {(c.a, c.b) for c in parts.contacts} == {(c.a, c.b) for c in whole.contacts}
    assert parts.nearest is not None and whole.nearest is not None
    assert (parts.nearest.a, parts.nearest.index) == (whole.nearest.a, whole.nearest.index)
    assert parts.nearest.distance == pytest.approx(whole.nearest.distance, abs=1e-6)

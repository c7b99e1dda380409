"""Collision checks: one configuration against PyBullet, and straight joint motions against dense samples.

The scene is a Panda, a table and six boxes; the pairs of links that the robot file leaves out are left out on both sides, and
so is the link that cannot move. Configurations are random within the limits, some free, some not, the same for both.

- One configuration: ours is `SceneCollisions.check`, called from Python, which names all pairs that overlap with their depth.
  PyBullet's is what its examples and planners do: `resetJointState` for each joint, `performCollisionDetection`, and
  `getContactPoints` of the arm. The quickest way found, `resetJointStatesMultiDof` for all joints at once, is named beside it.
- A thousand configurations: ours is `SceneCollisions.free`, one call that says which of them are free; PyBullet as before.
- Swept: straight joint motions from random configurations in random directions, 0.05 to 1 rad long. `check_path` of both ends
  with what lies between them, beside `check` of one end and of the other. Missed is a motion that has a pair which overlaps at
  one of 51 samples and which the swept check does not name.
"""

from __future__ import annotations

import statistics

import numpy as np
import pybullet as p
from numpy.typing import NDArray
from peers.boxes_scene import boxes_scene
from pybullet_utils.bullet_client import BulletClient

from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import SceneObject
from rows.row import Row
from rows.stopwatch import medians, times, words

Array = NDArray[np.float64]

CONFIGURATIONS, EDGES, SAMPLES, WIDTH = 200, 1000, 51, 0.04


class BulletCollisions:
    """PyBullet with an arm and boxes."""

    def __init__(self, robot: RobotDescription, things: tuple[SceneObject, ...]):
        self.client = BulletClient(p.DIRECT)
        flags = p.URDF_USE_SELF_COLLISION
        self.body = self.client.loadURDF(str(robot_urdf(robot).path), useFixedBase=True, flags=flags)
        infos = [self.client.getJointInfo(self.body, index) for index in range(self.client.getNumJoints(self.body))]
        joints = {info[1].decode(): info[0] for info in infos}
        links = {robot.ignored_pairs[0][0]: -1} | {info[12].decode(): info[0] for info in infos}
        for one, other in (*robot.ignored_pairs, *robot.distant_pairs):
            self.client.setCollisionFilterPair(self.body, self.body, links[one], links[other], 0)
        for thing in things:
            shape = self.client.createCollisionShape(p.GEOM_BOX, halfExtents=[size / 2 for size in thing.size])
            self.client.createMultiBody(0.0, shape, -1, thing.pose.position, thing.pose.quat_xyzw)
        self.joints = [joints[name] for name in (*robot.joint_names, *robot.finger_joints)]

    def check(self, positions: list[list[float]]) -> object:
        """The contacts of the arm with itself and with the boxes."""
        for joint, (position,) in zip(self.joints, positions, strict=True):
            self.client.resetJointState(self.body, joint, position)
        self.client.performCollisionDetection()
        return self.client.getContactPoints(self.body)

    def check_at_once(self, positions: list[list[float]]) -> object:
        """The same, all joints placed by one call."""
        self.client.resetJointStatesMultiDof(self.body, self.joints, positions)
        self.client.performCollisionDetection()
        return self.client.getContactPoints(self.body)


def measure() -> list[Row]:
    """One configuration, many, and swept motions."""
    robot = load_robot("panda")
    scene = boxes_scene(robot)
    world = CollisionModel(robot).with_scene(scene)
    rng = np.random.default_rng(0)
    lower, upper = (np.array([getattr(joint, end) for joint in robot.joints]) for end in ("lower", "upper"))
    qs = rng.uniform(lower, upper, (CONFIGURATIONS, len(lower)))
    return [*_configurations(robot, scene.objects, world, qs), *_sweeps(world, _edges(lower, upper, rng))]


def _configurations(robot: RobotDescription, things: tuple[SceneObject, ...], world: SceneCollisions, qs: Array) -> list[Row]:
    bullet = BulletCollisions(robot, things)
    fingers = [[WIDTH / 2]] * len(robot.finger_joints)
    positions = [[*([float(value)] for value in q), *fingers] for q in qs]
    many = np.tile(qs, (1000 // CONFIGURATIONS, 1))

    ours, batch, theirs, quickest = medians(
        lambda: [world.check(q, WIDTH) for q in qs],
        lambda: world.free(many, WIDTH),
        lambda: [bullet.check(position) for position in positions],
        lambda: [bullet.check_at_once(position) for position in positions],
        rounds=31,
    )
    ours, batch, theirs, quickest = ours / len(qs), batch / len(many), theirs / len(qs), quickest / len(qs)
    peer = f"PyBullet {words(theirs)} (all joints placed by one call: {words(quickest)})"
    return [
        Row("one configuration: self, table, six boxes", words(ours), peer, theirs / ours, "at least", 4.0),
        Row(
            "a thousand configurations in one call, free or not", f"{words(batch)} each", peer, theirs / batch, "at least", 4.0
        ),
    ]


def _edges(lower: Array, upper: Array, rng: np.random.Generator) -> Array:
    """Straight joint motions within the limits. Shape (EDGES, 2, dof)."""
    starts, ways = rng.uniform(lower, upper, (EDGES, len(lower))), rng.normal(size=(EDGES, len(lower)))
    ways *= rng.uniform(0.05, 1.0, (EDGES, 1)) / np.linalg.norm(ways, axis=1, keepdims=True)
    return np.stack([starts, np.clip(starts + ways, lower, upper)], axis=1)


def _sweeps(world: SceneCollisions, edges: Array) -> list[Row]:
    ratios, swept, missed, touching = [], [], 0, 0
    for edge in edges:
        whole = min(times(lambda edge=edge: world.check_path(edge, WIDTH), 5))
        ends = min(times(lambda edge=edge: (world.check(edge[0], WIDTH), world.check(edge[1], WIDTH)), 5))
        swept.append(whole)
        ratios.append(whole / ends)
        named = {(contact.a, contact.b) for contact in world.check_path(edge, WIDTH).contacts}
        distances, _ = world.least(np.linspace(*edge, SAMPLES), WIDTH)
        overlaps = {(world.bodies[a], world.bodies[b]) for (a, b), d in zip(world.pairs, distances, strict=True) if d < 0.0}
        touching += bool(overlaps)
        missed += not overlaps <= named
    ours = f"{words(statistics.median(swept))} in the median"
    peer = f"{SAMPLES} samples: {touching} touch"
    return [
        Row(f"swept check: {EDGES} random motions, missed", ours, peer, missed, "at most", 0.0, "missed"),
        Row("swept check over its end points", ours, "check of both ends", statistics.median(ratios), "at most", 5.0),
    ]

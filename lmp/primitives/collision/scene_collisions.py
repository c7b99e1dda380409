"""How near the robot and what it holds come to themselves and to a scene, for one posture or along a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.errors import UnknownName
from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.collision.clearance import Clearance, Contact
from lmp.primitives.collision.packed_bodies import PackedBodies
from lmp.primitives.kernels.path_clearance import path_clearance
from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Pairs = Sequence[tuple[str, str]]

HORIZON = 0.025
"""Distances beyond this are not measured [m]."""
CHUNK = 2048
"""Samples that are looked at together, which bounds the memory of a long path [count]."""


class RobotBodies(Protocol):
    """A robot made of bodies, as `CollisionModel` is one."""

    description: RobotDescription
    tree: JointTree
    links: tuple[str, ...]
    joints: Integers
    self_pairs: Integers
    common: Integers


class SceneCollisions:
    """Distances between bodies: robot links, the held object, and the standing objects of a scene.

    Exact distances of convex pieces are taken only where the boxes around two pieces come within the horizon. Made by
    `CollisionModel.with_scene`.

    Attributes:
        bodies: Names: links, then the held object, then the standing objects.
    """

    def __init__(self, model: RobotBodies, bodies: PackedBodies, held: str | None, things: tuple[str, ...]):
        self._model = model
        self.bodies = (*model.links, *(() if held is None else (held,)), *things)
        self._pairs = _measured_pairs(model, bodies.owners, len(self.bodies))
        joints = np.append(bodies.owners, np.zeros(len(things), np.int64))
        common = model.common[joints[self._pairs[:, 0]], joints[self._pairs[:, 1]]]
        tree = model.tree
        joint_arrays = (tree.parents, tree.rotations, tree.translations, tree.axes, tree.prismatic)
        self._arrays: tuple[Any, ...] = (self._pairs, common, *joint_arrays, *bodies.arrays)
        self._counted: dict[tuple[tuple[str, str], ...], Integers] = {}

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of bodies that are measured, as indices into `bodies`."""
        return tuple((int(a), int(b)) for a, b in self._pairs)

    def check(
        self, q: ArrayLike, gripper_width: float, allowed_contacts: Pairs = (), margin: float = 0.0
    ) -> tuple[Contact, ...]:
        """All pairs nearer than the margin [m] in one posture [rad]. Shape (dof,)."""
        values = self._values(np.asarray(q)[None], gripper_width)
        counted = self._counted_pairs(allowed_contacts)
        distances, samples = np.empty((2, len(counted))), np.empty((3, len(counted)), np.int64)
        path_clearance(values, counted, _checked(margin), margin, False, distances, samples, *self._arrays)
        return self._contacts(counted, distances, samples)

    def check_path(
        self, qs: ArrayLike, gripper_width: ArrayLike, allowed_contacts: Pairs = (), margin: float = 0.0
    ) -> Clearance:
        """All pairs nearer than the margin at the samples, or touching between them.

        Between two samples joints move straight. A body's points then move by at most a known length, so that the
        distances at both ends bound those between; where the bound does not exclude a touch, the stretch is halved.

        Args:
            qs: Joint positions [rad]. Shape (n, dof).
            gripper_width: Distance between the fingers, one number or one a sample [m]. Shape () or (n,).
            allowed_contacts: Pairs that may touch: names of objects or links, "fingers", "hand", or "robot".
            margin: Smallest distance that is enough [m], below the horizon of 0.025 m.

        Raises:
            UnknownName: A name in `allowed_contacts` is neither of the scene nor of the robot.
        """
        _checked(margin)
        values = self._values(qs, gripper_width)
        counted = self._counted_pairs(allowed_contacts)
        distances, samples = np.empty((2, len(counted))), np.empty((3, len(counted)), np.int64)
        between = path_clearance(values, counted, HORIZON, margin, True, distances, samples, *self._arrays)
        contacts = self._contacts(counted, distances, samples)
        return Clearance(contacts, self._nearest(counted, distances[0], samples[0]), between)

    def _values(self, qs: ArrayLike, gripper_width: ArrayLike) -> Array:
        """Joint values by number. Shape (n, joints)."""
        tree, qs = self._model.tree, np.asarray(qs, dtype=np.float64)
        values = np.zeros((len(qs), len(tree.parents)))
        values[:, tree.arm] = qs
        values[:, tree.fingers] = self._model.description.finger_positions(gripper_width)
        return values

    def _contacts(self, counted: Integers, distances: Array, samples: Integers) -> tuple[Contact, ...]:
        """The contacts at samples, then those between; in the order in which they begin."""
        contacts = [
            self._contact(counted[k], distances[0, k], samples[0, k], samples[1, k]) for k in np.flatnonzero(samples[1] >= 0)
        ]
        contacts += [
            self._contact(counted[k], distances[1, k], samples[2, k], samples[2, k]) for k in np.flatnonzero(samples[2] >= 0)
        ]
        return tuple(sorted(contacts, key=lambda contact: contact.first))

    def _nearest(self, counted: Integers, distances: Array, samples: Integers) -> Contact | None:
        if not len(distances):
            return None
        k = int(distances.argmin())
        return None if samples[k] < 0 else self._contact(counted[k], distances[k], samples[k], samples[k])

    def _contact(self, pair: int, distance: float, index: int, first: int) -> Contact:
        a, b = self._pairs[pair]
        return Contact(self.bodies[a], self.bodies[b], float(distance), int(index), int(first))

    def _counted_pairs(self, contacts: Pairs) -> Integers:
        """The pairs that may not touch, as numbers of measured pairs. Shape (k,)."""
        key = tuple(contacts)
        counted = self._counted.get(key)
        if counted is None:
            allowed = np.zeros(len(self._pairs), dtype=bool)
            one, other = self._pairs.T
            for first, second in key:
                a, b = self._named(first), self._named(second)
                allowed |= (a[one] & b[other]) | (b[one] & a[other])
            counted = self._counted[key] = np.flatnonzero(~allowed)
        return counted

    def _named(self, name: str) -> NDArray[np.bool_]:
        """The bodies that a name stands for. Shape (bodies,)."""
        description = self._model.description
        groups = {
            "robot": self._model.links,
            "fingers": description.finger_links,
            "hand": (description.tool_link,),
        }
        wanted = (name,) if name in self.bodies else groups.get(name)
        if wanted is None:
            raise UnknownName("body", name, (*self.bodies, *groups))
        return np.array([body in wanted for body in self.bodies])


def _checked(margin: float) -> float:
    if not 0.0 <= margin < HORIZON:
        raise ValueError(f"the margin has to be in [0, {HORIZON}) m, got {margin}")
    return margin


def _measured_pairs(model: RobotBodies, joints: Integers, bodies: int) -> Integers:
    """Links with links, what is held with links, then everything that moves with everything that stands. Shape (p, 2)."""
    links, moving = len(model.links), len(joints)
    parts = [model.self_pairs]
    if moving > links:
        grasping = {*model.description.finger_links, model.description.tool_link}
        parts.append(np.array([(links, link) for link, name in enumerate(model.links) if name not in grasping], dtype=np.int64))
    movable = np.array([body for body in range(moving) if body >= links or joints[body] != 0], dtype=np.int64)
    things = np.arange(moving, bodies)
    parts.append(np.stack(np.broadcast_arrays(movable[:, None], things[None]), axis=-1).reshape(-1, 2))
    return np.concatenate(parts)

"""Distances of the robot and what it holds to themselves and to a scene, for one posture or along a path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.errors import UnknownName
from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.collision.clearance import Clearance, Contact
from lmp.primitives.collision.named_pairs import PART_OF, named_pairs
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

    def joint_values(self, qs: ArrayLike, gripper_width: ArrayLike) -> Array: ...

    def posture_values(self, q: ArrayLike, gripper_width: float) -> Array: ...


class SceneCollisions:
    """Distances between bodies: robot links, the held object, and the standing objects of a scene.

    Exact distances of convex pieces are taken only where the boxes around two pieces come within the horizon. Made by
    `CollisionModel.with_scene`.

    Attributes:
        bodies: Names: links, then the held object, then the standing objects, of those with joints each part.
    """

    def __init__(self, model: RobotBodies, bodies: PackedBodies, held: str | None, things: tuple[str, ...]):
        self._model = model
        self.bodies = (*model.links, *(() if held is None else (held,)), *things)
        self._pairs = _measured_pairs(model, bodies.owners, len(self.bodies))
        joints = np.append(bodies.owners, np.zeros(len(things), np.int64))
        common = model.common[joints[self._pairs[:, 0]], joints[self._pairs[:, 1]]]
        self._flat = bodies.flat(model.tree, self._pairs, common)
        self._counted: dict[tuple[tuple[str, str], ...], Integers] = {}

    def has(self, name: str) -> bool:
        """True if a name is that of a body, or of an object whose parts are bodies."""
        return any(body == name or body.startswith(name + PART_OF) for body in self.bodies)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of bodies that are measured, as indices into `bodies`."""
        return tuple((int(a), int(b)) for a, b in self._pairs)

    def check(
        self, q: ArrayLike, gripper_width: float, allowed_contacts: Pairs = (), margin: float = 0.0
    ) -> tuple[Contact, ...]:
        """All pairs nearer than the margin [m] in one posture [rad]. Shape (dof,).

        Raises:
            UnknownName, ValueError: As for `check_path`.
        """
        counted = self._counted_pairs(allowed_contacts)
        distances, samples, least = _results(len(counted), 1)
        values = self._model.posture_values(q, gripper_width)
        path_clearance(values, counted, _checked(margin), margin, False, False, distances, samples, least, *self._flat)
        return self._contacts(counted, distances, samples) if least[0] < margin else ()

    def free(
        self, qs: ArrayLike, gripper_width: ArrayLike, allowed_contacts: Pairs = (), margin: float = 0.0
    ) -> NDArray[np.bool_]:
        """True where no pair is nearer than the margin [m], for many postures [rad]. Shape (n, dof) to (n,).

        Quicker than `check`, since one pair that is too near is enough.

        Raises:
            UnknownName, ValueError: As for `check_path`.
        """
        counted = self._counted_pairs(allowed_contacts)
        values = self._model.joint_values(qs, gripper_width)
        distances, samples, least = _results(len(counted), len(values))
        path_clearance(values, counted, _checked(margin), margin, False, True, distances, samples, least, *self._flat)
        free: NDArray[np.bool_] = least >= margin
        return free

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
            ValueError: Positions or widths have other shapes, there are none, they are not finite, the gripper has no such
                width, the margin is out of its range, or `allowed_contacts` are no pairs of names.
        """
        _checked(margin)
        counted = self._counted_pairs(allowed_contacts)
        values = self._model.joint_values(qs, gripper_width)
        parts = [
            self._checked_part(values[first : first + CHUNK + 1], first, counted, margin)
            for first in range(0, max(len(values) - 1, 1), CHUNK)
        ]
        return parts[0] if len(parts) == 1 else _chained(parts)

    def least(
        self, qs: ArrayLike, gripper_width: ArrayLike, horizon: float = HORIZON, pair: int | None = None
    ) -> tuple[Array, Integers]:
        """The smallest distance of each measured pair over many postures, and where it is.

        Args:
            qs: Joint positions [rad]. Shape (n, dof).
            gripper_width: Distance between the fingers, one number or one a sample [m]. Shape () or (n,).
            horizon: Distances beyond this are not measured; above 0 [m].
            pair: Number in `pairs` of the only one that is asked for; all if not given.

        Returns:
            Distances, at most the horizon [m], and numbers of postures, -1 where none is within the horizon. Shape (pairs,).

        Raises:
            ValueError: There is no such pair or horizon, or positions and widths are as for `check_path`.
        """
        if not 0.0 < horizon < math.inf:
            raise ValueError(f"the horizon has to be above 0 m and finite, got {horizon}")
        counted = np.arange(len(self._pairs)) if pair is None else self._only(pair)
        values = self._model.joint_values(qs, gripper_width)
        distances, samples, least = _results(len(counted), len(values))
        path_clearance(values, counted, horizon, 0.0, False, False, distances, samples, least, *self._flat)
        return distances[0], samples[0]

    def _checked_part(self, values: Array, first: int, counted: Integers, margin: float) -> Clearance:
        """Clearance along a stretch of a path; `first` is the number of its first sample."""
        distances, samples, least = _results(len(counted), len(values))
        swept = len(values) > 1
        between = path_clearance(values, counted, HORIZON, margin, swept, False, distances, samples, least, *self._flat)
        samples += np.where(samples < 0, 0, first)
        contacts = self._contacts(counted, distances, samples) if between < margin or samples[2].max(initial=-1) >= 0 else ()
        return Clearance(contacts, self._nearest(counted, distances[0], samples[0]), between)

    def _contacts(self, counted: Integers, distances: Array, samples: Integers) -> tuple[Contact, ...]:
        """The contacts at samples, then those between; in the order in which they begin."""
        contacts = [
            self._contact(counted[k], distances[distance, k], samples[index, k], samples[first, k])
            for first, distance, index in ((1, 0, 0), (2, 1, 2))  # At the samples, then between them.
            for k in (samples[first] >= 0).nonzero()[0].tolist()
        ]
        if len(contacts) < 2:
            return tuple(contacts)
        return tuple(sorted(contacts, key=lambda contact: contact.first))

    def _nearest(self, counted: Integers, distances: Array, samples: Integers) -> Contact | None:
        if not len(distances):
            return None
        k = int(distances.argmin())
        return None if samples[k] < 0 else self._contact(counted[k], distances[k], samples[k], samples[k])

    def _contact(self, pair: int, distance: float, index: int, first: int) -> Contact:
        a, b = self._pairs[pair].tolist()
        return Contact(self.bodies[a], self.bodies[b], float(distance), int(index), int(first))

    def _only(self, pair: int) -> Integers:
        """The number of a measured pair, checked, since kernels do not look where they read. Shape (1,)."""
        if isinstance(pair, bool) or not isinstance(pair, int | np.integer) or not 0 <= pair < len(self._pairs):
            raise ValueError(f"pair is a whole number from 0 to {len(self._pairs) - 1}, got {pair!r:.80}")
        return np.array([pair], dtype=np.int64)

    def _counted_pairs(self, contacts: Pairs) -> Integers:
        """The pairs that may not touch, as numbers of measured pairs. Shape (k,)."""
        try:
            counted = self._counted.get(contacts)  # type: ignore[call-overload]
        except TypeError:  # Lists, which have no hash.
            contacts = named_pairs(contacts)
            counted = self._counted.get(contacts)
        return self._newly_counted(named_pairs(contacts)) if counted is None else counted

    def _newly_counted(self, contacts: tuple[tuple[str, str], ...]) -> Integers:
        allowed = np.zeros(len(self._pairs), dtype=bool)
        one, other = self._pairs.T
        for first, second in contacts:
            a, b = self._named(first), self._named(second)
            allowed |= (a[one] & b[other]) | (b[one] & a[other])
        counted = self._counted[contacts] = np.flatnonzero(~allowed)
        return counted

    def _named(self, name: str) -> NDArray[np.bool_]:
        """The bodies that a name stands for. Shape (bodies,)."""
        description = self._model.description
        groups = {
            "robot": self._model.links,
            "fingers": description.finger_links,
            "hand": (description.tool_link,),
        }
        own = tuple(body for body in self.bodies if body == name or body.startswith(name + PART_OF))
        wanted = own or groups.get(name)
        if wanted is None:
            raise UnknownName("body", name, (*self.bodies, *groups))
        return np.array([body in wanted for body in self.bodies])


def _results(pairs: int, samples: int) -> tuple[Array, Integers, Array]:
    """Room for what the kernel answers."""
    return np.empty((2, pairs)), np.empty((3, pairs), np.int64), np.empty(samples)


def _chained(parts: Sequence[Clearance]) -> Clearance:
    """Clearance along a path, from stretches that follow each other."""
    worst: dict[tuple[str, str], Contact] = {}
    for contact in (contact for part in parts for contact in part.contacts):
        known = worst.setdefault((contact.a, contact.b), contact)
        if contact.distance < known.distance:
            worst[contact.a, contact.b] = replace(contact, first=known.first)
    nearest = min((part.nearest for part in parts if part.nearest), key=lambda contact: contact.distance, default=None)
    contacts = sorted(worst.values(), key=lambda contact: contact.first)
    return Clearance(tuple(contacts), nearest, min(part.between for part in parts))


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

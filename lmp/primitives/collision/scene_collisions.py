"""How near the robot and what it holds come to themselves and to a scene, for one posture or along a path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.errors import UnknownName
from lmp.primitives.collision.clearance import Clearance, Contact
from lmp.primitives.collision.convex_pieces import Piece, Placed, object_pieces
from lmp.primitives.collision.sampled_boxes import BoxesAtSamples, SampledBoxes, box_gaps
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.shape import Shape

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Pairs = Sequence[tuple[str, str]]

HORIZON = 0.025
"""Distances beyond this are not measured [m]."""
HALVINGS = 6
"""How often a stretch between two samples is halved to show that nothing touches within it [count]."""


class RobotPieces(Protocol):
    """A robot made of convex pieces, as `CollisionModel` is one."""

    description: RobotDescription
    links: tuple[str, ...]
    fixed: frozenset[str]
    self_pairs: tuple[tuple[int, int], ...]

    def robot_pieces(self) -> list[tuple[int, int, Piece]]: ...

    def held_pieces(self, shape: Shape, T_tool_object: Array) -> list[tuple[int, Piece]]: ...

    def joint_frames(self, qs: Array, gripper_widths: Array) -> tuple[Array, Array]: ...


class SceneCollisions:
    """Distances between bodies: robot links, the held object, and the standing objects of a scene.

    Exact distances (GJK and EPA on convex pieces) are taken only where the boxes around two pieces come within the
    horizon. Made by `CollisionModel.with_scene`.

    Attributes:
        bodies: Names: links, then the held object, then the standing objects.
        pairs: The pairs of bodies that are measured, as indices into `bodies`.
    """

    def __init__(self, model: RobotPieces, scene: Scene, held: str | None, T_tool_object: Array | None):
        self._model, self._held = model, held
        things = [thing for thing in scene.objects if thing.name != held]
        hand = [] if held is None else [held]
        self.bodies = (*model.links, *hand, *(thing.name for thing in things))
        moving = [(body, joint, piece) for body, joint, piece in model.robot_pieces()]
        if held is not None and T_tool_object is not None:
            grasped = model.held_pieces(scene.get(held).shape, T_tool_object)
            moving += [(len(model.links), joint, piece) for joint, piece in grasped]
        still = [
            (body, piece.moved(T_world_object))
            for body, thing in enumerate(things, start=len(model.links) + len(hand))
            for T_world_object in (thing.pose.matrix,)
            for piece in object_pieces(thing.shape)
        ]
        pieces = [*(piece for _, _, piece in moving), *(piece for _, piece in still)]
        owners = np.array([*(body for body, _, _ in moving), *(body for body, _ in still)])
        self._placed = [Placed(piece) for piece in pieces]
        self._boxes = SampledBoxes(pieces, np.array([joint for _, joint, _ in moving]), owners)
        self._first_still = len(moving)
        self.pairs = self._measured_pairs(len(model.links) + len(hand))
        self._pair_array = np.array(self.pairs, dtype=np.intp).reshape(-1, 2)
        self._runs = np.searchsorted(owners, np.arange(len(self.bodies) + 1))
        self._blocks: dict[int, Indices] = {}

    def check(
        self, q: ArrayLike, gripper_width: float, allowed_contacts: Pairs = (), margin: float = 0.0
    ) -> tuple[Contact, ...]:
        """All pairs nearer than the margin [m] in one posture [rad]. Shape (dof,)."""
        return self.check_path(np.asarray(q)[None], gripper_width, allowed_contacts, margin).contacts

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
        qs = np.asarray(qs, dtype=np.float64)
        widths = np.broadcast_to(np.asarray(gripper_width, dtype=np.float64), (len(qs),))
        if not 0.0 <= margin < HORIZON:
            raise ValueError(f"the margin has to be in [0, {HORIZON}) m, got {margin}")
        counted = np.flatnonzero(~self._allowed(allowed_contacts))
        distances, steps = self._measure(qs, widths, counted)
        contacts = [self._contact(counted[column], distances[:, column], margin) for column in _columns(distances < margin)]
        bounds = (distances[:-1] + distances[1:] - steps) / 2
        doubtful = (bounds <= 0.0) & (distances.min(axis=0, initial=HORIZON) >= margin)
        contacts += self._between(qs, widths, counted, doubtful)
        contacts.sort(key=lambda contact: contact.first)
        between = float(min(distances.min(initial=HORIZON), bounds.min(initial=HORIZON)))
        return Clearance(tuple(contacts), self._nearest(counted, distances), between)

    def _measured_pairs(self, moving: int) -> tuple[tuple[int, int], ...]:
        model, held = self._model, len(self._model.links)
        grasping = {*model.description.gripper.links, model.description.tool_link}
        pairs = list(model.self_pairs)
        if self._held is not None:
            pairs += [(held, link) for link in range(held) if model.links[link] not in grasping]
        movable = [body for body in range(moving) if body >= held or model.links[body] not in model.fixed]
        return (*pairs, *((body, thing) for body in movable for thing in range(moving, len(self.bodies))))

    def _allowed(self, contacts: Pairs) -> NDArray[np.bool_]:
        """Which of the measured pairs may touch. Shape (pairs,)."""
        allowed = np.zeros(len(self.pairs), dtype=bool)
        for first, second in contacts:
            a, b = self._named(first), self._named(second)
            one, other = self._pair_array[:, 0], self._pair_array[:, 1]
            allowed |= (a[one] & b[other]) | (b[one] & a[other])
        return allowed

    def _named(self, name: str) -> NDArray[np.bool_]:
        """The bodies that a name stands for. Shape (bodies,)."""
        description = self._model.description
        groups = {
            "robot": self._model.links,
            "fingers": description.gripper.links,
            "hand": (description.tool_link,),
        }
        wanted = (name,) if name in self.bodies else groups.get(name)
        if wanted is None:
            raise UnknownName("body", name, (*self.bodies, *groups))
        return np.array([body in wanted for body in self.bodies])

    def _measure(self, qs: Array, widths: Array, counted: Indices) -> tuple[Array, Array]:
        """Distances, at most the horizon, of the counted pairs, and bounds on their motion. Shapes (n, k), (n - 1, k)."""
        turns = np.abs(np.diff(qs, axis=0)).sum(axis=1) + np.abs(np.diff(widths))
        boxes = self._boxes.at(*self._model.joint_frames(qs, widths), turns)
        a, b = self._pair_array[counted].T
        gaps = box_gaps(boxes.body_lower[:, a], boxes.body_upper[:, a], boxes.body_lower[:, b], boxes.body_upper[:, b])
        distances = np.full((len(qs), len(counted)), HORIZON)
        near_samples, near_columns = np.nonzero(gaps < HORIZON)
        if len(near_samples):
            blocks = [self._piece_pairs(counted[column]) for column in near_columns]
            lengths = [len(block) for block in blocks]
            samples, columns = np.repeat(near_samples, lengths), np.repeat(near_columns, lengths)
            self._exact(boxes, samples, columns, np.concatenate(blocks), distances)
        return distances, boxes.steps[:, a] + boxes.steps[:, b]

    def _piece_pairs(self, pair: int) -> Indices:
        """All pairs of pieces of a pair of bodies. Shape (m, 2)."""
        block = self._blocks.get(pair)
        if block is None:
            one, other = (np.arange(self._runs[body], self._runs[body + 1]) for body in self.pairs[pair])
            block = np.stack(np.meshgrid(one, other, indexing="ij"), axis=-1).reshape(-1, 2)
            self._blocks[pair] = block
        return block

    def _exact(self, boxes: BoxesAtSamples, samples: Indices, columns: Indices, pieces: Indices, distances: Array) -> None:
        """Puts the exact distances of pairs of pieces, where their boxes are near, into the distances of the bodies."""
        one, other = pieces.T
        gaps = box_gaps(
            boxes.piece_lower[samples, one],
            boxes.piece_upper[samples, one],
            boxes.piece_lower[samples, other],
            boxes.piece_upper[samples, other],
        )
        near = gaps < HORIZON
        placed = self._placed
        current: dict[int, int] = {}
        for sample, column, a, b in zip(*(array[near].tolist() for array in (samples, columns, one, other)), strict=True):
            for piece in (a, b):
                if piece < self._first_still and current.get(piece) != sample:
                    placed[piece].place(boxes.rotations[sample, piece], boxes.translations[sample, piece])
                    current[piece] = sample
            distance = placed[a].distance(placed[b])
            if distance < distances[sample, column]:
                distances[sample, column] = distance

    def _between(self, qs: Array, widths: Array, counted: Indices, doubtful: NDArray[np.bool_]) -> list[Contact]:
        """The contacts that halving the doubtful steps does not exclude, one a pair. Flags of shape (n - 1, k)."""
        rows = np.flatnonzero(doubtful.any(axis=1))
        open_ = doubtful[rows]
        ends = np.stack([qs[rows], qs[rows + 1]], axis=1)
        end_widths = np.stack([widths[rows], widths[rows + 1]], axis=1)
        found: dict[int, Contact] = {}
        for _ in range(HALVINGS):
            if not len(rows):
                break
            finer = np.stack([ends[:, 0], ends.mean(axis=1), ends[:, 1]], axis=1)
            finer_widths = np.stack([end_widths[:, 0], end_widths.mean(axis=1), end_widths[:, 1]], axis=1)
            measured, steps = self._measure(finer.reshape(-1, qs.shape[1]), finer_widths.reshape(-1), counted)
            distances = measured.reshape(len(rows), 3, -1)
            moves = np.concatenate([steps, steps[:1]]).reshape(len(rows), 3, -1)[:, :2]
            touching = open_ & (distances[:, 1] <= 0.0)
            for column in _columns(touching):
                row = int(np.argmin(distances[:, 1, column]))
                found[column] = self._named_contact(counted[column], float(distances[row, 1, column]), rows[row], rows[row])
            open_[:, list(found)] = False
            left = open_[:, None] & ((distances[:, :-1] + distances[:, 1:] - moves) <= 0.0)
            stretch, half = np.nonzero(left.any(axis=2))
            open_, rows = left[stretch, half], rows[stretch]
            ends = np.stack([finer[stretch, half], finer[stretch, half + 1]], axis=1)
            end_widths = np.stack([finer_widths[stretch, half], finer_widths[stretch, half + 1]], axis=1)
        for column in _columns(open_):
            row = rows[int(np.argmax(open_[:, column]))]
            found[column] = self._named_contact(counted[column], 0.0, row, row)
        return list(found.values())

    def _contact(self, pair: int, distances: Array, margin: float) -> Contact:
        index, first = int(np.argmin(distances)), int(np.argmax(distances < margin))
        return self._named_contact(pair, float(distances[index]), index, first)

    def _named_contact(self, pair: int, distance: float, index: int, first: int) -> Contact:
        a, b = self.pairs[pair]
        return Contact(self.bodies[a], self.bodies[b], distance, int(index), int(first))

    def _nearest(self, counted: Indices, distances: Array) -> Contact | None:
        if not distances.size or distances.min() >= HORIZON:
            return None
        index, column = np.unravel_index(int(np.argmin(distances)), distances.shape)
        return self._named_contact(counted[column], float(distances[index, column]), int(index), int(index))


def _columns(flags: NDArray[np.bool_]) -> Iterable[int]:
    return (int(column) for column in np.flatnonzero(flags.any(axis=0)))

"""Pairs of a robot's links that self collision leaves out, and why; found once for a robot file and stored in it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.scene_collisions import HORIZON, SceneCollisions
from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]

POSTURES = 20_000
"""Random postures in which distances are taken [count]."""
TOUCHES = 300
"""Of these, those in which touches are counted [count]."""
WIDE = 0.06
"""Pairs that come nearer than this are looked at more closely, before they count as distant [m]."""
ROUNDS, TRIES = 8, 200
"""How often, and how often each time, a nearer posture is sought around the nearest one that is known [count]."""

Reason = Literal["neighbours", "fingers", "always", "never"]


@dataclass(frozen=True)
class ExcludedPair:
    """A pair of links that self collision leaves out.

    Attributes:
        a, b: The links, in the order of the URDF.
        reason: `neighbours` share a joint or move together, `fingers` close on each other, `always`: they touch in every
            posture that was looked at; these belong into `ignored_pairs`. `never`: no posture brings them within the
            horizon of 0.025 m; these belong into `distant_pairs`.
        distance: Smallest distance that was found [m]; None where it was not looked for.
    """

    a: str
    b: str
    reason: Reason
    distance: float | None = None


def excluded_pairs(description: RobotDescription, seed: int = 0) -> tuple[ExcludedPair, ...]:
    """Compute what a robot file should hold in `ignored_pairs` and `distant_pairs`; the same each time.

    That a pair never comes near rests on 20,000 random postures within the limits and a search around the nearest.

    Raises:
        BadFile: The URDF or its meshes cannot be loaded.
    """
    model = CollisionModel(description.model_copy(update={"ignored_pairs": (), "distant_pairs": ()}))
    alone = model.alone()
    names = [(model.links[a], model.links[b]) for a, b in alone.pairs]
    rng = np.random.default_rng(seed)
    lower = np.array([joint.lower for joint in description.joints])
    upper = np.array([joint.upper for joint in description.joints])
    qs = rng.uniform(lower, upper, (POSTURES, len(lower)))
    widths = rng.uniform(0.0, description.max_width, POSTURES)
    distances, nearest = alone.least(qs, widths, WIDE)
    far = {pair for pair, distance in zip(names, distances, strict=True) if distance >= HORIZON}
    designed = tuple(pair for pair in _designed(model, description) if (pair.a, pair.b) not in far)
    touching = [{(c.a, c.b) for c in alone.check(q, float(width))} for q, width in zip(qs[:TOUCHES], widths, strict=False)]
    always = set.intersection(*touching) - {(pair.a, pair.b) for pair in designed}
    found = [ExcludedPair(a, b, "always") for a, b in sorted(always)]
    for number, (a, b) in enumerate(names):
        if (a, b) not in far:
            continue
        distance = float(distances[number])
        if distance < WIDE:
            row = int(nearest[number])
            distance = _nearest(alone, number, qs[row], float(widths[row]), lower, upper, rng)
        if distance >= HORIZON:
            found.append(ExcludedPair(a, b, "never", distance))
    return (*designed, *found)


def _designed(model: CollisionModel, description: RobotDescription) -> tuple[ExcludedPair, ...]:
    """Pairs of links that meet in a joint, and fingers, which close on each other."""
    parents, found = model.tree.parents, []
    for a, b in combinations(range(len(model.links)), 2):
        one, other = int(model.joints[a]), int(model.joints[b])
        if one == other == 0:
            continue
        if one == other or parents[one] == other or parents[other] == one:
            found.append(ExcludedPair(model.links[a], model.links[b], "neighbours"))
        elif {model.links[a], model.links[b]} <= set(description.finger_links):
            found.append(ExcludedPair(model.links[a], model.links[b], "fingers"))
    return tuple(found)


def _nearest(
    alone: SceneCollisions, pair: int, q: Array, width: float, lower: Array, upper: Array, rng: np.random.Generator
) -> float:
    """The smallest distance of a pair that a search around a posture finds [m]."""
    best, reach = WIDE, 0.2
    for _ in range(ROUNDS):
        tries = np.clip(q + reach * (upper - lower) * rng.normal(size=(TRIES, len(q))), lower, upper)
        tries[0] = q
        distances, rows = alone.least(tries, np.full(TRIES, width), WIDE, pair)
        if distances[0] < best:
            best, q = float(distances[0]), tries[int(rows[0])]
        reach /= 2
    return best

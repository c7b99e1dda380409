"""Bodies that are too near to each other where a motion begins: they may only part, and do not meet again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.lessening import ROUNDING
from lmp.primitives.collision.named_pairs import Clearance, Contact
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.primitives.moves import Contacts

Array = NDArray[np.float64]
NearPairs = Mapping[frozenset[str], float]
"""Pairs that are nearer than the margin, each with the largest distance that it has had so far [m]."""

MARGIN = 0.001
"""Least distance to anything that must not be touched [m]."""
SLACK = 5e-4
"""How much a distance may shrink on its way out: bodies in contact rub along each other before they part [m]."""
BETWEEN = 8
"""Parts of each step between samples in which the distances of such pairs are taken [count]."""


@dataclass(frozen=True)
class Parting:
    """A path that may begin where bodies are too near to each other.

    Attributes:
        clearance: The room that it leaves, without the pairs that part as they have to.
        near: Pairs that are still too near at its end.
        parted: Pairs that were too near where it begins, and are no contacts for that.
    """

    clearance: Clearance
    near: NearPairs
    parted: tuple[tuple[str, str], ...] = ()


def near_pairs(obstacles: SceneCollisions, q: Array, width: float, allowed: Contacts = ()) -> NearPairs:
    """The pairs that are too near in a posture. Shape (dof,)."""
    return {frozenset((c.a, c.b)): c.distance for c in obstacles.check(q, width, allowed, MARGIN)}


def parting_clearance(
    obstacles: SceneCollisions, qs: Array, widths: Array, allowed: Contacts, near: NearPairs, margin: float = MARGIN
) -> Parting:
    """The room that a path leaves, and which pairs are still too near at its end.

    A pair that is too near at the beginning is no contact as long as it parts: its distance only grows until it reaches
    the margin, and stays above it from there on.

    Args:
        obstacles: What is measured.
        qs: Joint positions along the path [rad]. Shape (n, dof).
        widths: Distance of the fingers [m]. Shape (n,).
        allowed: Pairs that may touch.
        near: Pairs that are too near where it begins.
        margin: What all other pairs have to keep [m].
    """
    found = obstacles.check_path(qs, widths, allowed, margin)
    touched = {frozenset((contact.a, contact.b)) for contact in found.contacts} & near.keys()
    if not touched:
        return Parting(found, {})
    fine = _between(qs), _between(widths[:, None])[:, 0]
    best, last = dict(near), 0
    contacts: dict[frozenset[str], Contact] = {}
    for index, (q, width) in enumerate(zip(*fine, strict=True)):
        row = index // BETWEEN
        now = {frozenset((c.a, c.b)): c for c in obstacles.check(q, width, allowed, MARGIN)}
        for pair in touched:
            contact, before = now.get(pair), best[pair]
            distance = MARGIN if contact is None else contact.distance
            if contact is not None:
                last = row + 1
                if MARGIN - distance > (MARGIN - before + SLACK if before < MARGIN else ROUNDING):
                    known = contacts.setdefault(pair, replace(contact, index=row, first=row))
                    if distance < known.distance:
                        contacts[pair] = replace(contact, index=row, first=known.first)
            best[pair] = max(before, distance)
    if last < len(qs) - 1:  # All have parted: what is between the samples from here on is looked at as for any other pair.
        later = obstacles.check_path(qs[last:], widths[last:], allowed, MARGIN).contacts
        for contact in (c for c in later if frozenset((c.a, c.b)) in touched):
            shifted = replace(contact, index=contact.index + last, first=contact.first + last)
            contacts.setdefault(frozenset((contact.a, contact.b)), shifted)
    others = [contact for contact in found.contacts if frozenset((contact.a, contact.b)) not in touched]
    ordered = tuple(sorted((*others, *contacts.values()), key=_beginning))
    parted = tuple((c.a, c.b) for c in found.contacts if frozenset((c.a, c.b)) in touched - contacts.keys())
    still = {pair: best[pair] for pair in touched if best[pair] < MARGIN}
    return Parting(replace(found, contacts=ordered), still, parted)


def _between(rows: Array) -> Array:
    """Rows with those between them, straight from one to the next. Shape (n, k) to ((n - 1) BETWEEN + 1, k)."""
    shares = np.arange(len(rows) - 1, dtype=np.float64)[:, None] + np.arange(BETWEEN) / BETWEEN
    at = np.append(shares.ravel(), len(rows) - 1.0)
    first = np.minimum(at.astype(np.int64), len(rows) - 2)
    part = (at - first)[:, None]
    between: Array = (1.0 - part) * rows[first] + part * rows[first + 1]
    return between


def _beginning(contact: Contact) -> int:
    return contact.first

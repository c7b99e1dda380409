"""Support between objects, and how an object falls: straight down, onto the first below, without tipping."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lmp.schema.shape import Articulated
from lmp.sims.kinematic.body import Body, fits
from lmp.sims.planar import depth_inside
from lmp.sims.scenes.footprint import free_distance

GRAVITY = 9.81
"""Acceleration of free fall [m/s^2]."""

TOUCHING = 1.5e-3
"""Vertical distance within which objects touch [m]."""

_OVERLAP = 5e-4
"""Outlines that overlap by less than this slide past each other [m]."""

_REACH = 0.015
"""Depth to which an object may be pressed into its support when it is let go, and still come to rest on it [m]."""


def support_height(body: Body, support: Body) -> float | None:
    """Height at which `support` would carry `body` where it is [m]; None if it would fall past it."""
    return max((height for _, height in _carriers(body, support)), default=None)


def _carriers(body: Body, support: Body) -> list[tuple[str | None, float]]:
    """The parts of `support` that a body could come to rest on where it is, and their heights there [m].

    A rigid object carries on the floor of its hollow or on its top, one with joints on every piece of it that is not above.
    """
    if free_distance(body.outline, support.outline) > -_OVERLAP:
        return []
    if isinstance(support.shape, Articulated):
        return [
            (part, top)
            for part, outline, top in support.piece_outlines
            if top <= body.bottom + _REACH and free_distance(body.outline, outline) <= -_OVERLAP
        ]
    floors: list[tuple[str | None, float]] = [
        (None, floor) for opening, floor in support.openings() if fits(body.outline, opening)
    ]
    return floors[:1] or [(None, support.top)]


def drop(body: Body, others: Iterable[Body], floor: float) -> None:
    """Lets a body fall until something carries it, or to the floor at a height [m]."""
    body.lie_flat()
    others = list(others)
    for container in others:
        _slide_in(body, container)
    heights = [height for other in others if (height := support_height(body, other)) is not None]
    below = [height for height in heights if height <= body.bottom + _REACH]
    body.shift(np.array([0.0, 0.0, max(below, default=floor) - body.bottom]))


def fly(body: Body, velocity: tuple[float, float, float], others: Iterable[Body], floor: float) -> None:
    """Throws a body [m/s]: it comes down where a throw over the furniture below ends, on the first object below."""
    others, (vx, vy, vz) = list(others), velocity
    below = [other.top for other in others if other.description.role == "support" and other.top <= body.bottom + TOUCHING]
    seconds = (vz + math.sqrt(vz * vz + 2.0 * GRAVITY * max(0.0, body.bottom - max(below, default=floor)))) / GRAVITY
    body.shift(np.array([vx, vy, 0.0]) * max(0.0, seconds))
    drop(body, others, floor)


def _slide_in(body: Body, container: Body) -> None:
    """A body whose centre is above an opening slides in, if there is room for it between the walls."""
    for opening, floor in container.openings():
        centre, middle = body.T_world_body[:2, 3], opening.mean(axis=0)
        if (
            _roofed(container, centre, body.bottom)
            or fits(body.outline, opening)
            or body.bottom < floor - _REACH
            or depth_inside(opening, centre) <= 0.0
        ):
            continue
        before = body.T_world_body
        for share in np.linspace(0.05, 1.0, 20):
            body.T_world_body = before
            body.shift(np.append((middle - centre) * share, 0.0))
            if fits(body.outline, opening):
                return
        body.T_world_body = before


def _roofed(container: Body, centre: NDArray[np.float64], bottom: float) -> bool:
    """True if a part of an object with joints is above a point: a drawer is filled only where it is out."""
    if not isinstance(container.shape, Articulated):
        return False
    pieces = container.piece_outlines
    return any(top > bottom + _REACH and depth_inside(outline, centre) > 0.0 for _, outline, top in pieces)


def carries(support: Body, body: Body) -> bool:
    """True if `body` stands on or in `support`."""
    if body.bottom > support.top + TOUCHING or _boxes_apart(body.outline, support.outline):
        return False  # Most pairs are told apart by their boxes, at a small part of the cost.
    height = support_height(body, support)
    return height is not None and abs(body.bottom - height) <= TOUCHING


def _boxes_apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """True if the boxes around two outlines do not meet. Shapes (m, 2) and (n, 2)."""
    return bool((one.min(axis=0) > other.max(axis=0)).any() or (other.min(axis=0) > one.max(axis=0)).any())


def riders(body: Body, others: Iterable[Body]) -> list[Body]:
    """Everything that moves along when the body is lifted: what it carries, and what that carries."""
    found: list[Body] = []
    waiting, rest = [body], [other for other in others if other is not body and other.description.movable]
    while waiting:
        support = waiting.pop()
        for other in [candidate for candidate in rest if candidate not in found and carries(support, candidate)]:
            found.append(other)
            waiting.append(other)
    return found


def riders_by_part(body: Body, others: Iterable[Body]) -> dict[str, list[Body]]:
    """The bodies that each part of an object with joints carries, with all that stands on those."""
    rest = [other for other in others if other is not body and other.description.movable]
    found: dict[str, list[Body]] = {}
    for other in rest:
        parts = (part for part, height in _carriers(other, body) if abs(other.bottom - height) <= TOUCHING)
        part = next(parts, None)
        if part is not None:
            known = found.setdefault(part, [])
            known += [each for each in (other, *riders(other, rest)) if each not in known]
    return found


def touching(bodies: Iterable[Body]) -> dict[str, list[str]]:
    """Names of what each body touches."""
    bodies = list(bodies)
    contacts: dict[str, list[str]] = {body.name: [] for body in bodies}
    for upper in bodies:
        for lower in bodies:
            if upper is not lower and carries(lower, upper):
                contacts[upper.name].append(lower.name)
                contacts[lower.name].append(upper.name)
    return contacts

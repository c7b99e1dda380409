"""The objects that move along with one that is moved by hand."""

from __future__ import annotations

from collections.abc import Container, Iterable

import numpy as np

from lmp.schema.scene import SceneObject


def underside(item: SceneObject) -> float:
    """Height of its lowest point [m]."""
    return -item.extent(np.array([0.0, 0.0, -1.0]))


def riders(item: SceneObject, others: Iterable[SceneObject], supports: Container[str]) -> list[SceneObject]:
    """The objects that stand on or in it, directly or not: each touches, is higher up, and touches no furniture."""
    found: list[SceneObject] = []
    others, carrying = list(others), [item]
    while carrying:
        below = carrying.pop()
        for other in others:
            touched = other.touching or ()
            free = not any(name in supports for name in touched)
            carried = below.name in touched and free and underside(other) > underside(below) + 1e-3
            if other not in found and other.movable and not other.held and carried:
                found.append(other)
                carrying.append(other)
    return found

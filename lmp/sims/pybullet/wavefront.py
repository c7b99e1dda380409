"""Meshes as Wavefront text."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import ConvexHull

from lmp.schema.shape import Cylinder, Mesh

AROUND = 40
"""Corners around a drawn cylinder."""


def hull_text(mesh: Mesh) -> str:
    """The hull of the vertices, with faces that look outwards."""
    points = np.array(mesh.vertices)
    hull = ConvexHull(points)
    lines = [f"v {x:.9g} {y:.9g} {z:.9g}" for x, y, z in points]
    for corners, equation in zip(hull.simplices, hull.equations, strict=True):
        a, b, c = points[corners]
        outward = np.cross(b - a, c - a) @ equation[:3] > 0
        first, second, third = corners + 1 if outward else corners[::-1] + 1
        lines.append(f"f {first} {second} {third}")
    return "\n".join(lines) + "\n"


def cylinder_text(cylinder: Cylinder) -> str:
    """A cylinder to look at: a smooth side and flat ends (PyBullet's own is shaded like a ball)."""
    radius, half = cylinder.radius, cylinder.height / 2
    lines = [f"v 0 0 {-half:.9g}", f"v 0 0 {half:.9g}", "vn 0 0 -1", "vn 0 0 1"]
    for index in range(AROUND):
        c, s = math.cos(2 * math.pi * index / AROUND), math.sin(2 * math.pi * index / AROUND)
        lines += [f"v {radius * c:.9g} {radius * s:.9g} {z:.9g}" for z in (-half, half)] + [f"vn {c:.9g} {s:.9g} 0"]
    for index in range(AROUND):
        following = (index + 1) % AROUND
        low, high, next_low, next_high = 3 + 2 * index, 4 + 2 * index, 3 + 2 * following, 4 + 2 * following
        here, there = 3 + index, 3 + following
        lines += [
            f"f {low}//{here} {next_low}//{there} {next_high}//{there}",
            f"f {low}//{here} {next_high}//{there} {high}//{here}",
            f"f 1//1 {next_low}//1 {low}//1",
            f"f 2//2 {high}//2 {next_high}//2",
        ]
    return "\n".join(lines) + "\n"

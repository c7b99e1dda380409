"""The shapes of a robot's links, as its URDF gives them: each piece exactly, but for meshes, which become their convex hulls.

Read here and not by a parser of URDFs, since those leave out in silence what they do not know.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import coal
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lmp.errors import BadFile
from lmp.primitives.collision.convex_pieces import Piece, Solid, hull_solid, placed_piece, plain_solid
from lmp.primitives.kernels.solids import BOX, CYLINDER
from lmp.robots.urdf_meshes import mesh_scale

Array = NDArray[np.float64]


def collision_piece(collision: ElementTree.Element, urdf: Path) -> Piece:
    """One element `<collision>` in the frame of its link.

    Raises:
        BadFile: Its mesh cannot be read.
    """
    T_link_piece, origin = np.eye(4), collision.find("origin")
    if origin is not None:
        T_link_piece[:3, 3] = _numbers(origin, "xyz", "0 0 0")
        T_link_piece[:3, :3] = Rotation.from_euler("xyz", _numbers(origin, "rpy", "0 0 0")).as_matrix()
    (shape,) = collision.findall("geometry/*")
    return placed_piece(_solid(shape, urdf), T_link_piece)


def _solid(shape: ElementTree.Element, urdf: Path) -> Solid:
    match shape.tag:
        case "box":
            x, y, z = _numbers(shape, "size").tolist()
            return plain_solid(BOX, (x / 2, y / 2, z / 2))
        case "sphere":
            return plain_solid(BOX, (0.0, 0.0, 0.0), float(shape.attrib["radius"]))
        case "cylinder":
            radius = float(shape.attrib["radius"])
            return plain_solid(CYLINDER, (radius, radius, float(shape.attrib["length"]) / 2))
        case "capsule":  # Its length is that of the cylinder between the two half spheres.
            return plain_solid(BOX, (0.0, 0.0, float(shape.attrib["length"]) / 2), float(shape.attrib["radius"]))
        case _:
            return hull_solid(_mesh_points(Path(shape.attrib["filename"]), mesh_scale(shape), urdf))


def _mesh_points(file: Path, scale: tuple[float, ...], urdf: Path) -> Array:
    """Corners of a mesh file [m]. Shape (n, 3)."""
    try:
        mesh = coal.MeshLoader().load(str(file), np.array(scale))
        points = np.array(mesh.vertices(), dtype=np.float64)
    except (ValueError, RuntimeError, OSError) as error:
        raise BadFile(str(urdf), [f"The mesh {str(file)!r} cannot be read: {' '.join(str(error).split())[:200]}."]) from error
    if len(points) < 1 or not np.isfinite(points).all():
        raise BadFile(str(urdf), [f"The mesh {str(file)!r} cannot be read: it has no corners, or corners that are no numbers."])
    return points


def _numbers(element: ElementTree.Element, name: str, default: str = "") -> Array:
    return np.array([float(word) for word in element.attrib.get(name, default).split()])

"""Objects as URDF text and their meshes as Wavefront text: one link a part, one joint a joint."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import numpy as np
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

from lmp.schema.pose import Pose
from lmp.schema.scene_file import Rgb
from lmp.schema.shape import Articulated, Box, Compound, Cylinder, Mesh, ObjectJoint, Part, Shape, Sphere, solid_parts
from lmp.sims.pybullet.mass import mass_properties, volume

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


BASE = "body"
"""Name of the link of a rigid object."""


@dataclass(frozen=True)
class _Link:
    """One rigid part.

    Attributes:
        pieces: In the link's frame, which is the object's for the base, and that of the joint above for the others.
        mass: [kg].
        T_parent_link: Its frame in that of the link that carries it.
        joint: The joint above; None for the base.
    """

    name: str
    pieces: tuple[Part, ...]
    mass: float
    T_parent_link: Pose
    joint: ObjectJoint | None = None


def write_urdf(shape: Shape, mass: float, rgb: Rgb, path: Path) -> Pose:
    """Writes an object's file, and those of its meshes beside it; returns `T_object_com` of its base.

    Args:
        shape: Its joints have to be known nowhere: they are at zero in the file.
        mass: Of all parts together, which have one density [kg].
        rgb: Its colour from 0 to 1 [dimensionless].
        path: The file.
    """
    links = _links(shape, mass)
    colour = " ".join(f"{value:.6g}" for value in rgb)
    # One element a line: the importer cuts lines after 1 kB.
    lines = ['<robot name="object">', f'<material name="colour"><color rgba="{colour} 1"/></material>']
    T_object_com = Pose()
    for number, link in enumerate(links):
        text, T_link_com = _link_lines(link, f"{path.stem}_{number}", path)
        lines += text
        if link.joint is None:
            T_object_com = T_link_com
    lines += [line for link in links if link.joint is not None for line in _joint_lines(link, link.joint)]
    path.write_text("\n".join([*lines, "</robot>"]) + "\n")
    return T_object_com


def _links(shape: Shape, mass: float) -> list[_Link]:
    if not isinstance(shape, Articulated):
        return [_Link(BASE, solid_parts(shape), mass, Pose())]
    density = mass / sum(volume(part.shape) for part in shape.parts)
    above = {joint.child: joint for joint in shape.joints}
    poses = {part.name: part.pose.matrix for part in shape.parts}
    # The frame of each link in the object's while all joints are at zero.
    frames = {
        name: np.eye(4) if name == shape.base else poses[above[name].parent] @ above[name].origin.matrix for name in poses
    }
    links = []
    for part in shape.parts:
        to_link = Pose.from_matrix(np.linalg.inv(frames[part.name]) @ poses[part.name])
        pieces = tuple(Part(pose=to_link @ piece.pose, shape=piece.shape) for piece in solid_parts(part.shape))
        joint = above.get(part.name)
        T = np.eye(4) if joint is None else np.linalg.inv(frames[joint.parent]) @ frames[part.name]
        links.append(_Link(part.name, pieces, density * volume(part.shape), Pose.from_matrix(T), joint))
    return links


def _link_lines(link: _Link, stem: str, path: Path) -> tuple[list[str], Pose]:
    """The lines of a link, and `T_link_com` with the principal axes of its inertia."""
    centre, inertia = mass_properties(Compound.model_construct(parts=link.pieces), link.mass)
    moments, axes = np.linalg.eigh(inertia)
    if np.linalg.det(axes) < 0:
        axes[:, 0] = -axes[:, 0]
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = axes, centre
    T_link_com = Pose.from_matrix(matrix)
    xx, yy, zz = (f"{moment:.12g}" for moment in moments)
    pieces = [_piece(part, index, stem, path) for index, part in enumerate(link.pieces)]
    drawn = [
        _drawn(part, index, stem, path) or piece for index, (part, piece) in enumerate(zip(link.pieces, pieces, strict=True))
    ]
    lines = [
        f'<link name="{_id(link)}"><inertial>',
        _origin(T_link_com),
        f'<mass value="{link.mass:.12g}"/><inertia ixx="{xx}" iyy="{yy}" izz="{zz}" ixy="0" ixz="0" iyz="0"/>',
        "</inertial>",
        *(f'<visual>{piece}<material name="colour"/></visual>' for piece in drawn),
        *(f"<collision>{piece}</collision>" for piece in pieces),
        "</link>",
    ]
    return lines, T_link_com


def _id(link: _Link) -> str:
    return _hex(link.name)


def _hex(name: str) -> str:
    """A name of a link in letters that a URDF takes, whatever the part is called."""
    return f"part_{name.encode().hex()}"


def joint_id(name: str) -> str:
    """A name of a joint in letters that a URDF takes, whatever the joint is called."""
    return f"joint_{name.encode().hex()}"


def _joint_lines(link: _Link, joint: ObjectJoint) -> list[str]:
    x, y, z = joint.axis
    return [
        f'<joint name="{joint_id(joint.name)}" type="{joint.kind}">',
        _origin(link.T_parent_link),
        f'<parent link="{_hex(joint.parent)}"/>',
        f'<child link="{_id(link)}"/>',
        f'<axis xyz="{x:.12g} {y:.12g} {z:.12g}"/>',
        f'<limit lower="{joint.lower:.12g}" upper="{joint.upper:.12g}" effort="1000" velocity="100"/>',
        "</joint>",
    ]


def _piece(part: Part, index: int, stem: str, path: Path) -> str:
    shape = part.shape
    match shape:
        case Box():
            geometry = '<box size="{:.12g} {:.12g} {:.12g}"/>'.format(*shape.size)
        case Cylinder():
            geometry = f'<cylinder radius="{shape.radius:.12g}" length="{shape.height:.12g}"/>'
        case Sphere():
            geometry = f'<sphere radius="{shape.radius:.12g}"/>'
        case Mesh():
            mesh = path.with_name(f"{stem}_{index}.obj")
            mesh.write_text(hull_text(shape))
            geometry = f'<mesh filename="{mesh.name}"/>'
        case _:
            assert_never(shape)
    return f"{_origin(part.pose)}<geometry>{geometry}</geometry>"


def _drawn(part: Part, index: int, stem: str, path: Path) -> str | None:
    """The mesh that is drawn for a piece, where that is not the piece itself."""
    if not isinstance(part.shape, Cylinder):
        return None
    mesh = path.with_name(f"{stem}_{index}_drawn.obj")
    mesh.write_text(cylinder_text(part.shape))
    return f'{_origin(part.pose)}<geometry><mesh filename="{mesh.name}"/></geometry>'


def _origin(pose: Pose) -> str:
    x, y, z = pose.position
    with warnings.catch_warnings():  # at gimbal lock any one of the triples is as good
        warnings.simplefilter("ignore", UserWarning)
        roll, pitch, yaw = Rotation.from_quat(pose.quat_xyzw).as_euler("xyz")
    return f'<origin xyz="{x:.12g} {y:.12g} {z:.12g}" rpy="{roll:.12g} {pitch:.12g} {yaw:.12g}"/>'

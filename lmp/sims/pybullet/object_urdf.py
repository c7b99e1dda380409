"""Objects as URDF text: one link a part, one joint a joint; the one way to give a body more than sixteen pieces."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

import numpy as np
from scipy.spatial.transform import Rotation

from lmp.schema.pose import Pose
from lmp.schema.scene_file import Rgb
from lmp.schema.shape import Articulated, Box, Compound, Cylinder, Mesh, ObjectJoint, Part, Shape, Sphere, solid_parts
from lmp.sims.pybullet.mass import mass_properties, volume
from lmp.sims.pybullet.wavefront import cylinder_text, hull_text

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

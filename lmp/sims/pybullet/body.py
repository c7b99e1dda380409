"""Objects as PyBullet bodies. They are loaded from a URDF text, the one way to give a body more than sixteen parts."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lmp.schema.pose import Pose
from lmp.schema.scene_file import ObjectSpec, Rgb
from lmp.schema.shape import Box, Cylinder, Mesh, Part, Shape, Sphere, solid_parts
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.mass import mass_properties
from lmp.sims.pybullet.wavefront import cylinder_text, hull_text

ROLLING_FRICTION = 2e-4
"""Lever arm of the rolling resistance [m]: a wooden ball on a table comes to rest within some decimetres."""
SPINNING_FRICTION = 1e-3
"""Lever arm of the friction against turning about a contact's normal [m]: contacts are small patches, not points."""
AWAY = 5.0
"""How far a body is taken to lose its contacts [m]."""
RESTITUTION = 0.0
"""Things on a table hardly bounce; any bounce also lets what is put down jump off its place."""


class Body:
    """One object in the engine.

    PyBullet speaks of the centre of mass; this class speaks of the object's own frame.
    """

    def __init__(self, engine: Engine, folder: Path, spec: ObjectSpec, shape: Shape, rgb: Rgb, pose: Pose):
        self.name, self._engine = spec.name, engine
        centre, inertia = mass_properties(shape, spec.mass)
        moments, axes = np.linalg.eigh(inertia)
        if np.linalg.det(axes) < 0:
            axes[:, 0] = -axes[:, 0]
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = axes, centre
        self._T_body_com = Pose.from_matrix(matrix)
        path = folder / f"{len(list(folder.iterdir()))}.urdf"
        path.write_text(_urdf(shape, spec.mass, self._T_body_com, moments, rgb, path))
        # PyBullet keeps what it reads by its name, for good; these files have names of their own in every world.
        engine.setPhysicsEngineParameter(enableFileCaching=0)
        self.uid: int = engine.loadURDF(
            str(path),
            useFixedBase=spec.role != "movable",
            flags=engine.URDF_USE_INERTIA_FROM_FILE | engine.URDF_USE_IMPLICIT_CYLINDER,
        )
        engine.setPhysicsEngineParameter(enableFileCaching=1)
        engine.changeDynamics(
            self.uid,
            -1,
            lateralFriction=spec.friction,
            rollingFriction=ROLLING_FRICTION,
            spinningFriction=SPINNING_FRICTION,
            restitution=RESTITUTION,
            linearDamping=0.0,
            angularDamping=0.0,
        )
        self.move(pose)

    @property
    def pose(self) -> Pose:
        """`T_world_body`."""
        position, quat = self._engine.getBasePositionAndOrientation(self.uid)
        return Pose(position=position, quat_xyzw=quat) @ self._T_body_com.inverse()

    def move(self, pose: Pose) -> None:
        """Puts it there, at rest."""
        T_world_com = pose @ self._T_body_com
        self._engine.resetBasePositionAndOrientation(self.uid, T_world_com.position, T_world_com.quat_xyzw)
        self._engine.resetBaseVelocity(self.uid, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0])

    def throw(self, velocity: tuple[float, float, float]) -> None:
        """Gives it a velocity in the world, without a turn [m/s]."""
        self._engine.resetBaseVelocity(self.uid, velocity, [0.0, 0.0, 0.0])

    def set_friction(self, coefficient: float) -> None:
        """Sets its Coulomb coefficient [dimensionless]; that of a contact is the product of both."""
        self._engine.changeDynamics(self.uid, -1, lateralFriction=coefficient)
        # A contact point that sticks keeps the friction that it was made with, so that all are made anew.
        position, quat = self._engine.getBasePositionAndOrientation(self.uid)
        velocities = self._engine.getBaseVelocity(self.uid)
        for place in ((position[0], position[1], position[2] + AWAY), position):
            self._engine.resetBasePositionAndOrientation(self.uid, place, quat)
            self._engine.performCollisionDetection()
        self._engine.resetBaseVelocity(self.uid, *velocities)


def _urdf(shape: Shape, mass: float, T_body_com: Pose, moments: NDArray[np.float64], rgb: Rgb, path: Path) -> str:
    xx, yy, zz = (f"{moment:.12g}" for moment in moments)
    parts = solid_parts(shape)
    pieces = [_piece(part, index, path) for index, part in enumerate(parts)]
    drawn = [_drawn(part, index, path) or piece for index, (part, piece) in enumerate(zip(parts, pieces, strict=True))]
    colour = " ".join(f"{value:.6g}" for value in rgb)
    # One element a line: the importer cuts lines after 1 kB.
    lines = [
        '<robot name="thing">',
        f'<material name="colour"><color rgba="{colour} 1"/></material>',
        '<link name="body"><inertial>',
        _origin(T_body_com),
        f'<mass value="{mass:.12g}"/><inertia ixx="{xx}" iyy="{yy}" izz="{zz}" ixy="0" ixz="0" iyz="0"/>',
        "</inertial>",
        *(f'<visual>{piece}<material name="colour"/></visual>' for piece in drawn),
        *(f"<collision>{piece}</collision>" for piece in pieces),
        "</link></robot>",
    ]
    return "\n".join(lines) + "\n"


def _piece(part: Part, index: int, path: Path) -> str:
    shape = part.shape
    match shape:
        case Box():
            geometry = '<box size="{:.12g} {:.12g} {:.12g}"/>'.format(*shape.size)
        case Cylinder():
            geometry = f'<cylinder radius="{shape.radius:.12g}" length="{shape.height:.12g}"/>'
        case Sphere():
            geometry = f'<sphere radius="{shape.radius:.12g}"/>'
        case Mesh():
            mesh = path.with_name(f"{path.stem}_{index}.obj")
            mesh.write_text(hull_text(shape))
            geometry = f'<mesh filename="{mesh.name}"/>'
        case _:
            assert_never(shape)
    return f"{_origin(part.pose)}<geometry>{geometry}</geometry>"


def _drawn(part: Part, index: int, path: Path) -> str | None:
    """What is drawn for a piece, where that is not the piece itself."""
    if not isinstance(part.shape, Cylinder):
        return None
    mesh = path.with_name(f"{path.stem}_{index}_drawn.obj")
    mesh.write_text(cylinder_text(part.shape))
    return f'{_origin(part.pose)}<geometry><mesh filename="{mesh.name}"/></geometry>'


def _origin(pose: Pose) -> str:
    x, y, z = pose.position
    with warnings.catch_warnings():  # at gimbal lock any one of the triples is as good
        warnings.simplefilter("ignore", UserWarning)
        roll, pitch, yaw = Rotation.from_quat(pose.quat_xyzw).as_euler("xyz")
    return f'<origin xyz="{x:.12g} {y:.12g} {z:.12g}" rpy="{roll:.12g} {pitch:.12g} {yaw:.12g}"/>'

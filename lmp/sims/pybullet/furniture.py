"""What stands still: the floor, the table and what it stands on."""

from __future__ import annotations

from lmp.schema.scene_file import TableSpec
from lmp.sims.pybullet.engine import Engine

FLOOR_RGBA = (0.90, 0.91, 0.93, 1.0)
LEG = 0.06
"""Thickness of the table's legs [m]."""


def add_furniture(engine: Engine, table: TableSpec, base: tuple[float, float, float]) -> int:
    """Adds floor and table; returns the table's body. Its top is at z = 0."""
    _add_floor(engine, table, base)
    (x, y), half = table.centre, (table.size[0] / 2, table.size[1] / 2, table.thickness / 2)
    top = engine.createCollisionShape(engine.GEOM_BOX, halfExtents=half)
    rgba = (*table.rgb, 1.0)
    uid: int = engine.createMultiBody(
        0.0, top, engine.createVisualShape(engine.GEOM_BOX, halfExtents=half, rgbaColor=rgba), (x, y, -table.thickness / 2)
    )
    engine.changeDynamics(uid, -1, lateralFriction=table.friction, rollingFriction=0.0, spinningFriction=0.0, restitution=0.0)
    length = table.height - table.thickness
    if length > LEG:
        leg = engine.createVisualShape(
            engine.GEOM_BOX, halfExtents=(LEG / 2, LEG / 2, length / 2), rgbaColor=(*(0.6 * value for value in table.rgb), 1.0)
        )
        for x_sign in (-1, 1):
            for y_sign in (-1, 1):
                place = (x + x_sign * (half[0] - LEG), y + y_sign * (half[1] - LEG), -table.thickness - length / 2)
                engine.createMultiBody(0.0, -1, leg, place)
    return uid


def _add_floor(engine: Engine, table: TableSpec, base: tuple[float, float, float]) -> None:
    """A floor without an edge, so that nothing falls for ever; only its middle is drawn."""
    half = (4.0, 4.0, 0.1)
    uid = engine.createMultiBody(
        0.0,
        engine.createCollisionShape(engine.GEOM_PLANE, planeNormal=(0.0, 0.0, 1.0)),
        engine.createVisualShape(
            engine.GEOM_BOX, halfExtents=half, rgbaColor=FLOOR_RGBA, visualFramePosition=(0.0, 0.0, -half[2])
        ),
        (base[0], base[1], -table.height),
    )
    engine.changeDynamics(uid, -1, lateralFriction=0.8, restitution=0.0)

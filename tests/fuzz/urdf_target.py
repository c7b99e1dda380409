"""URDFs of any content: refused in words, or understood alike by our chain and by Pinocchio, and loaded by PyBullet."""

from __future__ import annotations

import zlib

import numpy as np
from file_targets import PANDA, folder, told
from fuzz_target import Target, corpus
from mutation import changed_bytes

from lmp.errors import LmpError
from lmp.primitives.arm.kinematics import Kinematics
from lmp.robots.robot_file import robot_urdf
from lmp.schema.robot import RobotDescription
from lmp.sims.kinematic.urdf_chain import UrdfChain

SOURCE = robot_urdf(PANDA).path
IN_PYBULLET = 8
"""One of so many accepted URDFs is loaded by PyBullet as well: that takes longest."""


def check_urdf_file(data: bytes) -> None:
    """What passes the check is loaded by everything that loads URDFs."""
    home = folder() / "urdf"
    if not home.exists():
        home.mkdir()
        (home / "meshes").symlink_to(SOURCE.parent / "meshes")
    path = home / "arm.urdf"
    path.write_bytes(data)
    description = PANDA.model_copy(update={"urdf": str(path)})
    try:
        chain = UrdfChain(robot_urdf(description), description)
        kinematics = Kinematics(description)
    except LmpError as error:
        told(error)
        return
    q = np.array(PANDA.rest)
    np.testing.assert_allclose(chain.forward(q), kinematics.forward(q), atol=1e-3)
    if zlib.crc32(data) % IN_PYBULLET == 0:
        _load_in_pybullet(description)


def _load_in_pybullet(description: RobotDescription) -> None:
    from lmp.sims.pybullet.engine import Engine
    from lmp.sims.pybullet.pybullet_robot import PyBulletRobot

    engine = Engine(gui=False, rate_hz=200.0)
    try:
        state = PyBulletRobot(engine, description, 200.0, lambda: None).get_observation()
        np.testing.assert_allclose(state.positions, description.rest, atol=0.1)
    except LmpError as error:
        told(error)
    finally:
        engine.close()


URDF_TARGETS = (Target("urdf", changed_bytes([SOURCE.read_bytes(), *corpus("urdf")]), check_urdf_file, seconds=10.0),)

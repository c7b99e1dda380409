"""Robots as data files: found by name or path, read from TOML, checked against the schema."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from lmp.data_file import read_data_file
from lmp.errors import SetupFault, UnknownName
from lmp.schema.robot import RobotDescription

FOLDER = Path(__file__).parent

_PACKAGE_PATH = re.compile(r"^(?P<package>[A-Za-z_][A-Za-z0-9_]+):(?P<path>.+)$")


def robot_names() -> tuple[str, ...]:
    """Names of the robots that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_robot(name_or_path: str | Path) -> RobotDescription:
    """The robot of that name, or of that TOML file.

    A URDF path relative to a robot file becomes absolute here, so that a description needs no folder to be understood.

    Raises:
        UnknownName: No robot has that name and it is not a file.
        BadFile: The file cannot be read, is not TOML, or does not fit the schema; lists every complaint.
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in robot_names():
            raise UnknownName("robot", str(name_or_path), robot_names())
        path = FOLDER / f"{name_or_path}.toml"
    description = read_data_file(path, RobotDescription)
    if _PACKAGE_PATH.match(description.urdf):
        return description
    return description.model_copy(update={"urdf": str((path.parent / description.urdf).resolve())})


def urdf_path(description: RobotDescription) -> Path:
    """The URDF file of a robot, looked up without importing the package that holds it.

    Raises:
        SetupFault: The package is not installed, or the file is not there.
    """
    match = _PACKAGE_PATH.match(description.urdf)
    path = _in_package(match["package"], match["path"]) if match else Path(description.urdf)
    if not path.is_file():
        raise SetupFault(f"The URDF of robot {description.name!r} is not there: {path}.")
    return path


def _in_package(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        hint = " It comes with pybullet, which has wheels for Python 3.10 and 3.11." if package == "pybullet_data" else ""
        raise SetupFault(f"The package {package!r}, which holds the robot's URDF, is not installed.{hint}")
    return Path(spec.submodule_search_locations[0]) / path

"""Robots as data files: found by name or path, read from TOML or JSON, checked against the schema and their URDF."""

from __future__ import annotations

import functools
import importlib.util
import re
import stat
from pathlib import Path

from pydantic import ValidationError

from lmp.errors import BadFile, SetupFault, UnknownName, did_you_mean
from lmp.files.data_file import MAX_BYTES, parse_data, read_data_file, read_text
from lmp.robots.urdf_model import UrdfModel, settled_urdf
from lmp.schema.robot import RobotDescription

FOLDER = Path(__file__).parent

_PACKAGE_PATH = re.compile(r"^(?P<package>[A-Za-z_][A-Za-z0-9_]+):(?P<path>.+)$")


def robot_names() -> tuple[str, ...]:
    """Names of the robots that come with the package, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_robot(name_or_path: str | Path) -> RobotDescription:
    """The robot of that name, or of that `.toml` or `.json` file.

    Paths relative to a robot file become absolute here, so that a description needs no folder to be understood.

    Raises:
        UnknownName: No robot has that name and it is not a file.
        BadFile: The file cannot be read or does not fit the schema; lists every complaint.
    """
    path = Path(name_or_path)
    if path.suffix not in (".toml", ".json"):
        if str(name_or_path) not in robot_names():
            if str(name_or_path):
                _refuse_paths(str(name_or_path))
            raise UnknownName("robot", str(name_or_path), robot_names())
        path = FOLDER / f"{name_or_path}.toml"
    try:
        description = read_data_file(path, RobotDescription)
    except BadFile as fault:
        raise BadFile(str(path), [*_hidden_by_groups(path), *fault.complaints]) from fault
    return _placed(description, path)


def _refuse_paths(path: str) -> None:
    """Says of something that is there what keeps it from being a robot file."""
    try:
        kind = "a folder" if stat.S_ISDIR(Path(path).stat().st_mode) else "a file of another kind"
    except (OSError, ValueError):
        return
    near = did_you_mean(Path(path).name, robot_names())
    raise BadFile(path, [f"It is {kind}; the name of a robot, or a .toml or .json file, is needed.{near}"])


def _hidden_by_groups(path: Path) -> list[str]:
    """Complaints about a URDF that is right but for its groups: a misspelt joint makes groups wrong that are right."""
    try:
        data = parse_data(read_text(path, MAX_BYTES), path)
        if not isinstance(data, dict) or "groups" not in data:
            return []
        robot_urdf(_placed(RobotDescription.model_validate({**data, "groups": {}}), path))
    except ValidationError:
        return []
    except SetupFault as fault:
        return [] if isinstance(fault, BadFile) and fault.path == str(path) else [str(fault)]
    return []


def _placed(description: RobotDescription, path: Path) -> RobotDescription:
    """The description with absolute paths of its URDF and of its packages."""
    packages = {name: str((path.parent / folder).resolve()) for name, folder in description.packages.items()}
    description = description.model_copy(update={"packages": packages})
    package = _PACKAGE_PATH.match(description.urdf)
    if not description.urdf.isprintable() or (package and _leaves(package["path"])):
        allowed = "a path below the package, without '..', is allowed" if package else "a printable path is allowed"
        raise BadFile(str(path), [f"urdf: {allowed}, got {description.urdf!r}."])
    if package:
        return description
    return description.model_copy(update={"urdf": str((path.parent / description.urdf).resolve())})


def robot_urdf(description: RobotDescription) -> UrdfModel:
    """The URDF of a robot, looked up without importing the package that holds it, checked and put right.

    Raises:
        SetupFault: The package is not installed, or the file is not there.
        BadFile: It cannot be the URDF of that robot; lists every complaint.
    """
    path = urdf_place(description.urdf)
    if not path.is_file():
        raise SetupFault(f"The URDF of robot {description.name!r} is not there: {path}.")
    status = path.stat()
    return _settled(path, description, status.st_mtime_ns, status.st_size)


def urdf_place(urdf: str) -> Path:
    """Place of the URDF that a robot file names, whether there or not.

    Raises:
        SetupFault: The package that is to hold it is not installed.
    """
    match = _PACKAGE_PATH.match(urdf)
    return _in_package(match["package"], match["path"]) if match else Path(urdf)


@functools.lru_cache(maxsize=8)
def _settled(path: Path, description: RobotDescription, written: int, size: int) -> UrdfModel:
    """Read once for each state of the file: several parts of the library load it."""
    return settled_urdf(path, description)


def _leaves(path: str) -> bool:
    return ".." in Path(path).parts or Path(path).is_absolute()


def _in_package(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        hint = " It comes with pybullet, which has wheels for Python 3.10 and 3.11." if package == "pybullet_data" else ""
        raise SetupFault(f"The package {package!r}, which holds the robot's URDF, is not installed.{hint}")
    return Path(spec.submodule_search_locations[0]) / path

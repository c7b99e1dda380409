"""The mesh files of a URDF: where they are looked up, and whether they are of a known form and of bounded size."""

from __future__ import annotations

import os
import re
import stat
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path

FORMS = (".obj", ".stl", ".dae", ".ply", ".glb", ".gltf")
MAX_BYTES = 64_000_000
"""The largest mesh file that is loaded [bytes]."""
SHOWN = 6
"""Places that a message names [count]."""
ENTRIES = 2000
"""Files of a folder among which one that is written in other letters is sought [count]."""

_SCHEME = re.compile(r"^([A-Za-z]+)://")
_NAME = re.compile(r"<name>\s*([^<\s]+)\s*</name>")
_HEAD = 4096
_PACKAGE_XML = 100_000


def find_mesh(filename: str, urdf: Path, packages: Mapping[str, str]) -> Path | str:
    """The file that a `<mesh filename>` names, or what is wrong with it, in words without a subject.

    `package://NAME/...` and `model://NAME/...` are looked up in the folder that the robot file gives for NAME; from the
    URDF upwards, in a folder that is called NAME, that a package.xml calls so, or that holds one called so; then in
    ROS_PACKAGE_PATH and AMENT_PREFIX_PATH. Other paths are relative to the URDF. Backslashes count as slashes, and letters
    of the file's name that differ only in case do not matter.
    """
    shown, plain = f"the mesh {filename!r:.120}", filename.replace("\\", "/")
    scheme = _SCHEME.match(plain)
    kind, rest = (scheme[1].lower(), plain[scheme.end() :]) if scheme else ("", plain)
    if kind not in ("", "package", "model", "file"):
        return f"{shown} begins with {scheme[0]!r}; package://, model://, file:// or a plain path is allowed"  # type: ignore[index]
    if not rest or "\0" in rest or "$(" in rest:
        return f"{shown} is no path" + ("; a macro of xacro was not expanded" if "$(" in rest else "")
    if kind in ("package", "model"):
        rest = rest.lstrip("/")
    if kind in ("package", "model") and os.path.normpath(rest).startswith(".." + os.sep):
        return f"{shown} leaves its folder with '..', which is not allowed"
    if Path(rest).suffix.lower() not in FORMS:
        return f"{shown} is of an unknown form; known: {', '.join(FORMS)}"
    if kind in ("package", "model"):
        places = list(dict.fromkeys(_in_packages(rest, urdf, packages)))
    else:
        places = [Path(os.path.normpath(urdf.parent / rest))]
    for place in places:
        found = place if place.exists() else _in_other_letters(place)
        if found is not None:
            trouble = _file_complaint(found)
            return f"{shown} {trouble}" if trouble else found
    more = f" and {len(places) - SHOWN} more places" if len(places) > SHOWN else ""
    looked = f"looked for {', '.join(str(place) for place in places[:SHOWN])}{more}"
    where = '; `packages = {NAME = "folder"}` in the robot file says where a package is' if kind == "package" else ""
    return f"{shown} is not there; {looked}{where}"


def _in_packages(rest: str, urdf: Path, packages: Mapping[str, str]) -> Iterator[Path]:
    """Places where a file of a package may be, the likeliest first."""
    name, _, inside = rest.partition("/")
    if name in packages:
        yield Path(packages[name]) / inside
    for folder in urdf.parents:
        if folder.name == name or _package_name(folder) == name:
            yield folder / inside
        yield folder / rest
        yield folder / "share" / rest
    for variable, below in (("ROS_PACKAGE_PATH", ""), ("AMENT_PREFIX_PATH", "share")):
        for entry in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            folder = Path(entry)
            if not below and (folder.name == name or _package_name(folder) == name):
                yield folder / inside
            yield folder / below / rest


def _package_name(folder: Path) -> str | None:
    """The name in a folder's package.xml."""
    try:
        with (folder / "package.xml").open(encoding="utf-8", errors="replace") as file:
            found = _NAME.search(file.read(_PACKAGE_XML))
    except OSError:
        return None
    return None if found is None else found[1]


def _in_other_letters(place: Path) -> Path | None:
    """The file of that name in capital or small letters, where there is one."""
    try:
        with os.scandir(place.parent) as entries:
            for _, entry in zip(range(ENTRIES), entries, strict=False):
                if entry.name.lower() == place.name.lower():
                    return place.parent / entry.name
    except OSError:
        pass
    return None


def _file_complaint(path: Path) -> str | None:
    """Complaint about a file; None if nothing is wrong with it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "is not a file"
        if not 0 < status.st_size <= MAX_BYTES:
            return f"has {status.st_size} bytes; 1 to {MAX_BYTES} are allowed"
        head = os.read(descriptor, _HEAD)
    finally:
        os.close(descriptor)
    if head.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, not the file itself: `git lfs pull` fetches it"
    form = path.suffix.lower()
    return None if _has_form(form, head, status.st_size) else f"does not hold what a {form} file holds"


def _has_form(form: str, head: bytes, size: int) -> bool:
    """True if a file begins as its form does."""
    match form:
        case ".obj":
            return re.search(rb"^\s*(v|o|g|#|mtllib|s|usemtl)\b", head, re.MULTILINE) is not None and b"\0" not in head
        case ".stl":
            count = int.from_bytes(head[80:84], "little")
            return (size == 84 + 50 * count and count > 0) or (head.lstrip().startswith(b"solid") and b"vertex" in head)
        case ".ply":
            return head.startswith((b"ply\n", b"ply\r")) and b"element vertex" in head
        case ".glb":
            return head.startswith(b"glTF")
        case ".gltf":
            return head.lstrip().startswith(b"{")
        case _:
            return b"<COLLADA" in head and b"<!DOCTYPE" not in head


def mesh_scale(mesh: ElementTree.Element) -> tuple[float, ...]:
    """The factors of a `<mesh>` on x, y and z, of which a negative one mirrors; checked before."""
    return tuple(float(word) for word in mesh.attrib.get("scale", "1 1 1").split())

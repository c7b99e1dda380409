"""A small arm as a URDF and its robot file, written for tests with the changes that public files have."""

from __future__ import annotations

import struct
from pathlib import Path

INERTIA = '<inertial><mass value="1"/><inertia ixx="0.01" ixy="0" ixz="0" iyy="0.01" iyz="0" izz="0.01"/></inertial>'
BOX = '<box size="0.05 0.05 0.05"/>'
LIMIT = '<limit lower="-2" upper="2" effort="10" velocity="1"/>'
AXES = ("0 0 1", "0 1 0", "0 1 0", "0 0 1", "0 1 0", "0 0 1")


def urdf(
    geometry: str = BOX,
    *,
    limit: str = LIMIT,
    axis: str = "0 0 1",
    kind: str = "revolute",
    inertia: str = INERTIA,
    extra: str = "",
    head: str = '<?xml version="1.0"?>',
) -> str:
    """Six joints, 0.2 m apart; the first with the axis that is given."""
    shape = f"<collision><geometry>{geometry}</geometry></collision>"
    links = '<link name="base"/>' + "".join(f'<link name="l{i}">{inertia}{shape}</link>' for i in range(1, 7))
    joints = "".join(
        f'<joint name="j{i}" type="{kind}"><parent link="{"base" if i == 1 else f"l{i - 1}"}"/><child link="l{i}"/>'
        f'<origin xyz="0 0 0.2"/><axis xyz="{axis if i == 1 else AXES[i - 1]}"/>{limit}</joint>'
        for i in range(1, 7)
    )
    return f'{head}<robot name="arm">{links}{joints}{extra}</robot>'


def robot_file(folder: Path, text: str | bytes, place: str = "arm.urdf", more: str = "") -> Path:
    """The robot file of a URDF of these contents at a place below a folder."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    joints = "".join(
        f'[[joints]]\nname = "j{i}"\nlower = -2.0\nupper = 2.0\nvelocity = 1.0\nacceleration = 5.0\njerk = 500.0\n'
        f'rest = 0.5\nsource = "a test"\n'
        for i in range(1, 7)
    )
    head = f'name = "arm"\nurdf = "{place}"\ntool_link = "l6"\n{more}\n[T_link_tool]\nposition = [0.0, 0.0, 0.1]\n'
    file = folder / "arm.toml"
    file.write_text(head + joints)
    return file


CORNERS = ((0.0, 0.0, 0.0), (0.08, 0.0, 0.0), (0.0, 0.05, 0.0), (0.0, 0.0, 0.06))
FACES = ((0, 2, 1), (0, 1, 3), (0, 3, 2), (1, 2, 3))


def stl() -> bytes:
    """A tetrahedron whose edges at its origin are 0.08, 0.05 and 0.06 m long."""
    triangles = b"".join(
        struct.pack("<12fH", 0.0, 0.0, 1.0, *(value for corner in face for value in CORNERS[corner]), 0) for face in FACES
    )
    return b"solid exported by some CAD".ljust(80) + struct.pack("<I", len(FACES)) + triangles


def ply() -> bytes:
    """The same."""
    head = f"ply\nformat ascii 1.0\nelement vertex {len(CORNERS)}\n" + "".join(f"property float {axis}\n" for axis in "xyz")
    head += f"element face {len(FACES)}\nproperty list uchar int vertex_indices\nend_header\n"
    rows = [*(" ".join(map(str, corner)) for corner in CORNERS), *("3 " + " ".join(map(str, face)) for face in FACES)]
    return (head + "\n".join(rows) + "\n").encode()


def obj() -> bytes:
    """The same."""
    rows = [*("v " + " ".join(map(str, c)) for c in CORNERS), *("f " + " ".join(str(i + 1) for i in f) for f in FACES)]
    return ("\n".join(rows) + "\n").encode()

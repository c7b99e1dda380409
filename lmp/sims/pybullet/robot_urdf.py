"""A robot's URDF as PyBullet can load it: the file itself, or one written for it where something was put right."""

from __future__ import annotations

import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lmp.errors import BadFile
from lmp.robots.urdf_model import UrdfModel

FORMS = (".obj", ".stl", ".dae")
"""Forms of meshes that PyBullet reads."""


@contextmanager
def engine_file(urdf: UrdfModel) -> Iterator[Path]:
    """A file that stays as long as it is needed.

    Raises:
        BadFile: A shape that can be felt has a form that PyBullet does not read.
    """
    if not urdf.changed:
        yield urdf.path
        return
    with tempfile.TemporaryDirectory(prefix="lmp-urdf-") as folder:
        path = Path(folder) / "robot.urdf"
        path.write_bytes(_readable(urdf))
        yield path


def _readable(urdf: UrdfModel) -> bytes:
    """The URDF that was put right, without shapes to be seen that PyBullet cannot read."""
    root = ElementTree.fromstring(ElementTree.tostring(urdf.root))
    for link in root.findall("link"):
        for piece in (*link.findall("visual"), *link.findall("collision")):
            mesh = piece.find("geometry/mesh")
            form = FORMS[0] if mesh is None else Path(mesh.attrib["filename"]).suffix.lower()
            if form not in FORMS and piece.tag == "visual":
                link.remove(piece)
            elif form not in FORMS:
                words = (
                    f"link {link.attrib['name']!r}: PyBullet reads {', '.join(FORMS)}, not {form}; the kinematic world does."
                )
                raise BadFile(str(urdf.path), [words])
    return ElementTree.tostring(root)

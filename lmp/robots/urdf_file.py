"""Reads a URDF's XML and nothing but that: no entities, bounded size, depth and number of elements, in any encoding."""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from xml.parsers import expat

from lmp.errors import BadFile
from lmp.files.data_file import read_bytes

MAX_BYTES = 4_000_000
"""The largest URDF that is read [bytes]."""
MAX_ELEMENTS = 50_000
MAX_DEPTH = 64

_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OTHERS = {
    "mujoco": "It is MJCF, MuJoCo's format, whose reading comes with the MuJoCo engine; a URDF is needed for now.",
    "sdf": "It is SDF, Gazebo's format; a URDF is needed.",
    "COLLADA": "It is a COLLADA mesh; the URDF that uses it is needed.",
}
_XACRO = "It is xacro, whose macros have to be expanded first: `xacro FILE > robot.urdf`."


class _NotData(Exception):
    """The reason for which a document is unfit to be read."""


class _Tree(ElementTree.TreeBuilder):
    """Builds the tree; stops where XML begins to be more than data."""

    def __init__(self) -> None:
        super().__init__()
        self._depth, self._count = 0, 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > MAX_DEPTH:
            raise _NotData(f"its elements are nested more than {MAX_DEPTH} deep")
        if self._count > MAX_ELEMENTS:
            raise _NotData(f"it has more than {MAX_ELEMENTS} elements")
        self.start(tag, attributes)

    def finish(self, tag: str) -> None:
        """It ends."""
        self._depth -= 1
        self.end(tag)


def read_urdf(path: Path) -> ElementTree.Element:
    """The element `<robot>` of a URDF.

    Raises:
        BadFile: The file cannot be read, is not XML, is more than data, or is not a URDF.
    """
    text = _decoded(read_bytes(path, MAX_BYTES), path)
    if text.startswith("version https://git-lfs"):
        raise BadFile(str(path), ["It is a pointer of Git LFS, not the file itself: `git lfs pull` fetches it."])
    builder = _Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.begin, builder.finish
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler, parser.EntityDeclHandler = _doctype, _entity
    try:
        parser.Parse(text, True)
        root = builder.close()
    except expat.ExpatError as error:
        raise BadFile(str(path), [f"It is not XML: {error}."]) from error
    except _NotData as error:
        raise BadFile(str(path), [f"It cannot be read as URDF: {error}."]) from error
    if root.tag != "robot":
        allowed = f"It is not a URDF: its outermost element is <{root.tag[:60]}>, <robot> is needed."
        raise BadFile(str(path), [_OTHERS.get(root.tag, allowed)])
    if any(element.tag.startswith("xacro:") for element in root.iter()):
        raise BadFile(str(path), [_XACRO])
    return root


def _doctype(name: str, system: str | None, public: str | None, declares: int) -> None:
    """Lets a bare document type pass, which says nothing; entities can grow a few lines to gigabytes, or read other files."""
    if declares or system or public:
        raise _NotData("it has a document type declaration (<!DOCTYPE ...>) that declares something; take it out")


def _entity(*declared: object) -> None:
    raise _NotData("it declares an entity, which is not allowed in a URDF; take it out")


def _decoded(content: bytes, path: Path) -> str:
    """The text of a file: as its mark or its declaration says, else UTF-8; comments in another encoding do no harm."""
    named = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    declared = _ENCODING.match(content)
    if named is None and declared is not None:
        named = declared[1].decode("ascii")
    try:
        return content.decode(named or "utf-8")
    except (LookupError, UnicodeDecodeError) as error:
        if named is not None:
            raise BadFile(str(path), [f"It is not {named} text, as it says: {error}."]) from error
    # Bytes that are not UTF-8 where nothing is said: those in comments do not matter, those in names stay apart.
    return content.decode("utf-8", errors="backslashreplace")

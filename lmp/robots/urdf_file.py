"""Reads a URDF's XML and nothing but that: no document type, no entities, bounded size, depth and number of elements."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from lmp.errors import BadFile
from lmp.files.text_file import read_text

MAX_BYTES = 4_000_000
"""The largest URDF that is read [bytes]."""
MAX_ELEMENTS = 50_000
MAX_DEPTH = 64


class _Tree(ElementTree.TreeBuilder):
    """Builds the tree; stops where XML begins to be more than data."""

    def __init__(self) -> None:
        super().__init__()
        self._depth, self._count = 0, 0

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """Refuses it: what a document type declares (entities) can grow a few lines to gigabytes, or read other files."""
        raise _NotData("it has a document type declaration (<!DOCTYPE ...>), which is not allowed in a URDF; take it out")

    def start(self, tag: str, attributes: dict[str, str]) -> ElementTree.Element:
        self._depth, self._count = self._depth + 1, self._count + 1
        if self._depth > MAX_DEPTH:
            raise _NotData(f"its elements are nested more than {MAX_DEPTH} deep")
        if self._count > MAX_ELEMENTS:
            raise _NotData(f"it has more than {MAX_ELEMENTS} elements")
        return super().start(tag, attributes)

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


class _NotData(Exception):
    """What makes a document unfit to be read."""


def read_urdf(path: Path) -> ElementTree.Element:
    """The element `<robot>` of a URDF.

    Raises:
        BadFile: The file cannot be read, is not XML, is more than data, or is not a URDF.
    """
    text = read_text(path, MAX_BYTES)
    parser = ElementTree.XMLParser(target=_Tree(), encoding="utf-8")
    try:
        parser.feed(text.encode())
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        raise BadFile(str(path), [f"It is not XML: {error}."]) from error
    except _NotData as error:
        raise BadFile(str(path), [f"It cannot be read as URDF: {error}."]) from error
    if root.tag != "robot":
        raise BadFile(str(path), [f"It is not a URDF: its outermost element is <{root.tag[:60]}>, <robot> is needed."])
    return root

"""The shapes of a URDF's links: each piece is one shape that every part of the library knows."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from lmp.errors import did_you_mean

SHAPES = ("box", "sphere", "cylinder", "capsule", "mesh")


def geometry_complaints(link: ElementTree.Element, place: str) -> list[str]:
    """What is wrong with the pieces of a link, seen or felt."""
    found = []
    for piece in (*link.findall("visual"), *link.findall("collision")):
        shapes = [shape.tag for shape in piece.findall("geometry/*")]
        if len(shapes) != 1:
            told = ", ".join(shapes)[:60] or "none"
            found.append(f"{place}: its <{piece.tag}> needs a <geometry> with one shape of {', '.join(SHAPES)}; it has {told}.")
        elif shapes[0] not in SHAPES:
            near = did_you_mean(shapes[0], SHAPES)
            found.append(f"{place}: there is no shape <{shapes[0][:60]}>.{near} Known: {', '.join(SHAPES)}.")
    return found

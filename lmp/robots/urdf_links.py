"""The links of a URDF: what keeps one from being used, and what is put right with a warning, since the arm can do without."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

from lmp.errors import did_you_mean
from lmp.robots.urdf_findings import UrdfFindings
from lmp.robots.urdf_meshes import find_mesh
from lmp.robots.urdf_numbers import number_complaints, numbers

SHAPES = ("box", "sphere", "cylinder", "capsule", "mesh")
PLACEHOLDER_MASS, PLACEHOLDER_INERTIA = "0.5", "0.001"
"""Mass [kg] and moments of inertia [kg m^2] of a link that has none in the URDF; no check of a motion uses them."""
NEGLIGIBLE = -1e-6
"""A moment of inertia that is negative by no more than this is rounding [kg m^2]."""


def settle_link(link: ElementTree.Element, moved: bool, urdf: Path, packages: Mapping[str, str], found: UrdfFindings) -> None:
    """Puts a link right where that is possible, and tells what is wrong or was changed.

    Its shapes to be felt must all be readable: a link that lost one would be in no collision check.

    Args:
        link: It is changed: names of meshes become paths, what is put right is written.
        moved: Whether a joint moves it.
        urdf: The file that it is from.
        packages: Folders of packages by name.
        found: What is told.
    """
    place = f"link {link.attrib['name']!r}"
    _settle_inertia(link, moved, found)
    for piece in link.findall("collision"):
        found.problems += _piece_complaints(piece, place, urdf, packages, found)
    for piece in link.findall("visual"):
        complaints = _piece_complaints(piece, place, urdf, packages, found)
        if complaints:
            link.remove(piece)
            found.note("shapes to be seen that are left out", complaints[0].rstrip("."))
    if link.find("visual") is not None and link.find("collision") is None:
        found.note("links with a shape to be seen and none to be felt, which no collision check sees", link.attrib["name"])


def _piece_complaints(
    piece: ElementTree.Element, place: str, urdf: Path, packages: Mapping[str, str], found: UrdfFindings
) -> list[str]:
    """Complaints about a piece; the file of its mesh is written into it."""
    for material in piece.findall("material"):
        if number_complaints(material, place):
            piece.remove(material)
    shapes = piece.findall("geometry/*")
    if len(shapes) != 1:
        told = ", ".join(shape.tag for shape in shapes)[:60] or "none"
        return [f"{place}: its <{piece.tag}> needs a <geometry> with one shape of {', '.join(SHAPES)}; it has {told}."]
    (shape,) = shapes
    if shape.tag not in SHAPES:
        near = did_you_mean(shape.tag, SHAPES)
        return [f"{place}: there is no shape <{shape.tag[:60]}>.{near} Known: {', '.join(SHAPES)}."]
    complaints = number_complaints(piece, place)
    if shape.tag == "mesh":
        if 0.0 in (numbers(shape.attrib.get("scale", "1")) or ()):
            complaints.append(f"{place}: <mesh scale> must not be 0, got {shape.attrib['scale']!r:.60}.")
        named = shape.attrib.get("filename", "")
        file = find_mesh(named, urdf, packages)
        if isinstance(file, str):
            complaints.append(f"{place}: {file}.")
        else:
            shape.attrib["filename"] = str(file)
            found.changed |= file not in [folder / named.partition("://")[2] for folder in urdf.parents[:3]]
    return complaints


def _settle_inertia(link: ElementTree.Element, moved: bool, found: UrdfFindings) -> None:
    inertial = link.find("inertial")
    if inertial is None and not moved:
        return
    name, inertia = link.attrib["name"], None if inertial is None else inertial.find("inertia")
    if inertia is not None:
        for word in ("ixx", "iyy", "izz"):
            value = numbers(inertia.attrib.get(word, ""))
            if value and len(value) == 1 and NEGLIGIBLE <= value[0] < 0.0:
                inertia.attrib[word] = "0"
    mass = None if inertial is None else inertial.find("mass")
    missing = mass is None or inertia is None or numbers(mass.attrib.get("value", "")) == (0.0,)
    if inertial is not None and not number_complaints(inertial, name) and not (missing and moved):
        return
    if inertial is not None:
        link.remove(inertial)
    if moved:
        new = ElementTree.SubElement(link, "inertial")
        ElementTree.SubElement(new, "mass", value=PLACEHOLDER_MASS)
        moments = {**dict.fromkeys(("ixx", "iyy", "izz"), PLACEHOLDER_INERTIA), **dict.fromkeys(("ixy", "ixz", "iyz"), "0")}
        ElementTree.SubElement(new, "inertia", moments)
        found.note(f"links without a usable inertia, which get {PLACEHOLDER_MASS} kg for simulations", name)

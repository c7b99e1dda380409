"""The mesh files of a URDF: there, of a known form, of bounded size, and inside the folders that they belong to."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

FORMS = (".obj", ".stl", ".dae")
MAX_BYTES = 64_000_000
"""The largest mesh file that is loaded [bytes]."""
LEVELS = 3
"""How many folders up from the URDF a `package://` path is looked up."""

_SCHEME = re.compile(r"^([a-z]+)://")
_HEAD = 4096


def mesh_complaint(filename: str, urdf: Path) -> str | None:
    """What is wrong with a `<mesh filename>`; None if it can be loaded."""
    scheme = _SCHEME.match(filename)
    rest = filename[scheme.end() :] if scheme else filename
    shown = f"the mesh {filename!r:.120}"
    if scheme and scheme[1] not in ("package", "file"):
        return f"{shown} begins with {scheme[0]!r}; package://, file:// or a plain path is allowed"
    if not rest or "\0" in rest:
        return f"{shown} is no path"
    if ".." in Path(rest).parts:
        return f"{shown} leaves its folder with '..', which is not allowed"
    if Path(rest).suffix.lower() not in FORMS:
        return f"{shown} is of an unknown form; known: {', '.join(FORMS)}"
    folders = urdf.parents[:LEVELS] if scheme and scheme[1] == "package" else urdf.parents[:1]
    for folder in folders:
        trouble = _file_complaint(folder / rest)
        if trouble is not None:
            return f"{shown} {trouble}" if trouble else None
    return f"{shown} is not there; looked in {', '.join(str(folder) for folder in folders)}"


def _file_complaint(path: Path) -> str | None:
    """What is wrong with a file; empty if nothing is, None if it is not there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return None if isinstance(error, FileNotFoundError | NotADirectoryError) else f"cannot be read: {error.strerror}"
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "is not a file"
        if not 0 < status.st_size <= MAX_BYTES:
            return f"has {status.st_size} bytes; 1 to {MAX_BYTES} are allowed"
        head = os.read(descriptor, _HEAD)
        return _form_complaint(path.suffix.lower(), head, status.st_size)
    finally:
        os.close(descriptor)


def _form_complaint(form: str, head: bytes, size: int) -> str:
    """Whether a file begins as its form does; empty if it does."""
    match form:
        case ".obj":
            good = re.search(rb"^\s*(v|o|g|#|mtllib|s|usemtl)\b", head, re.MULTILINE) is not None and b"\0" not in head
        case ".stl":
            count = int.from_bytes(head[80:84], "little")
            good = (size == 84 + 50 * count and count > 0) or (head.lstrip().startswith(b"solid") and b"vertex" in head)
        case _:
            good = b"<COLLADA" in head and b"<!DOCTYPE" not in head
    return "" if good else f"does not hold what a {form} file holds"

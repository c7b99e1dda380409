"""The table of a whole run as Markdown, and the pages that quote it: the same text between two markers in each."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from rows.row import Row

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "compile_path.md")
BEGIN, END = "<!-- benchmarks: written by `make bench` -->", "<!-- end -->"
LIBRARIES = {
    "numpy": "NumPy",
    "numba": "Numba",
    "movement-primitives": "movement_primitives",
    "mp-pytorch": "mp_pytorch",
    "pybullet": "PyBullet",
    "pin": "Pinocchio",
    "toppra": "toppra",
}


def line(row: Row) -> str:
    """A row as a line of text."""
    mark = "ok   " if row.met else "SHORT"
    return f"{mark} {row.work}: {row.ours}; {row.peer}: {amount(row.measured, row)} ({row.sense} {amount(row.target, row)})"


def amount(value: float, row: Row) -> str:
    """A number of a row with its unit."""
    return f"{value:.0f} {row.unit}" if 1e3 <= abs(value) < 1e6 else f"{value:.3g} {row.unit}"


def markdown(lines: Iterable[Row]) -> str:
    """Rows as a table; what falls short is marked."""
    head = ["| work | here | beside | reached | wanted | met |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *(_markdown_row(row) for row in lines)])


def _markdown_row(row: Row) -> str:
    cells = (
        row.work,
        row.ours,
        row.peer,
        amount(row.measured, row),
        f"{row.sense} {amount(row.target, row)}",
        "yes" if row.met else "**short**",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def circumstances() -> str:
    """The command, the machine and the versions, in a sentence."""
    versions = ", ".join(f"{name} {importlib.metadata.version(package)}" for package, name in LIBRARIES.items())
    return (
        f"`make bench` on {datetime.date.today()}: one thread of a machine with {os.cpu_count()} cores ({_processor()}), "
        f"{platform.system()}, Python {platform.python_version()}, {versions}."
    )


def write(lines: Iterable[Row]) -> None:
    """Puts the table into every page that quotes it.

    Raises:
        ValueError: If a page has no place for it.
    """
    text = f"{circumstances()}\n\n{markdown(lines)}"
    for page in PAGES:
        before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            raise ValueError(f"{page.name} has no lines {BEGIN} and {END}")
        page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def _processor() -> str:
    """The model of the processor, as the system tells it."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    models = (value for name, _, value in (said.partition(":") for said in told.splitlines()) if name.strip() == "model name")
    return next(models, platform.machine()).strip()

"""The table of `make bench` as the pages quote it: one text, every target, what falls short marked."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
README, PAGE = ROOT / "README.md", ROOT / "docs" / "compile_path.md"
WANTED = (
    ("closed form", "at most 1e-12 m off"),
    ("stepping", "at most 1e-10 m off"),
    ("single roll-out, 3-D, 2000 samples", "at least 1000 x"),
    ("batch of 1000, 3-D", "at most 3 x"),
    ("batch of 1000, 7-D", "at most 2 x"),
    ("on-line step", "at least 10 x"),
    ("inverse kinematics along 200 way-points", "at least 30 x"),
    ("inverse kinematics along 200 way-points", "at least 15 x"),
    ("inverse kinematics along 200 way-points: error", "at most 0.001 mm"),
    ("the second lap of a closed path", "at most 0.001 rad"),
    ("time-optimal motion", "at least 10 x"),
    ("its duration over toppra's", "at most 1 %"),
    ("share of velocity and acceleration limits", "at most 1.01 of the limit"),
    ("duration with the limit of jerk", "at most 1.3 x"),
    ("one configuration", "at least 4 x"),
    ("swept check: 1000 random motions, missed", "at most 0 missed"),
    ("swept check over its end points", "at most 5 x"),
    ("one pose primitive to a checked 1 kHz trajectory", "at least 25 x"),
    ("its 99th percentile over its median", "at most 3 x"),
    ("256 candidates at 50 poses", "at most 100 x"),
    ("scenes of 100 in which the winner is the exhaustive winner", "at least 95 %"),
    ("a goal changed in motion, with 50 checked poses", "at most 1 ms"),
    ("position of a tool whose goal changes", "at most 1e-12 m"),
)
"""How the work of a row begins, and what it has to reach."""


@pytest.fixture(scope="module")
def table() -> ModuleType:
    """`benchmarks/table.py`, which needs none of the peers."""
    spec = importlib.util.spec_from_file_location("benchmark_table", ROOT / "benchmarks" / "table.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))
    return module


def _quoted(text: str, table: ModuleType) -> str:
    found = re.findall(f"{re.escape(table.BEGIN)}\n(.*?)\n{re.escape(table.END)}", text, re.S)
    assert len(found) == 1
    return str(found[0])


def test_both_pages_quote_one_run(table: ModuleType) -> None:
    assert _quoted(README.read_text(), table) == _quoted(PAGE.read_text(), table)


def test_every_target_is_in_the_table(table: ModuleType) -> None:
    cells = [line.strip("| ").split(" | ") for line in _quoted(PAGE.read_text(), table).splitlines() if line.startswith("|")]
    rows = [(work, wanted) for work, _, _, _, wanted, _ in cells[2:]]
    missing = [(work, wanted) for work, wanted in WANTED if not any(w.startswith(work) and t == wanted for w, t in rows)]
    assert missing == []


def test_a_row_that_falls_short_is_marked(table: ModuleType) -> None:
    row = table.Row("work", "2 us", "a | b 9 us", 4.5, "at least", 10.0)
    assert table.line(row) == "SHORT work: 2 us; a | b 9 us: 4.5 x (at least 10 x)"
    assert table.markdown([row]).splitlines()[2] == r"| work | 2 us | a \| b 9 us | 4.5 x | at least 10 x | **short** |"
    met = table.Row("work", "2 us", "b 9 s", 4.5e3, "at least", 10.0)
    assert table.markdown([met]).splitlines()[2] == "| work | 2 us | b 9 s | 4500 x | at least 10 x | yes |"


def test_a_run_replaces_the_table_of_the_one_before(table: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    monkeypatch.setattr(table, "PAGES", (page,))
    monkeypatch.setattr(table, "LIBRARIES", {"numpy": "NumPy"})
    table.write([table.Row("work", "2 us", "b 9 us", 4.5, "at most", 5.0)])
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert re.match(r"`make bench` on \d{4}-\d\d-\d\d: one thread of .* cores .*NumPy \d.*\.\n\n\| work", _quoted(text, table))
    page.write_text("no place")
    with pytest.raises(ValueError, match="no lines"):
        table.write([])

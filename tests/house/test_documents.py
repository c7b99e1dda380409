"""Documents cannot drift: links lead somewhere, generated pages are fresh, Python blocks run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from lmp.schema.evidence import SIGNALS, Signal
from lmp.schema.outcome import Outcome
from lmp.schema.plan import RefusalReason
from lmp.schema.verdict import VIOLATIONS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "requests").glob("*.md")])
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"")


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target in (first or second for first, second in LINK.findall(page.read_text())):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        if not goal.exists() or (anchor and anchor not in _anchors(goal)):
            dead.append(target)
    assert dead == []


GENERATE = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("generate_docs", sys.argv[1])
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)
print(json.dumps(generate.pages()), file=open(sys.argv[2], "w", encoding="utf-8"))
"""
"""Makes the pages in a process of its own, in which no other test has registered parts."""


def test_generated_pages_are_fresh(tmp_path: Path) -> None:
    made = tmp_path / "pages.json"
    subprocess.run([sys.executable, "-c", GENERATE, str(ROOT / "docs" / "generate.py"), str(made)], check=True, cwd=ROOT)
    wanted: dict[str, str] = json.loads(made.read_text(encoding="utf-8"))
    stale = [name for name, text in wanted.items() if not _same(ROOT / "docs" / name, text)]
    assert stale == [], "run `make docs`"
    written = [*(ROOT / "docs" / "schema").rglob("*.json"), *(ROOT / "docs" / "requests").glob("*.md")]
    there = {path.relative_to(ROOT / "docs").as_posix() for path in written}
    assert there == {name for name in wanted if name.startswith(("schema/", "requests/"))}


def test_every_prompt_has_its_request_in_every_protocol() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "requests").glob("*.md")}
    assert set(pages) == {path.stem for path in (ROOT / "lmp" / "prompts").glob("*.md")}
    for name, page in pages.items():
        for address in ("openai.com/v1/chat/completions", "openai.com/v1/responses", "anthropic.com/v1/messages"):
            assert f"POST https://api.{address}" in page, name
        assert {page.count(mark) for mark in ('"⟨system text⟩"', '"⟨user text⟩"', "⟨schema⟩", "⟨schema of the tool⟩")} == {
            4,
            3,
            1,
        }
        assert not re.search(r"[A-Za-z0-9+/]{200}", page), f"{name} has a picture in it"


def test_every_failure_has_its_picture_and_its_recorded_words() -> None:
    page = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
    folder = ROOT / "docs" / "images" / "failures"
    recorded = json.loads((folder / "recorded.json").read_text(encoding="utf-8"))["failures"]
    failures = {outcome.value for outcome in Outcome.all()} - {"succeeded", "planned"}
    assert set(recorded) == failures
    assert {path.stem for path in folder.glob("*.png")} == failures
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## )", page, re.M | re.S))
    for code in failures:
        assert f"images/failures/{code}.png" in sections[code]
        assert recorded[code]["cause"] in sections[code]
        assert str(recorded[code].get("evidence") or "") in sections[code]
    stopped = {facts["evidence"].split(" of ")[0].replace(" ", "_") for facts in recorded.values() if facts.get("evidence")}
    # A closed loop without a chunk ends infeasible, which is shown by a verdict; docs/moving_goals.md tells of it.
    assert stopped == set(SIGNALS) - {"no_chunk"}, "a recorded run for each signal"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000


def test_every_code_of_a_verdict_or_refusal_is_on_the_page() -> None:
    page = (ROOT / "docs" / "failures.md").read_text(encoding="utf-8")
    for code in (*VIOLATIONS.all(), *get_args(RefusalReason), *get_args(Signal)):
        assert f"`{code}`" in page, code


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _run(code: list[str], folder: Path) -> str:
    done = subprocess.run([sys.executable, *code], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_run(path: Path, tmp_path: Path) -> None:
    assert _run([str(path)], tmp_path).strip()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_begin_with_their_command(path: Path) -> None:
    text = path.read_text()
    assert text.startswith('"""')
    assert f"python examples/{path.name}" in text.split('"""')[1]
    assert "You see" in text.split('"""')[1]


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=lambda page: page.name)
def test_python_blocks_run(page: Path, tmp_path: Path) -> None:
    """The blocks of a page run one after the other in one interpreter, as a reader would paste them."""
    _run(["-c", "\n".join(BLOCK.findall(page.read_text()))], tmp_path)


def test_there_are_examples_and_blocks() -> None:
    assert len(EXAMPLES) >= 6
    assert BLOCK.search((ROOT / "README.md").read_text())

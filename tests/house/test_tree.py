"""The repository as a tree: its doors, its community files, and nothing of one machine in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import lmp

ROOT = Path(__file__).parents[2]
DOORS = ("planners", "primitives", "prompts", "sims")
HOME_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work|opt|mnt)/\w+")
INDEX_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|(?:^|\s)-i https?://|@ file://")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _texts() -> list[tuple[str, str]]:
    texts = []
    for path in _tracked():
        if path.is_symlink() or not path.is_file() or path == Path(__file__):
            continue
        try:
            texts.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return texts


@pytest.mark.parametrize("name", DOORS)
def test_doors_are_relative_links_into_the_package(name: str) -> None:
    door = ROOT / name
    assert door.is_symlink()
    assert str(door.readlink()) == f"lmp/{name}"
    assert door.resolve() == (Path(lmp.__file__).parent / name).resolve()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", ".ci/run"])
def test_community_files_exist(name: str) -> None:
    assert (ROOT / name).read_text().strip()


def test_changelog_has_the_version_of_the_package() -> None:
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.M)
    assert version is not None
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert headings[0] == "Unreleased" or headings[0] == version[1]
    assert f"version: {version[1]}\n" in (ROOT / "CITATION.cff").read_text()


def test_no_tracked_file_names_a_place_of_one_machine() -> None:
    assert {name: found for name, text in _texts() if (found := HOME_PATH.findall(text))} == {}


def test_locks_hold_versions_only() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        text = lock.read_text()
        assert INDEX_OPTION.findall(text) == []
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert [line for line in lines if not re.match(r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==\S+( ; .+)?$", line)] == []


def test_the_runtime_lock_is_part_of_the_tools_lock() -> None:
    runtime, tools = (set((ROOT / f"requirements/{name}.lock").read_text().splitlines()) for name in ("runtime", "dev"))
    assert runtime - tools == set()

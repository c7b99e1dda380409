"""`lmp robots check` as typed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from lmp.cli.main import call
from lmp.robots.robot_file import FOLDER, load_robot


def test_a_robot_that_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["robots", "check", "ur5e"]) == 0
    told = capsys.readouterr().out
    assert "note     sources" in told and told.endswith("The robot ur5e can be used: 2 notes.\n")


def test_a_file_that_cannot_be_used_says_all_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        (FOLDER / "ur5e.toml")
        .read_text()
        .replace("velocity = 3.141593", "velocity = 0.0")
        .replace("[T_base_root]", "[T_base_rot]")
    )
    assert call(["robots", "check", str(file), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False and told["robot"] == str(file)
    problems = [one["message"] for one in told["findings"] if one["weight"] == "problem"]
    assert sum("velocity: Input should be greater than 0" in words for words in problems) == 6
    assert sum(words.startswith("T_base_rot: there is no such field. Did you mean 'T_base_root'?") for words in problems) == 1
    assert call(["robots", "check", str(file)]) == 2
    assert f"The robot {file} cannot be used: {len(problems)} problems." in capsys.readouterr().out.replace("\n", "")


def test_the_pairs_that_are_found_are_those_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["robots", "pairs", "ur5e"]) == 0
    found, file = tomllib.loads(capsys.readouterr().out), load_robot("ur5e")
    assert {tuple(pair) for pair in found["ignored_pairs"]} == set(file.ignored_pairs)
    assert {tuple(pair) for pair in found["distant_pairs"]} == set(file.distant_pairs)


def test_an_unknown_robot_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["robots", "check", "xarm7"]) == 2
    assert "No robot named 'xarm7'. Did you mean 'xarm6'?" in capsys.readouterr().err


def test_the_list_names_every_robot(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["robots", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == ["iiwa14", "panda", "ur5e", "xarm6"]

"""The commands with a planner that asks a model, as a user types them, against providers on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loopback.server import Loopback

from lmp.cli.main import call
from lmp.record import RunFolder
from lmp.record.check import check

INSTRUCTION = "put the red block in the bowl"
TAKE = {
    "reasoning": "it has to be in the hand first",
    "description": "take the red block",
    "skill": "pick",
    "objects": ["red_block"],
    "success": [{"kind": "held", "object": "red_block"}],
    "step": 0,
    "lasting": False,
}
PUT = {
    "reasoning": "into means inside",
    "description": "put it into the bowl",
    "skill": "place",
    "objects": ["red_block", "bowl"],
    "success": [{"kind": "in", "object": "red_block", "container": "bowl"}],
    "step": 0,
    "lasting": True,
}
PLAN = {"understanding": "one thing into another", "already": [], "subgoals": [TAKE, PUT], "refusal": None}
PICK = {"reasoning": "it lies free", "primitive": {"kind": "pick", "object": "red_block"}, "refusal": None}
PLACE = {
    "reasoning": "the bowl is empty",
    "primitive": {"kind": "place", "object": "red_block", "target": {"kind": "in", "container": "bowl"}},
    "refusal": None,
}


@pytest.fixture
def settings(tmp_path: Path) -> str:
    path = tmp_path / "settings.toml"
    path.write_text('world = "kinematic"\npictures = false\nreport = false\n[model]\nretries = 0\n')
    return str(path)


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("planner", ["openai:qwen3-vl", "anthropic:tiny"])
def test_run_and_replay_without_key_and_network(
    planner: str, settings: str, loopback: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loopback.answer(PLAN).answer(PICK).answer(PLACE)
    options = ["--seed", "3", "--settings", settings, "--json"]
    first, again = tmp_path / "first", tmp_path / "again"
    assert call(["run", INSTRUCTION, "--planner", planner, "--base-url", loopback.url, "--out", str(first), *options]) == 0
    told = printed(capsys)
    assert (told["verified"], told["models"]["calls"], told["models"]["questions"]) == (True, 3, 3)
    loopback.__exit__()
    assert call(["run", INSTRUCTION, "--planner", f"replay:{first}", "--out", str(again), *options]) == 0
    replayed = printed(capsys)
    assert replayed["models"]["calls"] == 3
    plans = [
        [RunFolder.open(run).path.joinpath("plans", f"{name}.json").read_bytes() for name in RunFolder.open(run).names("plans")]
        for run in (first, again)
    ]
    assert plans[0] == plans[1]
    assert len(plans[0]) == 1
    assert all(not check(run).faults for run in (first, again))


def test_show_prompt_sends_nothing(settings: str, loopback: Loopback, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["plan", INSTRUCTION, "--planner", "openai:tiny", "--base-url", loopback.url, "--show", "prompt"]
    assert call(asked) == 0
    shown = capsys.readouterr().out
    assert "==== System ====" in shown
    assert INSTRUCTION in shown
    assert '"red_block": category "block"' in shown
    assert call([*asked, "--json"]) == 0
    whole = printed(capsys)
    assert whole["question"] == "decompose"
    assert whole["schema"]["title"] == "DecomposeAnswer"
    assert [picture["label"] for picture in whole["pictures"]] == ["camera front", "camera top", "camera wrist"]
    assert loopback.requests == []


def test_a_prompt_of_ones_own_is_what_is_shown(loopback: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["prompts", "show", "decompose"]) == 0
    own = capsys.readouterr().out.replace("You plan for a robot arm", "You are the planner of a robot arm")
    (tmp_path / "decompose.md").write_text(own)
    asked = ["plan", INSTRUCTION, "--planner", "openai:tiny", "--base-url", loopback.url, "--show", "prompt"]
    assert call([*asked, "--prompts", str(tmp_path)]) == 0
    assert "You are the planner of a robot arm" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("unauthorised", "OPENAI_API_KEY"),
        ("no_model", "tiny"),
        ("broken", "500"),
        ("overflow", "too long"),
        ("malformed", "127.0.0.1"),
        ("cut", "127.0.0.1"),
    ],
)
def test_a_fault_of_the_server_ends_the_run_with_what_to_do(
    fault: str, words: str, settings: str, loopback: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loopback.fault(fault, times=5)
    options = ["--settings", settings, "--out", str(tmp_path / "run"), "--json"]
    status = call(["run", INSTRUCTION, "--planner", "openai:tiny", "--base-url", loopback.url, *options])
    told = printed(capsys)
    assert status in (1, 2, 3)
    assert told["outcome"] == "planner_failed"
    assert words in told["error"]
    assert told["subgoals"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--planner", "opneai:gpt"], "Did you mean 'openai:gpt'?"),
        (["--planner", "openai:"], "openai:MODEL"),
        (["--planner", "scripted", "--base-url", "http://127.0.0.1:1/v1"], "asks no model"),
        (["--planner", "openai:x", "--base-url", "127.0.0.1:1"], "begins with http:// or https://"),
        (["--planner", "openai:x", "--prompts", "nowhere"], "there is none at 'nowhere'"),
        (["--planner", "replay:nothing"], "nothing"),
        (["--planner", "transformers:/nowhere/at/all"], "/nowhere/at/all"),
        (["--planner", "scripted", "--show", "prompt"], "asks no model"),
        (["--planner", "openai:x", "--base-url", "http://127.0.0.1:1/v1", "--show", "promt"], "Did you mean 'prompt'?"),
    ],
)
def test_wrong_use_is_said(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["plan", INSTRUCTION, *arguments]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_the_planners_that_ask_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["planners", "--json"]) == 0
    listed = {row["name"]: row["line"] for row in printed(capsys)}
    assert {"scripted", "openai:MODEL", "anthropic:MODEL", "transformers:FOLDER", "replay:RUN"} <= listed.keys()
    assert all(listed.values())

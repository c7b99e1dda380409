"""The commands as a user types them: what they print, and their exit status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from untraced import untraced_environment

from lmp.cli.main import call
from lmp.errors import SetupFault
from lmp.lab.commands.evaluate_command import evaluation_status, parse_seeds
from lmp.lab.evaluate.episode import Job
from lmp.lab.evaluate.summary import summarize
from lmp.record import RunFolder

KEYS = {
    "outcome",
    "verified",
    "error",
    "instruction",
    "world",
    "seed",
    "planner",
    "subgoals",
    "replans",
    "seconds",
    "run",
    "scene_before",
    "scene_after",
}
SUBGOAL_KEYS = {"description", "reasoning", "skill", "objects", "primitive", "verdict", "gates", "attempts", "outcome"}
OBJECT_KEYS = {"name", "category", "colour", "position", "quaternion", "size", "touching", "held_by", "joints"}


def printed(capsys: pytest.CaptureFixture[str]) -> dict:
    """The one object on standard output."""
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def test_run_prints_one_object_and_the_world_agrees_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status = call(["run", "put the red block in the bowl", "--seed", "3", "--out", str(tmp_path / "r"), "--json"])
    found = printed(capsys)
    assert status == 0
    assert found.keys() >= KEYS
    assert (found["outcome"], found["verified"], found["error"]) == ("succeeded", True, None)
    assert [subgoal["skill"] for subgoal in found["subgoals"]] == ["pick", "place"]
    assert all(subgoal.keys() >= SUBGOAL_KEYS for subgoal in found["subgoals"])
    after = {thing["name"]: thing for thing in found["scene_after"]}
    before = {thing["name"]: thing for thing in found["scene_before"]}
    assert all(thing.keys() == OBJECT_KEYS for thing in after.values())
    assert "bowl" in after["red_block"]["touching"]
    assert before["red_block"]["position"] != after["red_block"]["position"]
    assert (tmp_path / "r" / "report.html").is_file()
    assert call(["show", str(tmp_path / "r"), "--json"]) == 0
    assert printed(capsys)["subgoals"] == found["subgoals"]
    assert call(["show", str(tmp_path / "r")]) == 0
    words = capsys.readouterr().out
    assert "pick up red_block" in words
    assert "\x1b" not in words


@pytest.mark.parametrize(
    ("sentence", "outcome", "word"),
    [
        ("put the purple block in the bowl", "absent", "purple"),
        ("put the block in the bowl", "ambiguous", "red_block"),
        ("put the red block inside the blue block", "impossible", "inside"),
        ("make me a sandwich", "not_understood", ""),
    ],
)
def test_a_refusal_is_status_2_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sentence: str, outcome: str, word: str
):
    for command in (["run", sentence, "--out", str(tmp_path / "r"), "--json"], ["plan", sentence, "--json"]):
        assert call(command) == 2
        found = printed(capsys)
        assert found.keys() >= KEYS
        assert (found["outcome"], found["verified"]) == (outcome, False)
        assert word in found["error"]
        assert found["scene_before"] == found["scene_after"]


def test_plan_shows_reasoning_and_verdicts_and_moves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert call(["plan", "put all the blocks in the bowl", "--world", "tabletop", "--seed", "3", "--json"]) == 0
    found = printed(capsys)
    assert found["outcome"] == "planned"
    assert len(found["subgoals"]) == 8
    assert {subgoal["outcome"] for subgoal in found["subgoals"]} == {"planned"}
    assert all(subgoal["verdict"]["feasible"] and subgoal["reasoning"] for subgoal in found["subgoals"])
    assert found["scene_before"] == found["scene_after"]
    assert found["run"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "x", "--world", "tabeltop"], "No world 'tabeltop'. Did you mean 'tabletop'?"),
        (["run", "x", "--robot", "pandas"], "No robot named 'pandas'. Did you mean 'panda'?"),
        (["run", "x", "--planner", "scripts"], "No planner named 'scripts'. Did you mean 'scripted'?"),
        (["run", "x", "--disturb", "shift"], "No disturbance named 'shift'."),
        (["run", "x", "--disturb", "KNOCK"], "Did you mean 'knock'?"),
        (["run", "x", "--disturb", "all"], "is for `lmp evaluate`"),
        (["run", "x", "--disturb", "knock:0.3m/s"], "leave out the unit, knock:0.3."),
        (["run", "x", "--disturb", "slip:1"], "from 0 to 0.9 (0.005 by default)"),
        (["run", "x", "--sede", "1"], "Try: lmp run --help"),
        (["run", "x", "--seed", "-1"], "--seed"),
        (["run", "x", "--world", "nowhere.toml"], "nowhere.toml"),
        (["run"], "Missing argument 'INSTRUCTION'"),
        (["runn", "x"], "runn"),
        (["show", "no-such-run"], "There is no run folder"),
        (["evaluate", "--instructions", "tasks", "--seeds", "9:3"], "--seeds"),
        (["evaluate", "--instructions", "taskz"], "taskz"),
        (["skills", "show", "pik"], "Did you mean 'pick'?"),
    ],
)
def test_wrong_use_is_status_2_in_one_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str):
    assert call(arguments) == 2
    quiet = capsys.readouterr()
    assert words in quiet.err
    assert "Traceback" not in quiet.err
    assert call([*arguments, "--json"]) == 2
    found = printed(capsys)
    assert found.keys() == KEYS
    assert (found["outcome"], found["verified"]) == ("wrong_use", False)


def test_an_existing_run_folder_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "precious.txt").write_text("keep me")
    assert call(["run", "pick up the mug", "--out", str(tmp_path), "--json"]) == 2
    assert printed(capsys)["outcome"] == "wrong_use"
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


@pytest.mark.parametrize(
    ("noun", "name"), [("worlds", "kinematic:tabletop"), ("robots", "panda"), ("planners", "scripted"), ("skills", "pick")]
)
def test_nouns_list_what_there_is(capsys: pytest.CaptureFixture[str], noun: str, name: str):
    assert call([noun]) == 0
    assert name in capsys.readouterr().out
    assert call([noun, "--json"]) == 0
    assert name in [row["address" if noun == "worlds" else "name"] for row in json.loads(capsys.readouterr().out)]
    assert call([noun, "show", name]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == name.removeprefix("kinematic:")


def test_evaluate_prints_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "two.txt").write_text("# comment\npick up the mug\npick up the purple block\n")
    arguments = [
        "evaluate",
        "--instructions",
        str(tmp_path / "two.txt"),
        "--seeds",
        "3",
        "--results",
        str(tmp_path / "r.jsonl"),
    ]
    assert call([*arguments, "--json"]) == 0
    total = json.loads(capsys.readouterr().out)["total"]
    assert (total["episodes"], total["verified"], total["refusals"]) == (2, 1, {"absent": 1})
    assert call(arguments) == 0
    assert "1/2" in capsys.readouterr().out


MISSPELT = {
    "broke": ('category = ["block"]', "bawl", "No object named 'bawl'. Did you mean 'bowl'?"),
    "was skipped": ('category = ["blok"]', "bowl", "the scene has no 'blok'. Did you mean 'block'?"),
}


@pytest.mark.parametrize("end", MISSPELT)
def test_an_evaluation_in_which_nothing_can_run_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str):
    slot, reference, reason = MISSPELT[end]
    task, results = tmp_path / "mine.toml", tmp_path / "r.jsonl"
    task.write_text(
        'name = "mine"\ninstructions = ["put the {thing} in the bowl"]\n'
        f'slots.thing = {{kind = "object", {slot}}}\n'
        f'truth = {{kind = "in", object = "{{thing}}", reference = "{reference}"}}\n'
    )
    arguments = ["evaluate", "--instructions", str(task), "--seeds", "0:2", "--results", str(results)]
    assert call(arguments) == 2
    quiet = capsys.readouterr()
    assert f"every episode {end}: " in quiet.err
    assert (quiet.out.count(reason), quiet.err.count(reason)) == (1, 1)
    assert call([*arguments, "--json"]) == 2
    total = printed(capsys)["total"]
    [(told, count)] = {**total["broken"], **total["skipped"]}.items()
    assert (reason in told, count) == (True, 2)


def test_an_evaluation_in_which_some_episodes_broke_has_a_status_of_its_own():
    job = Job.model_validate({"source": {"instruction": "a"}, "seed": 0, "settings": {}})
    ran, broke, bad = job.result(outcome="absent"), job.result(fault="x"), job.result(fault="y")
    assert evaluation_status(summarize([ran])) == 0
    assert evaluation_status(summarize([ran, broke])) == 1
    assert evaluation_status(summarize([broke, bad])) == 1
    assert evaluation_status(summarize([broke, broke])) == 2
    assert evaluation_status(summarize([broke], complete=False)) == 130


@pytest.mark.parametrize("text", ["", "a", "1:", ":3", "5:5", "-1", "1:2:3", "0:9999999", "٣", "1.5"])
def test_seeds_that_make_no_sense(text: str):
    with pytest.raises(SetupFault, match="--seeds"):
        parse_seeds(text)


def test_seeds():
    assert list(parse_seeds("7")) == [7]
    assert list(parse_seeds("0:3")) == [0, 1, 2]


TELLS_WHEN_IT_MOVES = """
import signal
import sys
from lmp.cli import answers
from lmp.cli.main import main

class Teller(answers.Silence):
    def event(self, name, **data):
        if name == "moving":
            print("moving", file=sys.stderr, flush=True)

answers.Silence = Teller
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # the tests themselves may run under nohup
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_ctrl_c_and_a_lost_terminal_bring_the_arm_to_rest_and_complete_the_record(tmp_path: Path, number: signal.Signals):
    folder = tmp_path / "r"
    command = [
        sys.executable,
        "-c",
        TELLS_WHEN_IT_MOVES,
        "run",
        "put the red block in the bowl",
        "--out",
        str(folder),
        "--json",
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=untraced_environment()) as process:
        try:
            while process.stderr.readline().strip() != "moving":
                assert process.poll() is None
            process.send_signal(number)
            out, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert json.loads(out)["outcome"] == "interrupted"
    assert RunFolder.open(folder).episode().outcome == "interrupted"
    assert (folder / "report.html").is_file()

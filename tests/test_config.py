"""Settings files, and how the command line goes before them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lmp.cli.main import call
from lmp.config import Settings
from lmp.errors import BadFile
from lmp.schema.budget import Budget


def test_what_is_said_becomes_options_and_files_belong_to_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('world = "own.toml"\nrobot = "panda"\nseed = 7\npictures = false\n[budget]\nreplans = 2')
    wanted = {"world": str(tmp_path / "own.toml"), "robot": "panda", "seed": 7, "pictures": False, "budget": Budget(replans=2)}
    assert Settings.load(file).options() == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sede = 1", "sede: there is no such field. Did you mean 'seed'? Known: world, robot"),
        ("seed = -1", "seed: Input should be greater than or equal to 0, got -1."),
        ("seed = 1.5", "seed: Input should be a valid integer"),
        ("seed = 1e99", "seed: "),
        ('seed = "7"', "seed: a whole number is needed, got '7'."),
        ('pictures = "yes"', "pictures: true or false is needed, got 'yes'."),
        ("report = 1", "report: true or false is needed, got 1."),
        ('[budget]\nseconds = "60"', "budget.seconds: a number is needed, got '60'."),
        ("world = 1979-05-27", "world: Input should be a valid string, got date."),
        ("[budget]\nseconds = nan", "budget.seconds: Input should be a finite number, got nan."),
        ("[budget]\nseconds = inf", "budget.seconds: Input should be a finite number, got inf."),
        ("[budget]\nreplan = 2", "budget.replan: there is no such field. Did you mean 'replans'?"),
    ],
)
def test_wrong_settings_are_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(BadFile) as caught:
        Settings.load(tmp_path / "settings.toml")
    assert any(sentence.startswith(words) for sentence in caught.value.complaints)


def test_whole_numbers_do_where_any_number_is_wanted(tmp_path: Path) -> None:
    for name, text in (("s.toml", "[budget]\nseconds = 60"), ("s.json", '{"budget": {"seconds": 60}}')):
        (tmp_path / name).write_text(text)
        assert Settings.load(tmp_path / name).budget == Budget(seconds=60.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('world = "tabeltop"', "world: No world 'tabeltop'. Did you mean 'tabletop'?"),
        ('robot = "pandas"', "robot: No robot named 'pandas'. Did you mean 'panda'?"),
        ('planner = "scripts"', "planner: No planner named 'scripts'. Did you mean 'scripted'?"),
        ('world = "bullet"', "world: No world 'bullet'. Did you mean 'pybullet'?"),
    ],
)
@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_name_that_there_is_not_is_told_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, text: str, words: str
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    status, told = answered(capsys, command, "take the mug", "--settings", str(file))
    assert status == 2
    assert str(told["error"]).startswith(f"{file}: {words}")


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    status = call([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_command_line_goes_before_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.json").write_text('{"seed": 7, "world": "sorting"}')
    said = ("plan", "take the red block", "--settings", str(tmp_path / "settings.json"), "--world", "tabletop")
    _, episode = answered(capsys, *said)
    assert (episode["seed"], episode["world"]) == (7, "pybullet:tabletop")


def test_a_saved_plan_can_be_run_and_what_clashes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, saved = tmp_path / "plan.json", "take the red block"
    status, _ = answered(capsys, "plan", saved, "--seed", "2", "--save", str(plan))
    assert status == 0 and json.loads(plan.read_text())["seed"] == 2
    status, episode = answered(capsys, "run", "--plan", str(plan), "--out", str(tmp_path / "run"))
    assert (status, episode["seed"], episode["instruction"], episode["verified"]) == (0, 2, saved, True)
    for clash in (("take it", "--plan", str(plan)), ("--plan", str(plan), "--planner", "scripted"), ()):
        status, episode = answered(capsys, "run", *clash)
        assert status == 2 and ("--plan" in str(episode["error"]))


def test_a_plan_that_cannot_be_made_is_not_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, "plan", "frobnicate", "--save", str(tmp_path / "plan.json"))[0] == 2
    assert not (tmp_path / "plan.json").exists()
    status, episode = answered(capsys, "plan", "take the red block", "--save", str(tmp_path / "no" / "plan.json"))
    assert status == 2 and "cannot be written" in str(episode["error"])

"""`lmp prompts` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from prompt_texts import BODY, header, written

from lmp.cli.main import call
from lmp.prompts.golden import golden_paths
from lmp.prompts.prompt_file import OURS, load_prompt
from lmp.prompts.variables import MEANINGS, QUESTIONS

ORDER = ("decompose", "plan", "ground", "correct", "verify")


def test_list_names_every_prompt_with_its_version_hash_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    written(tmp_path, header() + BODY)
    assert call(["prompts", "list", "--prompts", str(tmp_path), "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(QUESTIONS)
    assert rows["verify"]["file"] == str(tmp_path / "verify.md") and rows["verify"]["version"] == "7"
    assert rows["ground"]["sha256"] == load_prompt("ground").sha256
    assert all(row["tokens"] > 0 and row["purpose"] for row in rows.values())
    for words in (["prompts", "list"], ["prompts"]):
        assert call(words) == 0
        out = capsys.readouterr().out
        assert all(name in out and load_prompt(name).sha256[:12] in out for name in QUESTIONS)


def test_show_prints_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert call(["prompts", "show", "ground"]) == 0
    assert capsys.readouterr().out == (OURS / "ground.md").read_text(encoding="utf-8")
    written(tmp_path, header() + BODY + "\x1b[2J")
    assert call(["prompts", "show", "verify", "--prompts", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert 'version = "7"' in out and "\x1b" not in out
    assert call(["prompts", "show", "grund"]) == 2
    assert "No prompt named 'grund'. Did you mean 'ground'?" in capsys.readouterr().err


def test_our_prompts_pass_their_own_check(capsys: pytest.CaptureFixture[str]):
    assert call(["prompts", "check", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert set(rows) == set(QUESTIONS)
    assert {name: row["complaints"] for name, row in rows.items() if row["complaints"]} == {}
    assert all(row["golden"] == len(golden_paths(name)) > 0 for name, row in rows.items())


def test_check_complains_of_files_and_golden_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good = written(tmp_path, header() + BODY)
    assert call(["prompts", "check", str(good)]) == 0
    assert "verify.md: good" in capsys.readouterr().out
    folder = tmp_path / "golden" / "verify"
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text('{"answer": {"held": true}, "valid": true}')
    assert call(["prompts", "check", str(good), "--prompts", str(tmp_path)]) == 1
    assert "golden/verify/mine.json: it should be valid: reason: this is needed" in capsys.readouterr().out
    bad = written(tmp_path, header(name='"bad"') + BODY + "\nA confidence of 90 %.\n", "bad")
    worse = written(tmp_path, "no header\n", "worse")
    assert call(["prompts", "check", str(bad), str(worse), "--json"]) == 1
    found = [row["complaints"] for row in json.loads(capsys.readouterr().out)]
    assert found == [
        ["line 14: confidence is spoken of in %; its unit is dimensionless."],
        ["A prompt file begins with a header in TOML between two lines '+++'."],
    ]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["check", "nowhere.md"], "There is no file 'nowhere.md'"),
        (["check", "--prompts", "nowhere"], "There is no folder of prompts 'nowhere'"),
        (["list", "--prompts", "nowhere"], "There is no folder of prompts 'nowhere'"),
        (["chekc"], "chekc"),
        (["show"], "NAME"),
    ],
)
def test_wrong_use_is_status_2(capsys: pytest.CaptureFixture[str], words: list[str], complaint: str):
    assert call(["prompts", *words]) == 2
    assert complaint in capsys.readouterr().err


def test_the_commands_of_the_page_run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    page = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")
    commands = [line.removeprefix("    lmp ") for line in page.splitlines() if line.startswith("    lmp ")]
    assert len(commands) >= 7
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_prompts").mkdir()
    for command in commands:
        words, _, target = command.partition(" > ")
        assert call(words.split()) == 0, command
        out = capsys.readouterr().out
        assert out
        if target:
            Path(target).write_text(out, encoding="utf-8")


def test_the_page_has_every_variable_of_every_question():
    page = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")
    for name, meaning in MEANINGS.items():
        marks = " |".join(" x" if name in QUESTIONS[question] else "" for question in ORDER)
        assert f"| `{name}` | {meaning} |{marks} |" in page

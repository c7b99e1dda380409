"""`lmp doctor`: what is here, what renders, where runs go."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from doctored_place import Server, alone, listing, serving  # noqa: F401  Fixtures.

from lmp.cli.main import call
from lmp.diagnosis import examination, keys, places, rendering
from lmp.diagnosis.finding import all_that_is_needed_works
from lmp.diagnosis.machine import machine_findings
from lmp.diagnosis.packages import extra_findings, package_findings, python_findings

pytestmark = pytest.mark.usefixtures("alone")


def test_what_is_no_key_is_said_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "two words")
    first, second = keys.look_for_keys().findings
    assert (first.state, second.state) == ("problem", "missing")
    assert "two words" not in first.model_dump_json()


def test_offline_asks_nobody(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(lambda _: listing("m"))
    monkeypatch.setattr(examination, "picture_findings", lambda: iter(()))
    found = list(examination.examine(base_url=server.url, offline=True))
    assert server.asked == []
    assert {finding.topic for finding in found} >= {"python", "packages", "keys", "places", "machine"}
    assert "servers" not in {finding.topic for finding in found}


def test_the_whole_of_it_here(capsys: pytest.CaptureFixture[str]) -> None:
    """With the real simulator, in a process of its own."""
    assert call(["doctor", "--offline", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    found = {finding["name"]: finding for finding in said["findings"]}
    assert said["ok"] is True
    assert "front 640x480" in found["simulator and cameras"]["found"]
    assert found["window (--gui)"]["state"] == "missing"
    assert found["numpy"]["state"] == "ok"
    assert list(Path().iterdir()) == []


def test_words_name_what_a_run_needs_and_does_not_have(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rendering, "LOOK", "import os; os.kill(os.getpid(), 11)")
    assert call(["doctor", "--offline"]) == 1
    out = capsys.readouterr().out
    assert "it was ended by signal 11" in out
    assert "A run without a key does not work here: simulator and cameras." in out
    assert "No server was asked" in out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('no such thing')", "RuntimeError: no such thing"),
        ("print('{}[')", "it ended with status 0"),
        ("""print('{"pictures": [["front", 4, 3, 0.0]], "seconds": 0, "objects": 1}')""", "nothing is to be seen in: front"),
        ("""print('{"pictures": [], "seconds": 0, "objects": 1}')""", "nothing is to be seen in: no camera"),
    ],
)
def test_a_simulator_that_does_not_draw_is_a_problem(monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
    monkeypatch.setattr(rendering, "LOOK", code)
    found = next(rendering.picture_findings())
    assert (found.state, found.needed, words in found.found) == ("problem", True, True), found.found


def test_a_display_that_nobody_serves_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "LOOK", "raise SystemExit")
    monkeypatch.setenv("DISPLAY", ":98765")
    _, window = rendering.picture_findings()
    assert (window.state, window.found) == ("problem", "the display does not answer")


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    record, room = places.place_findings(tmp_path / "new" / "runs")
    assert (record.state, room.state) == ("ok", "ok")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
    if Path("/proc/self/fd").is_dir():
        record, _ = places.place_findings(Path("/proc/self/runs"))
        assert (record.state, record.needed) == ("problem", True)


def test_packages_that_are_not_there_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    lines = ["numpy>=2", "not-there>=1", "openai", "old; python_version < '3.0'", "never-heard-of; extra == 'local'"]
    monkeypatch.setattr(metadata, "requires", lambda _: lines)
    found = {finding.name: finding for finding in package_findings()}
    assert (found["not-there"].state, found["not-there"].needed) == ("missing", True)
    assert (found["numpy"].state, found["openai"].needed, "old" in found) == ("ok", False, False)
    assert not all_that_is_needed_works(tuple(found.values()))
    (local, *_) = extra_findings()
    assert (local.name, local.state) == ("local", "missing")
    assert local.todo.endswith("pip install 'lmp-robotics[local]'")


def test_python_and_the_machine_are_told() -> None:
    assert [finding.state for finding in python_findings()] == ["ok", "ok"]
    cores = next(machine_findings())
    assert cores.found.split()[0].isdigit()


def test_an_address_without_a_scheme_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["doctor", "--base-url", "127.0.0.1:8000"]) == 2
    assert "begins with http:// or https://" in capsys.readouterr().err

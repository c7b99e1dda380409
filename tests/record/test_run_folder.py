from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmp.errors import BadFile, SetupFault
from lmp.record import RunFolder
from lmp.record.claiming import new_folder, slug
from lmp.record.stored_files import atomic_path
from lmp.robots.robot_file import load_robot
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome

EPISODE = Episode(
    outcome=Outcome.SUCCEEDED,
    verified=True,
    instruction="go home",
    world="empty",
    seed=1,
    robot="panda",
    planner="p",
    seconds=1.0,
)


def _run(folder: Path) -> RunFolder:
    return RunFolder.create(folder / "run", "go home", {"seed": 1})


def test_the_name_of_a_run_sorts_by_time_and_tells_what_it_is_about(tmp_path: Path) -> None:
    run = RunFolder.create(None, "Put the red block in the bowl!", parent=tmp_path / "runs")
    assert run.path.parent == tmp_path / "runs"
    assert re.fullmatch(r"\d{8}-\d{6}-put-the-red-block-in-the-bowl-[0-9a-f]{4}", run.path.name)


def test_runs_that_begin_in_the_same_second_get_folders_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        paths = list(pool.map(lambda _: new_folder(tmp_path, "go"), range(400)))
    assert len(set(paths)) == 400


@given(st.text(max_size=300))
def test_any_words_make_a_file_name(words: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(words))
    assert len(slug(words)) <= 40


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(SetupFault, match="is not empty"):
        RunFolder.create(tmp_path, "go home")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert RunFolder.create(tmp_path, "go home").settings()["instruction"] == "go home"


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_the_way_is_a_setup_fault(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("")
    for make in (
        lambda: RunFolder.create(tmp_path / "file" / inside, "go"),
        lambda: RunFolder.create(None, "go", parent=tmp_path / "file" / inside),
    ):
        with pytest.raises(SetupFault, match="cannot be made"):
            make()


def test_what_the_run_was_made_with_is_written(tmp_path: Path) -> None:
    run = RunFolder.create(tmp_path / "run", "go", {"seed": 7, "format": "forged"}, load_robot("panda"))
    again = RunFolder.open(run.path)
    assert again.settings()["seed"] == 7
    assert again.versions()["python"].startswith("3.")
    assert again.versions()["numpy"] == np.__version__
    assert again.robot() == load_robot("panda")


def test_opening_what_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    _run(tmp_path)
    with pytest.raises(SetupFault, match=r"There is no run folder '.*runn'\. Did you mean 'run'\?"):
        RunFolder.open(tmp_path / "runn")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("log.jsonl", "'run/log.jsonl' is a file of a run, which is named by its folder: 'run'."),
        (
            "report.html",
            "'run/report.html' is a file of a run, which is named by its folder: 'run'. A browser opens the report.",
        ),
        ("scenes", "'run/scenes' is a folder of a run, which is named by its folder: 'run'."),
        ("scenes/a.json", "'run/scenes/a.json' is a file of a run, which is named by its folder: 'run'."),
        ("report.htm", "There is no 'run/report.htm' in the run folder 'run'. Did you mean 'report.html'?"),
    ],
)
def test_a_part_of_a_run_is_no_run_and_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = _run(tmp_path)
    (run.path / "report.html").write_text("")
    (run.path / "scenes").mkdir(exist_ok=True)
    (run.path / "scenes" / "a.json").write_text("")
    with pytest.raises(SetupFault) as caught:
        RunFolder.open(Path("run") / part)
    assert str(caught.value).startswith(words)


def test_only_runs_are_suggested_also_those_below_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _run(tmp_path / "runs")
    (tmp_path / "rum").mkdir()
    (tmp_path / "run.py").write_text("")
    with pytest.raises(SetupFault, match=r"^There is no run folder 'rum1'\. Did you mean 'run'\?$"):
        RunFolder.open(Path("rum1"))
    with pytest.raises(SetupFault, match=r"^'run.py' is a file, and no run folder\. Did you mean 'run'\?$"):
        RunFolder.open(Path("run.py"))


def test_opening_a_foreign_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="has nothing in it"):
        RunFolder.open(tmp_path)
    (tmp_path / "settings.json").write_text('{"colour": "blue"}')
    with pytest.raises(SetupFault, match="is not a run folder"):
        RunFolder.open(tmp_path)


def test_an_unfinished_run_can_be_opened_and_says_where_it_stopped(tmp_path: Path) -> None:
    run = _run(tmp_path)
    run.append("perceived")
    run.append("executed")
    again = RunFolder.open(run.path)
    assert not again.finished
    with pytest.raises(SetupFault, match=r"has not ended.*2 events were recorded, the last is 'executed'"):
        again.episode()


def test_an_episode_comes_back(tmp_path: Path) -> None:
    run = _run(tmp_path)
    run.save_episode(EPISODE)
    assert run.finished
    assert RunFolder.open(run.path).episode() == EPISODE


@given(st.binary(max_size=200))
def test_a_damaged_file_is_a_fault_of_ours(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    run = _run(tmp_path_factory.mktemp("damaged"))
    (run.path / "trajectories").mkdir()
    (run.path / "scenes").mkdir()
    for name in ("episode.json", "robot.json", "settings.json", "trajectories/0001.npz", "scenes/0001.json"):
        (run.path / name).write_bytes(content)
    again = RunFolder.open(run.path)
    for read in (
        again.settings,
        again.episode,
        again.robot,
        lambda: run.load_trajectory("0001"),
        lambda: run.load_scene("0001"),
    ):
        with pytest.raises(BadFile):
            read()


@pytest.mark.parametrize("name", ["../settings", "/etc/passwd", "", "a/b", ".hidden", "x" * 200])
def test_names_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    run = _run(tmp_path)
    for use in (run.load_scene, run.load_trajectory, run.load_frames, lambda name: run.save_frames((_Unread(),), name)):
        with pytest.raises(SetupFault, match="is not a name"):
            use(name)


class _Unread:
    """Stands for a frame that must not be looked at."""

    name = "front"


def test_a_name_that_is_not_there_is_a_setup_fault(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="has no scenes/0009"):
        _run(tmp_path).load_scene("0009")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(path) as part, part.open("wb") as file:
        file.write(b"new, but only ha")
        raise RuntimeError("no space left")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with atomic_path(path) as part, part.open("wb") as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_files_are_as_readable_as_any_other(tmp_path: Path) -> None:
    run = _run(tmp_path)
    plain = tmp_path / "plain"
    plain.write_text("")
    assert (run.path / "settings.json").stat().st_mode == plain.stat().st_mode


@given(st.text(max_size=80).map(lambda text: text + "\udcff"))
def test_an_instruction_that_is_not_unicode_is_recorded(tmp_path_factory: pytest.TempPathFactory, words: str) -> None:
    run = RunFolder.create(None, words, parent=tmp_path_factory.mktemp("words"))
    assert run.settings()["instruction"] == words
    assert json.loads((run.path / "settings.json").read_text("ascii"))

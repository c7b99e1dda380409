"""Worlds are opened by their addresses, and what is wrong with one is said with the nearest that would work."""

from __future__ import annotations

import os
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lmp
from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.runtime.worlds import check_world, open_world, reopen_world, scheme_of
from lmp.schema.world_spec import WorldAddress, WorldSpec
from lmp.sims.world_report import world_report

EXAMPLE = Path(__file__).parents[2] / "examples" / "workbench.toml"
MODULE = """
from lmp.errors import SetupFault
from lmp.stages import WorldScheme

class Bare:
    def __init__(self, spec, robot=None):
        self.spec, self.robot, self.rate_hz = spec, robot, 10.0
    def observe(self, wanted=None): ...
    def settle(self, seconds): ...
    def close(self): ...

class Small(Bare):
    '''A small world.'''
    def __init__(self, spec, *, size: float, most: int = 3, name: str = "a"):
        super().__init__(spec)
        self.given = (spec.seed, size, most, name)

class Broken:
    def __init__(self, spec):
        raise ValueError("no such port")

def opened(spec, robot):
    return Bare(spec, robot)

def remote(spec):
    if not spec.read_address.rest[0].isdigit():
        raise SetupFault(f"No host {spec.read_address.rest!r}.")
    return Bare

REMOTE = WorldScheme(line="a world of another machine", takes="HOST:PORT", find=remote)

def nothing(spec):
    return (spec.seed, spec.address)
"""


@pytest.fixture(scope="module", autouse=True)
def own_module(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A module in the folder where the commands are typed."""
    folder = tmp_path_factory.mktemp("typed")
    (folder / "worlds_of_somebody.py").write_text(MODULE)
    before = Path.cwd()
    os.chdir(folder)
    check_world("python:worlds_of_somebody:opened")
    os.chdir(before)


@pytest.mark.parametrize(
    ("said", "opened"),
    [
        ("tabletop", "pybullet:tabletop"),
        ("kitchen", "pybullet:kitchen"),
        ("kinematic", "kinematic:tabletop"),
        ("kinematic:sorting", "kinematic:sorting"),
        (str(EXAMPLE), f"pybullet:{EXAMPLE}"),
        (f"kinematic:{EXAMPLE}", f"kinematic:{EXAMPLE}"),
        ("python:worlds_of_somebody:opened", "python:worlds_of_somebody:opened"),
        ("python:worlds_of_somebody:Small?size=1&name=x%26y", "python:worlds_of_somebody:Small?size=1&name=x%26y"),
    ],
)
def test_an_address_is_completed(said: str, opened: str) -> None:
    _, read = scheme_of(said)
    assert str(read) == opened
    assert str(scheme_of(opened)[1]) == opened


def test_a_relative_path_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLE.parent)
    assert str(scheme_of("workbench.toml")[1]) == f"pybullet:{EXAMPLE}"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("tabeltop", "No world 'tabeltop'. Did you mean 'tabletop'?"),
        ("kinemtic", "Did you mean 'kinematic'?"),
        ("pybulet:tabletop", "Did you mean 'pybullet:tabletop'?"),
        ("kinematics:sorting", "Did you mean 'kinematic:sorting'?"),
        ("kinematic:tabeltop", "No scene named 'tabeltop'. Did you mean 'tabletop'?"),
        (f"kinemtic:{EXAMPLE}", f"Did you mean 'kinematic:{EXAMPLE}'?"),
        (str(EXAMPLE.with_suffix(".tml")), f"Did you mean '{EXAMPLE}'?"),
        ("nowhere.toml", "nowhere.toml: It cannot be read"),
        ("worlds_of_somebody:Small", "Did you mean 'python:worlds_of_somebody:Small'?"),
        (
            "python:worlds_of_somebody:Smal",
            "'Smal' is not in worlds_of_somebody; a class or function is needed. Did you mean 'Small'?",
        ),
        ("python:worlds_of_somebody", "python:worlds_of_somebody:CLASS. Known: Bare, Small, Broken, opened, remote, nothing."),
        ("python:worlds_of_nobody:Small", "the module 'worlds_of_nobody' cannot be imported from"),
        ("python:", "goes on after the colon: python:MODULE:CLASS."),
        ("kinematic:tabletop?size=3", "It has no option 'size'. It has none of its own. Every world takes disturb."),
        ("python:worlds_of_somebody:Small", "It needs the option size: python:worlds_of_somebody:Small?size=..."),
        ("kinematic:tabletop?dsturb=knock", "It has no option 'dsturb'. Did you mean 'disturb'?"),
        ("python:worlds_of_somebody:Small?size=1&disturbe=slip", "Did you mean 'disturb'? Its options: size, most, name."),
        ("python:worlds_of_somebody:REMOTE", "'REMOTE' is of type WorldScheme; a class or function is needed."),
        ("python:json", "Nothing in json says that it takes a WorldSpec first. Can be called with one value: dumps,"),
        ("python:json:JSONDecoder", "takes no WorldSpec: it is called as (*, object_hook=None"),
        ("python:math:hypot", "nothing tells how it is called. What an address names is a class or function that takes"),
        (
            "python:worlds_of_somebody:Small?size=1&moest=2",
            "no option 'moest'. Did you mean 'most'? Its options: size, most, name.",
        ),
        ("python:worlds_of_somebody:Small?size=big&most=1.5", "size = 'big': Input should be a valid number"),
        ("python:worlds_of_somebody:Small?size=1&size=2", "says size more than once"),
        ("kinematic:tabletop?size", "are key=value&key=value, got 'size'."),
        ("", "No world ''."),
        ("kinematic:" + "a" * 5000, "at most 2000 characters"),
        ("kinematic:tabletop?" + "b" * 100 + "=1", "at most 64 characters"),
        ("kinematic:tabletop?a%00b=1", "only printable characters are allowed"),
        (":", "No world ':'."),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest_that_would_work(address: str, words: str) -> None:
    with pytest.raises(SetupFault) as told:
        check_world(address)
    assert words in str(told.value)


@pytest.mark.parametrize("name", ["scripted", "openai:tabletop", "anthropic:World", "replay:kitchn", "transformers:World"])
def test_a_planner_is_never_suggested_for_a_world(name: str) -> None:
    with pytest.raises(SetupFault) as told:
        check_world(name)
    suggested = str(told.value).partition("Did you mean ")[2].partition("?")[0]
    assert not any(word in suggested for word in ("scripted", "openai", "anthropic", "replay", "transformers"))
    assert "kinematic:SCENE" in str(told.value)


def test_worlds_of_other_packages_are_opened_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    points = (
        EntryPoint("mycell", "worlds_of_somebody:Bare", "lmp.worlds"),
        EntryPoint("remote", "worlds_of_somebody:REMOTE", "lmp.worlds"),
    )
    monkeypatch.setattr("lmp.registry._of_other_packages", lambda kind: points if kind == "world" else ())
    assert str(open_world("mycell", seed=2).spec) == "mycell"
    assert open_world("mycell:left", seed=2).spec.address == "mycell:left"
    assert open_world("mycell:cell.toml").spec.address == f"mycell:{Path.cwd() / 'cell.toml'}"
    assert open_world("remote:10.0.0.1:5555").spec.read_address.rest == "10.0.0.1:5555"
    for wrong, words in (
        ("mycel", "Did you mean 'mycell'?"),
        ("remot:10.0.0.1", "remote:HOST"),
        ("remote", "goes on after the colon: remote:HOST:PORT."),
        ("remote:nowhere", "No host 'nowhere'."),
    ):
        with pytest.raises(SetupFault) as told:
            check_world(wrong)
        assert words in str(told.value)


def test_options_are_read_as_they_are_annotated() -> None:
    world = open_world("python:worlds_of_somebody:Small?size=0.5&most=7", seed=4)
    assert world.given == (4, 0.5, 7, "a")  # type: ignore[attr-defined]


def test_a_world_takes_a_robot_or_brings_its_own() -> None:
    for asked, name in ((None, "panda"), ("ur5e", "ur5e")):
        world = open_world("python:worlds_of_somebody:opened", robot=asked)
        assert (world.robot.name, world.spec.robot) == (name, name)  # type: ignore[attr-defined]
    with pytest.raises(SetupFault, match="brings its own robot: leave out the robot 'ur5e'"):
        open_world("python:worlds_of_somebody:Small?size=1", robot="ur5e")
    with pytest.raises(SetupFault, match="No robot named 'ur55'"):
        open_world("kinematic:tabletop", robot="ur55")


def test_what_a_world_raises_is_told_with_its_address() -> None:
    with pytest.raises(SetupFault, match="python:worlds_of_somebody:Broken cannot be opened: ValueError: no such port"):
        open_world("python:worlds_of_somebody:Broken")
    with pytest.raises(
        SetupFault, match=r"json:loads cannot be opened: TypeError: the JSON .* What an address names is a class"
    ):
        open_world("python:json:loads")
    with pytest.raises(SetupFault, match=r"no such port \(.*worlds_of_somebody.py:20\)\. What an address names"):
        open_world("python:worlds_of_somebody:Broken")
    with pytest.raises(SetupFault, match="has no window"):
        open_world("kinematic:tabletop", gui=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\ndef half(x):\n    return x / 0\nhalf(1)\n", "ZeroDivisionError: division by zero ({file}:3)."),
        ("import json\n\njson.loads('[')\n", "JSONDecodeError: Expecting value: line 1 column 2 (char 1) ({file}:3)."),
        ("class World\n    pass\n", "SyntaxError: expected ':' ({file}:1)."),
        ("import nothing_of_that_name\n", "ModuleNotFoundError: No module named 'nothing_of_that_name' ({file}:1)."),
    ],
    ids=["own", "library", "syntax", "import"],
)
def test_a_module_that_fails_at_import_says_at_which_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"failing_{abs(hash(text))}"
    file = tmp_path / f"{name}.py"
    file.write_text(text)
    with pytest.raises(SetupFault) as caught:
        open_world(f"python:{name}:World")
    assert str(caught.value).endswith(words.format(file=file))


def test_a_python_file_is_told_how_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "my_cell.py").write_text("class Cell: ...\n")
    with pytest.raises(SetupFault, match="in the folder of the file: python:my_cell:CLASS"):
        scheme_of(str(tmp_path / "my_cell.py"))


def test_options_are_read_though_another_annotation_is_for_type_checkers_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checked_worlds.py").write_text(
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from lmp.stages import World\n"
        "def made(spec: WorldSpec, size: int = 3) -> World:\n    raise RuntimeError(f'{size + 1}')\n"
    )
    with pytest.raises(SetupFault, match="RuntimeError: 5 "):
        open_world("python:checked_worlds:made?size=4")


def test_what_is_no_world_is_told_with_what_it_lacks() -> None:
    with pytest.raises(SetupFault, match="opens is no world: tuple has no spec, robot, rate_hz, observe, settle, close"):
        open_world("python:worlds_of_somebody:nothing")


def test_an_open_world_takes_no_seed_of_its_own() -> None:
    with open_world("kinematic:tabletop") as world, pytest.raises(SetupFault, match="is open already"):
        lmp.run("take the mug", world=world, seed=3)


TEXT = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    st.sampled_from(["", "pybullet", "x.y", "a-b"]),
    st.from_regex(r"[a-z/][\w./-]{0,12}", fullmatch=True),
    st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), TEXT, max_size=3),
)
def test_an_address_is_read_as_it_is_written(scheme: str, rest: str, options: dict[str, str]) -> None:
    address = WorldAddress(scheme, rest, options)
    assert WorldAddress.read(str(address)) == address
    whole = address.within("kinematic")
    spec = WorldSpec.model_validate_json(WorldSpec(address=whole.plain, options=options).model_dump_json())
    assert spec.read_address == whole == WorldAddress.read(str(spec))


@pytest.mark.parametrize("rest", ["tabletop", "deep/own.toml", "/whole/own.json"])
def test_a_file_says_a_path_as_seen_from_its_own_folder(rest: str) -> None:
    file = Path("/here/plans/plan.json")
    address = WorldAddress("kinematic", rest, {"a": "b"})
    beside = address.beside(file)
    assert beside.rest == (rest if rest == "tabletop" else str(file.parent / rest))
    assert os.path.normpath(beside.seen_from(file).beside(file).rest) == beside.rest


def test_a_record_reopens_its_world_when_the_scene_file_is_gone(tmp_path: Path) -> None:
    scene = tmp_path / "own.toml"
    scene.write_text(EXAMPLE.read_text())
    with open_world(f"kinematic:{scene}", seed=5, robot="ur5e") as world:
        record = RunFolder.create(tmp_path / "run", "take it", {}, robot=world.robot.description, world=world.spec)
        objects = world_report(world)
    scene.unlink()
    with record, reopen_world(record) as again:
        assert world_report(again) == objects
        assert again.spec == world.spec
        assert again.robot.description == world.robot.description


def test_a_world_made_in_python_says_how_it_is_resumed(tmp_path: Path) -> None:
    with (
        RunFolder.create(tmp_path / "run", "take it", {}, world=WorldSpec()) as record,
        pytest.raises(SetupFault, match=r"passed as an object. Open it in Python and use lmp.Agent\(world\).resume\(run\)"),
    ):
        reopen_world(record)

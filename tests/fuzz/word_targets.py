"""What a person types: instructions, disturbances, whole command lines."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path

from file_targets import SKILLS, folder, seen, told
from fuzz_target import Target, corpus
from grounding import grounded
from hypothesis import strategies as st
from mutation import changed_bytes

from lmp.cli.main import call
from lmp.errors import LmpError
from lmp.lab.disturbances.kinds import DISTURBANCES
from lmp.lab.disturbances.request import parse_disturbance
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.skill import SkillParameters

PLANNER = ScriptedPlanner(SKILLS)
WORDS = (
    "put", "take", "move", "push", "stack", "place", "pick", "up", "down", "the", "a", "all", "every", "each", "red",
    "green", "blue", "yellow", "block", "blocks", "bowl", "mug", "tray", "table", "it", "them", "one", "other", "leftmost",
    "biggest", "in", "on", "into", "onto", "left", "right", "of", "behind", "between", "beside", "next", "to", "and",
    "then", ",", ".", "before", "after", "except", "not", "10", "cm", "0.3", "m", "half", "slowly", "quickly", "back",
    "(0.5, 0.1)", "x = 45 cm, y =", "as fast as you can",
    "where", "was", "home", "away", "from", "to", "off", "clear", "swap", "with", "nearest", "farthest", "tower", "row",
    "line"
)  # fmt: skip
INSTRUCTIONS = [
    b"put the red block in the bowl", b"stack the green block on the blue one, then put the red block to the left of the bowl",
    b"push the yellow block 10 cm to the left",
    b"put all blocks except the red one into the tray",
    b"swap the red and the blue block",
]  # fmt: skip


def check_instruction(data: bytes) -> None:
    """Subgoals whose objects are there, each with a primitive or a refusal; or a refusal that says why."""
    answer = PLANNER.decompose(data.decode("utf-8", "replace"), seen())
    if isinstance(answer, Refusal):
        assert answer.message
        return
    for subgoal in answer:
        assert isinstance(subgoal, Subgoal) and set(subgoal.objects) <= set(seen().names)
        primitive = grounded(PLANNER, subgoal, seen())
        assert isinstance(primitive, SkillParameters | Refusal)


def check_disturbance(data: bytes) -> None:
    """A kind with an amount in its range, or it is said what is wrong."""
    try:
        wish = parse_disturbance(data.decode("utf-8", "replace"))
    except LmpError as error:
        told(error)
        return
    assert wish.about.low <= wish.amount <= wish.about.high
    assert parse_disturbance(str(wish)).kind == wish.kind


def check_command(arguments: list[str]) -> None:
    """A command line ends with a status that is documented, one JSON object if asked for, and nothing that is not shown."""
    out, err = io.StringIO(), io.StringIO()
    before = Path.cwd()
    os.chdir(folder())
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = call(arguments)
    finally:
        os.chdir(before)
    assert status in {0, 1, 2, 3, 130}, status
    assert "Traceback" not in err.getvalue()
    assert all(line.isprintable() for line in err.getvalue().splitlines()), f"{err.getvalue()!r}"
    shown = out.getvalue()
    if "--json" in arguments and "--help" not in arguments and status != 0:
        assert isinstance(json.loads(shown), dict | list)
    shown.encode()


FILES = [
    "/dev/null",
    "/dev/zero",
    "/",
    ".",
    "nothing.toml",
    "nothing.json",
    "a\0b.toml",
    "\udcff.toml",
    "a" * 300 + ".toml",
    "x.exe",
]
STRANGE = st.sampled_from(
    [*FILES, "", "-", "--", "\x1b[2J", "\u202e", "{{7*7}}", "$(reboot)", "9" * 400, "nan", "-1", "1e9", "0:0"]
)
ANY = STRANGE | st.text(max_size=12)
OPTIONS = ["--world", "--robot", "--planner", "--seed", "--settings", "--plan", "--disturb", "--save", "--seeds", "--workers"]


def _strange(words: list[str]) -> st.SearchStrategy[list[str]]:
    """A command with options of strange values: none of them lets a long run begin."""
    option = st.tuples(st.sampled_from(OPTIONS), ANY).map(list) | st.sampled_from(
        [["--json"], ["--help"], ["--bogus"], ["--gui=1"]]
    )
    extra = st.lists(option, max_size=4).map(lambda found: [word for pair in found for word in pair])
    return st.builds(lambda more, json_: [*words, *more, *(["--json"] if json_ else [])], extra, st.booleans())


def _commands() -> st.SearchStrategy[list[str]]:
    nonsense = st.sampled_from(
        ["frobnicate the gizmo", "", "\x00", "\udcff", "{{7*7}} the <script>", "\u202eput it", "x" * 3000]
    )
    plan = nonsense.flatmap(lambda words: _strange(["plan", words]))
    refused = nonsense.flatmap(lambda words: _strange(["run", words, "--world", "nowhere"]))
    shown = st.builds(lambda noun, name: [noun, "show", name], st.sampled_from(["scenes", "robots", "planners", "skills"]), ANY)
    folders = st.builds(
        lambda words, name: [*words, name], st.sampled_from([["show"], ["resume"], ["runs", "list"], ["runs", "check"]]), ANY
    )
    evaluated = st.sampled_from(FILES).flatmap(lambda file: _strange(["evaluate", "--instructions", file]))
    listed = st.sampled_from([["scenes"], ["robots", "--json"], ["skills"], ["planners"], [], ["--help"], ["run", "--help"]])
    return st.one_of(plan, refused, shown, folders, evaluated, listed, st.lists(ANY, max_size=4))


KINDS = [text.encode() for name in DISTURBANCES for text in (name, f"{name}:0.1", f"{name}:-1", f"{name}:nan")]
WORD_TARGETS = (
    Target(
        "instruction",
        changed_bytes([*INSTRUCTIONS, *corpus("instruction")])
        | st.lists(st.sampled_from(WORDS), max_size=25).map(lambda words: " ".join(words).encode()),
        check_instruction,
        seconds=10.0,
    ),
    Target("disturbance", changed_bytes([*KINDS, *corpus("disturbance")]), check_disturbance),
    Target("command", _commands(), check_command, seconds=20.0, text=False, read=json.loads),
)

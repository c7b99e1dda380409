"""One file outside of the package adds a skill with verb, condition, violation and recovery; nothing else names it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from planner_scenes import SKILLS, scene

import lmp
from lmp import registry
from lmp.planners.model.words.skill_words import skills_text
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.runtime.recoveries import response_to
from lmp.schema.condition import CONDITIONS
from lmp.schema.outcome import FAILURES, Outcome, Response
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.skill import SkillParameters, SkillSpec, Verb
from lmp.schema.verdict import VIOLATIONS

FILE = Path(__file__).parents[2] / "examples" / "04_your_own_skill.py"


@pytest.fixture(scope="module")
def file() -> Iterator[ModuleType]:
    """The file of the skill, loaded for the length of the tests and forgotten after them."""
    with CONDITIONS.also(), FAILURES.also(), VIOLATIONS.also():
        spec = importlib.util.spec_from_file_location("my_hover", FILE)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["my_hover"] = module
        spec.loader.exec_module(module)
        yield module
        sys.modules.pop("my_hover")


@pytest.fixture(scope="module")
def planner(file: ModuleType) -> ScriptedPlanner:
    return ScriptedPlanner({**SKILLS, "hover": file.HOVER.spec})


def steps(planner: ScriptedPlanner, words: str) -> list[tuple[str, ...]]:
    answer = planner.decompose(words, scene())
    assert not isinstance(answer, Refusal), answer
    return [(subgoal.skill, *subgoal.objects) for subgoal in answer]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("hover over the mug", [("hover", "mug")]),
        ("hover above the red block", [("hover", "red_block")]),
        ("point at the can", [("hover", "can")]),
        ("hover over the second block from the left", [("hover", "yellow_block")]),
        ("hover over the mug, then put the red block in the bowl",
         [("hover", "mug"), ("pick", "red_block"), ("place", "red_block", "bowl")]),
        ("pick up the red block and hover over the bowl", [("pick", "red_block"), ("hover", "bowl")]),
        ("hover over the bowl and go home", [("hover", "bowl"), ("home",)]),
    ],
)  # fmt: skip
def test_the_grammar_reads_its_verbs_among_its_own(
    planner: ScriptedPlanner, words: str, expected: list[tuple[str, ...]]
) -> None:
    assert steps(planner, words) == expected


def test_what_is_asked_for_fills_parameters_of_the_same_meaning_and_is_tested(planner: ScriptedPlanner) -> None:
    [subgoal] = planner.decompose("hover 8 cm above the mug, slowly", scene())
    assert [condition.model_dump() for condition in subgoal.success] == [
        {"kind": "hovering", "reference": "mug", "height": 0.08}
    ]
    [proposal] = planner.propose(subgoal, scene())
    primitive = proposal.primitive
    assert primitive.model_dump(exclude_defaults=True) == {"object": "mug", "height": 0.08, "speed": 0.15}


@pytest.mark.parametrize(
    ("words", "reason", "said"),
    [
        ("hover over the mug to the left", "impossible", "a direction, 'left', and hover takes none"),
        ("hover over the mug from the left", "impossible", "a side, 'left', and hover takes none"),
        ("point at the mug by 5 cm", "impossible", "a distance, 0.05 m, and hover takes none"),
        ("hover 3 m above the mug", "infeasible", "less than or equal to 1.5"),
        ("hover next to the mug", "not_understood", "next to the mug"),
        ("hover", "not_understood", "over which object"),
        ("hover over the mug with the bowl", "not_understood", "with the bowl"),
        ("hover over the unicorn", "absent", "no unicorn"),
    ],
)  # fmt: skip
def test_what_it_does_not_take_is_refused_with_what_it_takes(
    planner: ScriptedPlanner, words: str, reason: str, said: str
) -> None:
    refusal = planner.decompose(words, scene())
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason and said in refusal.message
    assert reason == "absent" or "height [m]" in refusal.hint


class Shake(SkillParameters):
    """Shakes what is held."""

    kind: str = "shake"
    object: str = ""


class Wave(SkillParameters):
    """Waves."""

    kind: str = "wave"


class Wipe(SkillParameters):
    """Wipes an object with another."""

    kind: str = "wipe"
    object: str
    tool: str
    direction: str = ""


SHAKE = SkillSpec(
    name="shake",
    line="Shakes.",
    parameters=Shake,
    example=Shake(),
    verbs=(Verb("shake", particles=("up",)),),
    needs="object_held",
)
WIPE = SkillSpec(
    name="wipe",
    line="Wipes.",
    parameters=Wipe,
    example=Wipe(object="tray", tool="can"),
    verbs=(Verb("wipe", "OBJECT with TOOL"),),
)
WAVE = SkillSpec(
    name="wave", line="Waves.", parameters=Wave, example=Wave(), verbs=(Verb("wave", ""),), needs="empty_gripper"
)  # fmt: skip
OTHERS = ScriptedPlanner({**SKILLS, "shake": SHAKE, "wipe": WIPE, "wave": WAVE})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("shake the can up", [("pick", "can"), ("shake", "can")]),
        ("pick up the can and shake it", [("pick", "can"), ("shake", "can")]),
        ("shake the can and put it in the bowl", [("pick", "can"), ("shake", "can"), ("place", "can", "bowl")]),
        ("wave", [("wave",)]),
        ("put the red block in the bowl and wave", [("pick", "red_block"), ("place", "red_block", "bowl"), ("wave",)]),
        ("wipe the tray with the can to the left", [("wipe", "tray", "can")]),
    ],
)
def test_what_it_needs_is_taken_or_put_down_first(words: str, expected: list[tuple[str, ...]]) -> None:
    assert steps(OTHERS, words) == expected


def test_every_object_and_direction_fills_the_parameter_of_its_name() -> None:
    [subgoal] = OTHERS.decompose("wipe the tray with the can to the left", scene())
    [proposal] = OTHERS.propose(subgoal, scene())
    wiped = proposal.primitive
    assert (wiped.object, wiped.tool, wiped.direction) == ("tray", "can", "left")


def test_the_gripper_cannot_be_empty_and_full_at_once() -> None:
    refusal = OTHERS.decompose("pick up the can and wave", scene())
    assert isinstance(refusal, Refusal) and "needs it empty" in refusal.message


def test_prompts_tell_of_it(file: ModuleType) -> None:
    text = skills_text([file.HOVER.spec])
    assert "hover" in text and file.HOVER.spec.line in text and "height" in text


@pytest.mark.parametrize("world", ["kinematic:tabletop", "tabletop"])
def test_a_run_carries_it_out_verifies_it_and_recovers(file: ModuleType, world: str, tmp_path: Path) -> None:
    moved: list[str] = []

    def away(opened: Any, subgoal: Subgoal) -> None:
        """Moves the mug away from below, once."""
        if not moved:
            mug = next(item for item in opened.scene().objects if item.name == "mug")
            x, y, z = mug.pose.position
            opened.move_object("mug", mug.pose.model_copy(update={"position": (x, y + 0.05, z)}))
            moved.append("mug")

    with lmp.open_world(world, seed=3) as opened:
        agent = lmp.Agent(opened, skills={"hover": file.HOVER})
        episode = agent.run("hover 10 cm above the mug", out=tmp_path / "run", pictures=False, before_verify=away)
        assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True), episode.error
        assert [attempt.outcome for attempt in episode.attempts] == ["not_above", "succeeded"]
        assert episode.attempts[0].rule == f"not_above: {Response.GROUND_AGAIN.value}"
        last = agent.perceive()
        assert last.T_world_tool is not None
        top = float(last.get("mug").bounds[1][2])
        assert last.T_world_tool.position[2] == pytest.approx(top + 0.1, abs=0.02)
        assert "the gripper above mug" in (tmp_path / "run" / "report.html").read_text()
        refused = agent.run("hover 1 cm above the mug", pictures=False, report=False)
        verdict = agent.compile(file.Hover(object="mug", height=0.01), last)
    assert refused.outcome == "infeasible"
    assert isinstance(verdict, lmp.Verdict) and [violation.code for violation in verdict.violations] == ["would_touch"]
    assert response_to(Outcome("not_above"), 3) is Response.ASK


def test_the_command_line_finds_it_by_its_entry_point(tmp_path: Path) -> None:
    site = tmp_path / "site"
    told = site / "my_hover-1.0.dist-info"
    told.mkdir(parents=True)
    (site / "my_hover.py").write_text(FILE.read_text())
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: my_hover\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text("[lmp.skills]\nhover = my_hover:HOVER\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *sys.path])}

    def lmp_(*words: str) -> str:
        command = [sys.executable, "-c", "from lmp.cli.main import main; main()", *words]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert json.loads(lmp_("skills", "show", "hover"))["verbs"][0]["word"] == "hover"
    ran = json.loads(lmp_("run", "hover over the mug", "--world", "kinematic:tabletop", "--seed", "3", "--json"))
    assert ran["verified"] is True
    (tmp_path / "sentences.txt").write_text("hover over the mug\n")
    evaluated = lmp_("evaluate", "--instructions", "sentences.txt", "--seeds", "3:4", "--world", "kinematic:tabletop", "--json")
    assert json.loads(evaluated)["total"]["verified"] == 1


def test_the_registry_finds_the_skill_that_rests() -> None:
    skills = {name: registry.load("skill", name) for name in registry.SKILLS}
    assert skills[registry.rest(skills).kind].spec.rests

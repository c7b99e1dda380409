"""Two files outside of the package, a relation and a failure class, are known everywhere at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import lmp
from lmp.errors import SetupFault
from lmp.lab.evaluate.episode import Job, run_episode
from lmp.lab.evaluate.result import Settings
from lmp.lab.evaluate.source import InstructionSource
from lmp.lab.truth.truth import AnyPredicate, Predicate
from lmp.planners.model.answers import condition_answer
from lmp.planners.model.scene_complaints import name_complaints
from lmp.planners.model.shown import Shown
from lmp.planners.model.words.condition_words import conditions_text
from lmp.planners.model.words.goal_words import goals_text
from lmp.runtime.recoveries import response_to
from lmp.schema.condition import CONDITIONS, TARGETS, RecordedCondition
from lmp.schema.outcome import FAILURES, FailureClass, Outcome, Response
from lmp.sims.oracle_perceiver import OraclePerceiver

OUTSIDE = Path(__file__).parent / "outside"
RELATION = {"kind": "diagonal_to", "object": "red_block", "corner_stone": "bowl"}
PLAN = {
    "instruction": "put the red block diagonal to the bowl",
    "world": "kinematic:tabletop",
    "seed": 3,
    "subgoals": [
        {"description": "take the block", "primitive": {"kind": "pick", "object": "red_block"},
         "success": [{"kind": "held", "object": "red_block"}]},
        {"description": "put it diagonally", "lasting": True, "success": [RELATION],
         "primitive": {"kind": "place", "object": "red_block", "target": {"kind": "diagonal_to", "corner_stone": "bowl"}}},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """Both files are loaded for the length of a test, and forgotten after it."""
    sys.path.insert(0, str(OUTSIDE))
    try:
        with CONDITIONS.also(), FAILURES.also():
            import crooked
            import diagonal_to

            CONDITIONS.register(diagonal_to.DiagonalTo)
            FAILURES.register(crooked.CROOKED)
            yield
    finally:
        sys.path.remove(str(OUTSIDE))
        for name in ("crooked", "diagonal_to"):
            sys.modules.pop(name, None)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    return f"plan:{path}"


def test_a_run_previews_places_verifies_and_reports_the_relation(plan: str, tmp_path: Path) -> None:
    episode = lmp.run(
        PLAN["instruction"], world="kinematic:tabletop", seed=3, planner=plan, out=tmp_path / "run", pictures=False
    )
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True), episode.error
    verification = episode.attempts[-1].verification
    assert verification is not None
    [result] = verification.results
    assert result.holds and result.margin is not None and result.margin > 0.0 and "off the diagonal" in result.measured
    page = (tmp_path / "run" / "report.html").read_text()
    assert "red_block diagonal to bowl" in page


def test_a_failure_of_its_class_is_told_recovered_from_and_reported(plan: str, tmp_path: Path) -> None:
    spoilt: list[str] = []

    def push_off(world: Any, subgoal: lmp.Subgoal) -> None:
        """Moves the block off the diagonal after the first placing."""
        if subgoal.lasting and not spoilt:
            block = next(thing for thing in world.scene().objects if thing.name == "red_block")
            x, y, z = block.pose.position
            world.move_object("red_block", block.pose.model_copy(update={"position": (x + 0.04, y, z)}))
            spoilt.append("red_block")

    episode = lmp.run(
        PLAN["instruction"], world="kinematic:tabletop", seed=3, planner=plan, out=tmp_path / "run", pictures=False,
        before_verify=push_off,
    )  # fmt: skip
    [failed] = [attempt for attempt in episode.attempts if attempt.outcome == "crooked"]
    assert failed.rule == f"crooked: {Response.DECOMPOSE_AGAIN.value}"
    assert failed.outcome.message == "The object stands crooked."
    assert response_to(Outcome("crooked"), 1) is Response.DECOMPOSE_AGAIN
    assert response_to(Outcome("crooked"), 2) is Response.STOP
    page = (tmp_path / "run" / "report.html").read_text()
    assert "crooked" in page and "mm off the diagonal" in page


def test_models_are_offered_both_the_condition_and_the_place_and_their_names_are_checked() -> None:
    answer = condition_answer()
    assert 'kind "diagonal_to"' in conditions_text(answer)
    assert 'kind "diagonal_to"' in goals_text()
    schema = json.dumps(TypeAdapter(answer).json_schema())
    assert '"diagonal_to"' in schema and '"corner_stone"' in schema
    assert TypeAdapter(answer).validate_python(RELATION).words == "red_block diagonal to bowl"
    assert TypeAdapter(answer).validate_python({"kind": "not", "of": RELATION}).of.kind == "diagonal_to"
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        scene = OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]
    [complaint] = name_complaints({**RELATION, "corner_stone": "bowle"}, Shown(scene, scene.names))
    assert "corner_stone: there is no object 'bowle'" in complaint


def test_the_grammar_knows_it_by_its_phrases_and_grounds_it_to_its_place() -> None:
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        agent = lmp.Agent(world)
        scene = agent.perceive()
        plan = agent.decompose("put the red block diagonal to the bowl", scene)
        assert isinstance(plan, tuple)
        assert [condition.words for condition in plan[-1].success] == ["red_block diagonal to bowl"]
        placed = agent.ground(plan[-1], scene)
        assert placed.model_dump(mode="json")["target"] == {"kind": "diagonal_to", "corner_stone": "bowl", "most": 0.2}


def test_several_objects_are_placed_by_it_one_after_the_other() -> None:
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        agent = lmp.Agent(world)
        answer = agent.decompose("put the red and the green block diagonal to the bowl", agent.perceive())
    assert isinstance(answer, tuple), answer
    assert [(subgoal.skill, subgoal.objects[0]) for subgoal in answer] == [
        ("pick", "red_block"), ("place", "red_block"), ("pick", "green_block"), ("place", "green_block"),
    ]  # fmt: skip


def test_it_is_a_target_and_forgotten_with_the_relation() -> None:
    assert TARGETS["diagonal_to"].__name__ == "DiagonalToTarget"
    with CONDITIONS.also():
        CONDITIONS._parts.pop("diagonal_to")
        assert TARGETS.get("diagonal_to") is None


def test_without_a_truth_of_its_own_nothing_is_judged(plan: str) -> None:
    truth: Predicate = TypeAdapter(AnyPredicate).validate_python(
        {"kind": "diagonal_to", "object": "red_block", "reference": "bowl"}
    )
    source = InstructionSource(instruction=PLAN["instruction"], truth=truth, world="tabletop")
    result = run_episode(Job(source=source, seed=3, settings=Settings(world="kinematic:tabletop", planner=plan)))
    assert (result.fault, result.truth) == (None, None)
    assert "not judged: there is no truth for 'diagonal_to'" in result.why


def test_two_parts_of_one_name_are_refused() -> None:
    with FAILURES.also(), pytest.raises(SetupFault, match="two failures named 'crooked'"):
        FAILURES.register(FailureClass("crooked", "Another one.", ""))


def test_a_conversation_knows_both(plan: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "repl"))
    try:
        from conversations import Conversation
    finally:
        sys.path.pop(0)
    monkeypatch.chdir(tmp_path)
    talk = Conversation(
        tmp_path,
        planner=lmp.registry.planner(
            plan, {name: lmp.registry.load("skill", name).spec for name in lmp.registry.known("skill")}
        ),
    )
    try:
        assert talk.hear(PLAN["instruction"], "yes") == 0
        assert talk.last.verified
        assert talk.last.attempts[-1].subgoal.success[0].words == "red_block diagonal to bowl"
    finally:
        talk.world.close()


def test_another_package_is_found_by_its_entry_points(plan: str, tmp_path: Path) -> None:
    """By the command line, in a process that imports neither file itself."""
    site = tmp_path / "site"
    site.mkdir()
    for path in OUTSIDE.glob("*.py"):
        (site / path.name).write_text(path.read_text())
    told = site / "outside-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(
        "[lmp.conditions]\ndiagonal_to = diagonal_to:DiagonalTo\n\n[lmp.failures]\ncrooked = crooked:CROOKED\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *sys.path])}
    said = str(PLAN["instruction"])
    command = [sys.executable, "-c", "from lmp.cli.main import main; main()", "run", said, "--planner", plan, "--world",
               "kinematic:tabletop", "--seed", "3", "--out", str(tmp_path / "run")]  # fmt: skip
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "red_block diagonal to bowl" in (tmp_path / "run" / "report.html").read_text()
    # Here, where the package is not installed, the record can still be shown.
    with CONDITIONS.also():
        CONDITIONS._parts.pop("diagonal_to")
        from lmp.record import RunFolder

        episode = RunFolder.open(tmp_path / "run").episode()
        condition = episode.attempts[-1].subgoal.success[0]
        assert isinstance(condition, RecordedCondition) and condition.words.startswith("red_block diagonal to bowl")

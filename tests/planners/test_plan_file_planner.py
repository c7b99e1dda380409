"""A plan that somebody wrote goes through the same contract as any planner's answer."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from grounding import grounded

from lmp import registry
from lmp.errors import BadFile
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.planners.plan_file.saving import save_plan
from lmp.runtime.agent import Agent, run
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Attempt, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import INFEASIBLE, Refusal, Subgoal
from lmp.schema.plan_file import PlanFile
from lmp.schema.scene import Scene

SKILLS = {skill: registry.load("skill", skill).spec for skill in registry.known("skill")}
PICK = {"description": "take it", "primitive": {"kind": "pick", "object": "red_block"},
        "success": [{"kind": "held", "object": "red_block"}]}  # fmt: skip
PLACE = {"description": "put it down", "primitive": {"kind": "place", "object": "red_block",
         "target": {"kind": "in", "container": "bowl"}}, "lasting": True,
         "success": [{"kind": "in", "object": "red_block", "container": "bowl"}]}  # fmt: skip
PLAN = {"instruction": "put it there", "subgoals": [PICK, PLACE]}


@functools.lru_cache
def scene() -> Scene:
    with open_world("kinematic:tabletop", seed=3) as world:
        return Agent(world).perceive()


def written(folder: Path, plan: object) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    return path


def planner(folder: Path, plan: object = PLAN) -> PlanFilePlanner:
    made: PlanFilePlanner = registry.load("planner", f"plan:{written(folder, plan)}")(SKILLS)
    return made


def changed(place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data: Any = json.loads(json.dumps(PLAN))
    node = data
    for part in place[:-1]:
        node = node[part]
    node[place[-1]] = value
    return dict(data)


def tried(subgoal: Subgoal, outcome: Outcome) -> Attempt:
    return Attempt(subgoal=subgoal, outcome=outcome)


def left(made: PlanFilePlanner, *attempts: Attempt) -> tuple[Subgoal, ...]:
    answer = made.decompose("", scene(), History(first_scene=scene(), attempts=attempts))
    assert isinstance(answer, tuple)
    return answer


def test_a_saved_plan_names_files_as_seen_from_its_folder(tmp_path: Path) -> None:
    plan = PlanFile.model_validate({**PLAN, "world": str(tmp_path / "scenes" / "mine.toml")})
    save_plan(plan, tmp_path / "plan.json")
    kept = PlanFile.model_validate_json((tmp_path / "plan.json").read_text())
    assert kept == plan.model_copy(update={"world": str(Path("scenes", "mine.toml"))})


def test_what_stands_in_the_file_is_what_is_done(tmp_path: Path) -> None:
    made = planner(tmp_path)
    pick, place = left(made)
    assert (pick.skill, pick.objects, place.skill, place.objects) == ("pick", ("red_block",), "place", ("red_block", "bowl"))
    assert grounded(made, pick, scene()) == SKILLS["pick"].parameters(object="red_block")
    assert grounded(made, place, scene()).target.container == "bowl"  # type: ignore[union-attr]


def test_what_succeeded_is_not_done_again_unless_it_was_lost(tmp_path: Path) -> None:
    made = planner(tmp_path)
    pick, place = left(made)
    # The scene shows the block on the table: so it is not in the hand any more, and not in the bowl.
    assert left(made, tried(pick, Outcome.SUCCEEDED)) == (pick, place)
    assert left(made, tried(pick, Outcome.SUCCEEDED), tried(place, Outcome.SUCCEEDED)) == (pick, place)
    held = scene().replacing(scene().get("red_block").model_copy(update={"held_by": "gripper", "touching": ("robot",)}))
    history = History(first_scene=scene(), attempts=(tried(pick, Outcome.SUCCEEDED),))
    lifted = held.get("red_block").pose.model_copy(update={"position": (0.4, 0.0, 0.2)})
    held = held.replacing(held.get("red_block").model_copy(update={"pose": lifted}))
    assert made.decompose("", held, history) == (place,)


def test_what_stands_in_the_plan_comes_first_and_then_the_next_grasps(tmp_path: Path) -> None:
    made = planner(tmp_path)
    pick, place = left(made)
    assert [one.primitive.grasp for one in made.propose(pick, scene(), None, 3)] == [0, 1, 2]  # type: ignore[union-attr]
    assert len(made.propose(place, scene(), None, 3)) == 1


def test_everything_wrong_comes_at_once_and_in_words(tmp_path: Path) -> None:
    plan = changed(("subgoals", 0, "primitive"), {"kind": "pik", "object": "red_block"})
    plan["subgoals"][1]["primitive"] |= {"speed": 0.7, "release_height": 9.0, "objekt": 1}
    with pytest.raises(BadFile) as caught:
        planner(tmp_path, plan)
    first, second, third = sorted(caught.value.complaints)
    assert first == "subgoals.0.primitive.kind: there is no skill 'pik'. Did you mean 'pick'? Known: pick, place, push, home."
    assert second.startswith("subgoals.1.primitive.objekt: there is no such field. Did you mean 'object'?")
    assert third.startswith("subgoals.1.primitive.release_height: Input should be less than or equal to")


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("subgoals", 0, "primitive", "speed"), 99.0, "subgoals.0.primitive.speed: Input should be less than or equal to 1.5"),
        (("subgoals", 0, "primitive"), {}, "subgoals.0.primitive.kind: this is needed, a text."),
        (("subgoals", 0, "primitive"), "pick", "subgoals.0.primitive: a table of fields is needed, got 'pick'."),
        (("subgoals", 0, "primitive"), {"kind": "home", "own": {"x": 1}}, "subgoals.0.primitive.own: there is no such field."),
        (("subgoals", 0, "success", 0, "kind"), "hold", "'hold' is not known. Did you mean 'held'?"),
        (("subgoals",), [], "subgoals: "),
        (("instruction",), "", "instruction: "),
        (("seed",), -1, "seed: Input should be greater than or equal to 0, got -1."),
        (("subgoal",), [], "subgoal: there is no such field. Did you mean 'subgoals'?"),
    ],
)
def test_wrong_files_are_told(tmp_path: Path, place: tuple[Any, ...], value: Any, words: str) -> None:
    with pytest.raises(BadFile) as caught:
        planner(tmp_path, changed(place, value))
    assert any(words in sentence for sentence in caught.value.complaints)


def test_objects_that_this_scene_lacks_are_refused_all_at_once(tmp_path: Path) -> None:
    plan = changed(("subgoals", 0, "primitive", "object"), "red_blok")
    plan["subgoals"][1]["success"][0]["container"] = "bowll"
    answer = planner(tmp_path, plan).decompose("", scene())
    assert isinstance(answer, Refusal) and answer.reason == "absent"
    assert "'red_blok' in the scene. Did you mean 'red_block'?" in answer.message
    assert "'bowll' in the scene. Did you mean 'bowl'?" in answer.message


def test_a_strange_subgoal_is_refused(tmp_path: Path) -> None:
    strange = Subgoal(description="dance", reasoning="", skill="pick")
    assert isinstance(grounded(planner(tmp_path), strange, scene()), Refusal)


def test_a_plan_runs_and_a_plan_beyond_the_robot_is_refused(tmp_path: Path) -> None:
    options = {"world": "kinematic", "seed": 3, "report": False}
    episode = run("", planner=f"plan:{written(tmp_path, PLAN)}", out=tmp_path / "good", **options)
    assert episode.verified and [report.skill for report in episode.subgoals] == ["pick", "place"]
    far = changed(("subgoals", 1, "primitive", "target"), {"kind": "at", "x": 2.0, "y": 2.0})
    episode = run("", planner=f"plan:{written(tmp_path, far)}", out=tmp_path / "far", **options)
    assert episode.outcome is INFEASIBLE and not episode.attempts


def test_a_plan_comes_back_from_json(tmp_path: Path) -> None:
    plan = PlanFile.model_validate(PLAN)
    assert PlanFile.model_validate_json(plan.model_dump_json()) == plan

"""Names in complaints: only those of objects that the question showed, in words or by a mark, or that the answer named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback.server import Loopback

import lmp
from lmp import registry
from lmp.model_settings import ModelSettings
from lmp.planners.model.faults import NotValid
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.shown import UNSHOWN, Shown
from lmp.planners.model.verdict_words import verdict_complaints
from lmp.prompts.prompt_file import OURS
from lmp.schema.scene import Scene
from lmp.schema.verdict import Verdict

SPECS = {name: registry.load("skill", name).spec for name in registry.known("skill")}
INSTRUCTION = "put the red block away"


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with lmp.open_world("tabletop", seed=3) as world:
        yield lmp.Agent(world, planner=_blind()).perceive()


def _blind() -> ModelPlanner:
    return ModelPlanner(OpenAIClient("m", ModelSettings(base_url="http://127.0.0.1:9/v1")), SPECS)


def _planner(loopback: Loopback, prompts: Path | None, **settings: Any) -> ModelPlanner:
    told = ModelSettings(
        base_url=loopback.url, retries=0, reasks=1, prompts=None if prompts is None else str(prompts), **settings
    )
    return ModelPlanner(OpenAIClient("m", told), SPECS, told)


def _without(folder: Path, *variables: str) -> Path:
    """Prompts that leave variables out, some of them still named in the header."""
    folder.mkdir()
    for path in OURS.glob("*.md"):
        text = path.read_text()
        for variable in variables:
            text = text.replace(f"{{{{ {variable} }}}}", "(left out)")
        (folder / path.name).write_text(text)
    return folder


def _complaint(loopback: Loopback, planner: ModelPlanner, scene: Scene, name: str = "blok") -> str:
    """What is said of an answer that names an object of that name."""
    subgoal = {"reasoning": "r", "description": "d", "skill": "pick", "objects": [name], "step": 0, "lasting": True}
    loopback.always(lambda _: {"understanding": "u", "subgoals": [{**subgoal, "success": [{"kind": "held", "object": name}]}]})
    with pytest.raises(NotValid):
        planner.decompose(INSTRUCTION, scene)
    return str(loopback.requests[-1].body["messages"][-1]["content"])


def test_with_the_table_all_its_names_are_listed(loopback: Loopback, scene: Scene) -> None:
    told = _complaint(loopback, _planner(loopback, None, pictures="none"), scene)
    assert all(repr(name) in told for name in scene.names)


@pytest.mark.parametrize("left_out", [("objects",), ("objects", "robot"), ("objects", "pictures", "history")])
def test_without_the_table_no_name_is_told(loopback: Loopback, scene: Scene, tmp_path: Path, left_out: tuple[str, ...]) -> None:
    told = _complaint(loopback, _planner(loopback, _without(tmp_path / "prompts", *left_out), pictures="plain"), scene)
    assert "there is no object 'blok' in the scene. Objects: none." in told
    assert not [name for name in scene.names if re.search(rf"\b{name}\b", told)]


def test_marks_in_pictures_show_their_objects(loopback: Loopback, scene: Scene, tmp_path: Path) -> None:
    planner = _planner(loopback, _without(tmp_path / "prompts", "objects"), pictures="marked")
    told = _complaint(loopback, planner, scene)
    listed = re.findall(r"'(\w+)' \[(\d+)\]", told.partition("Objects: ")[2])
    movable = [thing.name for thing in scene.objects if thing.movable]
    assert list(dict.fromkeys(listed)) == [(name, str(number)) for number, name in enumerate(movable, 1)], (
        "each with the number of its mark"
    )
    assert "'table' [" not in told, "the legend of the axes names what they are drawn on; it has no mark"


def test_what_the_answer_names_may_be_said_back(scene: Scene) -> None:
    shown = Shown(scene, ())
    assert shown.without_unshown("'bowl' would hit 'mug'", {"object": "bowl"}) == f"'bowl' would hit {UNSHOWN}"


def test_a_verdict_names_nothing_that_was_not_shown(loopback: Loopback, scene: Scene) -> None:
    """A push into what stands in the way: the verdict names it, and the model hears of something that it was not shown."""
    skill = registry.load("skill", "push").spec.parameters
    with lmp.open_world("tabletop", seed=3) as world:
        agent = lmp.Agent(world)
        verdicts = []
        for thing in scene.objects:
            for dx, dy in ((0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.0, -0.3)):
                if thing.movable:
                    compiled = agent.compile(skill(kind="push", object=thing.name, dx=dx, dy=dy), scene)
                    verdicts += [(thing.name, compiled)] if isinstance(compiled, Verdict) else []
    leaks = 0
    for name, verdict in verdicts:
        shown = Shown(scene, (name,))
        for sentence in verdict_complaints(verdict):
            hidden = [other for other in scene.names if other not in (name, "table", "can")]
            leaks += any(re.search(rf"(?<![\w-]){other}(?![\w-])", sentence) is not None for other in hidden)
            told = shown.without_unshown(sentence, {"object": name})
            assert not [other for other in hidden if re.search(rf"(?<![\w-]){other}(?![\w-])", told)], told
    assert leaks, "some of them named others"


@given(text=st.text(max_size=60), shown=st.sets(st.sampled_from(["red_block", "bowl", "mug", "tray"])))
def test_no_hidden_name_survives_in_any_sentence(scene: Scene, text: str, shown: set[str]) -> None:
    names = tuple(name for name in scene.names if name in shown)
    for name in ("red_block", "bowl", "mug", "tray"):
        told = Shown(scene, names).without_unshown(f"{text} '{name}' and {name}, {text}")
        assert (re.search(rf"(?<![\w.-]){name}(?![\w-])", told) is None) or name in shown or name in text


def test_a_name_in_the_words_of_the_prompt_itself_shows_nothing(scene: Scene) -> None:
    """The prompts' own examples may use a name that the scene has, too."""
    text = "For example: put the walnut into the bowl.\n\nInstruction: take the mug"
    assert Shown.of_question(scene, text, {"instruction": "take the mug", "skills": "bowl", "objects": ""}, {}).names == (
        "mug",
    )

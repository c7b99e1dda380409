"""Relations from outside in sentences: with a distance where the class takes one, and as descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pytest
from grounding import grounded
from planner_scenes import SKILLS, block, bowl, mug, scene
from pydantic import Field, JsonValue

from lmp.meaning.conditions import Resting
from lmp.meaning.directions import directions
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.schema.condition import CONDITIONS, Measured
from lmp.schema.plan import Refusal
from lmp.schema.roles import Reference, Subject
from lmp.schema.scene import Scene

PLANNER = ScriptedPlanner(SKILLS)
NOW = scene(block("red_block", "red", 0.40, 0.10), block("blue_block", "blue", 0.40, -0.15), bowl(x=0.55, y=0.0), mug())


class Beyond(Resting):
    """The object rests farther from the robot than the reference by at least a distance."""

    kind: Literal["well_beyond"] = "well_beyond"
    object: Subject
    reference: Reference
    by: float = Field(default=0.02, gt=0.0, le=0.5, description="least distance farther away [m]")

    is_place: ClassVar[bool] = True
    distance_field: ClassVar[str | None] = "by"
    said: ClassVar[str] = "{object} beyond {reference} by {by:.3g} m"
    phrases: ClassVar[tuple[str, ...]] = ("outward of", "seaward of")
    example: ClassVar[dict[str, JsonValue]] = {"object": "red_block", "reference": "bowl"}

    def geometry(self, scene: Scene) -> Measured:
        ahead = directions(scene).unit("forward")
        farther = float((scene.get(self.object).centre - scene.get(self.reference).centre) @ ahead)
        return Measured.by(f"{farther:.3f} m", farther - self.by)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with CONDITIONS.also(Beyond):
        yield


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("put the red block 5 cm outward of the bowl", "red_block beyond bowl by 0.05 m"),
        ("move the blue block 30 mm seaward of the bowl", "blue_block beyond bowl by 0.03 m"),
        ("place the red block two inches outward of the blue block", "red_block beyond blue_block by 0.0508 m"),
        ("put the red block outward of the bowl", "red_block beyond bowl by 0.02 m"),
        ("put the red block outward of the bowl by 4 cm", "red_block beyond bowl by 0.04 m"),
    ],
)
def test_a_distance_goes_into_the_field_that_the_class_names(text: str, said: str) -> None:
    answer = PLANNER.decompose(text, NOW)
    assert isinstance(answer, tuple), answer
    assert [condition.words for condition in answer[-1].success] == [said]
    target = grounded(PLANNER, answer[-1], NOW).model_dump(mode="json")["target"]
    assert target["kind"] == "well_beyond" and target["by"] == pytest.approx(answer[-1].success[0].model_dump()["by"])


def test_a_relation_that_takes_no_distance_refuses_one() -> None:
    class Level(Beyond):
        """The object rests at the height of the reference."""

        kind: Literal["level_with"] = "level_with"  # type: ignore[assignment]
        distance_field: ClassVar[str | None] = None
        phrases: ClassVar[tuple[str, ...]] = ("on a level with",)

    with CONDITIONS.also(Level):
        assert isinstance(PLANNER.decompose("put the red block on a level with the bowl", NOW), tuple)
        refused = PLANNER.decompose("put the red block 5 cm on a level with the bowl", NOW)
    assert isinstance(refused, Refusal) and "distance" in refused.message


@pytest.mark.parametrize("words", ["outward of", "seaward of"])
def test_it_tells_objects_apart_like_any_other(words: str) -> None:
    near, far = block("near_block", "red", 0.40, -0.15), block("far_block", "red", 0.68, -0.15)
    for text in (f"pick up the red block {words} the bowl", f"pick up the block that is {words} the near block"):
        answer = PLANNER.decompose(text, scene(near, far, bowl(x=0.55, y=0.1)))
        assert isinstance(answer, tuple), answer
        assert answer[0].objects == ("far_block",)

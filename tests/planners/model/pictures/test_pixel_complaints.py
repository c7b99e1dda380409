"""Points outside of the sent picture in a model's answer: told in its convention, with the one that it may have meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import lmp
from lmp.model_settings import ModelSettings
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.pixel_answers import pixel_complaints
from lmp.schema.scene import Scene


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    seeing = ModelPlanner(OpenAIClient("m", ModelSettings(base_url="http://127.0.0.1:9/v1")), {})
    with lmp.open_world("tabletop", seed=3) as world:
        yield lmp.Agent(world, planner=seeing).perceive()


def _answer(camera: str, column: float, row: float) -> dict[str, Any]:
    return {"primitive": {"target": {"kind": "point", "camera": camera, "column": column, "row": row}}}


def test_a_point_inside_is_no_complaint(scene: Scene) -> None:
    frame = scene.frames[0]
    height, width = frame.rgb.shape[:2]
    assert list(pixel_complaints(_answer(frame.name, width, height), scene, ModelSettings())) == []


def test_thousandths_where_pixels_are_asked_for(scene: Scene) -> None:
    frame = scene.frames[0]
    height, width = frame.rgb.shape[:2]
    [told] = pixel_complaints(_answer(frame.name, 900.0, 990.0), scene, ModelSettings())
    assert told.startswith(f"primitive.target: column 900 is outside the picture; allowed: 0 to {width:g} (pixels")
    assert told.endswith(f"(900, 990) would be ({0.9 * width:.4g}, {0.99 * height:.4g}).")


def test_pixels_where_percent_are_asked_for(scene: Scene) -> None:
    [told] = pixel_complaints(_answer(scene.frames[0].name, 50.0, 300.0), scene, ModelSettings(pixels="percent"))
    assert "row 300 is outside the picture; allowed: 0 to 100 (percent" in told
    assert "perhaps?" in told


def test_each_end_of_a_pair_is_said_by_its_place(scene: Scene) -> None:
    ends = {"source": {"column": 5000.0, "row": 1.0}, "destination": {"column": 1.0, "row": 5000.0}}
    along = {"subgoals": [{"primitive": {"along": {"camera": scene.frames[0].name, **ends}}}]}
    places = [told.partition(":")[0] for told in pixel_complaints(along, scene, ModelSettings())]
    assert places == ["subgoals.0.primitive.along.source", "subgoals.0.primitive.along.destination"]

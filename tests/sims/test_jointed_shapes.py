"""Ready-made shapes with joints: honest in walls and gaps, also while their parts move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jointed_scenes import READY, scene_with
from pydantic import TypeAdapter, ValidationError
from scipy.spatial import ConvexHull

from lmp.errors import BadFile, SetupFault
from lmp.schema.scene_file import ObjectShape, SceneFile
from lmp.schema.shape import Articulated, Compound
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.scenes.placement import draw_joints, place_objects
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.solids import part_points


def built(shape: dict[str, Any]) -> Articulated:
    found = build_shape(scene_with(shape).objects[0]).shape
    assert isinstance(found, Articulated)
    return found


def overlaps(first: Compound, second: Compound, by: float) -> bool:
    """Whether any pieces of the two reach into each other by more than a depth [m], after their separating axes."""
    for one in part_points(first):
        for other in part_points(second):
            axes = np.concatenate([ConvexHull(one).equations[:, :3], ConvexHull(other).equations[:, :3]])
            crosses = np.cross(axes[:, None], axes[None]).reshape(-1, 3)
            lengths = np.linalg.norm(crosses, axis=1)
            axes = np.concatenate([axes, crosses[lengths > 1e-6] / lengths[lengths > 1e-6, None]])
            a, b = one @ axes.T, other @ axes.T
            if (np.minimum(a.max(axis=0) - b.min(axis=0), b.max(axis=0) - a.min(axis=0)) > by).all():
                return True
    return False


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["cabinet", "chest", "box", "door", "knob", "switch"]), st.floats(0.0, 1.0))
def test_no_part_runs_into_another_anywhere_in_its_range(name: str, share: float) -> None:
    shape = built(READY[name])
    moved = shape.with_values({joint.name: joint.lower + share * (joint.upper - joint.lower) for joint in shape.joints})
    pieces = {part.name: Compound.model_construct(parts=moved.pieces_of(part.name)) for part in moved.parts}
    for joint in moved.joints:
        others = [other for other in pieces if other != joint.child]
        assert not any(overlaps(pieces[joint.child], pieces[other], 1e-6) for other in others), (joint.name, share)


@pytest.mark.parametrize("name", ["cabinet", "chest", "box"])
def test_hollows_are_hollow_and_have_a_floor(name: str) -> None:
    spec = scene_with(READY[name]).objects[0]
    found, rng = build_shape(spec), np.random.default_rng(0)
    assert isinstance(found.shape, Articulated) and found.cavities
    for cavity in found.cavities:
        T = found.shape.T_object_part(cavity.part or "") @ cavity.pose.matrix
        local = rng.uniform(-1, 1, (500, 3)) * [cavity.half_x, cavity.half_y, 0]
        own = [ConvexHull(points).equations for points in part_points(Compound(parts=found.shape.pieces_of(cavity.part or "")))]

        def inside(height: np.ndarray, own: Any = own, local: Any = local, T: Any = T) -> np.ndarray:
            points = np.column_stack([local[:, :2], height]) @ T[:3, :3].T + T[:3, 3]
            return np.any([(points @ each[:, :3].T + each[:, 3] < -1e-9).all(axis=1) for each in own], axis=0)

        assert not inside(rng.uniform(cavity.floor, cavity.rim, 500)).any()
        assert inside(np.full(500, cavity.floor - 1e-3)).all()


def test_handles_are_where_there_is_something_to_take() -> None:
    for name in ("cabinet", "box", "door", "knob"):
        found = build_shape(scene_with(READY[name]).objects[0])
        assert isinstance(found.shape, Articulated) and found.handles
        for handle in found.handles:
            centre = found.shape.T_object_part(handle.part or "") @ handle.pose.matrix
            own = part_points(Compound(parts=found.shape.pieces_of(handle.part or "")))
            spaces = [ConvexHull(points).equations for points in own]
            assert any((each[:, :3] @ centre[:3, 3] + each[:, 3] < 1e-9).all() for each in spaces), handle.name


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ({"kind": "drawer_cabinet", "size": [0.2, 0.24, 0.1], "drawers": 6}, "6 drawers leave no hollow in a height of 0.1 m"),
        ({"kind": "drawer_cabinet", "size": [0.2, 0.24, 0.1], "travel": 0.3}, "falls out of a cabinet with a depth of 0.2 m"),
        ({"kind": "hinged_box", "inner_size": [0.1, 0.1], "height": 0.006}, "leaves no hollow"),
        ({"kind": "button", "radius": 0.1}, "does not fit on a housing"),
        ({"kind": "knob", "radius": 0.1}, "does not fit on a housing"),
        ({"kind": "switch", "size": [0.2, 0.02]}, "does not fit on a housing"),
        ({"kind": "lever"}, "drawer_cabinet"),
    ],
)
def test_sizes_that_cannot_be_are_refused(shape: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(ObjectShape).validate_python(shape)
    assert words in str(raised.value)


def test_a_scene_file_says_what_is_wrong_with_joints_and_hollows(tmp_path: Any) -> None:
    block = {"name": "b", "category": "block", "shape": {"kind": "box", "size": [0.02, 0.02, 0.02]}}
    block["place"] = {"on": "it", "cavity": "drawr"}
    wrong = scene_with(READY["chest"], block, joints={"drawer": 0.5, "lid": 1.0})
    path = tmp_path / "wrong.json"
    path.write_text(wrong.model_dump_json())
    with pytest.raises(BadFile) as raised:
        load_scene_file(path)
    told = str(raised.value)
    assert "objects.0.joints.drawer.value: 0.5 m is outside of its range, 0 to" in told
    assert "objects.0.joints.lid: there is no such joint. Known: drawer." in told
    assert "objects.1.place.cavity: 'it' has no hollow 'drawr'. Did you mean 'drawer'?" in told
    with pytest.raises(SetupFault, match=r"Object 'it': joints\.lid: there is no such joint"):
        build_shape(wrong.objects[0])


def test_starts_are_drawn_from_their_ranges_and_go_round_through_json() -> None:
    scene = load_scene_file("cabinet")
    assert SceneFile.model_validate_json(scene.model_dump_json()) == scene
    values = []
    for seed in range(20):
        drawn = draw_joints(scene, np.random.default_rng(seed)).objects[0]
        shape = build_shape(drawn).shape
        assert isinstance(shape, Articulated)
        values.append(shape.joint("top_drawer").value)
        assert shape.joint("bottom_drawer").value == 0.0
    assert all(0.08 <= value <= 0.13 for value in values if value is not None) and len(set(values)) == 20


def test_scenes_without_joints_draw_the_same_places_as_before() -> None:
    scene, rng = load_scene_file("tabletop"), np.random.default_rng(3)
    assert place_objects(draw_joints(scene, rng), rng) == place_objects(scene, np.random.default_rng(3))

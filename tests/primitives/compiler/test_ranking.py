"""All ways to carry out a subgoal, ranked: the rank is what a full compilation would say, and the best is compiled."""

from __future__ import annotations

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, random_scene, table_scene
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.compiler.coarse_motion import FAR, Margin
from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.skills.pick import PICK
from lmp.primitives.skills.place import PLACE
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

SHAPES = [Bulges(bulges=(Bulge(direction=direction, amount=0.1),)) for direction in ("up", "left", "right")]


def _pick(name: str) -> SkillParameters:
    return PICK.spec.parameters.model_validate({"kind": "pick", "object": name})


def _in_full(scene: Scene, primitive: SkillParameters) -> list[tuple[str, float, float]]:
    """Label, ranked comfort and comfort of the full compilation, of every way that compiles."""
    start, found = MotionState.first(compiler().arm, scene), []
    for way in compiler().rank(primitive, scene, SHAPES[:1]):
        result = compiler().attempts(way.primitive, start).attempt(way.candidate)
        if isinstance(result, JointTrajectory):
            found.append((way.candidate.label, way.comfort, Margin.of(result).comfort))
    return found


@pytest.mark.parametrize("seed", [3, 8])
def test_the_rank_is_what_a_full_compilation_says(seed: int) -> None:
    scene = random_scene(seed, 3)
    ways = _in_full(scene, _pick("thing_0"))
    ranks, truths = np.array([way[1] for way in ways]), np.array([way[2] for way in ways])
    assert len(ways) > 8
    assert np.abs(ranks - truths).max() < 0.02
    best = compiler().compile_best(_pick("thing_0"), scene, SHAPES[:1])
    assert not isinstance(best, Verdict)
    assert Margin.of(best[1]).comfort == pytest.approx(truths.max(), abs=1e-3)


def test_ways_with_something_wrong_come_last_and_say_what() -> None:
    scene = table_scene(block("a", 0.5, 0.0), block("b", 0.5, 0.075))
    ranking = compiler().rank(_pick("a"), scene, SHAPES)
    good = [way for way in ranking if way.margin is not None]
    assert list(ranking[: len(good)]) == good
    assert [way.comfort for way in good] == sorted((way.comfort for way in good), reverse=True)
    assert all(way.wrong is None for way in good)
    assert all(
        way.wrong in ("collision", "unreachable", "joint_limit", "singularity", "branch_jump") for way in ranking[len(good) :]
    )


def test_alternatives_are_ranked_together_and_the_one_taken_is_named() -> None:
    scene = holding(table_scene(block("a", 0.45, -0.1), block("far", 0.66, 0.3), block("near", 0.42, 0.2)), "a")
    places = [
        PLACE.spec.parameters.model_validate({"kind": "place", "object": "a", "target": {"kind": "on", "support": name}})
        for name in ("far", "near")
    ]
    best = compiler().compile_best(places, scene)
    assert not isinstance(best, Verdict)
    each = [compiler().compile_best(place, scene) for place in places]
    comforts = [Margin.of(one[1]).comfort for one in each if not isinstance(one, Verdict)]
    assert best[0].primitive in places
    assert Margin.of(best[1]).comfort == pytest.approx(max(comforts), abs=1e-3)


def test_what_cannot_be_done_is_refused_as_by_compile() -> None:
    scene = table_scene(block("a", 0.5, 0.0))
    refused = compiler().compile_best(_pick("another"), scene)
    assert isinstance(refused, Verdict)
    assert refused == compiler().compile(_pick("another"), scene)


@settings(max_examples=40)
@given(
    margins=st.tuples(st.floats(0.0, 3.0), st.floats(0.0, FAR), st.floats(0.0, 0.5)),
    more=st.floats(1e-3, 1.0),
    which=st.integers(0, 2),
)
def test_comfort_grows_with_each_margin(margins: tuple[float, float, float], more: float, which: int) -> None:
    larger = list(margins)
    larger[which] += more
    before, after = Margin(*margins).comfort, Margin(*larger).comfort
    assert 0.0 <= before < 1.0
    assert after > before or (which == 1 and margins[1] == FAR)

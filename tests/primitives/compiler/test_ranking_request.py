"""What a compiler is asked for is what it takes, or refused in a sentence that says what is allowed."""

from __future__ import annotations

from typing import Any

import pytest
from compile_scenes import block, compiler, table_scene
from panda_arm import PANDA

from lmp.errors import SetupFault
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.skills.pick import PICK
from lmp.schema.motion import Bulge, Bulges
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict

UP = Bulges(bulges=(Bulge(direction="up", amount=0.1),))


def _scene() -> Scene:
    return table_scene(block("a", 0.5, 0.0))


def _pick(name: str) -> SkillParameters:
    return PICK.spec.parameters.model_validate({"kind": "pick", "object": name})


@pytest.mark.parametrize("call", ["rank", "compile_best"])
@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"primitives": []}, "primitives takes the parameters of a skill, such as PickParameters, or a list of such, got an"),
        ({"primitives": {"kind": "pick"}}, "or a list of such, got dict."),
        ({"primitives": "pick"}, "or a list of such, got 'pick'."),
        ({"primitives": None}, "or a list of such, got None."),
        ({"primitives": [_pick("a"), "pick"]}, "or a list of such, got 'pick'."),
        ({"poses": 0}, "poses takes a whole number from 1 to 10000, got 0."),
        ({"poses": 10_001}, "poses takes a whole number from 1 to 10000, got 10001."),
        ({"poses": 50.0}, "poses takes a whole number from 1 to 10000, got 50.0."),
        ({"poses": True}, "poses takes a whole number"),
        ({"most": 0}, "most takes a whole number from 1 to 1000000, got 0."),
        ({"most": None}, "most takes a whole number from 1 to 1000000, got None."),
        ({"shapes": UP}, "shapes takes a list of Bulges or Weights, got Bulges."),
        ({"shapes": "up"}, "shapes takes a list of Bulges or Weights, got 'up'."),
        ({"shapes": ["up"]}, "shapes takes a list of Bulges or Weights, got 'up'."),
        ({"shapes": None}, "shapes takes a list of Bulges or Weights, got None."),
        ({"scene": None}, "scene takes a Scene, got None."),
    ],
)
def test_a_ranking_says_what_it_takes(call: str, wishes: dict[str, Any], words: str) -> None:
    with pytest.raises(SetupFault) as refused:
        getattr(compiler(), call)(**({"primitives": _pick("a"), "scene": _scene()} | wishes))
    assert words in str(refused.value)


@pytest.mark.parametrize("full", [0, -1, 1.5, None])
def test_one_way_at_least_is_compiled_in_full(full: Any) -> None:
    with pytest.raises(SetupFault, match="full takes a whole number from 1"):
        compiler().compile_best(_pick("a"), _scene(), full=full)


@pytest.mark.parametrize("primitive", [{"kind": "pick", "object": "a"}, [_pick("a")], None, "pick"])
def test_a_primitive_is_the_parameters_of_a_skill(primitive: Any) -> None:
    with pytest.raises(SetupFault, match="primitive takes the parameters of a skill, such as PickParameters, got "):
        compiler().compile(primitive, _scene())


def test_a_scene_is_a_scene_of_this_robot() -> None:
    for call in (
        compiler().compile,
        lambda _, scene: compiler().compile_way(compiler().rank(_pick("a"), _scene(), most=1)[0], scene),
    ):
        with pytest.raises(SetupFault, match="scene takes a Scene, got None"):
            call(_pick("a"), None)  # type: ignore[arg-type]
    with pytest.raises(SetupFault, match="scene takes a Scene, got None"):
        MotionState.first(compiler().arm, None)  # type: ignore[arg-type]
    with pytest.raises(SetupFault, match="way takes one of those that `rank` returns, got 'first'"):
        compiler().compile_way("first", _scene())  # type: ignore[arg-type]
    robot = _scene().robot.model_copy(update={"joint_names": ("a", "b"), "positions": (0.0, 0.0), "velocities": (0.0, 0.0)})
    for ask in (compiler().rank, compiler().compile_best, compiler().compile):
        with pytest.raises(SetupFault, match="has the joints a, b"):
            ask(_pick("a"), _scene().model_copy(update={"robot": robot}))


def test_a_primitive_without_a_way_says_why_at_the_end_of_the_ranking() -> None:
    scene = _scene()
    (alone,) = compiler().rank(_pick("another"), scene)
    assert alone.wrong == "unknown_object" and alone.margin is None and alone.candidate.moves == ()
    assert str(alone) == "pick, no way: unknown_object"
    assert compiler().compile_way(alone, scene) == compiler().compile(_pick("another"), scene)
    *ways, last = compiler().rank([_pick("another"), _pick("a")], scene, most=4)
    assert len(ways) == 4 and all(way.candidate.moves for way in ways)
    assert (last.primitive, last.wrong) == (_pick("another"), "unknown_object")
    best = compiler().compile_best([_pick("another"), _pick("a")], scene, most=4)
    assert not isinstance(best, Verdict) and best[0].primitive == _pick("a")


def test_a_way_is_told_in_one_line() -> None:
    ranking = compiler().rank(_pick("a"), table_scene(block("a", 0.5, 0.0), block("b", 0.5, 0.075)), [UP])
    good, bad = ranking[0], ranking[-1]
    assert good.margin is not None and bad.margin is None
    assert f"comfort {good.comfort:.2f}; {good.margin.joint_limit:.3f} rad to a joint limit" in str(good)
    assert str(bad) == f"pick, {bad.candidate.label}: {bad.wrong}"
    assert all(len(str(way)) < 300 and "\n" not in str(way) for way in ranking)


@pytest.mark.parametrize("rate", [0, 0.0, -1000.0, float("nan"), float("inf"), "fast", None, True])
def test_a_rate_is_above_nothing_and_finite(rate: Any) -> None:
    with pytest.raises(SetupFault, match="rate_hz takes samples a second, above 0 and finite, got"):
        Arm(PANDA, rate)


def test_an_arm_is_made_of_a_robot() -> None:
    with pytest.raises(SetupFault, match="robot takes a RobotDescription, as `load_robot` returns it, got 'panda'"):
        Arm("panda", 1000.0)  # type: ignore[arg-type]

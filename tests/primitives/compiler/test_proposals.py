"""What a skill of somebody's own may return, and what is said of the rest."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from compile_scenes import block, compiler, table_scene
from panda_arm import PANDA

from lmp.errors import SetupFault
from lmp.primitives.moves import Candidate, Grip, JointMove, ToolMove
from lmp.primitives.skills.pick import PICK, PickParameters
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict, Violation

RED = block("red_block", 0.5, 0.1)
REST = JointMove("home", np.array(PANDA.rest), 0.5)
TOOL = ToolMove("approach", np.eye(4), 0.5)
OPEN = Grip("open", "open", 0.08, 0.08, 20.0)


class WaveParameters(SkillParameters):
    kind: Literal["wave"] = "wave"


class Wave:
    """Returns what it is told to."""

    spec = SkillSpec(name="wave", line="Waves.", parameters=WaveParameters, example=WaveParameters())

    def __init__(self, found: Any):
        self.found = found

    def candidates(self, parameters: WaveParameters, situation: Any) -> Any:
        return self.found


def waved(found: Any) -> JointTrajectory | Verdict:
    one = copy.copy(compiler())
    one.skills = {"wave": Wave(found)}
    return one.compile(WaveParameters(), table_scene(RED))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ([], r"returned \[\] as its candidates; a sequence of one or more Candidate is allowed"),
        (None, "returned None as its candidates"),
        ([REST], "returned JointMove among its candidates"),
        ([Candidate("idle", ())], "the candidate 'idle': it has 0 moves; 1 to 64 of ToolMove, JointMove and Grip"),
        ([Candidate("idle", (replace(OPEN, wait=False),))], "no move of it takes time"),
        ([Candidate("odd", ("up",))], "move 1 is str; ToolMove, JointMove and Grip are allowed"),
        ([Candidate("x" * 3000, (REST,))], "up to 2000 characters"),
    ],
)
def test_what_is_no_way_is_told_with_the_skill_and_what_is_allowed(found: Any, words: str) -> None:
    with pytest.raises(SetupFault, match=f"The skill 'wave' returned .*{words}|{words}") as fault:
        waved(found)
    assert str(fault.value).startswith("The skill 'wave' returned ")


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (replace(REST, speed=-1.0), "speed = -1.0; above 0 and finite m/s is allowed"),
        (replace(REST, speed=math.nan), "speed = nan"),
        (replace(REST, duration=0.0), "duration = 0.0; above 0 and finite s is allowed"),
        (replace(REST, q=np.zeros(6)), r"q of shape \(6,\); an array of finite numbers of shape \(7,\) is allowed"),
        (replace(REST, timing="slow"), "timing = 'slow'; 'keep' and 'fastest' are allowed"),
        (replace(TOOL, T_world_tool=np.full((4, 4), np.inf)), r"of shape \(4, 4\); an array of finite numbers"),
        (replace(TOOL, name=""), "name = ''; 1 to 64 printable characters are allowed"),
        (replace(OPEN, force=0.0), "force = 0.0; above 0 to 200 N is allowed"),
        (replace(OPEN, width=-0.01), "width = -0.01; from 0 to 1 m is allowed"),
        (replace(TOOL, expects=(("red_block", 0.5),)), "expects 'red_block' within 0.5; above 0 to 0.2 m is allowed"),
        (replace(OPEN, action="shut"), "action = 'shut'; 'open' and 'close' are allowed"),
    ],
)
def test_a_field_out_of_range_is_told_with_its_move(move: Any, words: str) -> None:
    with pytest.raises(SetupFault, match=f"The skill 'wave' returned the candidate 'odd': move 2, .* has .*{words}"):
        waved([Candidate("odd", (REST, move))])


def test_what_is_allowed_is_compiled() -> None:
    assert isinstance(waved([Candidate("rest", (OPEN, REST))]), JointTrajectory)
    assert isinstance(waved((Violation(code="bad_shape", message="no"),)), Verdict)
    situation = compiler().situation(table_scene(RED))
    assert PICK.candidates(PickParameters(object="red_block"), situation)

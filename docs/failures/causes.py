"""What provokes each failure: an instruction, a moment, and what happens then in the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import strikes
from striker import Strike, When, at, with_so_much_left

import lmp
from lmp import registry
from lmp.execution.monitoring.outcome_of import TIMED_OUT, TRACKING_ERROR, UNEXPECTED_CONTACT
from lmp.meaning.failures import (
    CONDITION_NOT_MET,
    DROPPED,
    GOAL_BLOCKED,
    MISSED_GRASP,
    OBJECT_MISSING,
    OBJECT_MOVED,
    OUT_OF_REACH,
    TOPPLED,
)
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.primitives.skills.place import PlaceParameters
from lmp.schema.outcome import Outcome
from lmp.schema.plan import ABSENT, ABSTAINED, AMBIGUOUS, IMPOSSIBLE, INFEASIBLE, NOT_UNDERSTOOD, TARGET_MISSED

BOWL = "put the red block in the bowl"
BLOCKS = ("red_block", "green_block", "blue_block", "yellow_block")
STACK = "put the red block on the blue block"


@dataclass(frozen=True)
class Cause:
    """One run that ends in, or recovers from, one failure.

    Attributes:
        outcome: The failure.
        words: What was done to the run, for the reader.
        instruction: What the robot was told.
        when, strike: The moment and what happens then; None where the instruction alone is enough.
        picture: The camera's picture: at the look after the motion, at the look before it, or when the run is over.
        about: What the picture is about: names of objects; without any, the hand.
    path: Whether the planned path of the tool is drawn in.
        camera: The camera.
        options: Further options of the run.
        planner: A planner in place of the scripted one.
        gates: What says whether a motion may begin.
    """

    outcome: Outcome
    words: str
    instruction: str = BOWL
    when: When | None = None
    strike: Strike | None = None
    picture: Literal["after", "before", "end"] = "after"
    about: tuple[str, ...] = ("red_block",)
    camera: str = "front"
    path: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    planner: Any = "scripted"
    gates: tuple[str, ...] = ()


class BrokenPlanner:
    """A planner whose answer is not of the type that was asked for."""

    def decompose(self, instruction: str, scene: object, history: object = None) -> Any:
        return "First, I would pick up the block."

    def propose(self, subgoal: object, scene: object, history: object = None, most: int = 1) -> Any:
        return None


class EasyGoing:
    """A planner, such as one that asks a model, that takes all for done."""

    def decompose(self, instruction: str, scene: object, history: object = None) -> Any:
        return ()

    def propose(self, subgoal: object, scene: object, history: object = None, most: int = 1) -> Any:
        return None


class Absentminded(ScriptedPlanner):
    """A planner that aims at the mug whatever is wanted."""

    def __init__(self) -> None:
        super().__init__({name: registry.load("skill", name).spec for name in registry.known("skill")})

    def propose(self, subgoal: Any, scene: Any, history: Any = None, most: int = 1) -> Any:
        if subgoal.skill != "place":
            return super().propose(subgoal, scene, history, most)
        target = {"kind": "beside", "reference": "mug", "side": "left"}
        return (lmp.Proposal(primitive=PlaceParameters.model_validate({"object": subgoal.objects[0], "target": target})),)


MISSED = (at("grasp", 0.05), strikes.shift("red_block", 0.10, 0.04))
NOTHING = "The words are enough; nothing is done to the world."
SEED = 3
"""Of every world."""

MOVING = (
    Cause(MISSED_GRASP, "As the fingers close, the block is pulled from between them.", BOWL, *MISSED),
    Cause(
        DROPPED,
        "On its way to the bowl, the block is torn out of the gripper.",
        BOWL,
        at("carry", 0.4),
        strikes.shift("red_block", 0.06, 0.0, -0.06),
    ),
    Cause(
        OBJECT_MOVED,
        "While the hand comes near, somebody moves the block by 12 cm.",
        BOWL,
        at("approach", 0.7),
        strikes.shift("red_block", 0.12, 0.02),
    ),
    Cause(
        OBJECT_MISSING,
        "While the hand comes near, somebody takes the block away.",
        BOWL,
        at("approach", 0.7),
        strikes.remove("red_block"),
    ),
    Cause(
        OUT_OF_REACH,
        "While the hand comes near, somebody moves the block to the edge of the table.",
        BOWL,
        at("approach", 0.7),
        strikes.put("red_block", 0.50, 0.60, 0.021),
    ),
    Cause(
        TOPPLED,
        "Just after it was let go, the can is knocked off the tray.",
        "put the can on the tray",
        at("retreat", 0.5),
        strikes.all_of(strikes.put_beside("can", "tray", 0.16, 0.0), strikes.tip("can", 80.0)),
        about=("can",),
    ),
    Cause(
        GOAL_BLOCKED,
        "Just after the block was put on the blue one, somebody puts the green one there instead.",
        STACK,
        at("retreat", 0.6),
        strikes.all_of(strikes.put_beside("red_block", "blue_block", -0.06, 0.0), strikes.put_on("green_block", "blue_block")),
        about=("red_block", "green_block"),
    ),
    Cause(
        CONDITION_NOT_MET,
        "Just after the block was put on the blue one, it is pushed off.",
        STACK,
        at("retreat", 0.6),
        strikes.put_beside("red_block", "blue_block", -0.06, 0.0),
        about=("red_block", "blue_block"),
    ),
    Cause(
        UNEXPECTED_CONTACT,
        "A box appears in the way of the gripper, so near that nobody could have seen it.",
        BOWL,
        at("carry", 0.3),
        strikes.block_the_way,
        about=("red_block", "box"),
    ),
    Cause(
        TRACKING_ERROR,
        "A brake of the arm falls in: one joint stays where it is.",
        BOWL,
        at("approach", 0.35),
        strikes.lock_the_slowest,
        about=(),
        path=True,
    ),
    Cause(
        TIMED_OUT,
        "A brake of the arm falls in just before the end of the motion: it never arrives.",
        BOWL,
        with_so_much_left(0.10, "grasp"),
        strikes.lock_the_slowest,
        about=(),
        path=True,
    ),
)
"""Failures of a motion."""

REFUSED = (
    Cause(
        NOT_UNDERSTOOD,
        NOTHING,
        "juggle the blocks",
        picture="before",
        about=(),
    ),
    Cause(
        ABSENT,
        NOTHING,
        "put the purple block in the bowl",
        picture="before",
        about=(),
    ),
    Cause(
        AMBIGUOUS,
        NOTHING,
        "put the block in the bowl",
        picture="before",
        about=BLOCKS,
    ),
    Cause(
        IMPOSSIBLE,
        NOTHING,
        "put the bowl in the mug",
        picture="before",
        about=("bowl", "mug"),
    ),
    Cause(
        INFEASIBLE,
        NOTHING,
        "push the red block 50 cm to the right",
        picture="before",
    ),
)
"""Refusals: nothing moves."""

ENDED = (
    Cause(
        ABSTAINED,
        "A gate wants 3 rad between every joint and its limits, which no motion has.",
        picture="before",
        path=True,
        gates=("margin:joint_limit=3.0",),
    ),
    Cause(
        TARGET_MISSED,
        "The planner aims beside the mug for a subgoal that wants the block in the bowl.",
        picture="end",
        about=("bowl", "mug"),
        planner=Absentminded(),
    ),
    Cause(
        Outcome.NOTHING_DONE,
        "The planner says that nothing is to do, and no grammar can tell what was asked for.",
        "make it look inviting",
        picture="end",
        about=(),
        planner=EasyGoing(),
    ),
    Cause(
        Outcome.REJECTED,
        "A person is asked before the motion and says no.",
        picture="before",
        path=True,
        options={"approve": lambda pending: False},
    ),
    Cause(
        Outcome.OUT_OF_BUDGET,
        "One attempt at a subgoal is allowed, and the first grasp misses.",
        BOWL,
        *MISSED,
        options={"budget": lmp.Budget(attempts_per_subgoal=1)},
    ),
    Cause(
        Outcome.ROBOT_FAILED,
        "The robot's driver raises an error at every command.",
        BOWL,
        at("carry", 0.5),
        strikes.fail_to_answer,
        picture="end",
    ),
    Cause(
        Outcome.RECORD_FAILED,
        "The run folder vanishes, as on a disk that is pulled out.",
        BOWL,
        at("approach", 0.5),
        strikes.lose_the_record,
        picture="end",
        about=(),
    ),
    Cause(Outcome.PLANNER_FAILED, "The planner answers with a text.", picture="before", about=(), planner=BrokenPlanner()),
    Cause(Outcome.INTERRUPTED, "A person presses Ctrl-C.", BOWL, at("lift", 0.8), strikes.ctrl_c, picture="end"),
)
"""Runs that end for other reasons."""

CAUSES = (*MOVING, *REFUSED, *ENDED)

"""Answers that a model may give about the kinematic tabletop of seed 3, right and wrong."""

from __future__ import annotations

from typing import Any

INSTRUCTION = "put the red block in the bowl"


def subgoal(
    skill: str, objects: list[str], success: list[dict[str, Any]], lasting: bool = False, step: int = 0
) -> dict[str, Any]:
    return {
        "reasoning": "it was asked for",
        "description": f"{skill} {objects[0]}",
        "skill": skill,
        "objects": objects,
        "success": success,
        "step": 0,
        "lasting": lasting,
    }


TAKE = subgoal("pick", ["red_block"], [{"kind": "held", "object": "red_block"}])
PUT = subgoal("place", ["red_block", "bowl"], [{"kind": "in", "object": "red_block", "container": "bowl"}], lasting=True)


def plan(*subgoals: dict[str, Any], refusal: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"understanding": "one block has to end in the bowl", "subgoals": list(subgoals), "refusal": refusal}


def primitive(**fields: Any) -> dict[str, Any]:
    return {"reasoning": "as the table says", "primitive": fields, "refusal": None}


PLAN = plan(TAKE, PUT)
PICK = primitive(kind="pick", object="red_block")
PLACE = primitive(kind="place", object="red_block", target={"kind": "in", "container": "bowl"})
REFUSED = plan(refusal={"reason": "absent", "message": "There is no spoon.", "hint": "Name something else.", "candidates": []})

WRONG_PLANS = {
    "unknown object": (
        plan({**TAKE, "objects": ["red_blok"]}, PUT),
        "Did you mean 'red_block'?",
    ),
    "unknown skill": (plan({**TAKE, "skill": "pik"}, PUT), "Did you mean 'pick'?"),
    "wrong type": (plan({**TAKE, "lasting": "perhaps"}, PUT), "subgoals.0.lasting"),
    "no hollow": (
        plan(TAKE, {**PUT, "success": [{"kind": "in", "object": "red_block", "container": "can"}]}),
        "'can' has no hollow to be in",
    ),
    "nothing lasts": (plan(TAKE, {**PUT, "lasting": False}), "none of them is lasting"),
    "undone": (plan({**TAKE, "lasting": True}, PUT), "subgoal 1 moves 'red_block' again"),
    "both": ({**PLAN, "refusal": REFUSED["refusal"]}, "either subgoals or a refusal"),
    "no condition": (plan(TAKE, {**PUT, "success": []}), "needs at least one condition"),
    "itself": (
        plan(TAKE, {**PUT, "success": [{"kind": "on", "object": "red_block", "support": "red_block"}]}),
        "no relation to itself",
    ),
}
"""Wrong answers to *decompose* by class, and words of the complaint."""

WRONG_PICKS = {
    "unknown object": (
        primitive(kind="pick", object="red_blok"),
        "Did you mean 'red_block'?",
    ),
    "out of range": (primitive(kind="pick", object="red_block", lift=4.0), "primitive.lift"),
    "wrong type": (primitive(kind="pick", object="red_block", grasp="the best"), "primitive.grasp"),
    "surplus": (primitive(kind="pick", object="red_block", lifts=0.1), "Did you mean 'lift'?"),
    "impossible phase": (
        primitive(
            kind="pick",
            object="red_block",
            path={"kind": "bulges", "bulges": [{"direction": "up", "phase": 0.95, "amount": 0.1}]},
        ),
        "phase",
    ),
    "other object": (primitive(kind="pick", object="can"), "the subgoal is about 'red_block', the primitive moves 'can'"),
    "beyond the gripper": (primitive(kind="pick", object="red_block", force=200.0), "force_limit"),
    "neither": ({"reasoning": "none", "primitive": None, "refusal": None}, "either a primitive or a refusal"),
}
"""Wrong answers to *ground* for the pick by class, and words of the complaint."""

WRONG_PLACES = {
    "unreachable": ({"kind": "at", "x": 1.6, "y": 0.0}, "the compiler refuses the motion"),
    "into another thing": ({"kind": "on", "support": "ball"}, "the compiler refuses the motion"),
    "unknown support": ({"kind": "in", "container": "bowle"}, "Did you mean 'bowl'?"),
    "unknown kind": ({"kind": "inside", "container": "bowl"}, "primitive.target"),
}
"""Wrong targets of the place by class, and words of the complaint."""

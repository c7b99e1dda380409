"""The main flow: perceive, decompose, ground, compile, execute, verify; and again until it is done or cannot be done.

A LangGraph graph of the plain functions in `lmp/steps.py`. It receives its stages and imports no part.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any, cast

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt

from lmp.responses import Response
from lmp.run_state import Pending, RunState
from lmp.schema.outcome import Outcome
from lmp.steps import Steps

Approve = Callable[[Pending], bool]
"""Asked before each motion; True lets it begin."""


def run_loop(steps: Steps, approve: Approve | None = None) -> RunState:
    """Runs the graph to its end; every step is checkpointed before the next begins."""
    with closing(sqlite3.connect(steps.record.checkpoint, check_same_thread=False)) as connection:
        saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        graph = build(steps, approve is not None).compile(checkpointer=saver)
        # The budget ends a run, not LangGraph's own count of steps.
        config: Any = {"configurable": {"thread_id": "run"}, "recursion_limit": 100_000}
        state: Any = graph.invoke({}, config, durability="sync")
        while approve is not None and "__interrupt__" in state:
            state = graph.invoke(Command(resume=approve(steps.pending)), config, durability="sync")
    return cast(RunState, {key: value for key, value in state.items() if key in RunState.__annotations__})


def build(steps: Steps, with_approval: bool) -> StateGraph[RunState]:
    """The graph: the stages in order, and the ways back."""
    graph = StateGraph(RunState)
    for name in (
        "perceive",
        "decompose",
        "preview",
        "ground",
        "compile",
        "execute",
        "verify",
        "respond",
        "go_to_rest",
        "conclude",
    ):
        graph.add_node(name, getattr(steps, name))
    graph.add_node("approve", lambda _: approve_motion(steps))
    motion = "approve" if with_approval else "execute"
    graph.add_edge(START, "perceive")
    graph.add_conditional_edges("perceive", after_perceive, ["decompose", "ground"])
    graph.add_conditional_edges("decompose", lambda state: END if "outcome" in state else "preview", [END, "preview"])
    graph.add_conditional_edges("preview", lambda state: after_preview(state, len(steps.plan)), [END, "ground", "conclude"])
    graph.add_conditional_edges("ground", lambda _: "compile" if steps.pending.primitive else "respond", ["compile", "respond"])
    graph.add_conditional_edges("compile", lambda _: motion if steps.pending.trajectory else "respond", [motion, "respond"])
    graph.add_conditional_edges(
        "approve", lambda _: "respond" if steps.pending.outcome is Outcome.REJECTED else "execute", ["execute", "respond"]
    )
    graph.add_edge("execute", "verify")
    graph.add_edge("verify", "respond")
    graph.add_conditional_edges(
        "respond", lambda state: after_respond(state, len(steps.plan)), [END, "ground", "perceive", "go_to_rest", "conclude"]
    )
    graph.add_edge("go_to_rest", "perceive")
    graph.add_conditional_edges("conclude", lambda state: END if "outcome" in state else "perceive", [END, "perceive"])
    return graph


def approve_motion(steps: Steps) -> RunState:
    """Waits for a person; nothing stands before the interrupt, since the node runs again after it."""
    if not interrupt({"subgoal": steps.pending.subgoal.description}):
        steps.pending.fail(Outcome.REJECTED, f"not approved: {steps.pending.subgoal.description}")
    return {}


def after_perceive(state: RunState) -> str:
    """A fresh look is for the plan, unless a subgoal is only to be grounded again."""
    return "decompose" if state.get("response", Response.DECOMPOSE_AGAIN) == Response.DECOMPOSE_AGAIN else "ground"


def after_preview(state: RunState, subgoals: int) -> str:
    """Begin, end because it cannot be done, or conclude because nothing is left to do."""
    if "outcome" in state:
        return END
    return "ground" if subgoals else "conclude"


def after_respond(state: RunState, subgoals: int) -> str:
    """Where the response table sends the run."""
    if "outcome" in state:
        return END
    match Response(state["response"]):
        case Response.GO_ON:
            return "ground" if state["index"] < subgoals else "conclude"
        case Response.REST_AND_GROUND:
            return "go_to_rest"
        case Response.GROUND_AGAIN | Response.DECOMPOSE_AGAIN:
            return "perceive"
        case Response.STOP:
            return END

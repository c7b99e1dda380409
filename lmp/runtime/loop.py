"""The main flow: perceive, decompose, ground, compile, execute, verify; and again until it is done or cannot be done.

A LangGraph graph of the plain functions in `lmp/runtime/flow/steps.py`. It receives its stages and imports no part.
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

from lmp.choosing import MAY_BEGIN, CheckedMotion
from lmp.record import record_faults
from lmp.runtime.flow.run_state import RunState
from lmp.runtime.flow.steps import Steps
from lmp.runtime.recoveries import after_gate, after_perceive, after_preview, after_respond
from lmp.schema.outcome import Outcome, Response

Node = Callable[[RunState], RunState]

Approve = Callable[[CheckedMotion], bool]
"""Asked where a gate wants a person to be asked before a motion; True lets it begin."""

Ask = Callable[[str], str]
"""Asked when the run would end without success: gets the reason; "" looks again, "stop" ends it, else a new instruction."""

CONFIG: Any = {"configurable": {"thread_id": "run"}, "recursion_limit": 100_000}
"""The budget ends a run, not LangGraph's own count of steps."""


def run_loop(
    steps: Steps, approve: Approve | None = None, ask: Ask | None = None, *, again: RunState | None = None
) -> RunState:
    """Runs the graph to its end; every step is checkpointed before the next begins.

    Args:
        steps: The nodes.
        approve: Asked where a gate asks; without it `ask` is.
        ask: Asked where a person could help.
        again: With what a run that was cut off is resumed: it perceives and decomposes; no motion is repeated.
    """
    path = steps.memory.record.checkpoint
    with (
        record_faults(path.parent, path.name, (sqlite3.Error,)),
        closing(sqlite3.connect(path, check_same_thread=False)) as connection,
    ):
        saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        graph = build(steps).compile(checkpointer=saver)
        first: Any = {}
        if again is not None and graph.get_state(CONFIG).values:
            # As if the run began now: going on with what was pending would move the arm a second time.
            graph.update_state(CONFIG, again, as_node="__start__")
            first = None
        state: Any = graph.invoke(first, CONFIG, durability="sync")
        while "__interrupt__" in state:
            question = state["__interrupt__"][0].value
            with steps.telling.waiting():
                said: Any
                if "ask" in question:
                    said = ask(question["ask"]) if ask else "stop"
                else:
                    said = permitted(steps.waiting_motion(cast(RunState, state)), approve, ask)
            state = graph.invoke(Command(resume=said), CONFIG, durability="sync")
    return cast(RunState, {key: value for key, value in state.items() if key in RunState.__annotations__})


AGAIN: RunState = {"outcome": "", "message": "", "hint": "", "tries": 0, "response": Response.DECOMPOSE_AGAIN.value}
"""The state of a run that is resumed where it was cut off."""


def afresh(attempts: int) -> RunState:
    """The state of a run that is resumed in a world which remembers nothing of those attempts."""
    return {**AGAIN, "since": attempts, "first_scene": ""}


def permitted(motion: CheckedMotion, approve: Approve | None, ask: Ask | None) -> bool:
    """True if a person lets the motion begin; where nobody is there to be asked it does not."""
    if approve is not None:
        return bool(approve(motion))
    return ask is not None and ask(f"{motion.question}? {MAY_BEGIN}").strip().lower() in ("y", "yes")


NODES = (
    "perceive",
    "decompose",
    "preview",
    "ground",
    "compile",
    "gate",
    "execute",
    "verify",
    "respond",
    "go_to_rest",
    "conclude",
)


def build(steps: Steps) -> StateGraph[RunState]:
    """The graph: the stages in order, and the ways back."""
    graph = StateGraph(RunState)
    for name in NODES:
        graph.add_node(name, saving(steps, getattr(steps, name)))
    graph.add_node("approve", lambda _: approve_motion(steps))
    graph.add_node("ask", lambda state: ask_person(steps, state))
    stop = "ask" if steps.asks else END
    graph.add_edge(START, "perceive")
    graph.add_conditional_edges("perceive", after_perceive, ["decompose", "ground"])
    graph.add_conditional_edges("decompose", lambda state: stop if state.get("outcome") else "preview", [stop, "preview"])
    graph.add_conditional_edges(
        "preview", lambda state: after_preview(state, len(steps.memory.plan), stop), [stop, "ground", "conclude"]
    )
    graph.add_conditional_edges("ground", lambda _: "compile" if steps.pending.primitive else "respond", ["compile", "respond"])
    graph.add_conditional_edges("compile", lambda _: "gate" if steps.pending.trajectory else "respond", ["gate", "respond"])
    graph.add_conditional_edges("gate", lambda _: after_gate(steps.pending), ["approve", "execute", "respond"])
    graph.add_conditional_edges(
        "approve", lambda _: "respond" if steps.pending.outcome is Outcome.REJECTED else "execute", ["execute", "respond"]
    )
    graph.add_edge("execute", "verify")
    graph.add_edge("verify", "respond")
    graph.add_conditional_edges(
        "respond",
        lambda state: after_respond(state, len(steps.memory.plan), END),
        [END, "ask", "ground", "perceive", "go_to_rest", "conclude"],
    )
    graph.add_edge("go_to_rest", "perceive")
    graph.add_conditional_edges("conclude", lambda state: END if state.get("outcome") else "perceive", [END, "perceive"])
    graph.add_conditional_edges("ask", lambda state: END if state.get("outcome") else "perceive", [END, "perceive"])
    return graph


def saving(steps: Steps, node: Node) -> Any:
    """The node, after which the world is saved: what comes next may be a new process."""

    def run(state: RunState) -> RunState:
        change = node(state)
        steps.following.save_world()
        return change

    return run


def approve_motion(steps: Steps) -> RunState:
    """Waits for a person; nothing stands before the interrupt, since the node runs again after it."""
    approved = bool(interrupt({"approve": steps.pending.subgoal.description}))
    steps.approved(approved)
    return {}


def ask_person(steps: Steps, state: RunState) -> RunState:
    """Waits for what a person says; nothing stands before the interrupt here either."""
    return steps.answered(state, str(interrupt({"ask": state.get("message", "")})))

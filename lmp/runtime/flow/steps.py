"""The steps of the loop: each is one stage, takes the state and returns what changes in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lmp.choosing import CheckedMotion
from lmp.execution.observing import look_at
from lmp.meaning.failures import CONDITION_NOT_MET
from lmp.meaning.relations import unmet_of
from lmp.runtime.flow.checking import class_of, wanted
from lmp.runtime.flow.following import Following
from lmp.runtime.flow.memory import Memory
from lmp.runtime.flow.planning import choose, decomposed, judged, plan_that_compiles, proposed
from lmp.runtime.flow.run_state import Pending, RunState, summary
from lmp.runtime.flow.telling import Telling
from lmp.runtime.flow.varying import slower, slower_than, varied, words_of
from lmp.runtime.recoveries import response_to
from lmp.schema.budget import Budget
from lmp.schema.condition import Condition
from lmp.schema.observation import Sensors
from lmp.schema.outcome import Outcome, Response
from lmp.schema.plan import ABSTAINED, Refusal, Subgoal
from lmp.schema.proposal import Abstain
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict
from lmp.stages import Stages, World

SETTLE_SECONDS = 1.0
"""Time for objects to come to rest, with the arm at rest, before the last look [s]."""
AT_REST = 0.05
"""An arm with every joint this near to the rest posture is in it [rad] or [m]."""
REST_TRIES = 3
"""Tries of the motion to the rest posture before the run goes on without it [count]."""


NOTHING_DONE_HINT = "Say it in words that the scripted planner reads, so that what is asked for can be tested; or say more."
Asked = Callable[[str, Scene], tuple[Condition, ...] | None]


@dataclass
class Steps:
    """One run's stages, record and memory; its methods are the nodes of the graph.

    Attributes:
        stages: One part for each contract.
        memory: What the run remembers.
        telling: Tells what happens.
        following: Executes the motions.
        instruction: What was said at first.
        rest: The primitive that brings the arm to its rest posture.
        aside: Those that bring it to other postures.
        asked: What an instruction asks of a scene, as conditions, where that can be told without the planner, else None;
            None for a planner whose answer is what was asked.
        budget: What may be spent.
        before_verify: Called with the world and the subgoal just before each verification; audits tamper with the world here.
        pictures: Renders and records the cameras at every look.
        asks: Whether there is a person to ask.
    """

    stages: Stages
    memory: Memory
    telling: Telling
    following: Following
    instruction: str
    rest: SkillParameters
    aside: tuple[SkillParameters, ...]
    asked: Asked | None = None
    budget: Budget = field(default_factory=Budget)
    before_verify: Callable[[World, Subgoal], None] | None = None
    pictures: bool = True
    asks: bool = False
    _pending: Pending | None = None

    @property
    def pending(self) -> Pending:
        """The attempt that is under way."""
        if self._pending is None:
            raise RuntimeError("no attempt is under way")
        return self._pending

    def perceive(self, state: RunState) -> RunState:
        """Looks at the world; the first scene is kept, since words keep the meaning that they had there."""
        name = self._look("perceived")
        self._pending = None
        return {"scene": name, "first_scene": state.get("first_scene") or name}

    def decompose(self, state: RunState) -> RunState:
        """Asks the planner for what is left to do."""
        memory, instruction = self.memory, state.get("instruction") or self.instruction
        with self.telling.timed("decompose"):
            answer = decomposed(self.stages.planner, instruction, memory.scene(state["scene"]), memory.history(state))
        self.telling.tell("decomposed", answer=answer)
        if isinstance(answer, Refusal):
            return {"outcome": answer.reason, "message": answer.message, "hint": answer.hint}
        memory.keep_plan(instruction, answer)
        return {"index": 0, "tries": 0}

    def preview(self, state: RunState) -> RunState:
        """Compiles the whole plan on predicted scenes, so that nothing is begun that cannot be ended."""
        memory, instruction = self.memory, state.get("instruction") or self.instruction
        scene, history = memory.scene(state["scene"]), memory.history(state)
        with self.telling.timed("preview"):
            answer, memory.previewed = plan_that_compiles(self.stages, instruction, memory.plan, scene, history)
        if isinstance(answer, Refusal):
            self.telling.tell("decomposed", answer=answer)
            return {"outcome": answer.reason, "message": answer.message, "hint": answer.hint}
        if answer != memory.plan:
            self.telling.tell("decomposed", answer=answer)
            memory.keep_plan(instruction, answer)
        self.telling.tell("previewed", entries=memory.previewed)
        if not memory.previewed or memory.previewed[-1].outcome is Outcome.PLANNED:
            return {}
        last = memory.previewed[-1]
        hint = " ".join(dict.fromkeys(violation.hint for violation in (last.compiled.violations if last.compiled else ())))
        return {"outcome": last.outcome.value, "message": f"{last.subgoal.description}: {last.message}", "hint": hint}

    def ground(self, state: RunState) -> RunState:
        """Asks the planner for the subgoal's primitive on the fresh scene."""
        scene = self.memory.scene(state["scene"])
        self._pending = Pending(self.memory.plan[state["index"]], scene)
        if self._overdue():
            return {}
        pending, most = self.pending, self.stages.chooser.most
        with self.telling.timed("ground"):
            answer = proposed(self.stages.planner, pending.subgoal, scene, self.memory.history(state), most)
        if isinstance(answer, Refusal):
            self.telling.tell("grounded", subgoal=pending.subgoal, answer=answer)
            pending.fail(Outcome(answer.reason), answer.message)
            return {}
        pending.proposals = varied(answer, pending.subgoal, self.memory.attempts, self.stages.world.robot.description)
        pending.primitive = pending.proposals[0].primitive
        pending.changed = words_of(answer[0].primitive, pending.primitive)
        self.telling.tell("grounded", subgoal=pending.subgoal, answer=pending.proposals)
        return {}

    def compile(self, state: RunState) -> RunState:
        """Turns the proposals into one checked trajectory, or into a verdict."""
        pending = self.pending
        assert pending.proposals, "the graph compiles only what was grounded"
        before = pending.proposals[0].primitive
        with self.telling.timed("compile"):
            result = choose(pending, self.stages, pending.proposals, attempts=self.memory.attempts)
        if pending.primitive is not None and pending.primitive != before:
            pending.changed = (*pending.changed, *words_of(before, pending.primitive))[:16]
        if isinstance(result, Verdict):
            pending.compiled = summary(result)
            pending.fail(class_of(result, self.following.moved), str(result))
        else:
            pending.trajectory = result
            pending.compiled = summary(result, self.memory.record.save_trajectory(result))
        self.telling.tell("compiled", subgoal=pending.subgoal, compiled=pending.compiled, chosen=pending.chosen)
        self._overdue()
        return {}

    def gate(self, state: RunState) -> RunState:
        """Has every gate say whether the motion may begin."""
        pending = self.pending
        if not self.stages.gates:
            return {}
        motion = self.waiting_motion(state)
        pending.gates = tuple(judged(name, gate, motion) for name, gate in self.stages.gates)
        self.telling.tell("gated", subgoal=pending.subgoal, decisions=pending.gates)
        held = [one for one in pending.gates if isinstance(one.answer, Abstain)]
        if held:
            pending.trajectory = None
            pending.fail(ABSTAINED, "; ".join(map(str, held)))
        return {}

    def approved(self, said: bool) -> None:
        """Takes what the person said whom a gate wanted to be asked."""
        self.pending.answered(said)
        self.telling.tell("approved" if said else "rejected", subgoal=self.pending.subgoal, decisions=self.pending.gates)
        if not said:
            self.pending.fail(Outcome.REJECTED, f"not approved: {self.pending.subgoal.description}")

    def waiting_motion(self, state: RunState) -> CheckedMotion:
        """The motion that waits for leave to begin."""
        pending = self.pending
        assert pending.trajectory is not None and pending.primitive is not None, "only what compiled waits"
        history = self.memory.history(state)
        return CheckedMotion(pending.subgoal, pending.before, pending.primitive, pending.trajectory, history, pending.asks)

    def _overdue(self) -> bool:
        """True if the wall time is used up; then no motion begins."""
        words = self.budget.overdue(self.telling.seconds)
        if words is None:
            return False
        self.pending.trajectory = None
        self.pending.fail(Outcome.OUT_OF_BUDGET, words)
        return True

    def execute(self, state: RunState) -> RunState:
        """Follows the trajectory."""
        pending = self.pending
        assert pending.trajectory is not None and pending.compiled is not None, "the graph executes only what compiled"
        seconds, name = pending.trajectory.duration, pending.compiled.trajectory
        self.telling.tell("moving", subgoal=pending.subgoal, primitive=pending.primitive, seconds=seconds, trajectory=name)
        pending.execution = self.following.follow(pending.trajectory, pending.subgoal, self.memory.plan)
        self.telling.tell("executed", subgoal=pending.subgoal, execution=pending.execution)
        if pending.execution.outcome is not Outcome.SUCCEEDED:
            pending.fail(pending.execution.outcome, pending.execution.message)
        return {}

    def verify(self, state: RunState) -> RunState:
        """Looks again and tests the subgoal's conditions; a motion that was stopped has failed whatever holds."""
        pending = self.pending
        if self.before_verify is not None:
            self.before_verify(self.stages.world, pending.subgoal)
        name = self._look("verifying")
        with self.telling.timed("verify"):
            subgoal = pending.subgoal if pending.primitive is None else wanted(pending.subgoal, pending.primitive)
            pending.verification = self.stages.verifier.verify(subgoal, pending.before, self.memory.scene(name))
        self.telling.tell("verified", subgoal=pending.subgoal, verification=pending.verification)
        pending.take_in(pending.verification, name if self.pictures else None)
        return {"scene": name}

    def respond(self, state: RunState) -> RunState:
        """Looks up what to do about the attempt's outcome, within the budget."""
        pending, outcome = self.pending, self.pending.outcome
        succeeded = outcome is Outcome.SUCCEEDED
        tries, replans = state.get("tries", 0) + 1, state.get("replans", 0)
        response, index = self._response(state)
        spent = None if succeeded else self.budget.spent(tries, replans, self.telling.seconds)
        attempt = pending.close("" if succeeded else f"{outcome.value}: {spent or response.value}")
        self._pending = None
        self.memory.keep_attempt(attempt)
        self.telling.tell("responded", attempt=attempt, response=response)
        change: RunState = {"response": response.value, "index": index}
        if succeeded:
            return {**change, "tries": 0}
        if spent is not None:
            change["response"] = Response.STOP.value
            message = spent if outcome is Outcome.OUT_OF_BUDGET else f"{spent}; last: {pending.message}"
            held = self.memory.scene(state["scene"]).held
            hint = "" if held is None else f"{held.name} is still in the gripper."
            return {**change, "outcome": Outcome.OUT_OF_BUDGET.value, "message": message, "hint": hint}
        if response in (Response.STOP, Response.ASK):
            return {**change, "outcome": outcome.value, "message": pending.message}
        return {**change, "tries": tries, "replans": replans + 1}

    def _response(self, state: RunState) -> tuple[Response, int]:
        """The response, and the index of the subgoal that comes next if the plan is kept."""
        pending, index = self.pending, state["index"]
        response = response_to(pending.outcome, self.memory.failures_of(pending.subgoal, pending.outcome) + 1)
        if response is Response.GO_ON:
            return response, index + 1
        if pending.holds_all_the_same and response not in (Response.STOP, Response.ASK):
            return Response.DECOMPOSE_AGAIN, index
        if response is Response.PICK_UP_AGAIN:
            pick = self.memory.pick_before(index)
            return (Response.DECOMPOSE_AGAIN, index) if pick is None else (response, pick)
        return (Response.STOP if response is Response.ASK and not self.asks else response), index

    def answered(self, state: RunState, said: str) -> RunState:
        """Take a person's answer: nothing or "go on" to look again, "stop", or another instruction that replaces the first."""
        self.telling.tell("answered", said=said)
        words = said.strip()
        if words.lower() in ("stop", "no", "abort", "quit"):
            return {}
        spent = self.budget.spent(0, state.get("replans", 0), self.telling.seconds)
        if spent is not None:
            return {"outcome": Outcome.OUT_OF_BUDGET.value, "message": f"{spent}; last: {state.get('message', '')}"[:2000]}
        change: RunState = {"outcome": "", "message": "", "hint": "", "tries": 0, "replans": state.get("replans", 0) + 1}
        change["response"] = Response.DECOMPOSE_AGAIN.value
        if words.lower() in ("", "go on", "again", "retry", "yes"):
            return change
        return {**change, "instruction": words[:2000], "since": len(self.memory.attempts), "first_scene": ""}

    def go_to_rest(self, state: RunState) -> RunState:
        """Brings the arm to its rest posture, or to another one, unless that is not possible from here."""
        posture = slower(self._posture(state), self.memory.attempts)
        for _ in range(REST_TRIES):
            scene = self.memory.scene(self._look("perceived"))
            result = self.stages.compiler.compile(posture, scene)
            if isinstance(result, Verdict):
                self.telling.tell("rested", reached=False, why=str(result)[:2000])
                return {}
            self.telling.tell("resting", seconds=result.duration, trajectory=self.memory.record.save_trajectory(result))
            execution = self.following.follow(result)
            reached = execution.outcome is Outcome.SUCCEEDED
            self.telling.tell("rested", reached=reached, execution=execution)
            if reached or execution.outcome is Outcome.INTERRUPTED:
                return {}
            if execution.outcome.is_answered_by(Response.SLOWER):
                posture = posture.slowed(slower_than(posture.speed))
        return {}

    def _posture(self, state: RunState) -> SkillParameters:
        """The rest posture; where another posture is the response and the arm rests already, one aside of it, in turn."""
        robot = self.stages.world.robot.description
        now = self.memory.scene(state["scene"]).robot.positions_of(robot.joint_names)
        if state.get("response") != Response.OTHER_POSTURE or np.abs(now - np.array(robot.rest)).max() > AT_REST:
            return self.rest
        times = sum(one.outcome.is_answered_by(Response.OTHER_POSTURE) for one in self.memory.attempts)
        return self.aside[times % len(self.aside)]

    def conclude(self, state: RunState) -> RunState:
        """With the arm at rest and after a while, tests everything that had to last; where it is to stay, it stays."""
        memory = self.memory
        stays = any(condition.of_arm for subgoal in memory.lasting for condition in subgoal.success)
        if self.following.moved and not stays and memory.scene(state["scene"]).held is None:
            self.go_to_rest(state)
        with self.telling.timed("execute"):
            self.stages.world.settle(SETTLE_SECONDS)
        if self.before_verify is not None and memory.plan:
            self.before_verify(self.stages.world, memory.plan[-1])
        name = self._look("concluded")
        scene = memory.scene(name)
        checks = [self.stages.verifier.verify(subgoal, scene, scene) for subgoal in memory.lasting]
        failed = [check for check in checks if check.outcome is not Outcome.SUCCEEDED]
        asked = self._asked(state)
        unmet = [] if asked is None else unmet_of(asked, scene)
        self.telling.tell("concluded", checks=checks, asked=asked, unmet=unmet)
        if not failed and not unmet:
            if self.asked is not None and asked is None and not self.following.moved:
                return {"scene": name, "outcome": Outcome.NOTHING_DONE.value, "message": "", "hint": NOTHING_DONE_HINT}
            return {"scene": name, "outcome": Outcome.SUCCEEDED.value, "verified": True, "message": ""}
        message = "; ".join([*(check.message for check in failed), *unmet])[:2000]
        spent = self.budget.spent(0, state.get("replans", 0), self.telling.seconds)
        if spent is not None:
            outcome = failed[0].outcome if failed else CONDITION_NOT_MET
            return {"scene": name, "outcome": outcome.value, "message": f"{message}; {spent}"}
        replans = state.get("replans", 0) + 1
        return {"scene": name, "response": Response.DECOMPOSE_AGAIN.value, "replans": replans, "message": message}

    def _asked(self, state: RunState) -> tuple[Condition, ...] | None:
        """The conditions that the instruction asks for, as it was understood in the first scene; None where nobody can tell."""
        if self.asked is None:
            return None
        return self.asked(state.get("instruction") or self.instruction, self.memory.scene(state["first_scene"]))

    def abandon(self, outcome: Outcome, message: str) -> None:
        """Closes the attempt that is under way, if any: the run ends in the middle of it."""
        if self._pending is not None and self._pending.trajectory is not None:
            self._pending.fail(outcome, message)
            self.memory.keep_attempt(self._pending.close("the run ended here"))

    def _look(self, event: str) -> str:
        with self.telling.timed("observe"):
            observation = look_at(self.stages.world, Sensors(images=self.pictures))
        with self.telling.timed("perceive"):
            scene = self.stages.perceiver.perceive(observation).model_copy(update={"frames": observation.frames})
        name = self.memory.keep_scene(scene)
        self.memory.record.save_frames(observation.frames, name)
        self.telling.tell(event, scene=name)
        return name

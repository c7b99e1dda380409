"""The steps of the loop: each is one stage, takes the state and returns what changes in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lmp.asking import decomposed, grounded
from lmp.budget import Budget
from lmp.listener import Listener, Silence
from lmp.preview import preview
from lmp.record import RunFolder
from lmp.responses import Response, response_to
from lmp.run_state import Pending, RunState, summary
from lmp.schema.episode import Attempt, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.verdict import Verdict
from lmp.stages import Stages, World

SETTLE_SECONDS = 1.0
"""How long things may come to rest, with the arm at rest, before the last look [s]."""


@dataclass
class Steps:
    """One run's stages, record and memory; its methods are the nodes of the graph.

    Attributes:
        stages: One part for each contract.
        record: The run folder.
        instruction: What was said.
        rest: The primitive that brings the arm to its rest posture.
        budget: What may be spent.
        listener: Who is told.
        disturb: A disturbance that strikes once, just before the first motion.
        before_verify: Called with the world and the subgoal just before each verification; audits tamper with the world here.
        pictures: Renders and records the cameras at every look.
    """

    stages: Stages
    record: RunFolder
    instruction: str
    rest: SkillParameters
    budget: Budget = field(default_factory=Budget)
    listener: Listener = field(default_factory=Silence)
    disturb: str | None = None
    before_verify: Callable[[World, Subgoal], None] | None = None
    pictures: bool = True
    plan: tuple[Subgoal, ...] = ()
    previewed: list[Pending] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    lasting: list[Subgoal] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    moved: bool = False
    started: float = field(default_factory=time.perf_counter)
    _scenes: dict[str, Scene] = field(default_factory=dict)
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
        return {"scene": name, "first_scene": state.get("first_scene", name)}

    def decompose(self, state: RunState) -> RunState:
        """Asks the planner for what is left to do."""
        history = self._history(state)
        with self._timed("decompose"):
            answer = decomposed(self.stages.planner, self.instruction, self._scenes[state["scene"]], history)
        self._tell("decomposed", answer=answer)
        if isinstance(answer, Refusal):
            return {"outcome": answer.reason, "message": answer.message, "hint": answer.hint}
        self.plan = answer
        kept = [subgoal for subgoal in self.lasting if subgoal.step not in {new.step for new in answer}]
        self.lasting = kept + [subgoal for subgoal in answer if subgoal.lasting]
        return {"index": 0, "tries": 0}

    def preview(self, state: RunState) -> RunState:
        """Compiles the whole plan on predicted scenes, so that nothing is begun that cannot be ended."""
        with self._timed("preview"):
            self.previewed = preview(self.stages, self.plan, self._scenes[state["scene"]], self._history(state))
        self._tell("previewed", entries=self.previewed)
        if not self.previewed or self.previewed[-1].outcome is Outcome.PLANNED:
            return {}
        last = self.previewed[-1]
        hint = " ".join(dict.fromkeys(violation.hint for violation in (last.compiled.violations if last.compiled else ())))
        return {"outcome": last.outcome.value, "message": f"{last.subgoal.description}: {last.message}", "hint": hint}

    def ground(self, state: RunState) -> RunState:
        """Asks the planner for the subgoal's primitive on the fresh scene."""
        scene = self._scenes[state["scene"]]
        self._pending = Pending(self.plan[state["index"]], scene)
        with self._timed("ground"):
            answer = grounded(self.stages.planner, self.pending.subgoal, scene, self._history(state))
        self._tell("grounded", subgoal=self.pending.subgoal, answer=answer)
        if isinstance(answer, Refusal):
            self.pending.fail(Outcome(answer.reason), answer.message)
        else:
            self.pending.primitive = answer
        return {}

    def compile(self, state: RunState) -> RunState:
        """Turns the primitive into a checked trajectory, or into a verdict."""
        primitive = self.pending.primitive
        assert primitive is not None, "the graph compiles only what was grounded"
        with self._timed("compile"):
            result = self.stages.compiler.compile(primitive, self.pending.before)
        if isinstance(result, Verdict):
            self.pending.compiled = summary(result)
            lost = any(violation.code == "not_holding" for violation in result.violations)
            self.pending.fail(Outcome.DROPPED if lost and self.moved else Outcome.INFEASIBLE, str(result))
        else:
            self.pending.trajectory = result
            self.pending.compiled = summary(result, self.record.save_trajectory(result))
        self._tell("compiled", subgoal=self.pending.subgoal, compiled=self.pending.compiled)
        return {}

    def execute(self, state: RunState) -> RunState:
        """Follows the trajectory."""
        pending = self.pending
        assert pending.trajectory is not None, "the graph executes only what compiled"
        if self.disturb is not None:
            words = self.stages.world.disturb(self.disturb, pending.subgoal.objects[0] if pending.subgoal.objects else None)
            self.disturb = None
            self._tell("disturbed", words=words)
        self.moved = True
        self._tell("moving", subgoal=pending.subgoal, seconds=pending.trajectory.duration)
        with self._timed("execute"):
            pending.execution = self.stages.executor.execute(pending.trajectory)
        self._tell("executed", subgoal=pending.subgoal, execution=pending.execution)
        if pending.execution.outcome is not Outcome.SUCCEEDED:
            pending.fail(pending.execution.outcome, pending.execution.message)
        return {}

    def verify(self, state: RunState) -> RunState:
        """Looks again and tests the subgoal's conditions; a motion that was stopped has failed whatever holds."""
        pending = self.pending
        if self.before_verify is not None:
            self.before_verify(self.stages.world, pending.subgoal)
        name = self._look("verifying")
        with self._timed("verify"):
            pending.verification = self.stages.verifier.verify(pending.subgoal, pending.before, self._scenes[name])
        self._tell("verified", subgoal=pending.subgoal, verification=pending.verification)
        if pending.outcome is Outcome.NOT_RUN:
            pending.outcome, pending.message = pending.verification.outcome, pending.verification.message
        return {"scene": name}

    def respond(self, state: RunState) -> RunState:
        """Looks up what to do about the attempt's outcome, within the budget."""
        pending = self.pending
        outcome, succeeded = pending.outcome, pending.outcome is Outcome.SUCCEEDED
        tries = state.get("tries", 0) + 1
        response = response_to(outcome, self._failures_of(pending.subgoal, outcome) + 1)
        seconds = time.perf_counter() - self.started
        spent = None if succeeded else self.budget.spent(tries, state.get("replans", 0), seconds)
        rule = "" if succeeded else f"{outcome.value}: {spent or response.value}"
        attempt = pending.close(rule)
        self.attempts.append(attempt)
        name = self.record.save("attempts", attempt)
        self._pending = None
        self._tell("responded", attempt=attempt, response=response)
        change: RunState = {"attempts": [*state.get("attempts", []), name], "response": response.value}
        if succeeded:
            return {**change, "index": state["index"] + 1, "tries": 0}
        if spent is not None:
            return {**change, "outcome": Outcome.OUT_OF_BUDGET.value, "message": f"{spent}; last: {pending.message}"}
        if response is Response.STOP:
            return {**change, "outcome": outcome.value, "message": pending.message}
        return {**change, "tries": tries, "replans": state.get("replans", 0) + 1}

    def go_to_rest(self, state: RunState) -> RunState:
        """Brings the arm to its rest posture, unless that is not possible from here."""
        scene = self._scenes[self._look("perceived")]
        result = self.stages.compiler.compile(self.rest, scene)
        if not isinstance(result, Verdict):
            with self._timed("execute"):
                self.stages.executor.execute(result)
        self._tell("rested", reached=not isinstance(result, Verdict))
        return {}

    def conclude(self, state: RunState) -> RunState:
        """With the arm at rest and after a while, tests everything that had to last."""
        if self.moved and self._scenes[state["scene"]].held is None:
            self.go_to_rest(state)
        with self._timed("execute"):
            self.stages.world.settle(SETTLE_SECONDS)
        if self.before_verify is not None and self.plan:
            self.before_verify(self.stages.world, self.plan[-1])
        name = self._look("concluded")
        scene = self._scenes[name]
        checks = [self.stages.verifier.verify(subgoal, scene, scene) for subgoal in self.lasting]
        failed = [check.message for check in checks if check.outcome is not Outcome.SUCCEEDED]
        self._tell("concluded", checks=checks)
        if not failed:
            return {"scene": name, "outcome": Outcome.SUCCEEDED.value, "verified": True, "message": ""}
        spent = self.budget.spent(0, state.get("replans", 0), time.perf_counter() - self.started)
        if spent is not None:
            return {"scene": name, "outcome": Outcome.CONDITION_NOT_MET.value, "message": f"{'; '.join(failed)}; {spent}"}
        replans = state.get("replans", 0) + 1
        return {"scene": name, "response": Response.DECOMPOSE_AGAIN.value, "replans": replans, "message": "; ".join(failed)}

    def abandon(self, outcome: Outcome, message: str) -> None:
        """Closes the attempt that is under way, if any: the run ends in the middle of it."""
        if self._pending is not None and self._pending.trajectory is not None:
            self._pending.fail(outcome, message)
            self.attempts.append(self._pending.close("the run ended here"))
            self.record.save("attempts", self.attempts[-1])

    def _look(self, event: str) -> str:
        with self._timed("observe"):
            observation = self.stages.world.observe(images=self.pictures)
        with self._timed("perceive"):
            scene = self.stages.perceiver.perceive(observation)
        name = self.record.save_scene(scene)
        self._scenes[name] = scene
        self.record.save_frames(observation.frames, name)
        self._tell(event, scene=name)
        return name

    def _history(self, state: RunState) -> History | None:
        if "index" not in state:
            return None
        return History(first_scene=self._scenes[state["first_scene"]], attempts=tuple(self.attempts))

    def _failures_of(self, subgoal: Subgoal, outcome: Outcome) -> int:
        """How often this subgoal, in whichever plan, has ended so [count]."""
        return sum(
            attempt.outcome is outcome
            and (attempt.subgoal.skill, attempt.subgoal.objects, attempt.subgoal.step)
            == (subgoal.skill, subgoal.objects, subgoal.step)
            for attempt in self.attempts
        )

    def _tell(self, event: str, **data: object) -> None:
        self.record.append(event, **data)
        self.listener.event(event, **data)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[stage] = self.timings.get(stage, 0.0) + time.perf_counter() - begin

"""The memory of a run: the plan, the attempts, the scenes."""

from __future__ import annotations

from dataclasses import dataclass, field

from lmp.record import RunFolder
from lmp.runtime.flow.run_state import Pending, RunState
from lmp.schema.episode import Attempt, History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Plan, Subgoal
from lmp.schema.scene import Scene


@dataclass
class Memory:
    """One run's memory.

    Attributes:
        record: The run folder, which gets everything that is kept here.
        plan: The subgoals of the last decomposition.
        previewed: What compiling them ahead gave.
        attempts: Every attempt, in order.
        lasting: The subgoals whose conditions have to hold in the end.
    """

    record: RunFolder
    plan: tuple[Subgoal, ...] = ()
    previewed: list[Pending] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    lasting: list[Subgoal] = field(default_factory=list)
    _instruction: str = ""
    _scenes: dict[str, Scene] = field(default_factory=dict)

    @classmethod
    def of(cls, record: RunFolder) -> Memory:
        """Read what the record of a run that was cut off holds."""
        memory = cls(record)
        for name in record.names("plans"):
            plan = record.load("plans", name, Plan)
            memory._follow(plan)
        memory.attempts = [record.load("attempts", name, Attempt) for name in record.names("attempts")]
        return memory

    def keep_scene(self, scene: Scene) -> str:
        """Records a scene; returns its name."""
        name = self.record.save_scene(scene)
        for earlier in list(self._scenes)[:-1]:
            # Two looks with pictures are enough for before and after; the record has the others.
            if self._scenes[earlier].frames:
                self._scenes[earlier] = self._scenes[earlier].model_copy(update={"frames": ()})
        self._scenes[name] = scene
        return name

    def scene(self, name: str) -> Scene:
        """The scene of that name."""
        if name not in self._scenes:
            self._scenes[name] = self.record.load_scene(name)
        return self._scenes[name]

    def keep_plan(self, instruction: str, subgoals: tuple[Subgoal, ...]) -> None:
        """Records a plan; it takes the place of the one before."""
        plan = Plan(instruction=instruction, subgoals=subgoals)
        self.record.save("plans", plan)
        self._follow(plan)

    def _follow(self, plan: Plan) -> None:
        """Of an earlier plan for the same instruction, what lasts is kept unless the new one serves the same step."""
        earlier = self.lasting if plan.instruction == self._instruction else []
        kept = [subgoal for subgoal in earlier if subgoal.step not in {new.step for new in plan.subgoals}]
        self.lasting = kept + [subgoal for subgoal in plan.subgoals if subgoal.lasting]
        self.plan, self._instruction = plan.subgoals, plan.instruction

    def keep_attempt(self, attempt: Attempt) -> str:
        """Records an attempt; returns its name."""
        self.attempts.append(attempt)
        return self.record.save("attempts", attempt)

    def history(self, state: RunState) -> History | None:
        """The history that a planner may know of the instruction; None before its first plan."""
        if "index" not in state:
            return None
        return History(first_scene=self.scene(state["first_scene"]), attempts=tuple(self.attempts[state.get("since", 0) :]))

    def failures_of(self, subgoal: Subgoal, outcome: Outcome) -> int:
        """Number of times that this subgoal, in whichever plan, has ended so [count]."""
        return sum(
            attempt.outcome is outcome
            and (attempt.subgoal.skill, attempt.subgoal.objects, attempt.subgoal.step)
            == (subgoal.skill, subgoal.objects, subgoal.step)
            for attempt in self.attempts
        )

    def pick_before(self, index: int) -> int | None:
        """The subgoal up to this one that took its object into the gripper; None if the plan has none."""
        name = self.plan[index].objects[0] if self.plan[index].objects else None
        taking = (
            place
            for place in range(index, -1, -1)
            if any(condition.in_hand and condition.subject == name for condition in self.plan[place].success)
        )
        return next(taking, None)

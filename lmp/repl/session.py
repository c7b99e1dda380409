"""One conversation's state: the world, the current plan, the last motion, and the ways back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lmp.capabilities import world_capabilities
from lmp.choosing import CheckedMotion
from lmp.corrections.reading import Adjustment
from lmp.errors import SetupFault
from lmp.planners.plan_file.saving import save_plan
from lmp.repl.current_plan import CurrentPlan, Step
from lmp.repl.kept_worlds import KeptWorlds
from lmp.repl.model_backing import ModelBacking
from lmp.repl.noted_motions import Motion, NotedMotions
from lmp.repl.planning import looked_at, plan
from lmp.repl.screen import Screen
from lmp.runtime.agent import Agent
from lmp.runtime.carrying_out import Interrupted
from lmp.runtime.gates import APPROVAL
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

OPTIONS = ("world", "seed", "robot")


class Session:
    """The effects of a conversation on a world; what is said about it is the dialogue's business.

    Args:
        agent: Plans and moves in an open, simulated world.
        screen: Shows runs as they go.
        folder: Where states of the world are kept; empty, and removed by whoever made it.
        options: World, seed and robot as they were asked for, for plan files.

    Attributes:
        run_options: What goes to `Agent.run` with each run, such as `report=False`.
        confirm: Asked before a motion that nobody has approved yet; until somebody is there to be asked, the answer is no.
        names: The objects of the last look, for completion.
        current: The last plan.
        last: The last motion, and the step that it was; None where there is nothing to correct.
        adjustments: What the last correction asked for.
        auto: Whether plans are carried out without being approved.
        failed: Whether the last instruction came to nothing.
    """

    def __init__(self, agent: Agent, screen: Screen, folder: Path, options: Mapping[str, str | int | None]):
        self.agent, self.screen, self.options = agent, screen, dict(options)
        self.confirm: Callable[[str], bool] = lambda question: False
        self.planner = agent.stages.planner
        self.asked = ModelBacking(self.planner, agent.stages, agent.world.robot.description.gripper is not None)
        saves = world_capabilities(agent.world).saves
        if saves is None:
            raise SetupFault(
                f"A conversation takes motions back, for which the world has to save and restore its state; {agent.world.spec} "
                "does not. Use `lmp run`."
            )
        self.kept = KeptWorlds(saves, folder)
        self.run_options: dict[str, Any] = {}
        self.current: CurrentPlan | None = None
        self.last: tuple[Motion, int] | None = None
        self.adjustments: tuple[Adjustment, ...] = ()
        self.auto = self.failed = self.stepping = False
        self.names: tuple[str, ...] = self.scene().names
        self._specs = {name: skill.spec for name, skill in agent.skills.items()}

    def scene(self) -> Scene:
        """The scene as it is now."""
        scene = self.agent.perceive()
        self.names = scene.names
        return scene

    def make_plan(self, instruction: str) -> CurrentPlan:
        """A new plan takes the place of the current one; where there is none, only the reason is handed back."""
        self.asked.lend(instruction, anew=True)
        made = plan(self.agent, instruction)
        self.failed = not made.feasible
        if made.steps or self.current is None:
            self.current, self.last, self.adjustments, self.stepping = made, None, (), False
        return made

    def look_at(self, current: CurrentPlan, end: int | None = None) -> CurrentPlan:
        """A plan whose coming steps were compiled anew, here and now."""
        planner = current.planner(current.next, end or len(current.steps), self._specs, self.asked)
        self.asked.lend(current.instruction)
        return looked_at(self.agent, current, planner)

    def carry_out(self, end: int | None = None, again: bool = False) -> Episode:
        """Carries out the coming steps of the current plan, up to `end`.

        Args:
            end: The step before which it ends; None for all.
            again: It is a correction: what is taken back with it is the whole instruction.

        Raises:
            Interrupted: Ctrl-C; the arm is at rest.
        """
        current = self._current()
        end = end or len(current.steps)
        if current.next == 0 and not again:
            self.kept.begin(current.instruction)
            self.last = None
        agent, first = self.agent, current.next
        before = agent.stages
        noted = NotedMotions(self.kept.keep)
        with self.screen.listening() as shown, agent.heard_by(noted, shown):
            agent.stages = replace(before, planner=current.planner(first, end, self._specs, self.asked))
            try:
                episode = agent.run(
                    current.instruction, approve=None if self.auto else self._approves(current), **self.run_options
                )
            except Interrupted as interruption:
                self._take_in(interruption.episode, noted, end)
                raise
            finally:
                agent.stages = before
        self._take_in(episode, noted, end)
        if not noted.motions and first == 0 and not again and episode.outcome is not Outcome.SUCCEEDED:
            self.kept.forget()
        return episode

    def _take_in(self, episode: Episode, noted: NotedMotions, end: int) -> None:
        """Take in what was done: which steps, with which primitives; the last motion is what a correction is about."""
        current = self._current()
        self.failed = episode.outcome is not Outcome.SUCCEEDED
        for motion in noted.motions:
            index = _index_of(current, motion.subgoal)
            self.last = None  # A motion of a replan that is no step cannot be corrected, nor can those before it.
            if index is not None:
                current = current.with_step(index, Step(current.steps[index].subgoal, motion.primitive))
                self.last = (motion, index)
        succeeded = {
            _index_of(current, attempt.subgoal) for attempt in episode.attempts if attempt.outcome is Outcome.SUCCEEDED
        }
        done = end if not self.failed else next((at for at in range(current.next, end) if at not in succeeded), end)
        left = done < len(current.steps) and not self.failed
        self.current = replace(current, next=done, waiting=left, episode=episode)

    def _approves(self, current: CurrentPlan) -> Callable[[CheckedMotion], bool]:
        """Lets pass what was approved, also with the next grasp after a miss; asks about the rest, and what other gates ask."""
        approved = [_any_grasp(step.primitive) for step in current.steps if step.primitive is not None]

        def approve(motion: CheckedMotion) -> bool:
            other = any(decision.gate != APPROVAL for decision in motion.asks)
            if not other and _any_grasp(motion.primitive) in approved:
                return True
            return self.confirm(motion.question)

        return approve

    def gone_back(self, change: Callable[[], None], whole: bool = False) -> Episode | None:
        """Restores the world to before the last motion, or the whole instruction, and changes the current plan.

        Returns:
            None; or why the changed plan cannot be carried out, with the world and the plan as they were.
        """
        current, adjustments, now = self._current(), self.adjustments, self.kept.keep()
        motion, index = self.last if self.last is not None else (None, 0)
        before = self.kept.before_instruction if whole or motion is None else motion.before
        index = 0 if whole else index
        taken = False
        try:
            change()
            self.kept.go_back(before or now)
            self.current = replace(self._current(), next=index, waiting=True)
            looked = self.look_at(self.current, index + 1 if self.stepping else None)
            taken = looked.feasible
        finally:
            if not taken:  # also where somebody interrupts, or a planner fails
                self.kept.go_back(now)
                self.current, self.adjustments = current, adjustments
            now.unlink(missing_ok=True)
        if taken:
            self.current = looked
        return None if taken else looked.episode

    @contextmanager
    def before_last(self) -> Iterator[Scene]:
        """The scene as it was before the last motion; afterwards the world is again as it is."""
        assert self.last is not None, "there was a motion"
        now = self.kept.keep()
        self.kept.go_back(self.last[0].before)
        try:
            yield self.scene()
        finally:
            self.kept.go_back(now)
            now.unlink(missing_ok=True)

    def changed(self, change: Callable[[], None]) -> CurrentPlan:
        """Changes the current plan before it is carried out; a plan that could be carried out stays so."""
        current, adjustments = self._current(), self.adjustments
        taken = False
        try:
            change()
            looked = self.look_at(self._current())
            taken = looked.feasible or not current.feasible
        finally:
            if not taken:
                self.current, self.adjustments = current, adjustments
        self.failed = not looked.feasible
        if taken:
            self.current = looked = replace(looked, waiting=looked.feasible)
        return looked

    def reject(self) -> None:
        """Nothing of the current plan waits any more."""
        self.current, self.failed = replace(self._current(), waiting=False), False

    def undo(self) -> str | None:
        """Takes the last instruction back; says which, None if there is none."""
        instruction = self.kept.undo()
        if instruction is not None:
            self.last, self.adjustments, self.failed = None, (), False
            if self.current is not None:
                self.current = replace(self.current, next=0, waiting=False)
        return instruction

    def save(self, path: Path) -> None:
        """Writes the current plan as a plan file.

        Raises:
            SetupFault: There is none, it is not grounded as a whole, or the file cannot be written.
        """
        current = self._current()
        if not current.steps or not current.grounded:
            number = next((str(index) for index, step in enumerate(current.steps, 1) if step.primitive is None), "")
            raise SetupFault(f"Step {number} has no primitive before it is reached." if number else "The plan has no steps.")
        world, seed, robot = (self.options[name] for name in OPTIONS)
        save_plan(current.file(str(world), int(seed or 0), None if robot is None else str(robot)), path)

    def _current(self) -> CurrentPlan:
        if self.current is None:
            raise SetupFault("There is no plan yet: say what to do.")
        return self.current


def _any_grasp(primitive: SkillParameters) -> SkillParameters:
    return primitive.model_copy(update={"grasp": 0}) if hasattr(primitive, "grasp") else primitive


def _index_of(current: CurrentPlan, subgoal: Subgoal) -> int | None:
    """The step that a subgoal is, the coming ones first; the planner of the current plan may leave adjustments of speed out."""

    def key(subgoal: Subgoal) -> tuple[object, ...]:
        return subgoal.description, subgoal.skill, subgoal.objects, subgoal.step, subgoal.success

    order = [*range(current.next, len(current.steps)), *range(current.next)]
    return next((index for index in order if key(current.steps[index].subgoal) == key(subgoal)), None)

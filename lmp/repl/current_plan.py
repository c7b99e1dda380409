"""The plan that the conversation is about: its subgoals with their primitives, and how far it was carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lmp.capabilities import planner_capabilities
from lmp.corrections.change import fitted
from lmp.corrections.swapping import Swap, swapped, swapped_primitive
from lmp.planners.plan_file.plan_file_planner import PlanFilePlanner
from lmp.repl.approved_plan import ApprovedModelPlan
from lmp.repl.model_backing import ModelBacking
from lmp.schema.episode import Episode
from lmp.schema.naming import objects_in
from lmp.schema.plan import Subgoal
from lmp.schema.plan_file import PlanFile, PlannedSubgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.stages import Planner


@dataclass(frozen=True)
class Step:
    """One subgoal.

    Attributes:
        primitive: None where the planner grounds it only once it is reached.
    """

    subgoal: Subgoal
    primitive: SkillParameters | None

    @property
    def names(self) -> tuple[str, ...]:
        """The objects that it names; one that it names twice comes twice."""
        primitive = None if self.primitive is None else self.primitive.model_dump(mode="json")
        return (*self.subgoal.objects, *objects_in(primitive))

    def with_primitive(self, primitive: SkillParameters) -> Step:
        """The same subgoal, done otherwise."""
        return Step(fitted(self.subgoal, primitive), primitive)


@dataclass(frozen=True)
class CurrentPlan:
    """A plan.

    Attributes:
        instruction: What it is for.
        steps: Its subgoals.
        episode: How it looks to a person.
        feasible: Whether it can be carried out, as far as was seen ahead.
        next: The step that comes next; all before it were carried out.
        waiting: Whether it waits for approval.
    """

    instruction: str
    steps: tuple[Step, ...]
    episode: Episode
    feasible: bool
    next: int = 0
    waiting: bool = True

    @property
    def grounded(self) -> bool:
        """True if every step has its primitive."""
        return all(step.primitive is not None for step in self.steps)

    def with_step(self, index: int, step: Step) -> CurrentPlan:
        """The plan with one step replaced."""
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index + 1 :]))

    def swapping(self, swap: Swap, scene: Scene) -> CurrentPlan:
        """The plan with another object in the place of one."""
        steps = tuple(
            Step(swapped(step.subgoal, swap, scene), step.primitive and swapped_primitive(step.primitive, swap))
            for step in self.steps
        )
        return replace(self, steps=steps)

    def names(self, first: int) -> tuple[str, ...]:
        """The objects that it names, those of one step before the others."""
        order = sorted(range(len(self.steps)), key=lambda index: (index != first, index))
        found = (name for index in order for name in self.steps[index].names)
        return tuple(dict.fromkeys(found))

    def file(self, world: str, seed: int, robot: str | None) -> PlanFile:
        """The plan as `lmp run --plan` takes it; every step has to be grounded."""
        planned = tuple(PlannedSubgoal.of(step.subgoal, step.primitive) for step in self.steps if step.primitive is not None)
        return PlanFile(instruction=self.instruction[:2000], world=world, seed=seed, robot=robot, subgoals=planned)

    def planner(self, first: int, end: int, specs: Mapping[str, SkillSpec], asked: ModelBacking) -> Planner:
        """The planner that carries out these steps as they stand."""
        steps = self.steps[first:end]
        model = planner_capabilities(asked.planner).asks_model
        if model is not None:
            return ApprovedModelPlan([(step.subgoal, step.primitive) for step in steps], model, asked)
        part = replace(self, steps=steps)
        return PlanFilePlanner(part.file("tabletop", 0, None), specs)

"""Carries out a plan that a person or a program wrote, through the same checks, loop and verification as any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ValidationError

from lmp.errors import BadFile, did_you_mean
from lmp.files.data_complaints import complaints_of
from lmp.files.data_file import read_data_file
from lmp.planners.plan_file.still_to_do import still_to_do
from lmp.schema.episode import History
from lmp.schema.naming import objects_in
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.plan_file import PlanFile, PlannedSubgoal
from lmp.schema.proposal import Proposal, ranked_choices
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec


class PlanFilePlanner:
    """A planner whose answer stands in a file.

    Args:
        plan: The plan.
        skills: What the skills' parameters have to fit.
        path: The file, for messages.

    Raises:
        BadFile: A primitive is of no known skill, or does not fit its skill's parameters; lists every complaint.
    """

    certifies: ClassVar[bool] = True

    def __init__(self, plan: PlanFile, skills: Mapping[str, SkillSpec], path: Path = Path("plan")):
        self.plan = plan
        complaints: list[str] = []
        self._entries: list[tuple[Subgoal, SkillParameters]] = []
        for index, planned in enumerate(plan.subgoals):
            found = _typed(planned, skills, f"subgoals.{index}.primitive")
            if isinstance(found, list):
                complaints += found
            else:
                self._entries.append((_subgoal(planned, found), found))
        if complaints:
            raise BadFile(str(path), complaints)

    @property
    def by_pictures(self) -> bool:
        """True if a goal of the plan is a place in a picture."""
        return any(_names_camera(primitive.model_dump(mode="json")) for _, primitive in self._entries)

    @classmethod
    def open(cls, path: Path, skills: Mapping[str, SkillSpec]) -> PlanFilePlanner:
        """The planner of a plan file.

        Raises:
            BadFile: It cannot be read, or does not fit the schema of plans or the skills' parameters.
        """
        return cls(read_data_file(path, PlanFile), skills, path)

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals of the plan that are still to be done; a Refusal where the scene lacks what they name."""
        left = still_to_do([subgoal for subgoal, _ in self._entries], scene, history)
        absent = dict.fromkeys(
            name
            for subgoal, primitive in self._entries
            if subgoal in left
            for name in _named(subgoal, primitive)
            if name not in scene
        )
        if absent:
            words = " ".join(f"There is no {name!r} in the scene.{did_you_mean(name, scene.names)}" for name in absent)
            hint = f"Objects of the scene: {', '.join(scene.names)}."
            return Refusal(reason="absent", message=words[:2000], hint=hint[:2000], candidates=scene.names[:64])
        return tuple(left)

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The primitive that stands in the plan, then the skill's next choices for it."""
        primitive = next((primitive for planned, primitive in self._entries if planned == subgoal), None)
        if primitive is None:
            message = f"The plan has no subgoal {subgoal.description!r}."
            return Refusal(reason="impossible", message=message[:2000], hint="Use the subgoals that decompose gave.")
        return ranked_choices(primitive, most)


def _typed(planned: PlannedSubgoal, skills: Mapping[str, SkillSpec], place: str) -> SkillParameters | list[str]:
    """The primitive as its skill's own class, or all that is wrong with it."""
    kind = planned.primitive.kind
    if kind not in skills:
        return [f"{place}.kind: there is no skill {kind[:60]!r}.{did_you_mean(kind, skills)} Known: {', '.join(skills)}."]
    model = skills[kind].parameters
    try:
        return model.model_validate_json(planned.primitive.model_dump_json(exclude_unset=True))
    except ValidationError as error:
        return [f"{place}.{sentence}" for sentence in complaints_of(error, model)]


def _subgoal(planned: PlannedSubgoal, primitive: SkillParameters) -> Subgoal:
    objects = planned.objects or tuple(dict.fromkeys(objects_in(primitive.model_dump(mode="json"))))
    fields = {name: getattr(planned, name) for name in ("description", "reasoning", "success", "step", "lasting")}
    return Subgoal(skill=primitive.kind, objects=objects[:16], **fields)


def _named(subgoal: Subgoal, primitive: SkillParameters) -> Iterator[str]:
    """Every object that a subgoal and its primitive name."""
    yield from subgoal.objects
    yield from objects_in(primitive.model_dump(mode="json"))
    for condition in subgoal.success:
        yield from objects_in(condition.model_dump(mode="json"))


def _names_camera(data: Any) -> bool:
    return isinstance(data, dict) and ("camera" in data or any(_names_camera(value) for value in data.values()))

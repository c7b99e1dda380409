"""From tasks to subgoals on the scene as it is now: what is done is left out, what is in the way is cleared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lmp.meaning.relations import holds
from lmp.planners.scripted.lexicon import listing
from lmp.planners.scripted.obstacles import (
    at_its_place,
    cannot_be_taken,
    check_present,
    check_still_possible,
    is_out_of_reach_from_here,
    named_by_verdicts,
    places_in_vain,
    push_aside,
    stop_over,
)
from lmp.planners.scripted.properties import is_shallow, is_table, no_room
from lmp.planners.scripted.roles_of_skills import putting, resting, sliding, taking
from lmp.planners.scripted.situation import Situation, Task, fits_alone, held
from lmp.primitives.places.goals import is_new_there
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.episode import History
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refused, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillSpec


class Schedule:
    """Makes the subgoals, one task after another, following what stands where."""

    def __init__(self, tasks: tuple[Task, ...], scene: Scene, history: History | None, skills: Mapping[str, SkillSpec]):
        self.tasks, self.scene, self.history, self.skills = tasks, scene, history, skills
        self.situation = Situation(scene)
        self.kept = lasting(tasks)
        self.touched: set[str] = set()
        self.subgoals: list[Subgoal] = []
        self.already: list[str] = []

    def subgoals_left(self) -> tuple[Subgoal, ...]:
        """The subgoals that remain.

        Raises:
            Refused: The hand would need to hold two things, or something is gone.
        """
        check_one_gripper(self.tasks)
        for step, task in enumerate(self.tasks):
            if not self._is_done(step, task):
                self._do(step, task)
            elif task.conditions and not self._succeeded(step):
                self.already.append(f"There is no need to {task.description}: it is so already. ")
        self._empty_gripper()
        return tuple(self.subgoals)

    def _empty_gripper(self) -> None:
        """Objects that were taken only to be put aside or down do not stay in the gripper when all the rest is done."""
        held = self.situation.held
        if held is None or self.history is None or not self.tasks or self.history.first_scene.held is not None:
            return
        if not any(task.keeps_hold and task.object == held for task in self.tasks):
            why = f"All else is done and {held} is still in the gripper, so it is put down."
            self._put_aside(len(self.tasks) - 1, held, why, self.tasks[-1], pick=False)

    def _is_done(self, step: int, task: Task) -> bool:
        succeeded = self._succeeded(step)
        if task.kind == "rest":
            return (
                succeeded and not any(attempt.subgoal.step > step for attempt in self.history.attempts)
                if self.history
                else False
            )
        if not task.conditions:
            return succeeded
        check_present(task, self.scene)
        if succeeded and not self.kept[step]:
            return True
        concerned = {task.object, *(name for condition in task.conditions for name in condition.names[1:])}
        if concerned & self.touched:
            return False
        if any(condition.is_change for condition in task.conditions) and not succeeded and not self._tried(step):
            return False
        if not self.kept[step] and not succeeded:
            return self._pointless(task)
        return self._hold(task, succeeded)

    def _hold(self, task: Task, moved: bool) -> bool:
        """True if all conditions hold now; what lies in a container on the table does not stand on the table.

        Where nothing was `moved` for them yet they have to hold clearly.
        """
        for condition in task.conditions:
            carriers, below = condition.named_as("support"), self.situation.support(condition.subject)
            if (carriers and below not in carriers) or not (
                holds(condition, self.scene).holds if moved else self._needless(condition)
            ):
                return False
        return True

    def _needless(self, condition: Condition) -> bool:
        """True if a condition holds clearly, or holds and there is no room to make it clearer."""
        return condition.holds_clearly(self.scene) or (
            holds(condition, self.scene).holds and fits_alone(condition, self.scene) is not None
        )

    def _pointless(self, task: Task) -> bool:
        """A step that a later one undoes can be left out if it holds already, or if a held thing only passes through it."""
        return not task.transient and bool(task.conditions) and self._hold(task, False)

    def _succeeded(self, step: int) -> bool:
        if self.history is None:
            return False
        last = [attempt for attempt in self.history.attempts if attempt.subgoal.step == step]
        task = self.tasks[step]
        done = [
            attempt for attempt in last if attempt.outcome is Outcome.SUCCEEDED and attempt.subgoal.success == task.conditions
        ]
        if not self.kept[step]:
            return bool(done)
        return bool(last) and bool(done) and last[-1] is done[-1]

    def _tried(self, step: int) -> bool:
        return self.history is not None and any(
            attempt.subgoal.step == step and attempt.subgoal.success == self.tasks[step].conditions
            for attempt in self.history.attempts
        )

    def _do(self, step: int, task: Task) -> None:
        if task.kind == "rest":
            self._add(
                Subgoal(description=task.description, reasoning=task.why, skill=resting(self.skills), step=step, **task.pace)
            )
            return
        if task.object:
            check_still_possible(task.object, task.references, task.conditions, self.scene)
        if task.kind == "asked" and task.needs != "object_held":
            if task.needs == "empty_gripper":
                self._free_gripper(step, None, task)
            self._final(step, task, task.skill, f"{''.join(self.already)}{task.why}")
            self.already.clear()
            self.situation.apply(task)
            return
        prefix = "".join(self.already) + self._make_room(step, task)
        self.already.clear()
        if task.kind == "hold":
            self._pick(step, task, f"{prefix}{task.why}", self.kept[step])
        elif task.kind == "slide":
            self._free_gripper(step, None, task)
            self._final(step, task, sliding(self.skills), f"{prefix}{task.why}")
        else:
            if self.situation.held == task.object:
                prefix += f"{task.object} is in the gripper already. "
            else:
                purpose = "To put it there" if task.kind == "put" else f"For {task.skill!r}"
                self._pick(step, task, f"{prefix}{task.why} {purpose}, it is picked up first.", False)
            self._final(step, task, task.skill or putting(self.skills), f"{prefix}{task.why}")
        self.situation.apply(task)

    def _final(self, step: int, task: Task, skill: str, why: str) -> None:
        objects = tuple(name for name in dict.fromkeys((task.object, *task.references)) if name)
        self._add(
            Subgoal(
                description=task.description, reasoning=why, skill=skill, objects=objects, success=task.conditions,
                step=step, lasting=self.kept[step], **task.pace, requests=dict(task.requests),
            )
        )  # fmt: skip
        self.touched.add(task.object)

    def _pick(self, step: int, task: Task, why: str, kept: bool) -> None:
        self._free_gripper(step, task.object, task)
        self._stretch_out(step, task)
        container = self.situation.children(task.object)
        if container and self.scene.get(task.object).cavity is not None:
            message = f"{task.object} has {listing(container)} in it; lifting it would spill them."
            raise Refused("impossible", message, f"Say 'clear the {self.scene.get(task.object).category}' first.", container)
        self._add(
            Subgoal(
                description=f"pick up {task.object}", reasoning=why, skill=taking(self.skills), objects=(task.object,),
                success=(held(task.object),), step=step, lasting=kept, **task.pace,
                requests=dict(task.requests) if task.kind == "hold" else {},
            )
        )  # fmt: skip
        self.touched.add(task.object)
        self.situation.lift(task.object)

    def _stretch_out(self, step: int, task: Task) -> None:
        """From the rest posture the arm may reach what it did not reach from where it was."""
        if is_out_of_reach_from_here(step, task, self.scene, self.history):
            why = f"{task.object} is out of reach from where the arm is now, so it goes to its rest posture first."
            self._add(Subgoal(description="bring the arm home", reasoning=why, skill=resting(self.skills), step=step))

    def _free_gripper(self, step: int, wanted: str | None, task: Task) -> None:
        held = self.situation.held
        if held is not None and held != wanted:
            self._put_aside(step, held, f"{held} is in the gripper, which is needed for {task.object}.", task, pick=False)

    def _make_room(self, step: int, task: Task) -> str:
        """Moves aside what stands on the thing itself and on the support where it goes; says so."""
        blockers = []
        if self.scene.get(task.object).cavity is None:
            blockers += [(name, f"{name} stands on {task.object}, which is to be moved") for name in self._above(task.object)]
        for condition in task.conditions:
            for support in map(self.scene.get, condition.named_as("support")):
                if not (is_table(support) or is_shallow(support)):
                    above = (name for name in self._above(support.name) if name != task.object)
                    blockers += [(name, f"{name} stands on {support.name}, where {task.object} goes") for name in above]
        reasons: dict[str, str] = {}
        for name, reason in (*blockers, *self._in_the_way(step, task)):
            reasons |= {other: reasons.get(other, reason) for other in (*self._above(name), name)}
        for name, reason in reasons.items():
            self._put_aside(step, name, f"{reason}, so it is put aside first.", task, pick=True)
        return "".join(f"{name} was in the way. " for name in reasons)

    def _in_the_way(self, step: int, task: Task) -> list[tuple[str, str]]:
        """Objects in the one that is to be moved, at its goal, or blamed by the compiler; and why they go.

        What this instruction put somewhere before stays there.
        """
        own = {other.object for other in self.tasks[:step] if other.kind == "put"} | {self.situation.held}
        found = []
        if self.scene.get(task.object).cavity is not None and self.history is not None:
            at_first = Situation(self.history.first_scene).children(task.object)
            news = [name for name in self.situation.children(task.object) if name not in at_first]
            found += [(name, f"{name} came into {task.object}, which is to be moved") for name in news]
        places = at_its_place(task, self.situation)
        # What stood there from the start is the compiler's to judge if nothing can stand on it, or if it may be pushed along.
        judged = [name for name in places if task.kind == "slide" or self.scene.get(name).cavity is not None]
        places = [name for name in places if name not in judged or is_new_there(name, self.scene, self.history)]
        found += [(name, f"{name} stands where {task.object} goes") for name in places]
        named = named_by_verdicts(step, task, self.situation, self.history)
        found += [(name, f"{name} is in the way of {task.object}") for name in named]
        return [(name, reason) for name, reason in found if name not in own]

    def _above(self, name: str) -> list[str]:
        """Objects that stand on an object, highest first."""
        found: list[str] = []
        for child in self.situation.children(name):
            found += [*self._above(child), child]
        return found

    def _put_aside(self, step: int, name: str, why: str, task: Task, pick: bool) -> None:
        """Puts something down where neither this task nor a later one needs the place; what cannot be taken is pushed."""
        wrong = cannot_be_taken(step, name, self.history) if pick else ""
        if wrong:
            self._push_aside(step, name, why, wrong, task)
            return
        free = stop_over(
            self.situation, name, self.tasks[step:], places_in_vain(step, name, putting(self.skills), self.history)
        )
        below = self.situation.furniture(name)
        if free is None and below is None:
            raise no_room(f"There is no free place to put {name} aside.", self.scene, [name])
        conditions: tuple[Condition, ...] = (free or CONDITIONS["on"].about(name, str(below)),)
        if pick:
            self._pick(step, Task("hold", name, (), "", why, **task.pace), why, False)
        references = () if below is None else (below,)
        self._aside(
            step, Task("put", name, conditions, f"put {name} aside", why, references, **task.pace), putting(self.skills)
        )

    def _push_aside(self, step: int, name: str, why: str, wrong: str, task: Task) -> None:
        """Pushes something away that is in the way and cannot be taken."""
        self._free_gripper(step, None, task)
        skill = sliding(self.skills)
        over = push_aside(self.situation, name, self.tasks[step:], places_in_vain(step, name, skill, self.history))
        if over is None:
            message = f"{name} is in the way of {task.object}, and can be neither taken nor pushed away: {wrong}"
            raise Refused("infeasible", message, f"Move {name} away first.", [name, task.object])
        why = f"{why} It cannot be taken ({wrong}), so it is pushed."
        self._aside(step, Task("slide", name, (over,), f"push {name} aside", why), skill)

    def _aside(self, step: int, aside: Task, skill: str) -> None:
        objects, said = (aside.object, *aside.references), {"description": aside.description, "reasoning": aside.why}
        self._add(Subgoal(**said, skill=skill, objects=objects, success=aside.conditions, step=step, **aside.pace))
        self.touched.add(aside.object)
        self.situation.apply(aside)

    def _add(self, subgoal: Subgoal) -> None:
        self.subgoals.append(
            subgoal.model_copy(update={"reasoning": subgoal.reasoning[:2000], "description": subgoal.description[:2000]})
        )


def in_buildable_order(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks with towers built from below, and containers put in their own places before things go into them.

    Raises:
        Refused: Things are to stand on each other in a ring.
    """
    ordered = list(tasks)
    for _ in range(len(ordered) ** 2 + 1):
        swap = next(
            ((i, j) for i in range(len(ordered)) for j in range(i + 1, len(ordered)) if _stands_on(ordered, i, j)), None
        )
        if swap is None:
            return tuple(ordered)
        i, j = swap
        ordered.insert(i, ordered.pop(j))
    names = {task.object for task in ordered if _carriers(task, "support")}
    message = f"{listing(sorted(names))} cannot stand on each other in a ring."
    raise Refused("impossible", message, "Say which is at the bottom.", sorted(names))


def _stands_on(tasks: list[Task], i: int, j: int) -> bool:
    """True if task i puts something on what task j then puts on something else, or into what j then carries away."""
    first, second = tasks[i], tasks[j]
    built = bool(_carriers(second, "support")) and second.object in _carriers(first, "support")
    filled = second.kind == "put" and second.object in _carriers(first, "container")
    return (
        (built or filled)
        and not any(task.object in (first.object, second.object) for task in tasks[i + 1 : j])
        and not any(task.object in (first.object, second.object) and task.kind == "put" for task in tasks[:i])
    )


def _carriers(task: Task, *roles: str) -> list[str]:
    """The objects that the task's conditions name in these parts."""
    return [name for condition in task.conditions for name in condition.named_as(*roles)]


def lasting(tasks: tuple[Task, ...]) -> list[bool]:
    """For each task, whether its conditions still have to hold when all is done."""
    return [not task.transient and not any(_undoes(later, task) for later in tasks[i + 1 :]) for i, task in enumerate(tasks)]


def _undoes(later: Task, task: Task) -> bool:
    if any(condition.of_arm for condition in task.conditions):
        return True
    if not task.object or not later.object:
        return False
    if later.object == task.object:
        return True
    about = {name for condition in task.conditions for name in condition.names[1:]}
    if later.object in about and not (later.kind == "slide" and _carriers(task, "container")):
        return True
    cleared = {condition.subject for condition in task.conditions if condition.subject in condition.carriers()}
    return bool(cleared.intersection(_carriers(later, "support", "container")))


def check_one_gripper(tasks: Iterable[Task]) -> None:
    """Objects that an instruction says to pick up have to be put down before the next.

    Raises:
        Refused: It is not.
    """
    holding: str | None = None
    for task in tasks:
        if task.needs == "nothing":
            continue
        if holding is not None and (task.object != holding or (task.needs == "empty_gripper" and task.kind == "asked")):
            message = f"The gripper would still hold {holding} when it has to take {task.object}; it holds one thing at a time."
            if task.kind == "asked":
                message = f"The gripper would still hold {holding} when {task.description!r} needs it empty."
            raise Refused("impossible", message, f"Say where to put {holding} first.", filter(None, (holding, task.object)))
        holding = task.object if task.keeps_hold else None

"""From frames to tasks: one clause at a time, every reading tried, the discourse carried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lmp.planners.scripted import compositions
from lmp.planners.scripted.attachment import Reading, readings
from lmp.planners.scripted.discourse import Discourse, Place
from lmp.planners.scripted.frames import Frame
from lmp.planners.scripted.goals import DEFAULT_DISTANCE, DIRECTIONS, Goal, conditions_for, goal_of, moved_by, phrase_for
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.properties import is_table, matching_noun
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.resolution import Found, Resolver
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.planners.scripted.tasks import Task
from lmp.relations import holds
from lmp.schema.condition import At, Cleared, Condition, Held, On
from lmp.schema.scene import Scene

SPEEDS = {"slow": 0.15, "fast": 1.0}
"""Tool speeds that "slowly" and "quickly" ask for [m/s]."""
MOST_TASKS = 64


@dataclass(frozen=True)
class Understood:
    """What one clause comes to."""

    tasks: tuple[Task, ...]
    discourse: Discourse


def tasks_of(frames: list[Frame], scene: Scene, lexicon: Lexicon) -> tuple[Task, ...]:
    """The tasks of a whole instruction, understood in one scene.

    Raises:
        Refused: The words do not fit the scene.
    """
    discourse = Discourse(scene)
    situation = Situation(scene)
    tasks: list[Task] = []
    for frame in frames:
        understood = Command(frame, discourse, situation, lexicon).understood()
        discourse = understood.discourse
        for task in understood.tasks:
            situation.apply(task)
            tasks.append(task)
        if len(tasks) > MOST_TASKS:
            raise Refused(
                "not_understood", f"The instruction takes {len(tasks)} steps; {MOST_TASKS} are allowed.", "Say it in parts."
            )
    return tuple(tasks)


class Command:
    """One frame against the scene and what was said before."""

    def __init__(self, frame: Frame, discourse: Discourse, situation: Situation, lexicon: Lexicon):
        self.frame, self.discourse, self.situation, self.lexicon = frame, discourse, situation, lexicon
        self.scene = discourse.scene
        self.resolver = Resolver(discourse, lexicon)

    def understood(self) -> Understood:
        """The tasks of the clause.

        Raises:
            Refused: Why not.
        """
        frame = self._normal(self.frame)
        handlers: dict[str, Callable[[Frame], Understood]] = {
            "pick": self._pick, "put": self._put, "move": self._put, "push": self._put, "stack": self._stack, "build": self._build,
            "swap": self._swap, "row": self._row, "clear": self._clear, "tidy": self._put, "remove": self._remove, "home": self._home,
        }  # fmt: skip
        if frame.action not in handlers:
            raise Refused(
                "not_understood",
                f"{frame.text!r}: leaving things as they are is no action.",
                "Say only what to do, or 'all ... except ...'.",
            )
        return handlers[frame.action](frame)

    def _normal(self, frame: Frame) -> Frame:
        """The frame with its particles worked into the verb."""
        action, particles = frame.action, list(frame.particles)
        table = self.situation.table
        if (
            action == "release"
            or (action in ("put", "move") and "down" in particles and not (frame.relations or frame.steps))
            or (action == "put" and frame.verb in ("drop", "lower") and not (frame.relations or frame.steps or frame.mutual))
        ):
            themes = frame.themes or [NounPhrase(frame.text, head="PRON", noun="it")]
            particles = [particle for particle in particles if particle != "down"]
            action, frame = "down", replace(frame, themes=themes)
        elif action == "pick" and frame.verb in ("take", "lift", "get") and {"off", "out", "away"} & set(particles):
            action = "remove"
        elif action in ("put", "move", "push") and "back" in particles:
            if frame.steps:
                raise Refused(
                    "ambiguous",
                    f'"back" in {frame.text!r} could mean towards the robot or away from it.',
                    "Say 'towards the robot' or 'forward'.",
                )
            action = "restore" if not frame.relations else action
        allowed = {
            "pick": {"up"}, "remove": {"off", "out", "up", "away"}, "row": {"up"}, "stack": {"up"}, "build": {"up"}, "clear": {"off", "out", "up"},
            "tidy": {"up", "away"}, "put": {"down", "over", "back"}, "move": {"over", "back"}, "push": {"over", "back"}, "swap": {"over", "around"}, "restore": {"back"},
            "down": {"off"}, "home": {"back"},
        }.get(action, set())  # fmt: skip
        surplus = [particle for particle in particles if particle not in allowed]
        if surplus:
            raise Refused(
                "not_understood",
                f"I do not understand {surplus[0]!r} in {frame.text!r}.",
                "Say where it is to go, by an object or the table.",
            )
        if action == "down":
            return self._as_down(frame, table)
        return replace(frame, action=action) if action != "restore" else self._as_restored(frame)

    def _as_down(self, frame: Frame, table: str | None) -> Frame:
        if table is None:
            raise Refused("absent", f"{frame.text!r}: there is no table in this scene.", "Name a place.")
        goal = Relation("on", (NounPhrase("table", head="NAME", noun=table),), "down")
        return replace(frame, action="put", verb="put down", relations=[*frame.relations, goal], particles=[])

    def _as_restored(self, frame: Frame) -> Frame:
        goal = Relation("back", (), "back")
        return replace(frame, action="put", verb="put back", relations=[goal], particles=[])

    def _speed(self) -> float | None:
        return SPEEDS[self.frame.speed] if self.frame.speed else None

    def _task(self, task: Task) -> Task:
        if not self.frame.speed:
            return task
        speed = SPEEDS[self.frame.speed]
        return replace(
            task,
            speed=speed,
            why=f'{task.why} "{"slowly or carefully" if speed < 0.5 else "quickly"}" asks for a speed of {speed:g} m/s.',
        )

    def _themes(self, phrases: tuple[NounPhrase, ...]) -> Found:
        """The things acted on, each movable, none twice.

        Raises:
            Refused: Nothing is named, or a thing cannot be moved.
        """
        if not phrases:
            raise Refused("not_understood", f"{self.frame.text!r} does not say with which object.", "Name the object.")
        names: list[str] = []
        reasons: list[str] = []
        noun = ""
        for phrase in phrases:
            found = self.resolver.resolve(phrase, noun)
            for name in found.names:
                if name == ROBOT:
                    raise Refused(
                        "impossible", f'"{phrase.text}" is the robot; it cannot move itself about.', "Name an object."
                    )
                if not self.scene.get(name).movable:
                    raise Refused(
                        "impossible",
                        f'"{phrase.text}" is {name}, which cannot be moved.',
                        "Name an object on the table.",
                        [name],
                    )
                if name in names:
                    raise Refused(
                        "ambiguous", f'"{phrase.text}" is {name}, which is named twice.', "Name each thing once.", [name]
                    )
                names.append(name)
            reasons.append(found.why)
            noun = found.noun or noun
        return Found(tuple(names), "; ".join(reasons), noun)

    def best(self, frame: Frame, goal: bool, meant: Callable[[Reading], Understood]) -> Understood:
        """The one reading that fits the scene.

        Raises:
            Refused: None fits (the likeliest reading's reason), or several differ.
        """
        survivors: list[Understood] = []
        failures: list[Refused] = []
        for reading in readings(frame.themes, frame.relations, goal, frame.text):
            try:
                understood = meant(reading)
            except Refused as refused:
                failures.append(refused)
                continue
            if all(understood.tasks != other.tasks and _conditions(understood) != _conditions(other) for other in survivors):
                survivors.append(understood)
        if not survivors:
            if failures:
                raise failures[0]
            raise Refused(
                "not_understood",
                f"{frame.text!r} does not say where to.",
                "Say for example 'in the bowl', 'next to the mug', '10 cm to the left'.",
            )
        open_goals = [item for item in survivors if not all(self._holds(condition) for condition in _conditions(item))]
        if len(survivors) > 1 and len(open_goals) == 1:
            return open_goals[0]
        if len(survivors) > 1:
            ways = listing((f"({task.tasks[0].description})" for task in survivors if task.tasks), "or")
            raise Refused(
                "ambiguous",
                f"{frame.text!r} can be read in several ways: {ways}.",
                "Say 'that is ...' for what describes the object.",
            )
        return survivors[0]

    def _holds(self, condition: Condition) -> bool:
        return holds(condition, self.scene).holds

    def _pick(self, frame: Frame) -> Understood:
        goals = [relation for relation in frame.relations if _moves(relation)]
        if goals or frame.steps or (frame.mutual and frame.verb in ("gather", "collect", "bring")):
            return self._put(replace(frame, action="put"))
        if frame.steps or frame.mutual or frame.orders or frame.companions:
            raise Refused(
                "not_understood",
                f"I do not understand {frame.text!r} as picking something up.",
                "Say 'pick up', then where to put it.",
            )

        def meant(reading: Reading) -> Understood:
            found = self._themes(reading.themes)
            if len(found.names) > 1:
                raise Refused(
                    "impossible",
                    f"The hand holds one thing, and {listing(found.names)} are {len(found.names)}.",
                    "Pick up one, or say where to put them.",
                    found.names,
                )
            name = found.names[0]
            task = self._task(Task("hold", name, (Held(object=name),), f"pick up {name}", f"{found.why}."))
            return Understood((task,), self.discourse.after(found.names, (), (found.noun,) if found.noun else (), None))

        return self.best(frame, False, meant)

    def _put(self, frame: Frame) -> Understood:
        if frame.companions or (frame.orders and frame.action != "put"):
            raise Refused(
                "not_understood", f"I do not understand the order or company in {frame.text!r}.", "Say where each thing goes."
            )
        if frame.mutual and not frame.relations:
            return compositions.together(self, frame)
        structures = [
            relation.objects[0].noun
            for relation in frame.relations
            if relation.objects and relation.objects[0].head == "STRUCTURE"
        ]
        if structures and not (structures[0] == "tower" and self._is_tower_known()):
            return compositions.row(self, frame)
        if [relation.value for relation in frame.relations] == ["from"] and self._is_table(frame.relations[0]):
            raise Refused(
                "impossible", f"{frame.text!r}: things stay on the table.", "Say where on the table, or in or on what."
            )
        if frame.steps:
            return self._displace(frame)
        return self.best(frame, True, lambda reading: self._placed(frame, reading))

    def _is_table(self, relation: Relation) -> bool:
        phrase = relation.objects[0]
        return phrase.head == "NOUN" and any(
            is_table(thing) for thing in matching_noun(self.scene, phrase.noun, self.lexicon)[0]
        )

    def _is_tower_known(self) -> bool:
        return self.discourse.place is not None and self.discourse.place.relation == "tower"

    def _placed(self, frame: Frame, reading: Reading) -> Understood:
        assert reading.goal is not None  # noqa: S101 - `readings` gives one where a goal is asked for
        found = self._themes(reading.themes)
        if reading.goal.value == "back":
            return self._restored(found)
        goal = goal_of(reading.goal, self.resolver, found.names, found.noun)
        names = self._without_references(reading.themes, found, goal)
        tasks: list[Task] = []
        trial = self.situation.copy()
        for name in names:
            conditions, remark = conditions_for(goal, name, trial)
            tasks.append(self._goal_task(frame, name, conditions, found, goal, remark))
            trial.apply(tasks[-1])
        self._check_room(goal, names)
        place = Place(goal.relation, goal.references, goal.words)
        nouns = tuple(filter(None, (goal.noun, found.noun)))
        references = tuple(name for name in goal.references if name != ROBOT)
        return Understood(tuple(tasks), self.discourse.after(names, references, nouns, place))

    def _without_references(self, themes: tuple[NounPhrase, ...], found: Found, goal: Goal) -> tuple[str, ...]:
        """ "Put everything in the bowl" leaves the bowl, and what the bowl stands on, out."""
        if any(
            theme.head in ("EVERY", "THING") or theme.quantifier == "all" or (theme.plural and theme.head != "PRON")
            for theme in themes
        ):
            carried = {self.situation.parent.get(reference) for reference in goal.references}
            names = tuple(name for name in found.names if name not in goal.references and name not in carried)
            if names:
                return names
        return found.names

    def _check_room(self, goal: Goal, names: tuple[str, ...]) -> None:
        if goal.relation == "on" and len(names) > 1:
            support = self.scene.get(goal.references[0])
            room = support.size[0] * support.size[1]
            needed = sum(self.scene.get(name).size[0] * self.scene.get(name).size[1] for name in names)
            if not is_table(support) and needed > 0.9 * room:
                raise Refused(
                    "impossible",
                    f'"{goal.words}": {listing(names)} do not fit side by side on {support.name}.',
                    "Say 'stack' for a tower.",
                    names,
                )
        if goal.relation in ("between", "where") and len(names) > 1:
            raise Refused(
                "impossible",
                f'"{goal.words}" is a place for one thing, and {listing(names)} are {len(names)}.',
                "Name one thing.",
                names,
            )

    def _goal_task(
        self, frame: Frame, name: str, conditions: tuple[Condition, ...], found: Found, goal: Goal, remark: str
    ) -> Task:
        pushing = frame.action == "push"
        if pushing and goal.relation in ("in", "on") and not is_table(self.scene.get(goal.references[0])):
            raise Refused(
                "impossible",
                f'"{goal.words}": a thing cannot be pushed up into or onto {goal.references[0]}.',
                "Say 'put' instead of 'push'.",
                goal.references,
            )
        kind = "push" if pushing and goal.relation != "on" else "put"
        reasons = [found.why, phrase_for(goal), goal.why, remark]
        why = "; ".join(dict.fromkeys(filter(None, reasons))) + "."
        references = tuple(reference for reference in goal.references if reference != ROBOT)
        verb = "push" if kind == "push" else "put"
        words = f"{verb} {name} {_named(goal)}"
        return self._task(Task("push" if kind == "push" else "put", name, conditions, words, why, references))

    def _restored(self, found: Found) -> Understood:
        tasks = []
        for name in found.names:
            x, y = (float(value) for value in self.scene.get(name).centre[:2])
            if self.scene.get(name).held:
                raise Refused(
                    "ambiguous", f'"back": I do not know where {name} was before it was picked up.', "Name a place.", [name]
                )
            parent = Situation(self.scene).parent.get(name)
            conditions = compositions.conditions_of_place(self.scene, name, name, parent, (x, y))
            tasks.append(
                self._task(
                    Task("put", name, conditions, f"put {name} back", f'{found.why}; "back" is where it stood at first.')
                )
            )
        return Understood(tuple(tasks), self.discourse.after(found.names, (), (), None))

    def _displace(self, frame: Frame) -> Understood:
        dx = dy = 0.0
        remarks = []
        relations = list(frame.relations)
        for distance, direction in frame.steps:
            if not direction:
                open_ended = [
                    i
                    for i, relation in enumerate(relations)
                    if relation.value in ("towards", "away_from", "left_of", "right_of", "front_of", "behind")
                    and not relation.distance
                ]
                if not open_ended:
                    raise Refused(
                        "not_understood",
                        f"{distance:g} m in {frame.text!r} has no direction.",
                        "Say 'to the left', 'to the right', 'forward' or 'towards the robot'.",
                    )
                relations[open_ended[-1]] = replace(relations[open_ended[-1]], distance=distance)
                return self._put(replace(frame, relations=relations, steps=[]))
            if not distance:
                distance = DEFAULT_DISTANCE
                remarks.append(f"no distance is said, so {DEFAULT_DISTANCE * 100:.0f} cm")
            along = DIRECTIONS[direction]
            dx, dy = dx + along[0] * distance, dy + along[1] * distance
        directions = [direction for _, direction in frame.steps]
        if {"left", "right"} <= set(directions) or {"forward", "backward"} <= set(directions):
            raise Refused("impossible", f"{frame.text!r} names opposite directions.", "Name one.")

        def meant(reading: Reading) -> Understood:
            found = self._themes(reading.themes)
            tasks = []
            for name in found.names:
                conditions = moved_by(name, (dx, dy), self.situation, frame.text)
                where = _direction_words(dx, dy)
                verb, kind = ("push", "push") if frame.action == "push" else ("move", "put")
                why = "; ".join([found.why, f"{where}, in the robot's own directions", *dict.fromkeys(remarks)])
                tasks.append(
                    self._task(Task("push" if kind == "push" else "put", name, conditions, f"{verb} {name} {where}", f"{why}."))
                )
            place = Place("moved", (), frame.text)
            return Understood(tuple(tasks), self.discourse.after(found.names, (), (found.noun,) if found.noun else (), place))

        return self.best(replace(frame, relations=relations), False, meant)

    def _stack(self, frame: Frame) -> Understood:
        single = len(frame.themes) == 1 and not frame.themes[0].many and not frame.mutual
        if single and not frame.companions:
            return self._put(replace(frame, action="put", orders=[]))
        return compositions.tower(self, frame)

    def _build(self, frame: Frame) -> Understood:
        return compositions.build(self, frame)

    def _swap(self, frame: Frame) -> Understood:
        return compositions.swap(self, frame)

    def _row(self, frame: Frame) -> Understood:
        return compositions.row(self, frame)

    def _clear(self, frame: Frame) -> Understood:
        """ "Clear the tray": everything on it goes to the table; "clear the blocks into the bowl" is a put."""
        if (
            frame.relations
            and frame.relations[-1].value in ("in", "on", "to")
            and not frame.relations[-1].text.startswith(("in ", "on "))
        ):
            return self._put(replace(frame, action="put", particles=[]))

        def meant(reading: Reading) -> Understood:
            found = self.resolver.resolve(reading.themes[0])
            name = found.names[0]
            if len(found.names) > 1 or name == ROBOT or is_table(self.scene.get(name)):
                raise Refused(
                    "ambiguous",
                    f"{frame.text!r} does not say where the things are to go.",
                    "Say for example 'put everything in the bowl'.",
                )
            if self.situation.table is None:
                raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
            inside = self.situation.children(name)
            cleared = Cleared(object=name)
            tasks = []
            for i, child in enumerate(inside):
                conditions: tuple[Condition, ...] = (On(object=child, support=self.situation.table),)
                conditions = (*conditions, cleared) if i == len(inside) - 1 else conditions
                tasks.append(
                    self._task(
                        Task(
                            "put",
                            child,
                            conditions,
                            f"put {child} on {self.situation.table}",
                            f'{found.why}; {child} is on or in it and "{frame.verb}" asks for it to be empty.',
                            (name,),
                        )
                    )
                )
            return Understood(tuple(tasks), self.discourse.after((name,), (), (found.noun,) if found.noun else (), None))

        return self.best(frame, False, meant)

    def _remove(self, frame: Frame) -> Understood:
        """ "Take the block out of the bowl": onto the table, unless a place is named."""
        if any(relation.value in ("in", "on", "to", "next_to") for relation in frame.relations):
            if any(_moves(relation) or relation.value == "next_to" for relation in frame.relations):
                return self._put(replace(frame, action="put", particles=[]))
        table = self.situation.table
        if table is None:
            raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
        sources = list(frame.relations)

        def meant(reading: Reading) -> Understood:
            found = self._themes(reading.themes)
            tasks = []
            for name in found.names:
                if self.situation.parent.get(name) == table:
                    raise Refused(
                        "impossible",
                        f"{name} stands on {table} already; there is nothing to take it from.",
                        "Say where it is to go.",
                        [name],
                    )
                why = f'{found.why}; "{frame.verb}" without a place means onto {table}.'
                tasks.append(
                    self._task(Task("put", name, (On(object=name, support=table),), f"put {name} on {table}", why, (table,)))
                )
            return Understood(tuple(tasks), self.discourse.after(found.names, (), (found.noun,) if found.noun else (), None))

        return self.best(replace(frame, relations=sources), False, meant)

    def _home(self, frame: Frame) -> Understood:
        if frame.themes or frame.relations or frame.steps:
            raise Refused("not_understood", f"I do not understand what follows 'home' in {frame.text!r}.", "Say 'go home'.")
        task = self._task(Task("home", "", (), "bring the arm home", f'"{frame.verb}" asks for the home posture.'))
        return Understood((task,), self.discourse)


def _moves(relation: Relation) -> bool:
    """Whether a preposition can only say where something goes, as "into" does and "in" does not."""
    return relation.value == "towards" or (
        relation.value in ("in", "on", "to") and relation.text.startswith(("into ", "onto ", "to ", "over to "))
    )


def _conditions(understood: Understood) -> tuple[Condition, ...]:
    return tuple(condition for task in understood.tasks for condition in task.conditions)


def _named(goal: Goal) -> str:
    words = {
        "in": "in",
        "on": "on",
        "left_of": "to the left of",
        "right_of": "to the right of",
        "front_of": "in front of",
        "behind": "behind",
        "next_to": "next to",
        "between": "between",
        "towards": "towards",
        "away_from": "away from",
        "where": "where",
    }
    names = listing("the robot" if name == ROBOT else name for name in goal.references)
    return f"{words[goal.relation]} {names}" if goal.relation in words else f"({goal.words})"


def _direction_words(dx: float, dy: float) -> str:
    parts = []
    if abs(dx) > 1e-9:
        parts.append(f"{abs(dx) * 100:g} cm {'forward' if dx > 0 else 'backward'}")
    if abs(dy) > 1e-9:
        parts.append(f"{abs(dy) * 100:g} cm to the {'left' if dy > 0 else 'right'}")
    return " and ".join(parts)

"""The scripted planner: manipulation English by grammar, lexicon and resolution; it never guesses silently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from lmp.errors import UnknownName
from lmp.meaning.directions import as_the_robot_sees
from lmp.planners.scripted.arranging import build, row, separate, stack
from lmp.planners.scripted.clause_reader import Frame
from lmp.planners.scripted.clauses import prepare
from lmp.planners.scripted.command import Command, Reading, Understood, frames_of
from lmp.planners.scripted.conditions import check_carriers, conditions_of_place
from lmp.planners.scripted.lexicon import Lexicon, listing, load_lexicon, scene_entries
from lmp.planners.scripted.obstacles import check_still_possible, stop_over, with_places
from lmp.planners.scripted.parsing import NounPhrase, Relation, parse
from lmp.planners.scripted.placing import clear, fill, pick, put, remove
from lmp.planners.scripted.properties import no_room
from lmp.planners.scripted.resolution import Discourse, Found
from lmp.planners.scripted.schedule import Schedule, in_buildable_order
from lmp.planners.scripted.situation import Situation, Task
from lmp.planners.scripted.skill_verbs import asked, is_of_skill, verb_entries
from lmp.planners.scripted.tagging import tag
from lmp.primitives.skill import filled
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Refused, Subgoal
from lmp.schema.proposal import Proposal, ranked_choices
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec


class ScriptedPlanner:
    """Plans without a model.

    Words are understood in the first scene of the run, so that "the leftmost block" keeps its meaning; subgoals are made
    for the scene as it is now. The same instruction, scene and history give the same answer, always.
    """

    certifies: ClassVar[bool] = True

    def __init__(self, skills: Mapping[str, SkillSpec]):
        self._skills = dict(skills)

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals that are still to be done; empty when all is done; a Refusal where the words cannot be followed."""
        scene, history = _as_the_robot_sees(scene, history)
        first = history.first_scene if history is not None else scene
        try:
            tasks = self._understand(instruction, first)
            return Schedule(tasks, scene, history, self._skills).subgoals_left()
        except Refused as refused:
            return refused.refusal

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The primitive for a subgoal on the fresh scene, then the skill's next choices for it.

        Raises:
            UnknownName: The subgoal's skill is not in the registry.
        """
        scene, history = _as_the_robot_sees(scene, history)
        try:
            return ranked_choices(ground(subgoal, scene, history, self._skills), most)
        except Refused as refused:
            return refused.refusal

    def _understand(self, instruction: str, scene: Scene) -> tuple[Task, ...]:
        lexicon = load_lexicon()
        entries = scene_entries(scene, lexicon)
        for words_, readings in verb_entries(self._skills, lexicon).items():
            entries.setdefault(words_, []).extend(readings)
        words = prepare(tag(instruction, lexicon, entries))
        frames = frames_of(parse(words, instruction), instruction)
        return with_places(in_buildable_order(tasks_of(frames, scene, lexicon, self._skills)), scene)


def _as_the_robot_sees(scene: Scene, history: History | None) -> tuple[Scene, History | None]:
    """Scene and history in the robot's frame, in which subgoals and primitives say all places."""
    if history is not None:
        history = history.model_copy(update={"first_scene": as_the_robot_sees(history.first_scene)})
    return as_the_robot_sees(scene), history


def ground(subgoal: Subgoal, scene: Scene, history: History | None, skills: Mapping[str, SkillSpec]) -> SkillParameters:
    """The primitive for one subgoal on the fresh scene.

    Raises:
        UnknownName: The subgoal names a skill that is not in the registry.
        Refused: The scene lacks an object, the subgoal says no place, or asks for more than the skill can do.
    """
    if subgoal.skill not in skills:
        raise UnknownName("skill", subgoal.skill, skills)
    for name in subgoal.objects:
        if name not in scene:
            raise Refused("absent", f"{name} is not in the scene.", "Perceive again.", scene.names)
    spec = skills[subgoal.skill]
    if "object" in spec.parameters.model_fields:
        if not subgoal.objects:
            raise Refused("impossible", f"The subgoal {subgoal.description!r} names no object.", "Name what it is about.")
        check_still_possible(subgoal.objects[0], subgoal.objects[1:], subgoal.success, scene)
    answer: SkillParameters | Refusal
    answer = filled(spec.parameters, subgoal) if spec.ground is None else spec.ground(subgoal, scene, history)
    if isinstance(answer, Refusal):
        raise Refused(answer.reason, answer.message, answer.hint, answer.candidates)
    return answer


MOST_TASKS = 64
_PARTICLES = {
    "pick": {"up"}, "remove": {"off", "out", "up", "away"}, "row": {"up"}, "stack": {"up"}, "build": {"up"},
    "clear": {"off", "out", "up"}, "tidy": {"up", "away"}, "put": {"down", "over", "back"}, "move": {"over", "back"},
    "push": {"over", "back"}, "swap": {"over", "around"}, "home": {"back"}, "leave": {"alone"}, "gather": {"up"},
    "separate": {"out", "apart"}, "fill": {"up"}, "reach": {"over"},
}  # fmt: skip
"""Particles that change nothing beyond what `_normal` makes of them."""


def tasks_of(frames: list[Frame], scene: Scene, lexicon: Lexicon, skills: Mapping[str, SkillSpec]) -> tuple[Task, ...]:
    """The tasks of a whole instruction, understood in one scene.

    Raises:
        Refused: The words do not fit the scene.
    """
    situation = Situation(scene)
    discourse = Discourse(scene, left=_left_alone(frames, Discourse(scene), situation, lexicon))
    tasks: list[Task] = []
    for frame in frames:
        command = Command(frame, discourse, situation, lexicon)
        meaning = asked(command, skills) if is_of_skill(frame) else _understood(command)
        discourse = meaning.discourse
        for task in meaning.tasks:
            if task.object in discourse.left:
                message = f"{task.object} is to be left alone and moved."
                raise Refused("impossible", message, "Say one of the two.", [task.object])
            situation.apply(task)
            before = tasks[-1] if tasks and tasks[-1].object == task.object else None
            if before is not None and before.provisional and task.kind != "rest":
                tasks.pop()  # "take it out of the bowl and put it on the tray" carries it there at once
            if before is not None and before.kind == task.kind == "hold":
                tasks.pop()  # "pick it up and hold it" is one step
            tasks.append(task)
        if len(tasks) > MOST_TASKS:
            message = f"The instruction takes {len(tasks)} steps; {MOST_TASKS} are allowed."
            raise Refused("not_understood", message, "Say it in parts.")
    if frames and frames[-1].action == "reach":
        message = f"{frames[-1].text!r}: I do not bring the gripper somewhere for its own sake."
        raise Refused("not_understood", message, "Say what to do there, such as 'pick up the mug', or 'go home'.")
    return tuple(tasks)


def _understood(command: Command) -> Understood:
    """The tasks of the clause.

    Raises:
        Refused: Why not.
    """
    frame = _normal(command, command.frame)
    return _HANDLERS[frame.action](command, frame)


def _normal(command: Command, frame: Frame) -> Frame:
    """The frame with its particles worked into the verb."""
    action, particles = frame.action, set(frame.particles)
    placed = bool(frame.relations or frame.steps)
    drops = action == "put" and frame.verb in ("drop", "lower") and not (placed or frame.mutual or "back" in particles)
    aside = particles & {"aside"} and not placed and action in ("put", "move", "push", "pick", "clear", "remove", "tidy")
    if aside:
        action = action if action == "push" else "put"
        frame = replace(frame, relations=[Relation("aside", (), "aside")])
        particles -= {"aside", "off", "up"}
    elif action == "release" or drops or (action in ("put", "move") and "down" in particles and not placed):
        themes = frame.themes or [NounPhrase(frame.text, head="PRON", noun="it")]
        down = Relation("down", (), "down")
        action, particles = "put", particles - {"down", "off"}
        frame = replace(frame, themes=themes, verb="put down", relations=[*frame.relations, down])
    elif action in ("move", "put") and frame.relations and _takes_out(frame) and _only_from(command, frame):
        action = "remove"
    elif action == "move" and particles == {"up"} and not frame.relations:
        action = "pick"
    elif action == "pick" and frame.verb in ("take", "get") and ({"off", "out", "away"} & particles or _takes_out(frame)):
        action = "remove"
    elif action in ("put", "move", "push") and "back" in particles and frame.steps:
        message = f'"back" in {frame.text!r} could mean towards the robot or away from it.'
        raise Refused("ambiguous", message, "Say 'towards the robot' or 'forward'.")
    elif action in ("put", "move", "push") and "back" in particles and not frame.relations:
        action, particles = "put", particles - {"back"}
        frame = replace(frame, verb="put back", relations=[Relation("back", (), "back")])
    surplus = [particle for particle in frame.particles if particle in particles - _PARTICLES.get(action, set())]
    if surplus:
        message = f"I do not understand {surplus[0]!r} in {frame.text!r}."
        raise Refused("not_understood", message, "Say where it is to go, by an object or a place.")
    return replace(frame, action=action, particles=[])


def _takes_out(frame: Frame) -> bool:
    """True if "out of" or "off" is said, so that the object is to end outside rather than in the gripper."""
    return any(relation.value == "from" and relation.text.startswith(("out", "off")) for relation in frame.relations)


def _only_from(command: Command, frame: Frame) -> bool:
    """True if no place is named but the one where objects are, which carries no more than objects."""
    return not frame.steps and all(relation.value == "from" and not command.is_table(relation) for relation in frame.relations)


def _leave(command: Command, frame: Frame) -> Understood:
    """No task; what is named has been spoken of.

    Raises:
        Refused: Nothing is named, or a place that it is not at.
    """
    frame.takes("relations")
    stays = [relation for relation in frame.relations if not (relation.value == "at" and relation.text == "there")]
    return command.best(
        replace(frame, relations=stays), False, lambda reading: command.answer([], command.themes(reading.themes))
    )


def _left_alone(frames: list[Frame], discourse: Discourse, situation: Situation, lexicon: Lexicon) -> frozenset[str]:
    """The objects that an instruction names as to be left alone, in any clause; "it" and "the others" go by the clauses before.

    Raises:
        Refused: What is named is absent or ambiguous.
    """
    nouns = tuple(theme.noun for frame in frames for theme in frame.themes if theme.head == "NOUN")
    discourse = replace(discourse, nouns=nouns)  # "put the blocks ... and leave the red one alone"
    known = [
        frame for frame in frames if frame.action == "leave" and not any(t.other or t.head == "PRON" for t in frame.themes)
    ]
    spoken = [_leave(Command(frame, discourse, situation, lexicon), frame).discourse.mentioned for frame in known]
    return frozenset(name for names in spoken for name in names)


def _stack(command: Command, frame: Frame) -> Understood:
    """One object on another, or several as a tower.

    Raises:
        Refused: What cannot stand.
    """
    several = any(theme.many or (theme.head == "PRON" and theme.noun in ("them", "those")) for theme in frame.themes)
    if len(frame.themes) == 1 and not several and not frame.mutual and not frame.companions:
        return put(command, replace(frame, action="put", orders=[]))
    if frame.mutual not in ("", "on"):
        frame.takes("relations")
    return stack(command, replace(frame, mutual=""))


def _gather(command: Command, frame: Frame) -> Understood:
    """Things come next to each other; to a place, or by colour into containers, where one is said.

    Raises:
        Refused: With what cannot be followed.
    """
    if frame.relations or frame.steps or frame.orders:
        return put(command, replace(frame, action="put", mutual=""))
    return put(command, replace(frame, action="put", mutual="together"))


def _reach(command: Command, frame: Frame) -> Understood:
    """No task: "go to the mug and pick it up" only names the mug.

    Raises:
        Refused: It is no object that is named.
    """
    frame.takes("relations")
    goals = [phrase for relation in frame.relations if relation.value == "to" for phrase in relation.objects]
    if frame.themes or len(goals) != 1 or len(frame.relations) != 1:
        message = f"I do not understand {frame.text!r}."
        raise Refused("not_understood", message, "Say what to do with which object, or 'go home'.")
    return command.answer([], command.themes(tuple(goals)))


def _home(command: Command, frame: Frame) -> Understood:
    """The arm goes to its home posture.

    Raises:
        Refused: More is said than that.
    """
    frame.takes()
    if frame.themes:
        raise Refused("not_understood", f"I do not understand what follows 'home' in {frame.text!r}.", "Say 'go home'.")
    task = command.task(Task("rest", "", (), "bring the arm home", f'"{frame.verb}" asks for the home posture.'))
    return Understood((task,), command.discourse)


def swap(command: Command, frame: Frame) -> Understood:
    """Two things change places: one steps aside, the other moves, the first takes its place.

    Raises:
        Refused: Not two things, or one is the other's support.
    """
    hint = "Say 'swap the red and the blue block'."
    frame.takes("relations", "companions")
    if not frame.themes and not frame.companions:
        raise Refused("not_understood", f"{frame.text!r} does not say what to swap.", hint)
    if any(relation.value == "to" for relation in frame.relations):
        raise Refused("not_understood", f"I do not understand {frame.text!r}.", hint)

    def meant(reading: Reading) -> Understood:
        found = command.themes((*reading.themes, *frame.companions))
        if len(found.names) != 2:
            message = f"{frame.text!r} names {len(found.names)} things; a swap takes two."
            raise Refused("not_understood", message, hint, found.names)
        return _swap_two(command, frame, found)

    return command.best(frame, False, meant)


def _swap_two(command: Command, frame: Frame, found: Found) -> Understood:
    situation, pair = command.situation, (found.names, found.names[::-1])
    if any(situation.support(name) == other for name, other in pair):
        message = f"{listing(found.names)} stand on each other; what swapping them means is open."
        raise Refused("ambiguous", message, "Say which goes where.", found.names)
    places = {
        name: conditions_of_place(situation, other, situation.support(name), situation.place(name)) for name, other in pair
    }
    for condition in (condition for conditions in places.values() for condition in conditions):
        check_carriers(condition, command.scene, frame.text)
    for first, second in pair:
        aside = stop_over(situation, first, [Task("put", second, places[first], "", "")])
        if aside is not None:
            break
    else:
        message = f"There is no free place to put {listing(found.names, 'or')} aside."
        raise no_room(message, command.scene, found.names)
    why = f"{found.why}; to change places, {first} first steps aside."
    tasks = [replace(command.put(first, (aside,), "aside", why), transient=True)]
    for name, other in ((second, first), (first, second)):
        tasks.append(command.put(name, places[other], f"where {other} was", f"{found.why}; {name} takes the place of {other}."))
    return command.answer(tasks, found)


_HANDLERS: dict[str, Callable[[Command, Frame], Understood]] = {
    "pick": pick, "put": fill, "move": put, "push": put, "tidy": put, "fill": fill, "stack": _stack, "build": build,
    "swap": swap, "row": row, "clear": clear, "remove": remove, "home": _home, "leave": _leave, "gather": _gather,
    "separate": separate,    "reach": _reach,
}  # fmt: skip

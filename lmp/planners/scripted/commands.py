"""From frames to tasks: the clauses in turn, each by the kind of its verb, the discourse carried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lmp.planners.scripted.arranging import build, row, swap, tower
from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.frames import Frame
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.placing import clear, pick, put, remove
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.resolution import Discourse
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.tasks import Task
from lmp.schema.scene import Scene


def leave(command: Command, frame: Frame) -> Understood:
    """No task; what is named has been spoken of.

    Raises:
        Refused: Nothing is named, or a place that it is not at.
    """
    stays = [relation for relation in frame.relations if relation.value == "at" and relation.text == "there"]
    frame.relations = [relation for relation in frame.relations if relation not in stays]
    if frame.steps or frame.mutual or frame.orders or frame.companions:
        raise Refused("not_understood", f"I do not understand {frame.text!r}.", "Say 'leave the red block where it is'.")

    def meant(reading: Reading) -> Understood:
        return command.answer([], command.themes(reading.themes))

    return command.best(frame, False, meant)


def left_alone(frames: list[Frame], discourse: Discourse, situation: Situation, lexicon: Lexicon) -> frozenset[str]:
    """What an instruction names as to be left alone, in whichever clause; "it" and "the others" go by the clauses before.

    Raises:
        Refused: What is named is absent or ambiguous.
    """
    names: set[str] = set()
    nouns = tuple(theme.noun for frame in frames for theme in frame.themes if theme.head == "NOUN")
    discourse = replace(discourse, nouns=nouns)  # "put the blocks ... and leave the red one alone"
    for frame in frames:
        if frame.action == "leave" and not any(theme.other or theme.head == "PRON" for theme in frame.themes):
            names |= {
                name for theme in leave(Command(frame, discourse, situation, lexicon), frame).discourse.themes for name in theme
            }
    return frozenset(names)


MOST_TASKS = 64
_PARTICLES = {
    "pick": {"up"},
    "remove": {"off", "out", "up", "away"},
    "row": {"up"},
    "stack": {"up"},
    "build": {"up"},
    "clear": {"off", "out", "up"},
    "tidy": {"up", "away"},
    "put": {"down", "over", "back"},
    "move": {"over", "back"},
    "push": {"over", "back"},
    "swap": {"over", "around"},
    "restore": {"back"},
    "down": {"off"},
    "home": {"back"},
    "leave": {"alone"},
}
"""Particles that change nothing beyond what `_normal` makes of them."""


def tasks_of(frames: list[Frame], scene: Scene, lexicon: Lexicon) -> tuple[Task, ...]:
    """The tasks of a whole instruction, understood in one scene.

    Raises:
        Refused: The words do not fit the scene.
    """
    situation = Situation(scene)
    discourse = Discourse(scene, left=left_alone(frames, Discourse(scene), situation, lexicon))
    tasks: list[Task] = []
    for frame in frames:
        meaning = understood(Command(frame, discourse, situation, lexicon))
        discourse = meaning.discourse
        for task in meaning.tasks:
            if task.object in discourse.left:
                raise Refused(
                    "impossible", f"{task.object} is to be left alone and moved.", "Say one of the two.", [task.object]
                )
            situation.apply(task)
            if task.kind in ("put", "hold") and tasks and tasks[-1].provisional and tasks[-1].object == task.object:
                tasks.pop()  # "take it out of the bowl and put it on the tray" carries it there at once
            if task.kind == "hold" and tasks and (tasks[-1].kind, tasks[-1].object) == ("hold", task.object):
                tasks.pop()  # "pick it up and hold it" is one step
            tasks.append(task)
        if len(tasks) > MOST_TASKS:
            raise Refused(
                "not_understood", f"The instruction takes {len(tasks)} steps; {MOST_TASKS} are allowed.", "Say it in parts."
            )
    return tuple(tasks)


def understood(command: Command) -> Understood:
    """The tasks of the clause.

    Raises:
        Refused: Why not.
    """
    frame = _normal(command, command.frame)
    return _HANDLERS[frame.action](command, frame)


def _normal(command: Command, frame: Frame) -> Frame:
    """The frame with its particles worked into the verb."""
    action, particles = frame.action, list(frame.particles)
    table = command.situation.table
    if (
        action == "release"
        or (action in ("put", "move") and "down" in particles and not (frame.relations or frame.steps))
        or (action == "put" and frame.verb in ("drop", "lower") and not (frame.relations or frame.steps or frame.mutual))
    ):
        themes = frame.themes or [NounPhrase(frame.text, head="PRON", noun="it")]
        particles = [particle for particle in particles if particle != "down"]
        action, frame = "down", replace(frame, themes=themes)
    elif action in ("move", "put") and frame.relations and _takes_out(frame) and _only_from(command, frame):
        action = "remove"
    elif action == "move" and particles == ["up"] and not frame.relations:
        action = "pick"
    elif action == "pick" and frame.verb in ("take", "get") and ({"off", "out", "away"} & set(particles) or _takes_out(frame)):
        action = "remove"
    elif action in ("put", "move", "push") and "back" in particles:
        if frame.steps:
            raise Refused(
                "ambiguous",
                f'"back" in {frame.text!r} could mean towards the robot or away from it.',
                "Say 'towards the robot' or 'forward'.",
            )
        action = "restore" if not frame.relations else action
    allowed = _PARTICLES.get(action, set())
    surplus = [particle for particle in particles if particle not in allowed]
    if surplus:
        raise Refused(
            "not_understood",
            f"I do not understand {surplus[0]!r} in {frame.text!r}.",
            "Say where it is to go, by an object or the table.",
        )
    if action == "down":
        return _as_down(frame, table)
    return replace(frame, action=action) if action != "restore" else _as_restored(frame)


def _takes_out(frame: Frame) -> bool:
    """Whether "out of" or "off" is said, so that the thing is to end outside rather than in the hand."""
    return any(relation.value == "from" and relation.text.startswith(("out", "off")) for relation in frame.relations)


def _only_from(command: Command, frame: Frame) -> bool:
    """Whether no place is named but the one where things are, which is not the table."""
    return not frame.steps and all(relation.value == "from" and not command.is_table(relation) for relation in frame.relations)


def _as_down(frame: Frame, table: str | None) -> Frame:
    if table is None:
        raise Refused("absent", f"{frame.text!r}: there is no table in this scene.", "Name a place.")
    goal = Relation("on", (NounPhrase("table", head="NAME", noun=table),), "down")
    return replace(frame, action="put", verb="put down", relations=[*frame.relations, goal], particles=[])


def _as_restored(frame: Frame) -> Frame:
    goal = Relation("back", (), "back")
    return replace(frame, action="put", verb="put back", relations=[goal], particles=[])


def stack(command: Command, frame: Frame) -> Understood:
    """One thing on another, or several things as a tower.

    Raises:
        Refused: What cannot stand.
    """
    several = any(theme.many or (theme.head == "PRON" and theme.noun in ("them", "those")) for theme in frame.themes)
    single = len(frame.themes) == 1 and not several and not frame.mutual
    if single and not frame.companions:
        return put(command, replace(frame, action="put", orders=[]))
    return tower(command, frame)


def home(command: Command, frame: Frame) -> Understood:
    """The arm goes to its home posture.

    Raises:
        Refused: More is said than that.
    """
    if frame.themes or frame.relations or frame.steps:
        raise Refused("not_understood", f"I do not understand what follows 'home' in {frame.text!r}.", "Say 'go home'.")
    task = command.task(Task("home", "", (), "bring the arm home", f'"{frame.verb}" asks for the home posture.'))
    return Understood((task,), command.discourse)


_HANDLERS: dict[str, Callable[[Command, Frame], Understood]] = {
    "pick": pick, "put": put, "move": put, "push": put, "tidy": put, "stack": stack, "build": build, "swap": swap, "row": row,
    "clear": clear, "remove": remove, "home": home, "leave": leave,
}  # fmt: skip

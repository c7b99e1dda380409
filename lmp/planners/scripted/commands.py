"""From clauses to tasks: frames with what is left out filled in, each by the kind of its verb, the discourse carried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lmp.planners.scripted.arranging import build, row, separate, stack
from lmp.planners.scripted.clause_reader import HANDING_OVER, ClauseReader, Frame
from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.conditions import check_carriers, conditions_of_place
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.obstacles import stop_over
from lmp.planners.scripted.parsing import Clause, NounPhrase, Relation
from lmp.planners.scripted.placing import clear, fill, pick, put, remove
from lmp.planners.scripted.properties import furniture
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.resolution import Discourse, Found, with_relations
from lmp.planners.scripted.situation import Situation, Task
from lmp.schema.scene import Scene


def frames_of(clauses: list[Clause], text: str) -> list[Frame]:
    """All frames of an instruction in the order in which they are to be done.

    Raises:
        Refused: A clause without a verb to take over, a verb that is no skill, or parts that do not fit together.
    """
    ordered: list[list[Frame]] = []
    last: Frame | None = None
    fronted, end = False, 0
    for clause in clauses:
        words = " ".join(text[clause.start : clause.end].split())
        if clause.kind == "unable":
            _refuse_verb(clause, words)
        frames = ClauseReader(clause, words, last).frames()
        taken = {"first", "last"} if any(frame.taken for frame in frames) else set()
        marks = {*clause.marks, *({*clause.trailing} - taken)}
        dangling = {*clause.trailing} & {"before", "after"}
        if dangling:
            raise Refused(
                "not_understood", f"I do not understand {dangling.pop()!r} in {words!r}.", "Say before or after what."
            )
        initial = "sentence" in marks or not ordered
        earlier = "but_first" in marks or (not initial and bool({"first", "after"} & marks))
        if last is not None and (fronted or earlier or "instead" in marks):
            _bind(frames[0], last)
        last = frames[-1]
        if "not" in marks:
            frames[0].negated = clause.text_of(text)
        if clause.kind == "gapped" and ordered and ":" in text[end : clause.start]:
            ordered[-1][-1] = last = _listed(ordered[-1][-1], frames[-1])
        elif "instead" in marks and ordered:
            ordered[-1] = frames
        elif (fronted or earlier) and ordered:
            ordered.insert(len(ordered) - 1, frames)
        else:
            ordered.append(frames)
        fronted, end = "before" in marks and initial, clause.end
    if fronted:
        raise Refused("not_understood", f"{text.strip()!r} says before what, but not what to do.", "Add the instruction.")
    flat = _carried(_placed([frame for frames in ordered for frame in frames]))
    for frame in flat:
        if frame.negated:
            raise Refused("not_understood", f"{frame.negated!r}: I cannot promise what to avoid.", "Say only what to do.")
    return flat


def _refuse_verb(clause: Clause, words: str) -> None:
    verb = clause.verb.text if clause.verb else words
    meant = clause.verb.value if clause.verb else ""
    hint = "I can pick up, put, move, push, stack, swap, line up, clear and go home."
    if meant in ("give", "hand", "pass", "serve"):
        hint = HANDING_OVER
    elif meant in ("throw", "toss", "hurl", "fling", "pour", "roll"):
        hint = "I can put it there, or push it: 'put the ball in the bowl'."
    raise Refused("not_understood", f"{verb!r} is nothing that I can do.", hint)


def _placed(frames: list[Frame]) -> list[Frame]:
    """For "put the red block, then the green one in the bowl": the place that is said last is that of all."""
    for before, frame in zip(frames[-2::-1], frames[:0:-1], strict=True):
        if frame.gapped and frame.says_where and not before.says_where and before.action in ("put", "move", "push"):
            before.relations, before.steps, before.particles = list(frame.relations), list(frame.steps), list(frame.particles)
    return frames


def _listed(frame: Frame, things: Frame) -> Frame:
    """For "put the blocks in a row: red, green, blue": the list says which things, and in which order."""
    whole = frame.themes[-1] if frame.themes else None
    if whole is not None and whole.head == "NOUN":
        named = [theme if theme.head else replace(theme, head="NOUN", noun=whole.noun) for theme in things.themes]
        return replace(frame, themes=named, joints=["and"] * (len(named) - 1))
    return replace(frame, themes=things.themes, joints=["and"] * (len(things.themes) - 1))


def _carried(frames: list[Frame]) -> list[Frame]:
    """Joins "pick up all the blocks and put them in the bowl" to one action, since the gripper carries one object at a time."""
    kept: list[Frame] = []
    for frame in frames:
        before = kept[-1] if kept else None
        several = before is not None and (len(before.themes) > 1 or any(theme.many for theme in before.themes))
        picked = several and before is not None and before.action == "pick" and before.verb not in ("gather", "collect")
        pronoun = len(frame.themes) == 1 and frame.themes[0].head == "PRON" and frame.themes[0].noun in ("them", "those", "it")
        if before is not None and picked and pronoun and frame.action in ("put", "move", "stack", "row") and not before.steps:
            kept.pop()
            last = with_relations(before.themes[-1], before.relations)
            frame = replace(
                frame, themes=[*before.themes[:-1], last], joints=list(before.joints), speed=frame.speed or before.speed
            )
        kept.append(frame)
    return kept


def _bind(frame: Frame, before: Frame) -> None:
    """Binds a pronoun in the order of the text where the order of the actions is another."""
    if len(frame.themes) == 1 and frame.themes[0].head == "PRON" and before.themes:
        frame.themes, frame.joints = list(before.themes), list(before.joints)


MOST_TASKS = 64
_PARTICLES = {
    "pick": {"up"}, "remove": {"off", "out", "up", "away"}, "row": {"up"}, "stack": {"up"}, "build": {"up"},
    "clear": {"off", "out", "up"}, "tidy": {"up", "away"}, "put": {"down", "over", "back"}, "move": {"over", "back"},
    "push": {"over", "back"}, "swap": {"over", "around"}, "home": {"back"}, "leave": {"alone"}, "gather": {"up"},
    "separate": {"out", "apart"}, "fill": {"up"}, "reach": {"over"},
}  # fmt: skip
"""Particles that change nothing beyond what `_normal` makes of them."""


def tasks_of(frames: list[Frame], scene: Scene, lexicon: Lexicon) -> tuple[Task, ...]:
    """The tasks of a whole instruction, understood in one scene.

    Raises:
        Refused: The words do not fit the scene.
    """
    situation = Situation(scene)
    discourse = Discourse(scene, left=_left_alone(frames, Discourse(scene), situation, lexicon))
    tasks: list[Task] = []
    for frame in frames:
        meaning = _understood(Command(frame, discourse, situation, lexicon))
        discourse = meaning.discourse
        for task in meaning.tasks:
            if task.object in discourse.left:
                message = f"{task.object} is to be left alone and moved."
                raise Refused("impossible", message, "Say one of the two.", [task.object])
            situation.apply(task)
            before = tasks[-1] if tasks and tasks[-1].object == task.object else None
            if before is not None and before.provisional and task.kind != "home":
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
    task = command.task(Task("home", "", (), "bring the arm home", f'"{frame.verb}" asks for the home posture.'))
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
    for name, other in pair:
        for condition in places[name]:
            check_carriers(condition, command.scene, frame.text)
    for first, second in pair:
        aside = stop_over(situation, first, [Task("put", second, places[first], "", "")])
        if aside is not None:
            break
    else:
        message = f"There is no free place to put {listing(found.names, 'or')} aside."
        raise Refused("infeasible", message, f"Clear {furniture(command.scene)} a little.", found.names)
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

"""From clauses to frames: what is left out is filled in, and the clauses come in the order in which they are to be done."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.clause_reader import HANDING_OVER, ClauseReader, Frame
from lmp.planners.scripted.parsing import Clause
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.resolution import with_relations


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

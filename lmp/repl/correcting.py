"""Corrections: what the words mean for the current plan, by the model where the planner asks one, else by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lmp.capabilities import planner_capabilities
from lmp.corrections.change import changes
from lmp.corrections.corrected import Corrected, correct, edit
from lmp.corrections.reading import adjustments
from lmp.corrections.rules import Circumstances
from lmp.corrections.swapping import Swap, swap_meant
from lmp.repl.session import Session
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.skill import SkillParameters
from lmp.stages import CorrectsInWords

NUMBERED = re.compile(r"(?:step |subgoal )?(?P<number>\d{1,3})[.:]? (?P<words>\D.*)")


@dataclass(frozen=True)
class Edit:
    """The change that is to be made.

    Attributes:
        index: Which step.
        corrected: Its primitive, with what changed.
        by_model: Whether a model thought it out, so that a person has to look at it first.
    """

    index: int
    corrected: Corrected
    by_model: bool = False


def meant(session: Session, words: str, name_alone: bool = False, insisted: bool = False) -> Edit | Swap | Refusal | None:
    """The edit of the current plan that words mean; None where they are no correction.

    Args:
        session: The conversation.
        words: What was said.
        name_alone: They answer the question which object is meant.
        insisted: They are a correction, however they read; a model may understand what the rules do not.
    """
    current = session.current
    if current is None or not current.steps:
        return _nothing_yet() if insisted or not isinstance(adjustments(words), Refusal) else None
    index, words = target(session, words)
    if index is None:
        return Refusal(reason="impossible", message=f"The plan has steps 1 to {len(current.steps)}.")
    scene = session.scene()
    swap = swap_meant(words, current.names(index), scene, name_alone)
    if swap is not None:
        return swap
    by_rules = not isinstance(adjustments(words), Refusal)
    if not by_rules and not insisted:
        return None
    step = current.steps[index]
    if step.primitive is None:
        return Refusal(reason="impossible", message=f"Step {index + 1} has no primitive before it is reached.")
    corrector = planner_capabilities(session.planner).corrects_in_words
    if corrector is not None:
        return _by_model(session, corrector, words, index, step.subgoal, step.primitive)
    corrected = correct(words, step.primitive, circumstances(session, index), session.adjustments)
    return corrected if isinstance(corrected, Refusal) else Edit(index, corrected)


def _by_model(
    session: Session, planner: CorrectsInWords, words: str, index: int, subgoal: Subgoal, before: SkillParameters
) -> Edit | Swap | Refusal:
    """Ask a model for the edit that words mean, on the scene on which its answer would be carried out."""
    session.asked.lend(session.current.instruction if session.current is not None else "")
    if session.last is not None and session.last[1] == index:
        with session.before_last() as scene:
            after = planner.correct_in_words(words, subgoal, before, scene)
    else:
        after = planner.correct_in_words(words, subgoal, before, session.scene())
    if isinstance(after, Refusal):
        return after
    if type(after) is not type(before):
        return Refusal(
            reason="impossible", message=f"The model answered with {after.kind}; a correction keeps the {before.kind}."
        )
    if after == before:
        return Refusal(reason="impossible", message="The model would change nothing.")
    old, new = getattr(before, "object", None), getattr(after, "object", None)
    if isinstance(old, str) and isinstance(new, str) and old != new:
        return Swap(before=old, after=new)
    return Edit(index, Corrected(primitive=after, changes=changes(before, after), adjustments=()), by_model=True)


def edited(session: Session, words: str) -> Edit | Refusal:
    """An edit of one number: "1 lift 0.2", "1.lift 0.2", "lift 20cm"."""
    current = session.current
    if current is None or not current.steps:
        return _nothing_yet()
    found = re.fullmatch(
        r"(?:(?P<number>\d{1,3})[ .:]\s*)?(?P<field>[A-Za-z][\w.]*)(?:\s+to|\s*=)?\s+(?P<value>.+)", words.strip()
    )
    if found is None:
        return Refusal(reason="not_understood", message="An edit names a step, a field and a value.", hint="edit 1 lift 0.2")
    index = _default(session) if found["number"] is None else int(found["number"]) - 1
    if not 0 <= index < len(current.steps):
        return Refusal(reason="impossible", message=f"The plan has steps 1 to {len(current.steps)}, not {found['number']}.")
    primitive = current.steps[index].primitive
    if primitive is None:
        return Refusal(reason="impossible", message=f"Step {index + 1} has no primitive before it is reached.")
    answer = edit(primitive, found["field"], found["value"])
    return answer if isinstance(answer, Refusal) else Edit(index, answer)


def target(session: Session, words: str) -> tuple[int | None, str]:
    """The step that words are about: the one that they name, else the last motion's, else the next; None if there is none."""
    current = session.current
    assert current is not None, "only a plan can be corrected"
    found = NUMBERED.fullmatch(words.strip())
    if found is None or re.match(r"(?:mm|cm|m|%|percent|n)\b|%", found["words"], re.IGNORECASE):
        return _default(session), words
    index = int(found["number"]) - 1
    return (index if 0 <= index < len(current.steps) else None), found["words"]


def _default(session: Session) -> int:
    current = session.current
    if session.last is not None:
        return session.last[1]
    return min(current.next, len(current.steps) - 1) if current is not None else 0


def circumstances(session: Session, index: int) -> Circumstances:
    """The circumstances that the rules may know: the scene, what came of the step, and what unset forces mean."""
    current = session.current
    gripper = session.agent.world.robot.description.gripper
    usual = {} if gripper is None else {"force": gripper.force}
    step = current.steps[index] if current is not None else None
    spec = (
        session.agent.skills[step.subgoal.skill].spec
        if step is not None and step.subgoal.skill in session.agent.skills
        else None
    )
    if spec is not None and spec.force_limit is not None:
        usual["force_limit"] = spec.force_limit
    tried = session.last is not None and session.last[1] == index
    return Circumstances(session.scene(), tried, usual)


def apply(session: Session, edit: Edit) -> None:
    """Puts the edited step into the current plan."""
    current = session.current
    assert current is not None, "only a plan can be corrected"
    session.current = current.with_step(edit.index, current.steps[edit.index].with_primitive(edit.corrected.primitive))
    if edit.corrected.adjustments:
        session.adjustments = edit.corrected.adjustments


def apply_swap(session: Session, swap: Swap) -> None:
    """Puts the other object into the current plan."""
    current = session.current
    assert current is not None, "only a plan can be corrected"
    session.current = current.swapping(swap, session.scene())
    session.adjustments = ()


def _nothing_yet() -> Refusal:
    return Refusal(reason="impossible", message="There is nothing yet that could be corrected.", hint="Say what to do first.")

"""The meaning of each line: a command, an answer about the plan, a correction, or an instruction."""

from __future__ import annotations

import re
from collections.abc import Callable

from lmp.capabilities import planner_capabilities
from lmp.corrections.reading import KNOWN
from lmp.corrections.swapping import Swap
from lmp.errors import LmpError
from lmp.repl import correcting
from lmp.repl.correcting import Edit
from lmp.repl.screen import Reader, Screen
from lmp.repl.session import Session
from lmp.repl.slash import slash
from lmp.runtime.carrying_out import Interrupted
from lmp.schema.plan import NOT_UNDERSTOOD, Refusal

YES = ("y", "yes", "approve", "approved", "ok", "okay", "go", "go ahead", "run", "do it")
STEP = ("s", "step", "next", "step through")
TRIES = 3
"""Times that a question is asked which was answered with something else [count]."""
NO = re.compile(r"(?:n|no|nope|reject|rejected)(?:[ ,.:;]+(?:because )?(?P<reason>.*))?", re.IGNORECASE | re.DOTALL)
HELP = "yes carries it out, step goes one by one, no REASON rejects it, edit 1 lift 0.2 changes a number"


class Dialogue:
    """Takes line after line until the end.

    Args:
        session: What the lines do.
        screen: Where the answers go.
        reader: Where the lines come from.
        leaving: Tells whether the process was asked to end.

    Attributes:
        left: The person wants to go.
    """

    def __init__(self, session: Session, screen: Screen, reader: Reader, leaving: Callable[[], bool] = lambda: False):
        self.session, self.screen, self.reader, self._leaving = session, screen, reader, leaving
        self._asked_which, self.left = False, False

    def run(self) -> int:
        """Converses to the end; 0, or 1 if the last instruction came to nothing."""
        pressed = 0
        while pressed < 2 and not self.left and not self._leaving():
            try:
                line = self.reader.read(self.prompt)
                pressed = 0
                self.take(line)
            except EOFError:
                break
            except KeyboardInterrupt as interruption:
                pressed += 1
                if pressed < 2 and not self._leaving():
                    self._interrupted(interruption)
            except LmpError as error:
                self.session.failed = True
                self.screen.say(str(error))
        return int(self.session.failed)

    def _interrupted(self, interruption: KeyboardInterrupt) -> None:
        if isinstance(interruption, Interrupted):
            self.screen.episode(interruption.episode)
            self.screen.say("Stopped; the arm is at rest. Ctrl-C once more leaves; /undo takes the instruction back.")
        else:
            self.screen.say("Ctrl-C once more leaves.")

    @property
    def prompt(self) -> str:
        """The prompt before the next line."""
        current = self.session.current
        if current is None or not current.waiting:
            return "lmp> "
        return "approve? " if current.next == 0 else f"step {current.next + 1} of {len(current.steps)}? "

    def take(self, line: str) -> None:
        """Does what a line asks for."""
        line = line.strip()
        if not line or line.startswith("#"):
            return
        if line.startswith("/"):
            slash(self, line)
            return
        if re.match(r"edit\b", line, re.IGNORECASE):
            self.edit(line[4:])
            return
        current = self.session.current
        if current is not None and current.waiting and self._answered(line):
            return
        if line.lower() in YES + STEP:
            self.screen.say("There is no plan that waits for approval: say what to do.")
        elif not self.correct(line):
            self.instruct(line)

    def _answered(self, line: str) -> bool:
        """An answer about the plan that waits; False for everything else."""
        words = line.lower().rstrip(".! ")
        if words in YES:
            self.session.stepping = False
            self.carry_out()
        elif words in STEP:
            self.session.stepping = True
            self.carry_out()
        else:
            found = NO.fullmatch(line)
            if found is None:
                return False
            reason = (found["reason"] or "").strip()
            if not reason or not self.correct(line):
                self.reject(reason)
        return True

    def instruct(self, instruction: str) -> None:
        """Plans an instruction, and carries it out if nobody has to approve it."""
        self._asked_which = False
        known = self.session.last is not None
        current = self.session.make_plan(instruction)
        self.screen.episode(current.episode)
        if current.episode.outcome is NOT_UNDERSTOOD and known:
            self.screen.say(f"As a correction I know: {KNOWN}.")
        if current.waiting:
            self.offer()
        elif current.feasible:
            self.screen.say("Nothing is to be done: it is so already.")

    def offer(self) -> None:
        """Asks for approval, or goes on where none is needed."""
        if self.session.auto:
            self.carry_out()
        else:
            self.screen.say(f"Carry it out? {HELP}.")

    def reject(self, reason: str) -> None:
        """Drops the plan; a model plans again with the reason."""
        current = self.session.current
        assert current is not None, "only a plan can be rejected"
        self.session.reject()
        moved = "What was carried out stays; /undo takes it back." if current.next else "Nothing was moved."
        self.screen.say(f"Rejected{f': {reason}' if reason else ''}. {moved}")
        if reason and planner_capabilities(self.session.planner).asks_model is not None:
            self.instruct(f"{current.instruction} (not as you planned it before: {reason})"[:2000])

    def carry_out(self, again: bool = False) -> None:
        """Carries out the current plan, or its next step where it is stepped through."""
        session = self.session
        current = session.current
        assert current is not None, "only a plan can be carried out"
        self._asked_which = False
        end = current.next + 1 if session.stepping else len(current.steps)
        if session.stepping and current.steps[current.next].primitive is None and not session.auto:
            session.current = current = session.look_at(current, end)
            self.screen.episode(current.episode)
            if current.steps[current.next].primitive is not None:
                self.screen.say("This is how the model would do it: yes or step, no, edit, or say what is to be different.")
            return
        self.screen.episode(session.carry_out(end, again))
        current = session.current
        if current is not None and current.waiting:
            following = current.steps[current.next].subgoal.description
            self.screen.say(f"Next: {following}. step, yes for all the rest, no, or a correction of what was done.")

    def edit(self, words: str) -> None:
        """Edits one field of a step."""
        self._changed(correcting.edited(self.session, words))

    def correct(self, words: str, insisted: bool = False) -> bool:
        """Takes words as a correction; False if they are none."""
        answer = correcting.meant(self.session, words, self._asked_which, insisted)
        if answer is None:
            return False
        self._changed(answer)
        return True

    def _changed(self, answer: Edit | Swap | Refusal) -> None:
        """Does a correction: before anything has moved, the plan looks different; after a motion, it is tried again."""
        self._asked_which = isinstance(answer, Refusal) and answer.reason == "ambiguous"
        self.session.failed = isinstance(answer, Refusal)
        match answer:
            case Refusal():
                self.screen.say(f"{answer.message} {answer.hint}".strip())
            case Swap():
                self.screen.say(f"{answer.before} -> {answer.after}")
                self._swap(answer)
            case Edit():
                for words in (*map(str, answer.corrected.changes), *answer.corrected.left_out):
                    self.screen.say(f"step {answer.index + 1}: {words}")
                self._edit(answer)

    def _edit(self, edit: Edit) -> None:
        session, current = self.session, self.session.current
        assert current is not None, "only a plan can be corrected"
        done = session.last is not None and edit.index == session.last[1]
        if edit.index < current.next and not done:
            self.screen.say(f"Step {edit.index + 1} was carried out, and others after it: /undo goes back before all of them.")
        elif not done:
            self._look_again(lambda: correcting.apply(session, edit))
        elif not edit.by_model or session.auto or self.confirm("Try again so?"):
            assert session.last is not None, "it was carried out"
            self._try_again(lambda: correcting.apply(session, edit))

    def _swap(self, swap: Swap) -> None:
        if self.session.last is None:
            self._look_again(lambda: correcting.apply_swap(self.session, swap))
        else:
            self._try_again(lambda: correcting.apply_swap(self.session, swap), whole=True)

    def _look_again(self, change: Callable[[], None]) -> None:
        """The plan, changed before it is carried out; where that cannot be done, it stays as it was."""
        looked = self.session.changed(change)
        self.screen.episode(looked.episode)
        if self.session.current is not looked:
            self.screen.say("So it cannot be done; the plan stays as it was.")
        elif looked.waiting:
            self.offer()

    def _try_again(self, change: Callable[[], None], whole: bool = False) -> None:
        """Restores the world, and moves once more; where the change does not compile, all stays as it was."""
        refused = self.session.gone_back(change, whole)
        if refused is not None:
            self.session.failed = True
            self.screen.episode(refused)
            self.screen.say("So it cannot be done; the world and the plan stay as they are.")
            return
        self.screen.say(f"The world is as it was before {'the instruction' if whole else 'that motion'}; trying again.")
        self.carry_out(again=True)

    def confirm(self, question: str) -> bool:
        """Asks a person yes or no; the end of the input means no, and so do other words, said again."""
        with self.screen.asking():
            self.screen.say(question)
            for _ in range(TRIES):
                try:
                    said = self.reader.read("yes or no? ").strip()
                except EOFError:
                    return False
                if said.lower().rstrip(".!") in YES:
                    return True
                if NO.fullmatch(said):
                    return False
                self.screen.say("Nothing moves before this is answered: yes carries it out, no leaves it.")
            return False

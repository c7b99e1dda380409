"""A question to a model, from the prompt to a valid answer: bounded re-asks with everything that is wrong, budget, record."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, JsonValue

from lmp.errors import SetupFault
from lmp.model_settings import ModelSettings
from lmp.planners.model.faults import ModelBudgetSpent, ModelFault, NotValid
from lmp.planners.model.json_answer import MOST_TEXT
from lmp.planners.model.reading import read_answer
from lmp.planners.model.request import ModelClient, Picture, PromptText, Reply, Request
from lmp.schema.exchange import Exchange, ModelUse, PictureNote, Turn, Usage
from lmp.stages import Backing

Answer = TypeVar("Answer", bound=BaseModel)
Check = Callable[[JsonValue, Answer | None], Sequence[str]]
"""What is wrong with an answer in the scene: gets its JSON, and the answer itself where it fits its schema."""

MOST_COMPLAINTS = 60
"""Complaints that go back to the model at once [count]."""
LONGEST_COMPLAINT, LONGEST_RECORD, LONGEST_PROMPT = 1500, 2000, 400_000
"""How much of a complaint, of an answer too long to be read, and of a prompt is kept [characters]."""


class Asker:
    """Asks one model, again and again until its answer is valid or what may be spent is spent.

    Args:
        client: Who is asked.
        settings: How it is asked.
        backing: What the run lends: the record, the budget and the clock; None outside of a run.

    Attributes:
        use: What was asked of the model since the beginning of this asker.
    """

    def __init__(self, client: ModelClient, settings: ModelSettings, backing: Backing | None = None):
        self.client, self.settings, self.backing = client, settings, backing
        self.use = ModelUse()

    def ask(
        self,
        *,
        question: str,
        prompt: PromptText,
        answer: type[Answer],
        pictures: Sequence[Picture] = (),
        check: Check[Answer] | None = None,
    ) -> Answer:
        """A valid answer. Whatever happens, one exchange is kept.

        Args:
            question: decompose, ground, correct, verify, ...
            prompt: What is sent.
            answer: What the answer has to fit.
            pictures: What is seen.
            check: What else is wrong with an answer.

        Raises:
            NotValid: No answer passed the checks within the re-asks.
            ModelBudgetSpent: What the run may spend on models is spent.
            ModelFault: The model gave no answer; see `lmp.planners.model.faults`.
            SetupFault: The server wants another key, or does not have the model.
        """
        self.use = self.use.model_copy(update={"questions": self.use.questions + 1})
        turns: list[Turn] = []
        taken: JsonValue = None
        fault = "the question was interrupted"
        try:
            request = Request(question, prompt.system, prompt.user, tuple(pictures), answer)
            taken, valid = self._asked(request, answer, turns, check)
            fault = ""
            return valid
        except (ModelFault, SetupFault) as error:
            fault = str(error)
            raise
        finally:
            self._keep(question, prompt, pictures, answer, tuple(turns), taken, fault)

    def _asked(
        self, request: Request, answer: type[Answer], turns: list[Turn], check: Check[Answer] | None
    ) -> tuple[JsonValue, Answer]:
        wrong: tuple[str, ...] = ()
        for _ in range(self.settings.reasks + 1):
            reply, seconds = self._reply(request, turns)
            taken, valid, wrong = _judged(reply.text, answer, check)
            self._count(turns, Turn(text=_kept(reply.text), complaints=wrong, usage=reply.usage, seconds=seconds))
            if valid is not None and not wrong:
                return taken, valid
        tries = f"{len(turns)} {'try' if len(turns) == 1 else 'tries'}"
        text = f"{self.client.name} gave no valid answer to {request.question!r} in {tries}. Of the last one: {' '.join(wrong)}"
        raise NotValid(text[:LONGEST_COMPLAINT])

    def _reply(self, request: Request, turns: list[Turn]) -> tuple[Reply, float]:
        """One answer, and how long it took [s]; a call that failed is a turn, too."""
        seconds = self._seconds_allowed()
        asked = replace(request, turns=tuple(turns), seconds=seconds)
        began = time.perf_counter()
        try:
            return self.client.reply(asked), time.perf_counter() - began
        except (ModelFault, SetupFault) as fault:
            took = time.perf_counter() - began
            text, usage = (fault.text, fault.usage) if isinstance(fault, ModelFault) else ("", Usage())
            complaints = (_clean(str(fault))[:LONGEST_COMPLAINT],)
            self._count(turns, Turn(text=_kept(text), complaints=complaints, usage=usage, seconds=took))
            raise

    def _count(self, turns: list[Turn], turn: Turn) -> None:
        turns.append(turn)
        self.use = self.use.plus(turn)

    def _seconds_allowed(self) -> float:
        """Longest time that the next answer may take [s].

        Raises:
            ModelBudgetSpent: Nothing is left for it.
        """
        if self.backing is None:
            return self.settings.seconds
        left = self.backing.seconds_left()
        spent = self.backing.budget.spent_on_models(self.backing.used.together(self.use))
        if spent is None and left <= 0.0:
            spent = f"all {self.backing.budget.seconds:.0f} s of the run are used"
        if spent is not None:
            raise ModelBudgetSpent(f"{self.client.name} is not asked any more: {spent}.")
        return min(self.settings.seconds, left)

    def _keep(
        self,
        question: str,
        prompt: PromptText,
        pictures: Sequence[Picture],
        answer: type[BaseModel],
        turns: tuple[Turn, ...],
        taken: JsonValue,
        fault: str,
    ) -> None:
        if self.backing is None:
            return
        notes = [PictureNote(label=one.label, sha256=one.sha256, width=one.width, height=one.height) for one in pictures]
        exchange = Exchange(
            question=question,
            prompt=prompt.name,
            version=prompt.version,
            sha256=prompt.sha256,
            model=self.client.name,
            parameters=self.client.parameters,
            system=_clean(prompt.system)[:LONGEST_PROMPT],
            user=_clean(prompt.user)[:LONGEST_PROMPT],
            pictures=tuple(notes),
            answer_schema=answer.model_json_schema(),
            turns=turns,
            answer=taken,
            fault=_clean(fault)[:LONGEST_COMPLAINT],
        )
        self.backing.keep(exchange, {one.sha256: one.png for one in pictures})


def _judged(text: str, answer: type[Answer], check: Check[Answer] | None) -> tuple[JsonValue, Answer | None, tuple[str, ...]]:
    """The answer's JSON, the answer where it fits its schema, and all that is wrong: with its form and in the scene."""
    reading = read_answer(text, answer)
    wrong = list(reading.complaints)
    if check is not None and reading.raw is not None:
        wrong += check(reading.raw, reading.valid)
    cut = [_clean(sentence)[:LONGEST_COMPLAINT] for sentence in dict.fromkeys(wrong)]
    more = [] if len(cut) <= MOST_COMPLAINTS else [f"And {len(cut) - MOST_COMPLAINTS} more."]
    return reading.raw, reading.valid, (*cut[:MOST_COMPLAINTS], *more)


def _kept(text: str) -> str:
    """An answer as it goes back to the model and into the record: as it came, unless it was too long to be read at all."""
    whole = _clean(text)
    return whole if len(whole) <= MOST_TEXT else f"{whole[:LONGEST_RECORD]} ... ({len(whole)} characters)"


def _clean(text: str) -> str:
    """Without halves of characters, which no file and no request can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()

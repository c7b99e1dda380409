"""Answers from a recorded run, found by content: no key, no network, the same plan."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

from pydantic import JsonValue

from lmp.errors import SetupFault
from lmp.planners.model.faults import ModelFault
from lmp.planners.model.recorded_content import Content, first_difference
from lmp.planners.model.request import Reply, Request
from lmp.record import RunFolder
from lmp.record.recognising import run_at
from lmp.schema.exchange import Exchange, Turn, Usage

NOTHING_SENT = Usage(input_tokens=0, output_tokens=0, cached_tokens=0, cost=0.0)
"""What an answer from a record costs."""


class NotRecorded(ModelFault):
    """The recorded run has no answer to this question."""


class ReplayClient:
    """Gives the answers of a recorded run again.

    Args:
        run: A run folder, or the name of one below runs/.

    Attributes:
        name: ``replay:RUN``.
        parameters: Which models answered then.

    Raises:
        SetupFault: There is no such run, or its planner asked no model.
        BadFile: What it recorded was changed.
    """

    def __init__(self, run: Path):
        self.name = f"replay:{run}"
        folder = RunFolder.open(run_at(run))
        self.exchanges = folder.load_exchanges()
        if not self.exchanges:
            raise _nothing_asked(folder)
        models: list[JsonValue] = [*dict.fromkeys(exchange.model for exchange in self.exchanges)]
        self.parameters: dict[str, JsonValue] = {"recorded models": models}
        self._contents = [Content.of_exchange(exchange) for exchange in self.exchanges]
        self._served: Counter[tuple[int, ...]] = Counter()
        self._current: dict[tuple[int, ...], int] = {}

    def reply(self, request: Request) -> Reply:
        """The answer that was recorded.

        Raises:
            NotRecorded: Nothing of that content was recorded.
            ModelFault: The recorded run got no answer here, either.
        """
        pool = self._of_that_content(request)
        exchange = self._next(pool, request.turns)
        if exchange is None:
            raise NotRecorded(self._nearest(request, pool))
        turn = exchange.turns[len(request.turns)]
        if turn is exchange.turns[-1] and exchange.fault and turn.complaints == (exchange.fault,):
            raise ModelFault(f"As recorded: {exchange.fault}", text=turn.text)
        return Reply(turn.text, NOTHING_SENT)

    def _of_that_content(self, request: Request) -> tuple[int, ...]:
        """Places of the exchanges with that content; of several those with the same pictures, if there are any."""
        wanted = Content.of_request(request)
        found = tuple(place for place, content in enumerate(self._contents) if content == wanted)
        pictures = [picture.sha256 for picture in request.pictures]
        same = tuple(place for place in found if [note.sha256 for note in self.exchanges[place].pictures] == pictures)
        return same or found

    def _next(self, pool: tuple[int, ...], turns: tuple[Turn, ...]) -> Exchange | None:
        """Of exchanges alike: for a new question the next one, the last one again; for a re-ask the one that it belongs to."""
        begun = [place for place in pool if _begins(self.exchanges[place], turns)]
        if not begun:
            return None
        if turns:
            # The one that gave the answer before comes first: others may have begun with the same words.
            return self.exchanges[self._current[pool] if self._current.get(pool) in begun else begun[0]]
        place = begun[min(self._served[pool], len(begun) - 1)]
        self._served[pool] += 1
        self._current[pool] = place
        return self.exchanges[place]

    def _nearest(self, request: Request, pool: tuple[int, ...]) -> str:
        """Say what was asked, what comes nearest, and where the two part."""
        wanted = Content.of_request(request)
        asked = f"{request.question!r}" + (f", asked again after {len(request.turns)} answers" if request.turns else "")
        if pool:
            place, where = pool[0], _where_turns_part(self.exchanges[pool[0]], request.turns)
        else:
            place = max(range(len(self._contents)), key=lambda place: (self._contents[place].likeness(wanted), -place))
            where = first_difference(wanted, self._contents[place])
        number = f"{place + 1} of {len(self.exchanges)} ({self.exchanges[place].question!r})"
        return (
            f"{self.name} has no answer to this question: {asked}. The nearest is exchange {number}; {where} "
            "A replay needs the instruction, world, seed and prompts of the recorded run."
        )


def _begins(exchange: Exchange, turns: tuple[Turn, ...]) -> bool:
    """True if the exchange has an answer after these."""
    return len(exchange.turns) > len(turns) and all(
        (then.text, then.complaints) == (now.text, now.complaints) for then, now in zip(exchange.turns, turns, strict=False)
    )


def _where_turns_part(exchange: Exchange, turns: tuple[Turn, ...]) -> str:
    for number, (then, now) in enumerate(zip(exchange.turns, turns, strict=False), start=1):
        if then.text != now.text:
            return f"its answer {number} was {then.text!r:.200}, now it is {now.text!r:.200}."
        if then.complaints != now.complaints:
            was, is_ = " ".join(then.complaints) or "nothing", " ".join(now.complaints) or "nothing"
            return f"of its answer {number} was wrong: {was!r:.300}; now: {is_!r:.300}."
    why = f": {exchange.fault!r:.300}" if exchange.fault else ""
    return f"it ended after {len(exchange.turns)} answers{why}."


def _nothing_asked(folder: RunFolder) -> SetupFault:
    """The fault of a run without exchanges, with the command that makes its plan again."""
    said = folder.settings()
    words = ["lmp", "run", said.get("instruction") or "INSTRUCTION"]
    for name in ("world", "robot", "seed", "planner"):
        if said.get(name) is not None:
            words += [f"--{name}", said[name]]
    return SetupFault(
        f"The run {str(folder.path)!r} asked no model (its planner was {str(said.get('planner', 'unknown'))!r:.200}), so there "
        f"is nothing to replay. Without a model the same words give the same plan: {shlex.join(map(str, words))}"
    )

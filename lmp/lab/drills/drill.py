"""One drill: an errand whose process is killed, once or several times, and is resumed until it has come to its end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field

from lmp.lab.drills.deaths import AtTime, Death, draw_death
from lmp.lab.drills.errand import Answer, Errand
from lmp.lab.drills.life import Life, read_answer
from lmp.lab.drills.motions import motions_of
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.record.recognising import has_lines
from lmp.schema.base import Model, Text

Show = Callable[[Path], str]
"""Shows a record, as `lmp show` does; says what is wrong, or nothing."""

MOST_KILLS = 3
SECOND, THIRD = 0.35, 0.1
"""Shares of the drills whose process is killed twice and three times."""
TRIES = 8
"""Deaths that are drawn until one comes about [count]."""
POLL_SECONDS = 0.02
"""How often it is looked whether a run has begun [s]."""
LONGEST = 600.0
"""A process that takes longer hangs [s]."""

Count = Annotated[int, Field(ge=0)]


class Drill(Model):
    """The course of a drill.

    Attributes:
        deaths: When its processes were killed.
        told: How the errand ended; None if it did not.
        complaints: Everything that must not be.
    """

    key: Text
    stage: Text
    errand: Errand
    deaths: tuple[Death, ...] = ()
    told: Answer | None = None
    kills: Count = Field(default=0, description="processes that were killed [count]")
    unbegun: Count = Field(default=0, description="of those, before a run had begun: nothing to go on with [count]")
    readable: Count = Field(default=0, description="records that could be shown and are whole after a kill [count]")
    resumed: Count = Field(default=0, description="runs that were gone on with [count]")
    cut: Count = Field(default=0, description="motions that were under way at a kill [count]")
    alike: Count = Field(default=0, description="of those, planned anew with the same samples [count]")
    repeated: Count = Field(default=0, description="motions that were carried out twice [count]")
    complaints: tuple[Text, ...] = ()


def drill(errand: Errand, stage: str, key: str, folder: Path, seconds: float, show: Show, rng: np.random.Generator) -> Drill:
    """Carries one drill out.

    Args:
        errand: What is to be done.
        stage: Where its first process dies: a row of `lmp.lab.drills.deaths.STAGES`; "" kills nothing.
        key: Tells it apart.
        folder: An empty folder of its own, which is removed.
        seconds: How long the errand takes if nothing happens [s].
        show: Shows a record.
        rng: Draws the deaths.
    """
    course = _Course(errand, stage, folder, seconds, show, rng)
    try:
        course.run()
        return course.told(key)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Course:
    def __init__(self, errand: Errand, stage: str, folder: Path, seconds: float, show: Show, rng: np.random.Generator):
        self.errand, self.stage, self.folder, self.seconds, self.show, self.rng = errand, stage, folder, seconds, show, rng
        self.path = folder / "run"
        self.deaths: list[Death] = []
        self.complaints: list[str] = []
        self.answer: Answer | None = None
        self.counts = dict.fromkeys(("kills", "unbegun", "readable", "resumed"), 0)

    def run(self) -> None:
        """Life after life, until one comes to its end."""
        wanted = 0 if not self.stage else 1 + int(self.rng.random() < SECOND) + int(self.rng.random() < THIRD)
        wanted = max(wanted, 2) if self.stage == "resume" else wanted
        for number in range(TRIES + MOST_KILLS + 1):
            again = self._begun()
            if not again:
                shutil.rmtree(self.path, ignore_errors=True)
            dies = len(self.deaths) < wanted and number < TRIES
            death = self._next_death(again) if dies else None
            ended = again and RunFolder.open(self.path).finished
            said = self._live(again, death)
            self.counts["resumed"] += again and not ended and said is not None
            if said is None:
                assert death is not None, "nothing else kills a process"
                self.deaths.append(death)
                self._look_after_kill()
            elif isinstance(said, str):
                self.complaints.append(said)
                return
            elif self.deaths or not self.stage or said.skipped is not None:
                self.answer = said
                return
            else:  # The death never came about: once more, with another.
                shutil.rmtree(self.path, ignore_errors=True)
        self.complaints.append("No death came about, or the errand did not come to its end.")

    def _next_death(self, again: bool) -> Death:
        """The first in the stage that is drilled, the others anywhere; for resuming, the first is anywhere."""
        stage = self.stage
        if self.stage == "resume":
            stage = "resume" if again else "execute"
        elif self.deaths:
            stage = str(self.rng.choice(["resume", "perceive", "execute", "verify", "writing", "any time"]))
        return draw_death(stage, self.rng, self.seconds, first=not again)

    def _live(self, again: bool, death: Death | None) -> Answer | str | None:
        """One process. An answer, what went wrong in words, or None if it was killed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        paper = self.folder / "answer"
        paper.unlink(missing_ok=True)
        approved = self.stage == "approve"
        process = Life(self.errand, self.path, again, paper, approved=approved, death=death).start()
        try:
            while isinstance(death, AtTime) and process.is_alive() and not self._begun():
                process.join(POLL_SECONDS)
            process.join(death.seconds if isinstance(death, AtTime) else LONGEST)
            hung = process.is_alive() and not isinstance(death, AtTime)
            process.kill()
            process.join()
        finally:
            process.close()
        if hung:
            return f"A process had not ended after {LONGEST:.0f} s."
        said = read_answer(paper)
        return f"A process ended by itself without an answer, at {death}." if said is None and death is None else said

    def _begun(self) -> bool:
        return has_lines(self.path) and RunFolder.open(self.path).begun

    def _look_after_kill(self) -> None:
        """Check what has to be right with what a killed process leaves."""
        self.counts["kills"] += 1
        begun = self._begun()
        self.counts["unbegun"] += not begun
        if not has_lines(self.path):
            self.counts["readable"] += 1  # There is nothing yet to be read, and nothing was moved.
            return
        faults = list(check(self.path).faults)
        if words := self.show(self.path):
            faults.append(f"lmp show: {words}")
        self.counts["readable"] += not faults
        self.complaints += [f"After a kill at {self.deaths[-1]}: {fault}" for fault in faults]

    def told(self, key: str) -> Drill:
        repeated = cut = alike = 0
        if self.answer is not None and self.answer.skipped is None:
            motions = motions_of(RunFolder.open(self.path))
            cut, alike, repeated = motions.cut, motions.alike, len(motions.repeated)
            self.complaints += [*motions.repeated, *motions.unseen, *check(self.path).faults]
        return Drill(
            key=key,
            stage=self.stage or "none",
            errand=self.errand,
            deaths=tuple(self.deaths),
            told=self.answer,
            cut=cut,
            alike=alike,
            repeated=repeated,
            complaints=tuple(words[:2000] for words in self.complaints),
            **self.counts,
        )

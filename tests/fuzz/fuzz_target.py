"""What a fuzz target is: a name, where its cases come from, and a function that has to survive each of them."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import strategies as st

CORPUS = Path(__file__).parent / "corpus"
PATIENCE = 10.0
"""Wall time that a case may take, as a multiple of its budget of processor time: waiting for ever is a fault, too."""


@dataclass(frozen=True)
class Target:
    """One entrance of the library.

    Attributes:
        name: As in `python -m tests.fuzz --target NAME`, and of its folder in the corpus.
        cases: Where its inputs come from.
        check: Takes one input; raises if the library does anything but answer, or raise one of its own errors.
        seconds: Processor time that one case may take [s].
        examples: Cases under pytest.
        text: Whether a case is a byte string, which a coverage-guided fuzzer can change.
        read: Makes a case of a file of the corpus.
    """

    name: str
    cases: st.SearchStrategy[Any]
    check: Callable[[Any], None]
    seconds: float = 5.0
    examples: int = 50
    text: bool = True
    read: Callable[[bytes], Any] = bytes

    def corpus(self) -> list[Any]:
        """Inputs that are always tried: interesting ones, and all that once broke something."""
        return [self.read(data) for data in corpus(self.name)]


def corpus(name: str) -> list[bytes]:
    """The inputs in a folder of the corpus."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]


class OverBudget(BaseException):
    """A case took too long; not an `Exception`, so that no part can take it for a failure of its own."""


@contextmanager
def budget(seconds: float) -> Iterator[Callable[[], float]]:
    """Raises `OverBudget` once a case has used so much processor time, or waited ten times as long [s]."""

    def over(number: int, frame: FrameType | None) -> None:
        raise OverBudget(f"more than {seconds:g} s of processor time, or {PATIENCE * seconds:g} s of waiting")

    timers = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, PATIENCE * seconds)}
    before = {number: signal.signal(number, over) for number, _ in timers.values()}
    start = time.process_time()
    for timer, (_, limit) in timers.items():
        signal.setitimer(timer, limit)
    try:
        yield lambda: time.process_time() - start
        used = time.process_time() - start
    finally:
        for timer in timers:
            signal.setitimer(timer, 0.0)
        for number, handler in before.items():
            signal.signal(number, handler)
    if used > seconds:
        raise OverBudget(f"{used:.1f} s of processor time; {seconds:g} s are allowed")

"""Ctrl-C waits for the end of a stretch, whichever thread the system gives it to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from lmp.schema.base import FloatArray, Model
from lmp.uninterrupted import REQUESTS, HeldBack, uninterrupted


@pytest.fixture(autouse=True)
def handlers() -> Iterator[list[Any]]:
    """Python's own handler for each request; the handlers before the test come back."""
    before = [signal.signal(number, signal.default_int_handler) for number in REQUESTS]
    yield [signal.getsignal(number) for number in REQUESTS]
    for number, handler in zip(REQUESTS, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def idle_thread() -> Iterator[None]:
    """A thread that blocks no signal, as those of numerical libraries are."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield
    end.set()
    thread.join()


@pytest.mark.parametrize("number", REQUESTS)
def test_a_request_takes_effect_at_the_end(number: signal.Signals, idle_thread: None, handlers: list[Any]) -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        os.kill(os.getpid(), number)
        done += [sum(range(1000)) for _ in range(1000)]
    assert len(done) == 1000
    assert [signal.getsignal(one) for one in REQUESTS] == handlers


def test_a_stretch_within_a_stretch_does_not_end_the_outer_one() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]


def test_an_error_within_does_not_lose_the_request() -> None:
    with pytest.raises(KeyboardInterrupt) as caught, uninterrupted():
        signal.raise_signal(signal.SIGINT)
        raise ValueError
    assert isinstance(caught.value.__context__, ValueError)


def test_a_request_that_is_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    held = HeldBack()
    with uninterrupted(held):
        signal.raise_signal(signal.SIGHUP)
    assert held.pending == []
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_every_handler_comes_back_if_setting_one_is_interrupted(monkeypatch: pytest.MonkeyPatch, handlers: list[Any]) -> None:
    real, calls = signal.signal, []

    def interrupted(number: signal.Signals, handler: Any) -> Any:
        calls.append(number)
        before = real(number, handler)
        if len(calls) in (2, 5):  # once on the way in or out, once while the others are put back
            raise KeyboardInterrupt
        return before

    with monkeypatch.context() as patch:
        patch.setattr("lmp.uninterrupted.signal.signal", interrupted)
        with pytest.raises(KeyboardInterrupt), uninterrupted():
            pass
    assert [signal.getsignal(one) for one in REQUESTS] == handlers


@pytest.mark.parametrize("dump", [Model.model_dump_json, lambda model: model.model_dump(mode="json")])
def test_what_is_interrupted_while_it_is_serialized_is_an_interruption(dump: Any) -> None:
    class Interrupting(np.ndarray[Any, Any]):
        def tolist(self) -> Any:
            signal.raise_signal(signal.SIGINT)
            return super().tolist()

    class Numbers(Model):
        numbers: FloatArray

    numbers = Numbers.model_construct(numbers=np.zeros(3).view(Interrupting))
    with pytest.raises(KeyboardInterrupt):
        dump(numbers)

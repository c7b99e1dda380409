"""Keys come from the environment or `.env`, and go nowhere but into their header: tested byte for byte."""

from __future__ import annotations

import logging
import pickle
import traceback
from pathlib import Path

import pytest
from asked_for import CUP, PROMPT, Kept, Pick, request
from loopback.faults import KINDS
from loopback.server import Loopback

from lmp.errors import LmpError, SetupFault
from lmp.model_settings import ModelSettings
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.asking import Asker
from lmp.planners.model.faults import NotAuthorised
from lmp.planners.model.keys import Key, key_of
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.quiet_logs import LOGGERS

SECRET = "sk-secret-0123456789abcdefghijklmnopqrstuvwxyz"
CLIENTS = {"OPENAI_API_KEY": OpenAIClient, "ANTHROPIC_API_KEY": AnthropicClient}


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in CLIENTS:
        monkeypatch.delenv(variable, raising=False)


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not key_of("OPENAI_API_KEY").known
    Path(".env").write_text("OPENAI_API_KEY='sk-from-the-file'\nOTHER=${HOME}\n")
    assert key_of("OPENAI_API_KEY").signature("Bearer ") == "Bearer sk-from-the-file"
    assert not key_of("ANTHROPIC_API_KEY").known
    monkeypatch.setenv("OPENAI_API_KEY", f" {SECRET}\n")
    assert key_of("OPENAI_API_KEY").signature() == SECRET


def test_nothing_in_the_file_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_SECRET", "another-secret")
    Path(".env").write_text("OPENAI_API_KEY=sk-${OTHER_SECRET}\n")
    assert key_of("OPENAI_API_KEY").signature() == "sk-${OTHER_SECRET}"


@pytest.mark.parametrize("value", ["short", "sk-with blank-inside", "sk-with-\nline", "sk-with-\u00e4-umlaut", "k" * 5000])
def test_what_is_no_key_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", value)
    with pytest.raises(SetupFault, match=f"OPENAI_API_KEY does not hold a key: it has {len(value)} characters") as caught:
        key_of("OPENAI_API_KEY")
    assert value not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_cannot_be_read() -> None:
    Path(".env").write_bytes(b"OPENAI_API_KEY=sk-\xff\xfe\n")
    with pytest.raises(SetupFault, match=r"\.env in the working directory cannot be read .UnicodeDecodeError") as caught:
        key_of("OPENAI_API_KEY")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("variable", CLIENTS)
def test_without_a_key_nothing_is_sent_to_the_provider(variable: str) -> None:
    with pytest.raises(
        NotAuthorised, match=rf"no key for .*: set {variable} in the environment, or write {variable}=\.\.\. into"
    ):
        CLIENTS[variable]("m", ModelSettings()).reply(request())


def test_a_key_is_in_no_repr_and_no_pickle() -> None:
    assert repr(Key(SECRET)) == "Key(hidden)"
    assert f"{Key(SECRET)} {vars(OpenAIClient('m', ModelSettings(base_url='http://x')))}".count(SECRET) == 0
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(Key(SECRET))


class _All(logging.Handler):
    """Everything that is logged, as text, with the tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def logs() -> list[str]:
    """Everything that the libraries log at DEBUG."""
    handler, roots = _All(), [name for name in LOGGERS if "." not in name]
    for name in roots:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield handler.lines  # type: ignore[misc]
    for name in roots:
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).setLevel(logging.NOTSET)


def _everything(error: BaseException) -> str:
    """All that can be seen of an exception: its text, its traceback with the locals, and what it hangs on."""
    seen, told = error, [repr(error), str(vars(error))]
    told += traceback.TracebackException.from_exception(error, capture_locals=True).format()
    while (inner := seen.__cause__ or seen.__context__) is not None:
        told += [repr(inner), str(vars(inner))]
        told += traceback.TracebackException.from_exception(inner, capture_locals=True).format()
        seen = inner
    return "\n".join(told)


@pytest.mark.parametrize("variable", CLIENTS)
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"giant"}))
def test_a_key_goes_nowhere_but_into_its_header(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, logs: list[str], variable: str, kind: str
) -> None:
    """Even if the server sends it back, in the body and in a header of its answer."""
    monkeypatch.setenv(variable, SECRET)
    settings, kept = ModelSettings(base_url=loopback.url, retries=0, seconds=0.3 if kind == "slow" else 30.0), Kept()
    loopback.fault(kind, echo=True)
    asker = Asker(CLIENTS[variable]("m", settings), settings, kept.backing)
    with pytest.raises(LmpError) as caught:
        asker.ask(question="ground", prompt=PROMPT, answer=Pick)
    assert SECRET in "".join(loopback.requests[0].headers.values()), "the server got it"
    assert logs, "something was logged"
    exchange = kept.exchanges[0].model_dump_json()
    assert exchange.count(str(caught.value)[:40]) == 2, "the fault is on record, and so is the call"
    for place, told in {"error": _everything(caught.value), "record": exchange, "log": "\n".join(logs)}.items():
        assert SECRET not in told, place


@pytest.mark.parametrize("variable", CLIENTS)
def test_a_key_that_the_model_answers_with(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, logs: list[str], variable: str
) -> None:
    monkeypatch.setenv(variable, SECRET)
    settings, kept = ModelSettings(base_url=loopback.url), Kept()
    loopback.answer({**CUP, "name": SECRET})
    asker = Asker(CLIENTS[variable]("m", settings), settings, kept.backing)
    assert asker.ask(question="ground", prompt=PROMPT, answer=Pick).name == "[key]"
    assert SECRET not in kept.exchanges[0].model_dump_json() + "\n".join(logs)


@pytest.mark.parametrize("variable", CLIENTS)
def test_an_interrupt_carries_no_request(loopback: Loopback, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, SECRET)
    client = CLIENTS[variable]("m", ModelSettings(base_url=loopback.url))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    loopback.answer(CUP)
    monkeypatch.setattr(client, "_read", interrupt)
    monkeypatch.setattr("lmp.planners.model.sealed.Sealed._read", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        client.reply(request())
    assert SECRET not in _everything(caught.value)

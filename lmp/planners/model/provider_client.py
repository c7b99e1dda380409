"""Common part of the providers' clients: one call through instructor, and what comes back as a reply or a typed fault."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from instructor.core import InstructorRetryException
from pydantic import JsonValue

from lmp.errors import LmpError
from lmp.model_settings import ModelSettings
from lmp.planners.model.dialect import Dialect
from lmp.planners.model.fault_of import Server, fault_of, not_its_protocol
from lmp.planners.model.faults import AnswerTruncated, ContextOverflow, EmptyAnswer, ModelRefused, NotAuthorised
from lmp.planners.model.json_answer import MOST_TEXT
from lmp.planners.model.quiet_logs import keep_out_of_logs
from lmp.planners.model.reading import read_answer
from lmp.planners.model.request import Reply, Request
from lmp.planners.model.response_body import Read
from lmp.planners.model.sealed import MOST_BYTES, Sealed

logging.getLogger("instructor").addHandler(logging.NullHandler())  # what went wrong is raised as a fault, not printed


EMPTY_THOUGHT = 4000
"""How much is kept of what a model wrote elsewhere where its answer is empty: the end of it [characters]."""


class ProviderClient:
    """A model behind a provider's SDK and instructor. Subclasses say how to ask and how to read.

    Instructor makes one attempt and is given no `context`, since it would render every message as a template with it. Its own
    verdict on an answer does not count: the response is caught as it arrives, and judged by who asked.

    Args:
        name: As on the command line, such as ``openai:MODEL``.
        settings: How it is asked.
        server: Where.
        form: How the answer's schema is sent at first: tool, json_schema or text.

    Attributes:
        dialect: What the server takes, as far as it said.
        parameters: What goes with every request, for the record.
    """

    def __init__(self, name: str, settings: ModelSettings, server: Server, form: str):
        self.name, self.settings, self.server = name, settings, server
        self.model = name.partition(":")[2]
        self.dialect = Dialect.of_settings(form, settings.leave_out, settings.extra_body)
        sampling: dict[str, JsonValue] = {"temperature": settings.temperature, "seed": settings.seed}
        self._told: dict[str, JsonValue] = {"server": server.host, "server_from": server.address.source}
        self._told |= {"answer_tokens": settings.answer_tokens}
        self._told |= {name: value for name, value in sampling.items() if value is not None}
        self.parameters = self._parameters()
        keep_out_of_logs(server.key)

    @property
    def form(self) -> str:
        """The form in which the answer's schema is sent: tool, json_schema or text."""
        return self.dialect.form

    def _parameters(self) -> dict[str, JsonValue]:
        """Parameters of every request; what the server refused, and what is sent instead, with its words."""
        learned: list[JsonValue] = [*self.dialect.learned]
        return {**self._told, "form": self.form, **({"adapted": learned} if learned else {})}

    def reply(self, request: Request) -> Reply:
        """One answer; what breaks on the way is sent again by the SDK, what the server refuses in the dialect that it takes.

        Raises:
            ModelFault: No usable answer; see `lmp.planners.model.faults`.
            SetupFault: The server wants another key, or does not have the model.
        """
        if self.server.address.official and not self.server.key.known:
            variable = self.server.variable
            raise NotAuthorised(
                f"There is no key for {self.name}: set {variable} in the environment, or write {variable}=... into a file "
                ".env in the working directory."
            )
        deadline = time.monotonic() + request.seconds
        while True:
            http = self._http(deadline)
            caught: list[Any] = []
            try:
                self._ask(request, http, caught)
                fault = None
            except BaseException as error:
                fault = error
            # Looked at outside of the handler: what an SDK raises has requests and headers in it, and must not be anyone's
            # context.
            if isinstance(fault, Exception) and not caught and http.change is not None:
                self.dialect = http.change
                self.parameters = self._parameters()
                continue
            if fault is not None and (not caught or not isinstance(fault, Exception)):
                raise self._fault(fault, http, request.seconds)
            return self._reply(http.body, request)

    def _fault(self, error: BaseException, http: Sealed, seconds: float) -> BaseException:
        if not isinstance(error, Exception):
            error.__context__ = error.__cause__ = None
            return error.with_traceback(None)
        if http.too_long:
            return not_its_protocol(self.server, f"it sent more than {MOST_BYTES // 1_000_000} MB")
        while isinstance(error, InstructorRetryException) and error.__cause__ is not None:
            error = error.__cause__
        return error if isinstance(error, LmpError) else fault_of(error, http.error, self.server, seconds)

    def _reply(self, body: bytes, request: Request) -> Reply:
        try:
            read = self._read(json.loads(body))
        except (TypeError, ValueError, RecursionError):
            read = None
        if read is None:
            raise not_its_protocol(self.server, "there is no answer in what it sent")
        if read.stop == "done" or (read.stop == "refused" and read.text.strip()):
            for text in (read.text, *read.elsewhere):
                if text.strip() and read_answer(text[:MOST_TEXT], request.answer).valid is not None:
                    return Reply(text, read.usage)
        if read.stop == "refused":
            said = f": {' '.join(read.text.split())[:300]}" if read.text.strip() else ""
            raise ModelRefused(
                f"{self.name} declined to answer{said}. Put the instruction in other words, or ask another model.",
                text=read.text[:MOST_TEXT],
                usage=read.usage,
            )
        if read.stop == "full":
            raise ContextOverflow(
                f"The question and the answer are too long for {self.name}.", text=read.text, usage=read.usage
            )
        if read.stop == "cut":
            words = (
                f"The answer of {self.name} was cut at {self.settings.answer_tokens} tokens. "
                "Raise `answer_tokens` in the settings, or ask for less at once."
            )
            raise AnswerTruncated(words, text=read.text, usage=read.usage)
        if not read.text.strip() and not read.elsewhere:
            raise EmptyAnswer(f"{self.name} at {self.server.host} gave an empty answer. Try again.", usage=read.usage)
        return Reply(read.text if read.text.strip() else read.elsewhere[-1][-EMPTY_THOUGHT:], read.usage)

    def _http(self, deadline: float) -> Any:
        """The SDK's HTTP client, sealed."""
        raise NotImplementedError

    def _ask(self, request: Request, http: Any, caught: list[Any]) -> None:
        """One call through instructor; puts the provider's response into `caught`."""
        raise NotImplementedError

    def _read(self, body: Any) -> Read | None:
        """Read a response from its JSON; None where it has no answer in it."""
        raise NotImplementedError

"""Turn an SDK's exception into a fault of ours: who, where, what to do about it. The SDK's own exceptions hold requests."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lmp.errors import LmpError
from lmp.planners.model.addresses import PROVIDER, Address
from lmp.planners.model.faults import ContextOverflow, NotAuthorised, ServerFault, UnknownModel
from lmp.planners.model.keys import Key
from lmp.planners.model.server_error import NO_MODEL, ServerError

LONGEST = 300
"""How much of a server's words is told [characters]."""
_OVERFLOW = re.compile(
    r"context.?(length|window|size)|maximum context|too (long|large|many tokens)|exceeds? the (limit|maximum)", re.I
)
_HINTS = (
    (r"max_(completion_|output_)?tokens|too many output tokens", "`answer_tokens`, the largest length of an answer"),
    (r"temperature", "`temperature`"),
    (r"\bseed\b", "`seed`"),
    (
        r"\btools?\b|function.?call|response.?format|schema|grammar|structured|guided|json|output_config",
        "`form`, how the schema of the answer is sent: tool, json_schema or text",
    ),
    (r"image|vision|multi.?modal|picture|content.{0,40}(must be|string)", '`pictures`: "none" sends no pictures'),
    (r"\bresponses\b|chat.?completions|end.?point", "`api`, which protocol is spoken: chat or responses"),
)
"""Settings that change what a server complains of, by its words."""


@dataclass(frozen=True)
class Server:
    """The server that is asked, for messages.

    Attributes:
        name: The model, as on the command line.
        address: Where it is, and who said so.
        variable: The environment variable of its key.
        key: It is taken out of everything that is said.
    """

    name: str
    address: Address
    variable: str
    key: Key

    @property
    def host(self) -> str:
        """The server's name and port; never what else is in an address."""
        return self.address.host

    @property
    def own(self) -> bool:
        """True if a person named the address."""
        return self.address.source != PROVIDER


def fault_of(error: BaseException, told: ServerError | None, server: Server, seconds: float) -> LmpError:
    """The fault that an SDK's exception stands for.

    Args:
        error: What was raised.
        told: What the server said in its last answer, if that was an error.
        server: Who was asked.
        seconds: How long the answer might take [s].
    """
    if told is not None:
        return _of_status(told, server)
    said = _cut(server.key.hidden_in(str(error)))
    kind = type(error).__name__
    if "Timeout" in kind or "timed out" in said.lower():
        return ServerFault(
            f"{server.name} at {server.host} gave no answer within {seconds:.3g} s. "
            "Try again, or raise `seconds` in the settings."
        )
    if "Connection" in kind or isinstance(error, OSError):
        cause = error.__cause__
        why = f" ({_cut(server.key.hidden_in(str(cause)))})" if cause is not None else ""
        return ServerFault(
            f"{server.name} at {server.host} could not be reached, or the connection was cut{why}. "
            f"Check that the server runs, the network, and {_whence(server)}."
        )
    if isinstance(error, TypeError):
        return ServerFault(
            f"{server.name} could not be asked: the installed SDK does not take the request ({said}). "
            "Check the versions of openai, anthropic and instructor."
        )
    return not_its_protocol(server, f"{kind}: {said}")


def not_its_protocol(server: Server, why: str) -> ServerFault:
    """An answer that is none."""
    return ServerFault(
        f"{server.name} at {server.host} did not answer in its protocol ({_cut(server.key.hidden_in(why))}). "
        f"Check {_source(server)}: it is the address of the API itself, which often ends in /v1."
    )


def _source(server: Server) -> str:
    return server.address.source if server.own else "--base-url"


def _whence(server: Server) -> str:
    """Say what else to check where a server cannot be reached."""
    return f"the address, which is that of {server.address.source}" if server.own else "the proxy settings"


def _of_status(error: ServerError, server: Server) -> LmpError:
    status, who = error.status, f"{server.name} at {server.host}"
    said = _cut(server.key.hidden_in(error.said))
    told = replace(error, said=said).told
    code = error.code
    if status in (401, 403):
        what = "has a key that is not accepted" if server.key.known else "wants a key"
        return NotAuthorised(
            f"{who} {what} ({told}). Set {server.variable} in the environment or in .env to a key that may use this model."
        )
    if status == 404 or (400 <= status < 500 and (code == "model_not_found" or NO_MODEL.search(said))):
        ends = f", and that {_source(server)} ends where the API begins, often in /v1" if server.own else ""
        return UnknownModel(
            f"{who} does not have this model ({told}). Check the name after {server.name.partition(':')[0]}:{ends}."
        )
    if 400 <= status < 500 and (
        code == "context_length_exceeded" or status == 413 or (status != 429 and _OVERFLOW.search(said))
    ):
        return ContextOverflow(
            f"The question is too long for {who} ({told}). Send fewer or smaller pictures, or take a model that reads more."
        )
    if status == 429:
        return ServerFault(f"{who} is too busy, or its quota is used up ({told}). Wait, or ask less often.")
    if 300 <= status < 400:
        return ServerFault(f"{who} sends the request elsewhere ({told}), which is not followed. Give the final address.")
    if 400 <= status < 500:
        return ServerFault(f"{who} does not take the request ({told}).{_hint(said)}")
    hint = _hint(said) if any(re.search(pattern, said, re.I) for pattern, _ in _HINTS) else " Try later."
    return ServerFault(f"{who} broke ({told}), whenever it was asked.{hint}")


def _hint(said: str) -> str:
    """The settings that change what a server complains of."""
    found = [setting for pattern, setting in _HINTS if re.search(pattern, said, re.I)]
    first = f" In the settings of the model: {'; '.join(found)}." if found else ""
    return f"{first} Any field of the request can be left out with `leave_out`, or set with `extra_body`, there."


def _cut(text: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * LONGEST])
    return " ".join(line.split())[:LONGEST] or "no words"

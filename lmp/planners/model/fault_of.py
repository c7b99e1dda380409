"""What an SDK raised, as a fault of ours: who, where, what to do about it. The SDK's own exceptions hold requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lmp.errors import LmpError
from lmp.planners.model.faults import ContextOverflow, NotAuthorised, ServerFault, UnknownModel
from lmp.planners.model.keys import Key

LONGEST = 300
"""How much of a server's words is told [characters]."""
_OVERFLOW = re.compile(
    r"context.?(length|window|size)|maximum context|too (long|large|many tokens)|exceeds? the (limit|maximum)", re.I
)
_NO_MODEL = re.compile(
    r"model\b.{0,120}\b(not found|does ?n[o']t exist|not exist|unknown|not available)|no such model", re.I | re.S
)


@dataclass(frozen=True)
class Server:
    """Who is asked, for messages.

    Attributes:
        name: The model, as on the command line.
        base_url: Where the server listens.
        variable: The environment variable of its key.
        key: It is taken out of everything that is said.
        own: Whether the address came from the settings.
    """

    name: str
    base_url: str
    variable: str
    key: Key
    own: bool

    @property
    def host(self) -> str:
        """The server's name and port; never what else is in an address."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2] or "the server"


def fault_of(error: BaseException, server: Server, seconds: float) -> LmpError:
    """The fault that an SDK's exception stands for.

    Args:
        error: What was raised.
        server: Who was asked.
        seconds: How long the answer might take [s].
    """
    status = getattr(error, "status_code", None)
    said = _words(error, server.key)
    if isinstance(status, int) and status != 200:
        return _of_status(status, said, error, server)
    kind = type(error).__name__
    if "Timeout" in kind or "timed out" in said.lower():
        return ServerFault(
            f"{server.name} at {server.host} gave no answer within {seconds:.3g} s. "
            "Try again, or raise `seconds` in the settings."
        )
    if "Connection" in kind or isinstance(error, OSError):
        cause = error.__cause__
        why = f" ({_words(cause, server.key)})" if cause is not None else ""
        return ServerFault(
            f"{server.name} at {server.host} could not be reached, or the connection was cut{why}. "
            f"Check that the server runs, the network, and {'--base-url' if server.own else 'the proxy settings'}."
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
        "Check --base-url: it is the address of the API itself, which often ends in /v1."
    )


def _of_status(status: int, said: str, error: BaseException, server: Server) -> LmpError:
    who = f"{server.name} at {server.host}"
    told = f"HTTP {status}: {said.rstrip('.')}"
    code = getattr(error, "code", None)
    if status in (401, 403):
        what = "has a key that is not accepted" if server.key.known else "wants a key"
        return NotAuthorised(
            f"{who} {what} ({told}). Set {server.variable} in the environment or in .env to a key that may use this model."
        )
    if status == 404 or (400 <= status < 500 and (code == "model_not_found" or _NO_MODEL.search(said))):
        return UnknownModel(
            f"{who} does not have this model ({told}). Check the name after {server.name.partition(':')[0]}:"
            f"{', and that --base-url ends where the API begins, often in /v1' if server.own else ''}."
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
        hint = " If it knows no tools or schemas, set `form` to text." if status in (400, 422) else ""
        return ServerFault(f"{who} does not take the request ({told}).{hint}")
    return ServerFault(f"{who} broke ({told}), whenever it was asked. Try later.")


def _words(error: BaseException, key: Key) -> str:
    """What an exception says, as one short printable line; of an HTTP error, what the server said."""
    body: Any = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return _cut(key.hidden_in(message if isinstance(message, str) else str(error)))


def _cut(text: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * LONGEST])
    return " ".join(line.split())[:LONGEST] or "no words"

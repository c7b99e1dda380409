"""The model servers that answer: the providers' own, the one that was named, and those that people run on their machine."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from lmp.diagnosis.finding import Finding
from lmp.diagnosis.http_answer import HttpAnswer, get
from lmp.diagnosis.keys import Keys
from lmp.diagnosis.secrecy import Secrets, safe_url, secrets_in
from lmp.errors import SetupFault
from lmp.planners.model.addresses import ANTHROPIC, OPENAI, PROVIDER, Provider, address_of

LOCAL = {
    "vLLM": "http://127.0.0.1:8000/v1",
    "Ollama": "http://127.0.0.1:11434/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
}
"""Servers that people run on their own machine, at the ports that they take by themselves."""
MOST_MODELS, LONGEST_MODEL = 50, 120
"""How many models are listed [count], and how much of a name [characters]."""


@dataclass(frozen=True)
class Server:
    """A server to ask for its models.

    Attributes:
        name: For a person.
        url: Up to and with the version, such as ``http://127.0.0.1:8000/v1``.
        headers: What signs the request.
        signed: Whether there is a key for it.
        guessed: Whether nobody named it.
        whence: Who said that this is the address of the provider, where that is not the provider.
        unused: Why no run asks it, empty where runs do.
    """

    name: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    signed: bool = False
    guessed: bool = False
    whence: str = ""
    unused: str = ""


def servers_to_ask(keys: Keys, base_url: str | None, local: dict[str, str] | None = None) -> list[Server]:
    """All servers that are worth a look. Keys go to the provider, or to the server that the person named; never to a guess."""
    openai, anthropic = keys.keys["OpenAI"], keys.keys["Anthropic"]
    bearer = {"Authorization": openai.signature("Bearer ")} if openai.known else {}
    token = keys.variables.get("Anthropic") == ANTHROPIC.key_variables[1]
    signature = {"Authorization": anthropic.signature("Bearer ")} if token else {"x-api-key": anthropic.signature()}
    signed = signature if anthropic.known else {}
    found = [
        *_of_provider(OPENAI, "", bearer, openai.known, base_url),
        *_of_provider(ANTHROPIC, "/v1", {**signed, "anthropic-version": "2023-06-01"}, anthropic.known, None),
    ]
    if base_url is not None:
        found.append(Server("--base-url", base_url.strip().rstrip("/"), bearer, openai.known))
    named = {server.url.replace("localhost", "127.0.0.1") for server in found}
    guesses = LOCAL if local is None else local
    return found + [Server(name, url, guessed=True) for name, url in guesses.items() if url not in named]


def _of_provider(provider: Provider, path: str, headers: dict[str, str], signed: bool, base_url: str | None) -> list[Server]:
    """The address that holds for a provider, by its variable or its own; and the one that does not hold, if there is one."""
    try:
        address = address_of(provider, None)
    except SetupFault as fault:
        return [Server(provider.url_variable, "", unused=str(fault))]
    url = address.url.removesuffix(path) + path
    if address.source == PROVIDER:
        return [Server(provider.name, url, headers, signed)]
    if base_url is not None:
        return [Server(provider.url_variable, url, unused="--base-url counts more.")]
    return [Server(provider.name, url, headers, signed, whence=address.source)]


def server_findings(servers: list[Server], keys: Keys, seconds: float) -> Iterator[Finding]:
    """Asks all of them at once.

    Args:
        servers: Whom to ask.
        keys: What must not be shown.
        seconds: How long each may take [s].
    """
    secrets = Secrets([*keys.secrets(), *(part for server in servers for part in secrets_in(server.url))])
    with ThreadPoolExecutor(len(servers) or 1) as pool:
        answers = list(pool.map(lambda server: get(f"{server.url}/models", server.headers, seconds), servers))
    for server, answer in zip(servers, answers, strict=True):
        yield _finding(server, answer, secrets)


def _finding(server: Server, answer: HttpAnswer, secrets: Secrets) -> Finding:
    url, models = secrets.safe(safe_url(server.url)), _models(answer.body, secrets)
    state, found, means, todo = "ok", f"{url} answers", "", ""
    if answer.failure:
        state, found, means, todo = _silent(server, url, answer.failure)
    elif answer.status in (401, 403) and server.signed:
        state, found = "problem", f"{url} answers and refuses the key (status {answer.status})"
        means, todo = "Its models cannot be asked.", "Check the key, its project and its rights with the provider."
    elif answer.status in (401, 403):
        found = f"{url} answers; it wants a key"
    elif not 200 <= answer.status < 300 or (models is None and not server.guessed):
        state, found = "problem", f"{url} answers with status {answer.status}, without a list of models"
        means, todo = "It may be another kind of server, or its address lacks /v1.", "Check the address."
    elif models is None:
        state, found = "missing", f"{url} answers, and is no model server"
        means, todo = f"Something else is where {server.name} would be.", ""
    if state == "ok" and models is not None:
        found = f"{url} answers{' and takes the key' if server.signed else ''}; {_counted(len(answer.body['data']))}"
    if server.whence:
        found = f"{found} (the address is that of {server.whence})"
    if server.unused:
        means = f"No run asks it: {server.unused} {means}".strip()
    return Finding.model_validate(
        {
            "topic": "servers",
            "name": server.name,
            "state": state,
            "found": found,
            "means": means,
            "todo": todo,
            "items": models or (),
        }
    )


def _silent(server: Server, url: str, failure: str) -> tuple[str, str, str, str]:
    """The finding on a server that does not answer."""
    if server.guessed:
        return "missing", f"{url}: {failure}", f"No {server.name} runs here, which is fine unless you want one.", ""
    means, todo = (
        "Its models cannot be asked.",
        "Check the address, the network and the proxy (HTTPS_PROXY, NO_PROXY).",
    )
    if server.name in ("OpenAI", "Anthropic") and not server.signed:
        return "missing", f"{url}: {failure}", means, "Nothing, unless you want its models. " + todo
    return "problem", f"{url}: {failure}", means, todo


def _models(body: Any, secrets: Secrets) -> tuple[str, ...] | None:
    """The names in a list of models; None if it is none."""
    listed = body.get("data") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        return None
    names = [entry["id"] for entry in listed[:MOST_MODELS] if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return tuple(_shown(name, secrets) for name in names)


def _shown(name: str, secrets: Secrets) -> str:
    """A name that a server sent: whatever it is, it is only text, and no key."""
    safe = secrets.safe(name[: 10 * LONGEST_MODEL])
    return safe[:LONGEST_MODEL].encode("utf-8", "replace").decode()


def _counted(number: int) -> str:
    return f"{number} model{'' if number == 1 else 's'}"

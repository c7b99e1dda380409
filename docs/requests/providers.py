"""What leaves for a provider: its SDK makes the request, and it is caught where it would go to the network."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from lmp.model_settings import ModelSettings
from lmp.planners.model.anthropic_client import AnthropicClient
from lmp.planners.model.faults import ModelFault
from lmp.planners.model.openai_client import OpenAIClient
from lmp.planners.model.provider_client import ProviderClient
from lmp.planners.model.request import Request

NO_KEY = "not-a-key-but-its-place"
TOLD = ("content-type", "anthropic-version")
"""Headers that are shown beside the one with the key; the others say which SDK and machine it is."""


@dataclass(frozen=True)
class Sent:
    """What would go over the wire.

    Attributes:
        line: Method and URL.
        headers: Those that matter; the key is named by its variable.
        body: The JSON.
    """

    line: str
    headers: tuple[str, ...]
    body: dict[str, Any]


@dataclass(frozen=True)
class Provider:
    """A way to send.

    Attributes:
        title: What it is.
        note: When it is used.
        client: Its client.
        settings: With these.
    """

    title: str
    note: str
    client: type[ProviderClient]
    settings: ModelSettings


PROVIDERS = (
    Provider("OpenAI, chat completions, tool", "`--planner openai:MODEL`", OpenAIClient, ModelSettings()),
    Provider(
        "A server that speaks OpenAI's protocol, JSON Schema",
        '`--planner openai:MODEL --base-url http://127.0.0.1:8000/v1`; to OpenAI itself with `form = "json_schema"`, where '
        "`max_tokens` is `max_completion_tokens`",
        OpenAIClient,
        ModelSettings(base_url="http://127.0.0.1:8000/v1"),
    ),
    Provider(
        "OpenAI, responses", '`--planner openai:MODEL` with `api = "responses"`', OpenAIClient, ModelSettings(api="responses")
    ),
    Provider("Anthropic, messages", "`--planner anthropic:MODEL`", AnthropicClient, ModelSettings()),
)


def sent(provider: Provider, request: Request) -> Sent:
    """The request that a provider's SDK makes; nothing goes out."""
    caught: list[Sent] = []

    class Catching(provider.client):  # type: ignore[name-defined,misc]
        def _http(self, seconds: float) -> Any:
            http = super()._http(seconds)

            def catch(asked: Any, **_: Any) -> None:
                key = f"{http.header}: {http.before}${self.server.variable}"
                told = [f"{name}: {asked.headers[name]}" for name in TOLD if name in asked.headers]
                caught.append(Sent(f"{asked.method} {asked.url}", (*told, key), json.loads(asked.content)))
                raise http.late("It is not sent.")

            http.send = catch
            return http

    with patch.dict(os.environ, {"OPENAI_API_KEY": NO_KEY, "ANTHROPIC_API_KEY": NO_KEY}):
        client = Catching("MODEL", provider.settings.model_copy(update={"retries": 0}))
        try:
            client.reply(replace(request, seconds=600.0))
        except ModelFault:
            [found] = caught
            return found
    raise AssertionError("nothing answers here")

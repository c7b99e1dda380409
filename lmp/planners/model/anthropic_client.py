"""The client of Anthropic's models."""

from __future__ import annotations

import base64
import json
from typing import Any

import anthropic
from instructor import Mode, from_anthropic

from lmp.model_settings import ModelSettings
from lmp.planners.model.carrier import carrier_of
from lmp.planners.model.fault_of import Server
from lmp.planners.model.keys import DUMMY, key_of
from lmp.planners.model.prices import usage
from lmp.planners.model.provider_client import ProviderClient, Read
from lmp.planners.model.reasking import earlier, label_line, system_with_schema
from lmp.planners.model.request import Request
from lmp.planners.model.sealed import Sealed

ADDRESS = "https://api.anthropic.com"
VARIABLE = "ANTHROPIC_API_KEY"
_STOPS = {"refusal": "refused", "max_tokens": "cut", "model_context_window_exceeded": "full"}


class _HttpClient(Sealed, anthropic.DefaultHttpxClient):
    """Anthropic's HTTP client, sealed."""


class AnthropicClient(ProviderClient):
    """A model of Anthropic. Form `auto` sends the schema as a tool. Anthropic knows no seed, so none is sent.

    The system prompt is marked for the provider's cache; tools stand before it there, so they are cached with it.

    Args:
        model: The model's name.
        settings: How it is asked.

    Raises:
        SetupFault: What stands where the key should be is none.
    """

    def __init__(self, model: str, settings: ModelSettings):
        self.address = (settings.base_url or ADDRESS).rstrip("/").removesuffix("/v1")
        server = Server(f"anthropic:{model}", self.address, VARIABLE, key_of(VARIABLE), settings.base_url is not None)
        super().__init__(f"anthropic:{model}", settings, server, "tool" if settings.form == "auto" else settings.form)

    def sent(self, request: Request) -> dict[str, Any]:
        """What is sent for a request, without the schema where instructor adds it."""
        system = system_with_schema(request) if self.form == "text" else request.system
        told: dict[str, Any] = {
            "model": self.model,
            "max_tokens": self.settings.answer_tokens,
            "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
            "messages": _messages(request),
        }
        if self.settings.temperature is not None:
            told["extra_body"] = {"temperature": self.settings.temperature}  # no parameter of the newer SDKs any more
        if self.form == "json_schema":
            schema = anthropic.transform_schema(request.answer)
            told["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
        return told

    def _http(self, seconds: float) -> _HttpClient:
        http = _HttpClient()
        http.seal(self.server.key, "X-Api-Key", "", seconds, anthropic.AnthropicError)
        return http

    def _ask(self, request: Request, http: Any, caught: list[Any]) -> None:
        with anthropic.Anthropic(
            api_key=DUMMY, base_url=self.address, max_retries=self.settings.retries, timeout=request.seconds, http_client=http
        ) as sdk:
            client = from_anthropic(sdk, mode=Mode.TOOLS)
            if self.form == "tool":
                client.on("completion:response", caught.append)
                client.create(response_model=carrier_of(request.answer), max_retries=0, **self.sent(request))
            else:
                # Instructor's JSON Schema mode wants a parameter that the SDK no longer has, and its text mode has words of
                # its own about the schema: it only passes on.
                caught.append(client.create(response_model=None, **self.sent(request)))

    def _read(self, response: Any) -> Read | None:
        calls, texts = [], []
        for block in response.content:
            if block.type == "tool_use":
                calls.append(block.input if isinstance(block.input, str) else json.dumps(block.input, ensure_ascii=False))
            elif block.type == "text":
                texts.append(block.text)
        told = getattr(response, "usage", None)
        cached, written = (getattr(told, f"cache_{kind}_input_tokens", None) or 0 for kind in ("read", "creation"))
        fresh = getattr(told, "input_tokens", None)
        # Anthropic counts cached tokens apart; `Usage` has them among those that were sent.
        sent = fresh + cached + written if isinstance(fresh, int) else None
        used = usage(sent, getattr(told, "output_tokens", None), None if told is None else cached, self.settings.prices)
        return Read("\n".join(calls) or "".join(texts), _STOPS.get(response.stop_reason, "done"), used)


def _messages(request: Request) -> list[dict[str, Any]]:
    """Pictures with their labels, user text, earlier answers with what was wrong with them."""
    content: list[dict[str, Any]] = []
    for picture in request.pictures:
        data = base64.b64encode(picture.png).decode()
        source = {"type": "base64", "media_type": "image/png", "data": data}
        content += [{"type": "text", "text": label_line(picture)}, {"type": "image", "source": source}]
    content.append({"type": "text", "text": request.user})
    return [
        {"role": "user", "content": content},
        *({"role": role, "content": text} for role, text in earlier(request)),
    ]

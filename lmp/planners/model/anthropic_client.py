"""The client of Anthropic's models."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import anthropic
from instructor import Mode, from_anthropic

from lmp.model_settings import ModelSettings
from lmp.planners.model.addresses import ANTHROPIC, address_of
from lmp.planners.model.carrier import carrier_of
from lmp.planners.model.fault_of import Server
from lmp.planners.model.keys import DUMMY, first_key
from lmp.planners.model.provider_client import ProviderClient
from lmp.planners.model.reasking import earlier, label_line, system_with_schema
from lmp.planners.model.request import Request
from lmp.planners.model.response_body import Read, read_messages
from lmp.planners.model.sealed import http_client


class AnthropicClient(ProviderClient):
    """A model of Anthropic. Form `auto` sends the schema as a tool. Anthropic knows no seed, so none is sent.

    The address is that of the settings, else that of ANTHROPIC_BASE_URL, else Anthropic's own; one on this machine is asked
    past proxies. The key is that of ANTHROPIC_API_KEY, else the token of ANTHROPIC_AUTH_TOKEN. The system prompt is marked for
    the provider's cache; tools stand before it there, so they are cached with it.

    Args:
        model: The model's name.
        settings: How it is asked.

    Raises:
        SetupFault: What stands where the key should be is none.
    """

    def __init__(self, model: str, settings: ModelSettings):
        address = address_of(ANTHROPIC, settings.base_url)
        address = replace(address, url=address.url.removesuffix("/v1"))
        variable, key = first_key(ANTHROPIC.key_variables)
        server = Server(f"anthropic:{model}", address, variable, key)
        super().__init__(f"anthropic:{model}", settings, server, "tool" if settings.form == "auto" else settings.form)

    def sent(self, request: Request) -> dict[str, Any]:
        """The keyword arguments of a request, without the schema where instructor adds it."""
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

    def _http(self, deadline: float) -> Any:
        http = http_client(anthropic.DefaultHttpxClient, self.server.address.url)
        token = self.server.variable == ANTHROPIC.key_variables[1]
        header, before = ("Authorization", "Bearer ") if token else ("X-Api-Key", "")
        http.seal(self.server.key, header, before, deadline, anthropic.AnthropicError, self.dialect)
        return http

    def _ask(self, request: Request, http: Any, caught: list[Any]) -> None:
        url, retries = self.server.address.url, self.settings.retries
        with anthropic.Anthropic(
            api_key=DUMMY, base_url=url, max_retries=retries, timeout=request.seconds, http_client=http
        ) as sdk:
            client = from_anthropic(sdk, mode=Mode.TOOLS)
            if self.form == "tool":
                client.on("completion:response", caught.append)
                client.create(response_model=carrier_of(request.answer), max_retries=0, **self.sent(request))
            else:
                # Instructor's JSON Schema mode wants a parameter that the SDK no longer has, and its text mode has words of
                # its own about the schema: it only passes on.
                caught.append(client.create(response_model=None, **self.sent(request)))

    def _read(self, body: Any) -> Read | None:
        return read_messages(body, self.settings.prices)


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

"""The client of OpenAI, and of every server that speaks its protocol: vLLM, Ollama, LM Studio, OpenRouter, gateways."""

from __future__ import annotations

import base64
from typing import Any

import openai
from instructor import Mode, from_openai

from lmp.model_settings import ModelSettings
from lmp.planners.model.addresses import OPENAI, address_of
from lmp.planners.model.carrier import carrier_of, tool_name
from lmp.planners.model.fault_of import Server
from lmp.planners.model.keys import DUMMY, first_key
from lmp.planners.model.provider_client import ProviderClient
from lmp.planners.model.reasking import earlier, label_line, system_with_schema
from lmp.planners.model.request import Picture, Request
from lmp.planners.model.response_body import Read, read_chat, read_responses
from lmp.planners.model.sealed import http_client


class OpenAIClient(ProviderClient):
    """A model of OpenAI, or of a server that speaks its chat completions or responses.

    The address is that of the settings, else that of OPENAI_BASE_URL, else OpenAI's own; one on this machine is asked past
    proxies. Form `auto` sends the schema as a tool to OpenAI itself, and as a response format to other servers: most of those
    hold their models to it, and fewer do so for tools. OpenAI's strict mode is not used: it wants every field required and
    knows neither tagged unions nor tuples, which the answers have; checks and re-asks hold the answer to its schema instead.

    Args:
        model: The model's name at the server.
        settings: How it is asked.

    Raises:
        SetupFault: What stands where the key should be is none.
    """

    def __init__(self, model: str, settings: ModelSettings):
        address = address_of(OPENAI, settings.base_url)
        variable, key = first_key(OPENAI.key_variables)
        server = Server(f"openai:{model}", address, variable, key)
        best = "tool" if address.official else "json_schema"
        super().__init__(f"openai:{model}", settings, server, best if settings.form == "auto" else settings.form)
        self._told["api"] = settings.api
        self.parameters = self._parameters()

    def sent(self, request: Request) -> dict[str, Any]:
        """The keyword arguments of a request, without the schema where instructor adds it."""
        settings = self.settings
        told: dict[str, Any] = {"model": self.model, "messages": _messages(request, self.form, settings.api)}
        if settings.temperature is not None:
            told["temperature"] = settings.temperature
        if settings.api == "responses":
            return {**told, "max_output_tokens": settings.answer_tokens, "store": False, **_responses_form(request, self.form)}
        if settings.seed is not None:
            told["seed"] = settings.seed
        # OpenAI's newer models refuse `max_tokens`; other servers often know nothing else.
        limit = "max_completion_tokens" if self.server.address.official else "max_tokens"
        return {**told, limit: settings.answer_tokens}

    def _http(self, deadline: float) -> Any:
        http = http_client(openai.DefaultHttpxClient, self.server.address.url)
        http.seal(self.server.key, "Authorization", "Bearer ", deadline, openai.OpenAIError, self.dialect)
        return http

    def _ask(self, request: Request, http: Any, caught: list[Any]) -> None:
        url, retries = self.server.address.url, self.settings.retries
        with openai.OpenAI(api_key=DUMMY, base_url=url, max_retries=retries, timeout=request.seconds, http_client=http) as sdk:
            if self.settings.api == "responses":
                # Instructor would send strict tools and a strict text format, which refuse these schemas: it only passes on.
                client = from_openai(sdk, mode=Mode.RESPONSES_TOOLS)
                caught.append(client.create(response_model=None, **self.sent(request)))
            elif self.form == "text":
                # Instructor's text mode has words of its own about the schema; ours stand in the prompt.
                caught.append(from_openai(sdk).create(response_model=None, **self.sent(request)))
            else:
                client = from_openai(sdk, mode=Mode.TOOLS if self.form == "tool" else Mode.JSON_SCHEMA)
                client.on("completion:response", caught.append)
                client.create(response_model=carrier_of(request.answer), max_retries=0, **self.sent(request))

    def _read(self, body: Any) -> Read | None:
        read = read_responses if self.settings.api == "responses" else read_chat
        return read(body, self.settings.prices)


def _messages(request: Request, form: str, api: str) -> list[dict[str, Any]]:
    """System prompt, pictures with their labels, user text, earlier answers with what was wrong with them."""
    text_kind = "input_text" if api == "responses" else "text"
    content: Any = request.user
    if request.pictures:
        content = []
        for picture in request.pictures:
            content += [{"type": text_kind, "text": label_line(picture)}, _picture(picture, api)]
        content.append({"type": text_kind, "text": request.user})
    system = system_with_schema(request) if form == "text" else request.system
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": content},
        *({"role": role, "content": text} for role, text in earlier(request)),
    ]


def _picture(picture: Picture, api: str) -> dict[str, Any]:
    url = f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"
    if api == "responses":
        return {"type": "input_image", "image_url": url, "detail": "auto"}
    return {"type": "image_url", "image_url": {"url": url}}


def _responses_form(request: Request, form: str) -> dict[str, Any]:
    """The schema, in the words of the responses protocol."""
    name, schema = tool_name(request.answer), request.answer.model_json_schema()
    if form == "tool":
        tool = {"type": "function", "name": name, "description": request.answer.__doc__ or name, "parameters": schema}
        return {"tools": [{**tool, "strict": False}], "tool_choice": {"type": "function", "name": name}}
    if form == "json_schema":
        return {"text": {"format": {"type": "json_schema", "name": name, "schema": schema, "strict": False}}}
    return {}

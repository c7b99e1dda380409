"""Requests to a model and its replies, whoever the model is: the contract of every provider."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from pydantic import BaseModel, JsonValue

from lmp.schema.exchange import Turn, Usage


@dataclass(frozen=True)
class Picture:
    """A picture, encoded once.

    Attributes:
        label: What the prompt calls it, such as "camera front".
        png: The PNG file.
        width, height: Its size [px].
    """

    label: str
    png: bytes = field(repr=False)
    width: int
    height: int

    @cached_property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.png).hexdigest()


@dataclass(frozen=True)
class PromptText:
    """A prompt, rendered.

    Attributes:
        name, version: Of the prompt file.
        sha256: Of the prompt file's text.
        system, user: What is sent.
    """

    name: str
    version: str
    sha256: str
    system: str
    user: str


@dataclass(frozen=True)
class Request:
    """One question to a model.

    Attributes:
        question: decompose, ground, correct, verify, ...
        system, user: The text. The pictures come between the label lines in the order of `pictures`, before the user text.
        pictures: What is seen.
        answer: What the answer has to fit; its JSON Schema goes with the request.
        turns: Earlier answers to this question, each with all that was wrong with it.
        seconds: How long the answer may take [s].
    """

    question: str
    system: str
    user: str
    pictures: tuple[Picture, ...]
    answer: type[BaseModel]
    turns: tuple[Turn, ...] = ()
    seconds: float = 120.0


@dataclass(frozen=True)
class Reply:
    """The answer as text; it should be one JSON object, and is checked by who asked."""

    text: str
    usage: Usage = field(default_factory=Usage)


class ModelClient(Protocol):
    """Something that answers requests.

    Attributes:
        name: As on the command line, such as ``openai:MODEL``.
        parameters: What goes with every request, for the record.
    """

    name: str
    parameters: dict[str, JsonValue]

    def reply(self, request: Request) -> Reply:
        """One answer; no re-asks.

        Raises:
            ModelFault: Typed, see `lmp.planners.model.faults`.
        """

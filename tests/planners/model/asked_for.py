"""What the tests of the clients ask for."""

from __future__ import annotations

import struct
import zlib
from typing import Annotated, Literal

from pydantic import Field

from lmp.planners.model.request import Picture, PromptText, Request
from lmp.schema.base import Model
from lmp.schema.budget import Budget
from lmp.schema.exchange import Exchange, ModelUse
from lmp.stages import Backing


class Part(Model):
    """A part of a pick."""

    kind: Literal["part"] = "part"
    weight: Annotated[float, Field(ge=0.0, le=2.0, description="how heavy [kg]")]


class Pick(Model):
    """What to pick up."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    height: Annotated[float, Field(ge=0.0, le=0.5, description="how high to lift [m]")]
    parts: tuple[Part, ...] = Field(default=(), max_length=4)


CUP = {"name": "cup", "height": 0.1, "parts": []}
SYSTEM, USER = "You plan for a robot.", "The table has a {{7*7}} and a ${HOME}. What first?"
PROMPT = PromptText("ground", "1", "0" * 64, SYSTEM, USER)


def _png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b"")


FRONT = Picture("camera front", _png(), 1, 1)


def request(**changes: object) -> Request:
    """A question about one picture."""
    return Request(**{**vars(Request("ground", SYSTEM, USER, (FRONT,), Pick, seconds=30.0)), **changes})  # type: ignore[arg-type]


class Kept:
    """A run's means: keeps the exchanges; its budget and clock can be set."""

    def __init__(self, budget: Budget | None = None, used: ModelUse | None = None, seconds_left: float = 100.0):
        self.exchanges: list[Exchange] = []
        self.files: dict[str, bytes] = {}
        self.seconds_left = seconds_left
        self.backing = Backing(
            compile=lambda primitive, scene: (_ for _ in ()).throw(AssertionError("nothing is compiled here")),
            keep=self._keep,
            budget=budget or Budget(),
            used=used or ModelUse(),
            seconds_left=lambda: self.seconds_left,
        )

    def _keep(self, exchange: Exchange, pictures: object) -> None:
        self.exchanges.append(Exchange.model_validate_json(exchange.model_dump_json()))
        self.files.update(pictures)  # type: ignore[call-overload]

"""Whatever an event carries, as plain JSON values."""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from collections.abc import Mapping, Set
from typing import Any

import numpy as np
from pydantic import BaseModel

from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory

ARRAYS = {"times", "positions", "velocities", "accelerations", "tool_path"}


def plain(value: object) -> Any:
    """The value in dicts, lists, strings, numbers, booleans and None.

    Samples of a trajectory and the objects of a scene are left out, since they have files of their own; a number that is
    not finite becomes None, since JSON has no word for it.
    """
    match value:
        case JointTrajectory():
            return {**value.model_dump(mode="json", exclude=ARRAYS), "duration": value.duration}
        case Scene():
            return {"objects": list(value.names), "time": value.time, "predicted": value.predicted}
        case BaseModel():
            return value.model_dump(mode="json")
        case enum.Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            return float(value) if math.isfinite(value) else None
        case np.generic() | np.ndarray():
            return plain(value.tolist())
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | Set():
            return [plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            return str(value)


def json_text(value: object, indent: int | None = None) -> str:
    """The value as JSON in ASCII, so that any text, even one that is not Unicode, can be written and read again."""
    return json.dumps(plain(value), indent=indent, allow_nan=False)

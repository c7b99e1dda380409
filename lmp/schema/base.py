"""The base class of everything that flows, and the field types that it is built from."""

from __future__ import annotations

import base64
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)


class Model(BaseModel):
    """Frozen, closed (unknown fields are refused) and finite (NaN and infinity are refused)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    def model_dump(self, **options: Any) -> dict[str, Any]:
        """Pydantic's method, out of which Ctrl-C comes as what it is."""
        try:
            return super().model_dump(**options)
        except ValueError as error:
            _raise_interruption(error)
            raise

    def model_dump_json(self, **options: Any) -> str:
        """Pydantic's method, out of which Ctrl-C comes as what it is."""
        try:
            return super().model_dump_json(**options)
        except ValueError as error:
            _raise_interruption(error)
            raise

    def __eq__(self, other: object) -> bool:
        """Equal if of one type and equal in JSON; arrays are compared by value."""
        return type(self) is type(other) and self._as_json() == other._as_json()

    def __hash__(self) -> int:
        return hash(self._as_json())

    def _as_json(self) -> bytes:
        """The bytes of `model_dump_json` without options, for comparisons, of which caches make hundreds a motion."""
        try:
            return self.__pydantic_serializer__.to_json(self)
        except ValueError as error:
            _raise_interruption(error)
            raise


def _raise_interruption(error: ValueError) -> None:
    """Raises the Ctrl-C that met a serializer; pydantic makes a ValueError with its name of it, and drops the exception."""
    if "KeyboardInterrupt: " in str(error):
        raise KeyboardInterrupt from error


def _showable(name: str) -> str:
    """Refuses what could not be shown, or would be shown as something else than it is."""
    if not name.isprintable():
        index, sign = next((index, sign) for index, sign in enumerate(name) if not sign.isprintable())
        raise ValueError(
            f"a name has printable characters only, no control, direction, invisible or line-end characters; "
            f"character {index} is U+{ord(sign):04X}"
        )
    if name != name.strip():
        raise ValueError("a name neither begins nor ends with a blank")
    return name


Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(_showable)]
"""1 to 64 printable characters of any script. It is only ever data: never markup, a template, a path or a command."""
LONGEST_TEXT = 2000
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]

Metres = Annotated[float, Field(ge=-10.0, le=10.0)]
Vector3 = tuple[Metres, Metres, Metres]
Vector2 = tuple[Metres, Metres]


def cut(text: str) -> str:
    """As much of a text as a `Text` holds; dots say where something is left out."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."


def _read_only(value: Any) -> NDArray[np.float64]:
    array = np.array(value, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("every number has to be finite")
    array.setflags(write=False)
    return array


FloatArray = Annotated[
    NDArray[np.float64],
    BeforeValidator(_read_only),
    PlainSerializer(lambda array: array.tolist(), when_used="json"),
    WithJsonSchema({"type": "array", "items": {}}),
]
"""A read-only float array; nested lists in JSON."""


def _image(value: Any) -> NDArray[Any]:
    if isinstance(value, dict):
        raw = base64.b64decode(value["data"], validate=True)
        array = np.frombuffer(raw, dtype=np.dtype(value["dtype"])).reshape(value["shape"])
    else:
        array = np.array(value)
    if array.dtype.kind not in "uif":
        raise ValueError(f"an image holds numbers, not {array.dtype}")
    array.setflags(write=False)
    return array


def _image_to_json(array: NDArray[Any]) -> dict[str, Any]:
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}


ImageArray = Annotated[
    NDArray[Any],
    BeforeValidator(_image),
    PlainSerializer(_image_to_json, when_used="json"),
    WithJsonSchema({"type": "object", "description": "dtype, shape and base64 data of an image"}),
]
"""A read-only image; base64 in JSON."""

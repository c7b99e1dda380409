"""Places given by coordinates: "(0.5, -0.1)", "x = 50 cm, y = 10 cm", in the world frame."""

from __future__ import annotations

import re

from lmp.planners.scripted.refused import Refused

_METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "mm": 0.001}
_NUMBER = r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)"
_LENGTH = rf"{_NUMBER}\s*(?:mm|cm|m)?"
_NAMED = r"(?:\b(?:the\s+)?(?:point|position|location|coordinates?)\s*:?\s*)?"
POINT = (
    rf"{_NAMED}\(\s*{_LENGTH}\s*(?:[,;]\s*{_LENGTH}\s*){{1,5}}\)(?:\s*(?:mm|cm|m)\b)?"
    rf"|{_NAMED}\bx\s*[=:]?\s*{_LENGTH}\s*(?:,|and|\s)\s*y\s*[=:]?\s*{_LENGTH}(?:\s*(?:,|and|\s)\s*z\s*[=:]?\s*{_LENGTH})?\b"
)
"""What a place looks like in an instruction; a regular expression over lower case."""


def read_point(text: str) -> tuple[float, float]:
    """The place that text of the form `POINT` means [m].

    A number without a unit has that of the last one, or is in metres.

    Raises:
        Refused: It has more than two coordinates.
    """
    found = re.findall(rf"({_NUMBER})\s*(mm|cm|m)?\b", text)
    last = re.search(r"(mm|cm|m)\s*$", text)
    usual = last.group(1) if last else found[-1][1]
    numbers = [float(number) * _METRES[unit or usual] for number, unit in found]
    if len(numbers) != 2:
        raise Refused(
            "not_understood",
            f"{text!r} has {len(numbers)} coordinates; I put things down on what is there.",
            "Say x and y only, such as '(0.5, 0.1)'.",
        )
    return numbers[0], numbers[1]

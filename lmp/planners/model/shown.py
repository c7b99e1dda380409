"""Objects that a question showed to the model: whatever is said to it afterwards names no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from lmp.planners.model.words.quoted import quoted
from lmp.schema.scene import Scene

OF_THE_SCENE = frozenset({"instruction", "subgoal", "objects", "robot", "pictures", "history", "attempts"})
"""Variables of prompts that tell of the objects that there are; the others tell of skills and forms."""
QUOTING = frozenset({"objects", "robot", "pictures"})
"""Those whose own words may be names, too, and that write names as JSON strings only."""
UNSHOWN = "an object that was not shown"
"""Stands for the name of an object that the model was not shown."""
_WORDS = frozenset({"can", "table", "hand", "object", "place", "robot", "gripper", "top", "left", "right", "front", "it", "a"})
"""Names that cannot be told from words of a sentence where they stand without quotes."""
MOST = 64
"""Names that are listed [count]."""


@dataclass(frozen=True)
class Shown:
    """The part of a scene that a model was shown.

    Attributes:
        scene: As it is.
        names: Objects that the text names, or that have a mark in a picture, in the scene's order.
        numbers: Numbers of the marks of those that only a mark shows.
        cameras: Cameras whose pictures were sent.
    """

    scene: Scene
    names: tuple[str, ...]
    numbers: Mapping[str, int] = field(default_factory=dict)
    cameras: tuple[str, ...] = ()

    @classmethod
    def of_question(
        cls, scene: Scene, text: str, told: Mapping[str, str], numbers: Mapping[str, int], cameras: Iterable[str] = ()
    ) -> Shown:
        """The part of the scene that a question shows.

        Args:
            scene: As it is.
            text: The question as it is sent.
            told: The variables of its prompt; one that the prompt leaves out is not in the text.
            numbers: Numbers of the objects that have a mark in a picture that goes along.
            cameras: Cameras whose pictures go along.
        """
        values = {name: value for name, value in told.items() if name in OF_THE_SCENE and value and value in text}
        lists = "\n".join(value for name, value in values.items() if name in QUOTING)
        words = "\n".join(value for name, value in values.items() if name not in QUOTING)
        worded = {name for name in scene.names if _quoted(name, lists) or _named(name, words)}
        only_marked = {name: number for name, number in numbers.items() if name not in worded}
        names = tuple(name for name in scene.names if name in worded or name in only_marked)
        return cls(scene, names, only_marked, tuple(cameras))

    def listed(self, names: Iterable[str] | None = None) -> str:
        """Those of some objects that were shown, in words, with the numbers of their marks where only a mark shows them."""
        wanted = self.names if names is None else [name for name in names if name in self.names]
        return ", ".join(self._told(name) for name in list(wanted)[:MOST]) or "none"

    def _told(self, name: str) -> str:
        number = self.numbers.get(name)
        return repr(name) if number is None else f"{name!r} [{number}]"

    def without_unshown(self, sentence: str, raw: JsonValue = None) -> str:
        """A sentence without the names of objects that were not shown, and that the answer does not name, either.

        Args:
            sentence: What is to be said.
            raw: The answer that it is about.
        """
        said = json.dumps(raw, ensure_ascii=False)
        hidden = [name for name in self.scene.names if name not in self.names and not _named(name, said)]
        for name in sorted(hidden, key=len, reverse=True):
            sentence = re.sub(rf"(['\"]){re.escape(name)}\1", UNSHOWN, sentence)
            if name not in _WORDS:
                sentence = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", UNSHOWN, sentence)
        return sentence


def _named(name: str, text: str) -> bool:
    """True if a text has a name in it, as a JSON string or as words of their own."""
    return _quoted(name, text) or re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def _quoted(name: str, text: str) -> bool:
    """True if a text has a name in it as a JSON string."""
    return any(written in text for written in (quoted(name), json.dumps(name)))

"""One subject that was looked at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lmp.schema.base import Model, Text

State = Literal["ok", "missing", "problem"]
Topic = Literal["python", "packages", "extras", "keys", "servers", "pictures", "places", "machine"]
Items = tuple[Annotated[str, Field(max_length=200)], ...]


class Finding(Model):
    """A finding about one subject.

    Attributes:
        topic: What it belongs to.
        name: What was looked at.
        state: Whether it is as it should be, is not there, or does not work.
        found: What was found, such as a version.
        means: What follows from it; empty where all is well.
        todo: What a person can do about it; empty where all is well.
        needed: Whether a run without a key needs it.
        items: What else was listed there, such as the models of a server.
    """

    topic: Topic
    name: Text
    state: State
    found: Text
    means: Text = ""
    todo: Text = ""
    needed: bool = False
    items: Items = Field(default=(), max_length=200)


def all_that_is_needed_works(findings: tuple[Finding, ...]) -> bool:
    """True if a run without a key can be made."""
    return all(finding.state == "ok" for finding in findings if finding.needed)

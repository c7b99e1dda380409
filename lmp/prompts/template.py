"""The small part of Jinja2 that prompts are written in: values put in, and parts that are left out; nothing that computes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
"""What a template may be made of; with these, nothing is called, looked up, repeated or computed."""
MARKS = "{{ variable }}, {% if variable %} ... {% else %} ... {% endif %} with and, or, not, and {# comments #}"
MOST_MARKS = 200
"""Most marks in one text [count]: deeply nested ones would exhaust the parser."""


class Words:
    """A text with places for values. A value is put in as it is: it is never read as a template, whatever stands in it.

    Attributes:
        source: The text.
        complaints: What it holds that is not allowed; it cannot be filled while there is any.
        names: The variables that it uses.
    """

    def __init__(self, source: str):
        self.source = source
        self.complaints: tuple[str, ...] = ()
        self.names: frozenset[str] = frozenset()
        self._template: Template | None = None
        try:
            self._read()
        except TemplateSyntaxError as error:
            reason = (error.message or "it cannot be read").removesuffix(".")
            self.complaints = (f"line {error.lineno}: {reason}. Allowed: {MARKS}.",)
        except (SyntaxError, RecursionError, MemoryError):  # What Python says of nested code.
            self.complaints = (f"line 1: it nests too deeply. Allowed: {MARKS}.",)

    def _read(self) -> None:
        if self.source.count("{%") + self.source.count("{{") > MOST_MARKS:
            raise TemplateSyntaxError(f"more than {MOST_MARKS} marks in one part", 1)
        found = list(_environment().parse(self.source).find_all(nodes.Node))
        self.complaints = tuple(
            dict.fromkeys(
                f"line {node.lineno}: {type(node).__name__} is not allowed. Allowed: {MARKS}."
                for node in found
                if not isinstance(node, ALLOWED)
            )
        )
        self.names = frozenset(node.name for node in found if isinstance(node, nodes.Name))
        if not self.complaints:  # What computes is not even compiled: the compiler works out constants.
            self._template = _environment().from_string(self.source)

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with its values.

        Raises:
            ValueError: There are complaints.
        """
        if self._template is None:
            raise ValueError(self.complaints[0])
        return self._template.render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """Without loader, functions, filters and tests; in the sandbox all the same."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    return made

"""Complaints about a prompt, sure or likely: its variables, examples, numbers, units and length."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from lmp.errors import did_you_mean
from lmp.prompts.examples import example_complaints
from lmp.prompts.numbers import number_complaints
from lmp.prompts.prompt_file import PromptFile
from lmp.prompts.variables import QUESTIONS

Answers = Mapping[str, Sequence[type[BaseModel]]]
"""By question, the classes of which an answer has to fit one: one class, or one for each skill."""
CHARACTERS = 4
"""Characters that make about one token in English [count]."""
MOST_TOKENS = 4000
"""Most tokens of a prompt without its values, as estimated [count]: with values and pictures, small models still read it."""


def tokens(prompt: PromptFile) -> int:
    """About how many tokens the prompt has without its values: a quarter of its characters."""
    return math.ceil((len(prompt.system.source) + len(prompt.user.source)) / CHARACTERS)


def lint(prompt: PromptFile, answers: Answers, most_tokens: int = MOST_TOKENS) -> tuple[str, ...]:
    """All complaints about a prompt; empty if there are none.

    Args:
        prompt: The prompt.
        answers: What the answers have to fit, by question.
        most_tokens: Most tokens without values, as estimated [count].
    """
    question, text = prompt.header.question, prompt.text.replace("\r\n", "\n")
    classes = answers.get(question, ())
    found = [*_variable_complaints(prompt), *example_complaints(text, classes), *number_complaints(text, classes)]
    if tokens(prompt) > most_tokens:
        found.append(f"It has about {tokens(prompt)} tokens (characters / {CHARACTERS}); at most {most_tokens} are allowed.")
    return tuple(dict.fromkeys(found))


def _variable_complaints(prompt: PromptFile) -> Iterator[str]:
    """The variables of the words, of the header and of the question have to be the same."""
    question, declared = prompt.header.question, prompt.header.variables
    if question not in QUESTIONS:
        yield f"header.question: there is no question {question!r}.{_nearest(question, QUESTIONS)}"
        return
    wanted = QUESTIONS[question]
    for name in declared:
        if name not in wanted:
            yield f"header.variables: {question!r} has no variable {name!r}.{_nearest(name, wanted)}"
    for name in wanted:
        if name not in declared:
            yield f"header.variables: {name!r} is missing; {question!r} fills in {', '.join(wanted)}."
    for name in declared:
        if name not in prompt.used:
            yield f"{name}: it is among the header's variables and the words do not use it, so the model is not told of it."


def _nearest(name: str, known: Iterable[str]) -> str:
    return f"{did_you_mean(name, known)} Known: {', '.join(known)}."

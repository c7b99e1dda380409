"""Typed reasons for which a model gave no answer: by who can act on it."""

from __future__ import annotations

from lmp.errors import PlannerFault, SetupFault
from lmp.schema.exchange import Usage


class ModelFault(PlannerFault):
    """The model gave no usable answer.

    Attributes:
        text: What came all the same, such as half an answer.
        usage: What the call used all the same.
    """

    def __init__(self, message: str, *, text: str = "", usage: Usage | None = None):
        self.text, self.usage = text, usage or Usage()
        super().__init__(message)


class ModelRefused(ModelFault):
    """The model declined to answer, or its provider's filter did."""


class AnswerTruncated(ModelFault):
    """The answer was cut at its largest length."""


class EmptyAnswer(ModelFault):
    """The answer had nothing in it."""


class ContextOverflow(ModelFault):
    """The question is longer than the model can read."""


class ServerFault(ModelFault):
    """The server could not be reached, broke, was too busy for too long, or its answer is not of its own protocol."""


class NotValid(ModelFault):
    """No answer passed the checks within the re-asks."""


class ModelBudgetSpent(ModelFault):
    """All that may be spent on models is spent."""


class NotAuthorised(SetupFault):
    """The server wants a key, or another one."""


class UnknownModel(SetupFault):
    """The server does not have the model."""

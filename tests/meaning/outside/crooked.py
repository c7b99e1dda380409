"""A failure class of another package, with its recovery."""

from lmp.schema.outcome import FAILURES, FailureClass, Response, Rule

CROOKED = FAILURES.register(
    FailureClass(
        "crooked",
        "The object stands crooked.",
        "Afterwards: it stands beside its corner stone, and not diagonally.",
        recovery=Rule(((Response.DECOMPOSE_AGAIN, 1),), Response.STOP),
    )
)

"""Errors are grouped by who can act: each belongs to exactly one of the three groups."""

from __future__ import annotations

from every_module import subclasses

from lmp.errors import LmpError, PlannerFault, RobotFault, SetupFault

GROUPS = (PlannerFault, SetupFault, RobotFault)


def test_every_error_has_exactly_one_group() -> None:
    errors = subclasses(LmpError)
    assert set(GROUPS) < set(errors)
    assert {cls.__name__: sum(issubclass(cls, group) for group in GROUPS) for cls in errors if cls not in GROUPS} == {
        cls.__name__: 1 for cls in errors if cls not in GROUPS
    }


INSIDE = {"Refused", "_NotData", "_TooFull"}
"""Exceptions that carry an answer to the door of their own package and never leave it; property tests there hold them to it."""


def test_every_exception_that_leaves_the_package_is_an_lmp_error() -> None:
    assert [cls.__name__ for cls in subclasses(Exception) if not issubclass(cls, LmpError) and cls.__name__ not in INSIDE] == []

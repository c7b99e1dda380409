"""It, them, that, the tower: what was spoken of before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lmp.planners.scripted.found import Found
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.syntax import NounPhrase

if TYPE_CHECKING:
    from lmp.planners.scripted.resolution import Resolver


def pronoun(resolver: Resolver, phrase: NounPhrase) -> Found:
    """What a pronoun means.

    Raises:
        Refused: Nothing or several things were spoken of.
    """
    themes = resolver.discourse.themes
    if phrase.noun == "robot":
        return Found((ROBOT,), f'"{phrase.text}" is the robot', "robot")
    if phrase.noun == "person":
        raise Refused(
            "not_understood",
            f'"{phrase.text}": I do not know where you are.',
            "Say it by the robot or by objects, such as 'towards the robot'.",
        )
    if phrase.noun in ("them", "those"):
        plural_theme = next((theme for theme in reversed(themes) if len(theme) > 1), None)
        names = plural_theme if plural_theme is not None and plural_theme == themes[-1] else resolver.discourse.mentioned
        if len(names) < 2:
            raise Refused("ambiguous", f'"{phrase.text}": I do not know which things are meant.', "Name them.")
        return Found(names, f'"{phrase.text}" is {listing(names)}, spoken of before')
    if phrase.noun in ("it", "that"):
        held = resolver.scene.held
        if not themes and held is not None:
            return Found((held.name,), f'"{phrase.text}" is {held.name}, the thing in the hand')
        if not themes:
            raise Refused("ambiguous", f'"{phrase.text}": nothing was named before.', "Name the object.")
        if len(themes[-1]) != 1:
            raise Refused(
                "ambiguous",
                f'"{phrase.text}" could be {listing(themes[-1], "or")}.',
                "Name the object, or say 'them'.",
                themes[-1],
            )
        return Found(themes[-1], f'"{phrase.text}" is {themes[-1][0]}, spoken of before')
    raise Refused("not_understood", f'I do not understand "{phrase.text}" here.', "Name an object.")


def structure(resolver: Resolver, phrase: NounPhrase) -> Found:
    """What "the tower" means: its top, if one was built before.

    Raises:
        Refused: None was.
    """
    if phrase.noun == "tower" and resolver.discourse.place is not None and resolver.discourse.place.relation == "tower":
        top = resolver.discourse.place.references[-1]
        return Found((top,), f'"{phrase.text}" ends with {top} on top')
    raise Refused(
        "absent",
        f'There is no {phrase.noun} that I know of for "{phrase.text}".',
        "Name the object, such as 'the blue block'.",
    )

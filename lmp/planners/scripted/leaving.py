"""Things that are to be left where they are."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.discourse import Discourse
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.lexicon import Lexicon
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Situation


def leave(command: Command, frame: Frame) -> Understood:
    """No task; what is named has been spoken of.

    Raises:
        Refused: Nothing is named, or a place that it is not at.
    """
    stays = [relation for relation in frame.relations if relation.value == "at" and relation.text == "there"]
    frame.relations = [relation for relation in frame.relations if relation not in stays]
    if frame.steps or frame.mutual or frame.orders or frame.companions:
        raise Refused("not_understood", f"I do not understand {frame.text!r}.", "Say 'leave the red block where it is'.")

    def meant(reading: Reading) -> Understood:
        return command.answer([], command.themes(reading.themes))

    return command.best(frame, False, meant)


def left_alone(frames: list[Frame], discourse: Discourse, situation: Situation, lexicon: Lexicon) -> frozenset[str]:
    """What an instruction names as to be left alone, in whichever clause; "it" and "the others" go by the clauses before.

    Raises:
        Refused: What is named is absent or ambiguous.
    """
    names: set[str] = set()
    nouns = tuple(theme.noun for frame in frames for theme in frame.themes if theme.head == "NOUN")
    discourse = replace(discourse, nouns=nouns)  # "put the blocks ... and leave the red one alone"
    for frame in frames:
        if frame.action == "leave" and not any(theme.other or theme.head == "PRON" for theme in frame.themes):
            names |= {
                name for theme in leave(Command(frame, discourse, situation, lexicon), frame).discourse.themes for name in theme
            }
    return frozenset(names)

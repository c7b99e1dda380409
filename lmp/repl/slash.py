"""The commands that begin with a slash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lmp.corrections.reading import KNOWN
from lmp.errors import did_you_mean
from lmp.meaning.directions import directions

if TYPE_CHECKING:
    from lmp.repl.dialogue import Dialogue


def slash(dialogue: Dialogue, line: str) -> None:
    """Does one command; says which there are where it is none of them."""
    name, _, rest = line[1:].strip().partition(" ")
    if name not in COMMANDS:
        known = [f"/{command}" for command in COMMANDS]
        near = did_you_mean(f"/{name}", known)
        dialogue.screen.say(f"There is no command {'/' + name!r}.{near} Known: {', '.join(known)}.")
        dialogue.session.failed = True
        return
    COMMANDS[name][0](dialogue, rest.strip())


def _scene(dialogue: Dialogue, rest: str) -> None:
    scene = dialogue.session.scene()
    robot = directions(scene)
    rows = [
        (item.name, item.category, item.colour or "", *(f"{value:.3f}" for value in robot.coordinates(item.centre)),
         "in the gripper" if item.held else ", ".join(item.touching or ()))
        for item in scene.objects
    ]  # fmt: skip
    dialogue.screen.table(rows, ("object", "what", "colour", "x [m]", "y [m]", "z [m]", "touches"))


def _plan(dialogue: Dialogue, rest: str) -> None:
    current = dialogue.session.current
    if current is None:
        dialogue.screen.say("There is no plan yet: say what to do.")
        return
    dialogue.screen.episode(current.episode)
    if current.steps and current.waiting:
        dialogue.screen.say(f"{current.next} of {len(current.steps)} steps are done; it waits for approval.")


def _undo(dialogue: Dialogue, rest: str) -> None:
    instruction = dialogue.session.undo()
    if instruction is None:
        dialogue.screen.say("There is nothing to take back.")
    else:
        dialogue.screen.say(f"The world is as it was before: {instruction}")


def _save(dialogue: Dialogue, rest: str) -> None:
    if not rest:
        dialogue.screen.say("Say where: /save plan.json")
        dialogue.session.failed = True
        return
    path = Path(rest).expanduser()
    dialogue.session.save(path)
    dialogue.screen.say(f"Saved: lmp run --plan {path}")


def _edit(dialogue: Dialogue, rest: str) -> None:
    dialogue.edit(rest)


def _fix(dialogue: Dialogue, rest: str) -> None:
    dialogue.correct(rest, insisted=True)


def _auto(dialogue: Dialogue, rest: str) -> None:
    if rest not in ("on", "off", ""):
        dialogue.screen.say("Say /auto on or /auto off.")
        dialogue.session.failed = True
        return
    if rest:
        dialogue.session.auto = rest == "on"
    state = "are carried out without asking" if dialogue.session.auto else "wait for approval"
    dialogue.screen.say(f"Plans {state}.")


def _help(dialogue: Dialogue, rest: str) -> None:
    dialogue.screen.say("Say what to do; the plan is shown, and nothing moves before you approve it:")
    dialogue.screen.table(ANSWERS, ("answer", "what it does"))
    dialogue.screen.say(f"After a motion, say what should be different: {KNOWN}. It is tried again with that.")
    dialogue.screen.table(
        [(f"/{name}{words}", line) for name, (_, words, line) in COMMANDS.items()], ("command", "what it does")
    )
    dialogue.screen.say("Ctrl-C stops a motion, twice it leaves; the end of the input leaves, too.")


def _quit(dialogue: Dialogue, rest: str) -> None:
    dialogue.left = True


ANSWERS = [
    ("yes", "carries the plan out, or all that is left of it"),
    ("step", "carries out the next step only"),
    ("no REASON", "rejects it; a planner that asks a model plans again with the reason"),
    ("edit 1 lift 0.2", "changes a number of a step"),
    ("1 slower", "corrects a step in words, before it is carried out"),
]
COMMANDS: dict[str, tuple[Callable[[Dialogue, str], None], str, str]] = {
    "scene": (_scene, "", "the objects, with their positions"),
    "plan": (_plan, "", "the last plan, or how it went"),
    "edit": (_edit, " 1.lift 0.2", "changes a number of a step"),
    "fix": (_fix, " WORDS", "takes the words as a correction, however they read"),
    "undo": (_undo, "", "restores the world to before the last instruction; again for the one before"),
    "save": (_save, " FILE", "writes the plan to a file, for lmp run --plan"),
    "auto": (_auto, " on|off", "carries plans out without asking, or asks"),
    "help": (_help, "", "this"),
    "quit": (_quit, "", "leaves"),
}

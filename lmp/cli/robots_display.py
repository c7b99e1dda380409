"""The findings of `lmp robots check` and `lmp robots pairs`, as a person reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lmp.cli.display import console
from lmp.cli.display_text import Ink
from lmp.diagnosis.robots.robot_finding import RobotFinding
from lmp.primitives.collision.exclusions import ExcludedPair

STYLE = {"problem": "bold red", "warning": "yellow", "note": "dim"}


def show_robot_findings(name: str, findings: Sequence[RobotFinding]) -> None:
    """A line a finding, the heaviest first, with what to do about it below; in the end whether the robot can be used."""
    out = console()
    ink = Ink(out)
    for one in sorted(findings, key=lambda one: list(STYLE).index(one.weight)):
        out.print(ink.text(f"{one.weight:8} ", STYLE[one.weight]) + ink.text(f"{one.topic:8} {one.message}"), soft_wrap=True)
        if one.hint:
            out.print(ink.text(f"{'':18}{one.hint}", "dim"), soft_wrap=True)
    counts = {weight: sum(one.weight == weight for one in findings) for weight in STYLE}
    told = ", ".join(f"{count} {weight}{'' if count == 1 else 's'}" for weight, count in counts.items() if count)
    works = not counts["problem"]
    verdict = f"The robot {name} can be used" if works else f"The robot {name} cannot be used"
    out.print(ink.text(f"{verdict}: {told or 'nothing to say'}.", "bold green" if works else "bold red"), soft_wrap=True)


def pair_lines(pairs: Sequence[ExcludedPair]) -> str:
    """The pairs as two lists in TOML, to be put into a robot file, each with its reason."""
    near = [(pair, pair.reason) for pair in pairs if pair.reason != "never"]
    far = [(pair, f"{pair.distance:.3f} m apart or more") for pair in pairs if pair.distance is not None]
    return _list("ignored_pairs", near) + "\n" + _list("distant_pairs", far)


def _list(name: str, pairs: Sequence[tuple[ExcludedPair, str]]) -> str:
    lines = [f"    [{json.dumps(pair.a)}, {json.dumps(pair.b)}],  # {why}" for pair, why in pairs]
    return "\n".join([f"{name} = [", *lines, "]"]) + "\n"

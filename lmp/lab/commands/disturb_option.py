"""The option `--disturb`. Its words name the kinds without loading them; a test holds the two together."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lmp.lab.disturbances import OPTION
from lmp.schema.world_spec import with_option

KINDS = (
    "shift-target:0.10 m, knock:0.3 m/s, block-path:0.08 m, slip:0.005, steal, occupy:0.03 m, swap, "
    "drift:0.03 m/s, delay:0.04 s, noise:0.002 m, late:0.04 s, weak:0.04"
)
"""Each kind with its usual amount."""

DisturbAll = Annotated[
    str | None,
    typer.Option(
        "--disturb",
        metavar="KIND[:AMOUNT]",
        help=f'Let something go wrong in each episode: {KINDS}; "all" for every kind in turn.',
    ),
]


def disturb(
    choices: dict[str, Any],
    disturb: Annotated[
        str | None,
        typer.Option("--disturb", metavar="KIND[:AMOUNT]", help=f"Let something go wrong, once, seeded: {KINDS}."),
    ] = None,
) -> dict[str, Any]:
    """The choices of `lmp run`, with a world that is disturbed.

    Raises:
        SetupFault: There is no such disturbance.
    """
    from lmp.lab.disturbances.request import parse_disturbance

    return {**choices, "world": with_option(choices["world"], OPTION, str(parse_disturbance(str(disturb))))}

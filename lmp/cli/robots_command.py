"""`lmp robots check`, `lmp robots pairs`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from lmp.cli.exit_status import REFUSED, SUCCEEDED
from lmp.cli.list_commands import ROBOTS
from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer

RobotFile = Annotated[str, typer.Argument(metavar="FILE", help="A robot file (TOML or JSON), or the name of a robot.")]


@ROBOTS.command("check")
def check(robot: RobotFile, as_json: Json = False) -> int:
    """Say what is missing in a robot file, and what in it contradicts its URDF.

    Exit status 2 if the robot cannot be used; warnings and notes change nothing.
    """
    from lmp.diagnosis.robots.robot_check import check_robot
    from lmp.diagnosis.robots.robot_finding import usable

    findings = check_robot(robot)
    works = usable(findings)
    if as_json:
        told = {"robot": robot, "ok": works, "findings": [one.model_dump() for one in findings]}
        write_answer(json.dumps(told, ensure_ascii=False))
    else:
        from lmp.cli.robots_display import show_robot_findings

        show_robot_findings(robot, findings)
    return SUCCEEDED if works else REFUSED


@ROBOTS.command("pairs")
def pairs(robot: RobotFile, as_json: Json = False) -> int:
    """Find the pairs of links that self collision may leave out, as lines for the robot file. Takes some seconds."""
    from lmp.cli.robots_display import pair_lines
    from lmp.primitives.collision.exclusions import excluded_pairs
    from lmp.robots.robot_file import load_robot

    found = excluded_pairs(load_robot(robot))
    if as_json:
        write_answer(json.dumps({"robot": robot, "pairs": [vars(pair) for pair in found]}, ensure_ascii=False))
    else:
        sys.stdout.write(pair_lines(found))
    return SUCCEEDED

"""What `lmp robots check` says of each URDF below a folder, each with the shortest robot file for its longest chain.

Run: pip download --no-deps example-robot-data && unzip -q example_robot_data-*.whl -d FOLDER
     python benchmarks/public_urdfs.py FOLDER
You see: a line for each URDF: taken, taken with warnings about the URDF, or refused and why; and how many of each there are.
What is told about rest postures and pairs of links is left out: nobody has chosen them.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import tempfile
import warnings
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from lmp.diagnosis.robots.robot_check import check_robot

MOVABLE = ("revolute", "prismatic", "continuous")


def robot_file(urdf: Path, folder: Path) -> Path | str:
    """The robot file of the chain with the most joints, limits as the URDF has them; or why there can be none."""
    root = ElementTree.parse(urdf).getroot()
    links = [link.attrib["name"] for link in root.findall("link")]
    above = {joint.find("child").attrib["link"]: joint for joint in root.findall("joint")}  # type: ignore[union-attr]

    def chain(link: str) -> list[ElementTree.Element]:
        found = []
        while link in above:
            found.append(above[link])
            link = above[link].find("parent").attrib["link"]  # type: ignore[union-attr]
        return [joint for joint in reversed(found) if joint.attrib["type"] in MOVABLE]

    if not links:
        return "no links"
    tool = max(links, key=lambda link: len(chain(link)))
    lines = [f"name = {json.dumps(urdf.stem)}", f"urdf = {json.dumps(str(urdf))}", f"tool_link = {json.dumps(tool)}"]
    lines += ["[T_link_tool]", "position = [0.0, 0.0, 0.0]"]
    for joint in chain(tool)[:16]:
        limit = joint.find("limit")
        given = {} if limit is None else limit.attrib
        lower, upper = (float(given.get(word, 0.0)) for word in ("lower", "upper"))
        if joint.attrib["type"] == "continuous":
            lower, upper = -2.0 * math.pi, 2.0 * math.pi
        speed = min(float(given.get("velocity", 1.0)) or 1.0, 100.0)
        lines += ["[[joints]]", f"name = {json.dumps(joint.attrib['name'])}", f"lower = {lower}", f"upper = {upper}"]
        lines += [
            f"velocity = {speed}",
            "acceleration = 5.0",
            "jerk = 500.0",
            f"rest = {(lower + upper) / 2}",
            'source = "URDF"',
        ]
    file = folder / f"{'-'.join(urdf.parts[-3:])}.toml"
    file.write_text("\n".join(lines) + "\n")
    return file


def said_of(file: Path | str) -> tuple[str, str]:
    """The verdict, and what it rests on."""
    if isinstance(file, str):
        return "refused", file
    findings = [finding for finding in check_robot(file) if finding.topic in ("file", "urdf")]
    problems = [finding.message for finding in findings if finding.weight == "problem"]
    warned = [finding.message for finding in findings if finding.weight == "warning"]
    if problems:
        return "refused", problems[0]
    return ("taken with warnings", warned[0]) if warned else ("taken", "")


def main() -> None:
    """Checks every URDF below the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    counts: collections.Counter[str] = collections.Counter()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        for urdf in sorted(parser.parse_args().folder.rglob("*.urdf")):
            verdict, why = said_of(robot_file(urdf.resolve(), Path(folder)))
            counts[verdict] += 1
            print(f"{urdf.parent.parent.name}/{urdf.name}: {verdict}{why and ': '}{why[:200]}", flush=True)
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))


if __name__ == "__main__":
    main()

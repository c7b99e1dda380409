"""The pairs of links that a robot file excludes from self collision: too few, so that nothing can move, or too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from lmp.diagnosis.robots.robot_finding import RobotFinding
from lmp.diagnosis.robots.robot_models import RobotModels
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.robots.urdf_model import UrdfModel
from lmp.robots.urdf_tree import UrdfTree, end

POSTURES = 200
"""Random postures that are looked at [count]."""
ALWAYS = 0.95
"""Share of postures from which on two links touch whatever the arm does [dimensionless]."""


def pair_findings(models: RobotModels, urdf: UrdfModel) -> Iterator[RobotFinding]:
    """Pairs that touch in nearly every posture and are not ignored, distant pairs that touch, needless ignored pairs."""
    touched = _touches(models)
    ignored = {frozenset(pair) for pair in models.robot.ignored_pairs}
    for pair, count in touched.most_common():
        if count >= ALWAYS * POSTURES and pair not in ignored:
            one, other = sorted(pair)
            words = f"{one!r} and {other!r} touch in {count} of {POSTURES} random postures and are not in ignored_pairs."
            yield RobotFinding(topic="pairs", weight="problem", message=words, hint=f'Add ["{one}", "{other}"] if by design.')
    for first, second in models.robot.distant_pairs:
        if touched[frozenset((first, second))]:
            words = f"distant_pairs names {first!r} and {second!r}, which touch in some postures: nobody would see it."
            yield RobotFinding(topic="pairs", weight="problem", message=words, hint="Find the pairs with `lmp robots pairs`.")
    yield from _needless(models, touched, urdf.tree)


def _needless(models: RobotModels, touched: Counter[frozenset[str]], tree: UrdfTree) -> Iterator[RobotFinding]:
    """Ignored pairs that never touch, unless they are neighbours or fingers."""
    moving = [joint for joint in tree.joints.values() if joint.attrib["type"] != "fixed"]
    meant = {frozenset(_body(tree, end(joint, which)) for which in ("parent", "child")) for joint in moving}
    meant |= {frozenset(pair) for pair in combinations(models.robot.finger_links, 2)}
    for first, second in models.robot.ignored_pairs:
        bare = [name for name in (first, second) if name not in models.collisions.links]
        bodies = frozenset(_body(tree, name) for name in (first, second))
        if bare:
            words = f"{first!r} and {second!r} are ignored, and {' and '.join(map(repr, bare))} has no shape that could touch."
            yield RobotFinding(topic="pairs", weight="note", message=words)
        elif not touched[frozenset((first, second))] and len(bodies) == 2 and bodies not in meant:
            words = f"{first!r} and {second!r} are ignored, and keep apart in all of {POSTURES} random postures."
            yield RobotFinding(topic="pairs", weight="note", message=words, hint="Take the pair out, so that it is watched.")


def _body(tree: UrdfTree, link: str) -> str:
    """The uppermost of the links that one is fixed to: together they move as one body."""
    while link in tree.above and tree.above[link].attrib["type"] == "fixed":
        link = end(tree.above[link], "parent")
    return link


def _touches(models: RobotModels) -> Counter[frozenset[str]]:
    """In how many random postures each pair of links comes too near; in the first one the fingers are closed."""
    robot, rng = models.robot, np.random.default_rng(0)
    shares = np.append(0.0, rng.random(POSTURES - 1))
    counted: Counter[frozenset[str]] = Counter()
    lower, upper = models.kinematics.lower, models.kinematics.upper
    for q, share in zip(rng.uniform(lower, upper, (POSTURES, len(lower))), shares, strict=True):
        found = models.naked.check(q, share * robot.max_width, margin=MARGIN)
        counted.update({frozenset((contact.a, contact.b)) for contact in found})
    return counted

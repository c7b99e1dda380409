"""Pairs of links that self collision leaves out, as they are found and as the robot file has them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from panda_arm import PANDA

from lmp.primitives.collision.collisions import CollisionModel
from lmp.primitives.collision.exclusions import ExcludedPair, excluded_pairs
from lmp.primitives.collision.scene_collisions import HORIZON


@lru_cache(maxsize=1)
def found() -> tuple[ExcludedPair, ...]:
    return excluded_pairs(PANDA)


def test_the_robot_file_has_what_is_found_and_one_pair_that_only_a_person_knows() -> None:
    touching = {frozenset((pair.a, pair.b)) for pair in found() if pair.reason != "never"}
    ignored = {frozenset(pair) for pair in PANDA.ignored_pairs}
    assert ignored - touching == {frozenset(("panda_link5", "panda_link7"))}  # Hulls meet there, links do not.
    assert touching <= ignored
    assert {frozenset((pair.a, pair.b)) for pair in found() if pair.reason == "never"} == {
        frozenset(pair) for pair in PANDA.distant_pairs
    }
    reasons = {frozenset((pair.a, pair.b)): pair.reason for pair in found()}
    assert reasons[frozenset(("panda_link0", "panda_link1"))] == "neighbours"
    assert reasons[frozenset(("panda_leftfinger", "panda_rightfinger"))] == "fingers"


def test_other_postures_do_not_bring_distant_pairs_near() -> None:
    everything = CollisionModel(PANDA.model_copy(update={"ignored_pairs": (), "distant_pairs": ()}))
    lower, upper = (np.array([getattr(joint, end) for joint in PANDA.joints]) for end in ("lower", "upper"))
    rng = np.random.default_rng(99)
    qs = np.where(rng.random((5000, 7)) < 0.3, rng.choice([0.0, 1.0], (5000, 7)), rng.random((5000, 7)))
    distances, _ = everything.alone().least(lower + qs * (upper - lower), rng.uniform(0.0, 0.08, 5000))
    pairs = [frozenset((everything.links[a], everything.links[b])) for a, b in everything.alone().pairs]
    distant = {frozenset(pair) for pair in PANDA.distant_pairs}
    assert all(distance == HORIZON for pair, distance in zip(pairs, distances, strict=True) if pair in distant)


def test_leaving_distant_pairs_out_changes_no_answer() -> None:
    every = CollisionModel(PANDA.model_copy(update={"distant_pairs": ()})).alone()
    fewer = CollisionModel(PANDA).alone()
    assert len(fewer.pairs) < len(every.pairs)
    rng = np.random.default_rng(98)
    lower, upper = (np.array([getattr(joint, end) for joint in PANDA.joints]) for end in ("lower", "upper"))
    for q in rng.uniform(lower, upper, (60, 7)):
        assert fewer.check(q, 0.04, margin=0.02) == every.check(q, 0.04, margin=0.02)

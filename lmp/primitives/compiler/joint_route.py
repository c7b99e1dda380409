"""A way through joint space between two postures, where no straight or bent tool path is free.

RRT-Connect: two trees that grow towards each other (Kuffner and LaValle, ICRA 2000), then every stretch that can be left
out is left out. The draws come from a generator of the caller's, so that the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Free = Callable[[Array, Array], bool]
"""Whether the straight way from one posture to another is free; not always so the way back. Shapes (dof,), (dof,)."""
Done = Callable[[Array], bool]
"""Whether a posture is good. Shape (dof,)."""
Aim = Callable[[Array, np.random.Generator], Array]
"""A posture to go to from another one, with a generator for what it leaves to chance. Shape (dof,) to (dof,)."""

REACH = 0.6
"""Longest step of a tree towards a draw, in joint space [rad]."""
AROUND = 0.9
"""How far beyond start, goal and rest the draws go in each joint [rad]."""
SHORTCUTS = 60
"""Tries to leave something out of a route that was found [count]."""


class Tree:
    """Postures, each with the one that it was reached from; `backwards` for one that grows from a goal."""

    def __init__(self, root: Array, backwards: bool = False):
        self.nodes, self.parents, self._backwards = [root], [-1], backwards

    def step(self, q: Array, free: Free, near: int) -> int | None:
        """One step from a node towards a posture; the number of the new node if the way is free."""
        way = q - self.nodes[near]
        length = float(np.linalg.norm(way))
        if length < 1e-9:
            return None
        ends = self.nodes[near], self.nodes[near] + way * min(1.0, REACH / length)
        return self.add(ends[1], near) if free(*(ends[::-1] if self._backwards else ends)) else None

    def nearest(self, q: Array) -> int:
        """The node that is nearest to a posture."""
        return int(np.argmin(np.linalg.norm(np.array(self.nodes) - q, axis=1)))

    def add(self, q: Array, parent: int) -> int:
        """Adds a node; returns its number."""
        self.nodes.append(q)
        self.parents.append(parent)
        return len(self.nodes) - 1

    def way_to(self, node: int) -> list[Array]:
        """From the root to a node."""
        way = []
        while node >= 0:
            way.append(self.nodes[node])
            node = self.parents[node]
        return way[::-1]


def joint_route(
    start: Array, goal: Array, free: Free, lower: Array, upper: Array, rng: np.random.Generator, draws: int
) -> list[Array] | None:
    """Postures from the start to the goal with free straight stretches between them; None where none was found.

    Args:
        start: Where it begins [rad]. Shape (dof,).
        goal: Where it ends [rad]. Shape (dof,).
        free: Whether a stretch is free.
        lower: Lower ends of the joint ranges [rad]. Shape (dof,).
        upper: Upper ends [rad]. Shape (dof,).
        rng: Where the draws come from.
        draws: How many are made before giving up [count].
    """
    if free(start, goal):
        return [start, goal]
    low = np.maximum(np.minimum(start, goal) - AROUND, lower)
    high = np.minimum(np.maximum(start, goal) + AROUND, upper)
    trees, from_start = [Tree(start), Tree(goal, backwards=True)], 0
    for _ in range(draws):
        drawn = rng.uniform(low, high)
        grown = trees[0].step(drawn, free, trees[0].nearest(drawn))
        if grown is not None:
            met = _connect(trees[1], trees[0].nodes[grown], free)
            if met is not None:
                one, other = trees[0].way_to(grown), trees[1].way_to(met)
                way = one + other[::-1][1:]
                return _shortened(way if from_start == 0 else way[::-1], free, rng)
        trees.reverse()
        from_start = 1 - from_start
    return None


def way_out(start: Array, aim: Aim, free: Free, done: Done, rng: np.random.Generator, draws: int) -> list[Array] | None:
    """Postures from the start to the first that is good, with free straight stretches between them; None if none was found.

    Args:
        start: Where it begins [rad]. Shape (dof,).
        aim: Where to go next from a posture that was reached; asked again, it may say something else.
        free: Whether a stretch is free.
        done: Whether a posture is good.
        rng: Where the draws come from.
        draws: How many are made before giving up [count].
    """
    tree = Tree(start)
    for draw in range(draws):
        node = len(tree.nodes) - 1 if draw % 2 else int(rng.integers(len(tree.nodes)))
        reached = tree.step(aim(tree.nodes[node], rng), free, node)
        if reached is not None and done(tree.nodes[reached]):
            return _shortened(tree.way_to(reached), free, rng)
    return None


def _connect(tree: Tree, q: Array, free: Free) -> int | None:
    """Steps towards a posture until it is reached, which is told by its node, or something is in the way."""
    while True:
        node = tree.step(q, free, tree.nearest(q))
        if node is None:
            return None
        if np.allclose(tree.nodes[node], q, atol=1e-12):
            return node


def _shortened(way: list[Array], free: Free, rng: np.random.Generator) -> list[Array]:
    """The way without the postures that it can do without."""
    for _ in range(SHORTCUTS):
        if len(way) <= 2:
            break
        first, last = sorted(int(index) for index in rng.choice(len(way), 2, replace=False))
        if last - first > 1 and free(way[first], way[last]):
            way = way[: first + 1] + way[last:]
    return way

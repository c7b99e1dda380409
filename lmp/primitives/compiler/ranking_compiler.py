"""A compiler that also looks at all ways to carry something out, and takes the most comfortable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, zip_longest

from lmp.errors import need
from lmp.primitives.compiler.attempts import verdict
from lmp.primitives.compiler.coarse_motion import Margin
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.compiler.ranking import MOST, POSES, Ranked, all_ways, ranked
from lmp.primitives.compiler.ranking_request import MOST_POSES, MOST_WAYS, alternatives, counted, further_shapes
from lmp.primitives.moves import Candidate
from lmp.schema.motion import PathShape
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

FULL = 3
"""How many of the best ways are compiled in full [count]."""


class RankingCompiler(PrimitiveCompiler):
    """A primitive compiler whose candidates can be compared before one of them is taken."""

    def rank(
        self,
        primitives: SkillParameters | Sequence[SkillParameters],
        scene: Scene,
        shapes: Sequence[PathShape] = (),
        poses: int = POSES,
        most: int = MOST,
    ) -> tuple[Ranked, ...]:
        """All ways to carry out one of several primitives, looked at at few poses, the most comfortable first.

        Args:
            primitives: One, or alternatives: grasps, approaches, places.
            scene: The scene.
            shapes: Shapes that free moves without one are tried with as well.
            poses: At how many poses each way is followed, at least [count].
            most: How many ways are looked at, at most; the first of each primitive, in the skill's order, go first [count].

        Returns:
            The ways; and for a primitive that has none, at the end, one without moves that says what is `wrong` with it
            first. `compile_way` and `compile` say it in words.

        Raises:
            UnknownName: No skill has a primitive's kind.
            SetupFault: The parameters are another skill's, the scene is another robot's, there is no primitive, or
                another argument is none that is taken.
        """
        requested, bends = alternatives(primitives), further_shapes(shapes)
        poses, most = counted("poses", poses, MOST_POSES), counted("most", most, MOST_WAYS)
        found = [(primitive, self.candidates(primitive, scene)) for primitive in requested]
        start = MotionState.first(self.arm, scene)
        ways = [
            all_ways(self.robot, one, candidates, start, bends)
            for one, candidates in found
            if not isinstance(candidates, Verdict)
        ]
        in_turn = (way for round_ in zip_longest(*ways) for way in round_ if way is not None)
        without = [Ranked.without(one, verdict) for one, verdict in found if isinstance(verdict, Verdict)]
        return (*ranked(self.arm, start, islice(in_turn, most), poses), *without)

    def compile_best(
        self,
        primitives: SkillParameters | Sequence[SkillParameters],
        scene: Scene,
        shapes: Sequence[PathShape] = (),
        poses: int = POSES,
        most: int = MOST,
        full: int = FULL,
    ) -> tuple[Ranked, JointTrajectory] | Verdict:
        """The most comfortable of all ways: they are ranked, and of the first few that compile in full the best is taken.

        Args:
            primitives: One, or alternatives.
            scene: The scene.
            shapes: Shapes that free moves without one are tried with as well.
            poses: At how many poses each way is followed, at least [count].
            most: How many ways are looked at, at most [count].
            full: How many are compiled in full [count].

        Returns:
            The way that was taken with its trajectory; or what `compile` says of the first primitive, if none can be taken.

        Raises:
            UnknownName, SetupFault: As for `rank`.
        """
        full = counted("full", full, MOST_WAYS)
        ranking = self.rank(primitives, scene, shapes, poses, most)
        start = MotionState.first(self.arm, scene)
        compiled: list[tuple[Ranked, JointTrajectory]] = []
        for way in ranking:
            if way.margin is None or len(compiled) == full:
                break
            result = self.attempts(way.primitive, start).attempt(way.candidate)
            if isinstance(result, JointTrajectory):
                compiled.append((way, result))
        if compiled:
            return max(compiled, key=lambda pair: Margin.of(pair[1]).comfort)
        first = alternatives(primitives)[0]
        repaired = self.compile(first, scene)
        if isinstance(repaired, Verdict):
            return repaired
        return Ranked(first, Candidate(repaired.candidate, ()), Margin.of(repaired)), repaired

    def compile_way(self, way: Ranked, scene: Scene) -> JointTrajectory | Verdict:
        """One way of a ranking in full, without repairs; what `compile` says, for one without moves.

        Raises:
            UnknownName, SetupFault: As for `compile`.
        """
        need("way", way, Ranked, "one of those that `rank` returns")
        if not way.candidate.moves:
            return self.compile(way.primitive, scene)
        self.check_fits(scene)
        attempts = self.attempts(way.primitive, MotionState.first(self.arm, scene))
        result = attempts.attempt(way.candidate, thorough=True)
        return result if isinstance(result, JointTrajectory) else verdict(way.primitive, scene, result, 1)

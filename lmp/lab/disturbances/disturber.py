"""Lets one disturbance strike once in a run, at a moment that the seed chooses."""

from __future__ import annotations

import zlib

import numpy as np

from lmp.capabilities import world_capabilities
from lmp.errors import SetupFault
from lmp.lab.disturbances.kind import Lasting
from lmp.lab.disturbances.moments import Carrying, Going
from lmp.lab.disturbances.occasion import Motion, Occasion
from lmp.lab.disturbances.request import DisturbanceRequest, parse_disturbance
from lmp.schema.observation import Observation
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.stages import Disturbable, Perceiver, Robot


class Disturber:
    """One disturbance of one run.

    `robot` and `perceiver` put the faults of measuring and driving before parts (other kinds give back what came). Call
    `before_motion` just before each trajectory is followed, and `during` at each of its ticks; both answer once, in words,
    when it strikes, and None else. What is not possible at its moment is tried again before the next motion; `postponed`
    says why.

    Args:
        text: ``KIND``, ``KIND:AMOUNT``, or a request.
        world: The world, whose seed decides everything that is drawn. What was done to it before does not count; a strike that
            a state which it is put into has seen is not repeated, and one that it has not seen strikes again.

    Raises:
        UnknownName: There is no such kind.
        SetupFault: The amount is out of its range, or the kind means nothing in this world.
    """

    def __init__(self, text: str | DisturbanceRequest, world: object):
        self.request = parse_disturbance(text) if isinstance(text, str) else text
        disturbable = world_capabilities(world).disturbable
        if disturbable is None:
            raise SetupFault(f"{type(world).__name__} cannot be disturbed; a simulated world can.")
        self.request.about.require(disturbable, self.request.kind)
        self._world: Disturbable = disturbable
        self.begun = len(disturbable.disturbances)
        kind = self.request.about
        self._rng = np.random.default_rng([disturbable.spec.seed, zlib.crc32(self.request.kind.encode())])
        self._moment = None if kind.moment is None else kind.moment(self._rng)
        self._faults = None if kind.faults is None else kind.faults(disturbable, self.request.amount, self._rng)
        self._perceiver = None if self._faults is None else self._faults.perceiver(OraclePerceiver(disturbable))
        self._motion: Motion | None = None
        self._lasting: Lasting | None = None
        self._motions = 0
        self.postponed: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The disturbances done so far, in words."""
        return tuple(self._world.disturbances[self.begun :])

    @property
    def struck(self) -> bool:
        """True if it has struck."""
        return bool(self.words)

    def robot(self, robot: Robot) -> Robot:
        """The robot as the run shall know it."""
        return robot if self._faults is None else self._faults.robot(robot)

    def perceiver(self, perceiver: Perceiver) -> Perceiver:
        """The perceiver as the run shall know it."""
        return perceiver if self._faults is None else self._faults.perceiver(perceiver)

    def perceived(self) -> Scene:
        """The world's scene, as it is perceived."""
        scene = self._world.scene()
        if self._perceiver is None:
            return scene
        return self._perceiver.perceive(Observation(time=scene.time, robot=scene.robot))

    def before_motion(self, subgoal: Subgoal | None, trajectory: JointTrajectory, plan: tuple[Subgoal, ...] = ()) -> str | None:
        """Strikes before this motion if that is the moment.

        Args:
            subgoal: What the motion is for; None for one that serves no subgoal, which nothing strikes.
            trajectory: What will be followed.
            plan: The whole plan; some kinds need it to know the goal early.
        """
        self._motion = None
        if subgoal is None or self.struck:
            return None
        self._motion = Motion(self._motions, subgoal, trajectory, plan)
        self._motions += 1
        if self._faults is not None:
            return self._done(self._faults.words)
        return self._strike(self._motion, None)

    def during(self, t: float) -> str | None:
        """Strikes in the motion that was announced last if this is the moment; what lasts goes on for a tick.

        Args:
            t: Time in the trajectory [s].
        """
        if self._lasting is not None and not self._lasting.go_on(1.0 / self._world.rate_hz):
            self._lasting = None
        if self._motion is None or self._moment is None or self.struck:
            return None
        return self._strike(self._motion, t)

    def _strike(self, motion: Motion, t: float | None) -> str | None:
        """Strikes if it is due, or was put off until the next motion."""
        strike, moment = self.request.about.strike, self._moment
        if strike is None or moment is None:
            return None
        again = self.postponed is not None and t is None and not self._only_during
        if not (again or moment.due(motion, t)):
            return None
        target = motion.subgoal.objects[0] if motion.subgoal.objects else None
        try:
            done = strike(Occasion(self._world, target, motion), self.request.amount, self._rng)
        except SetupFault as reason:
            self.postponed, self._motion = str(reason), None
            return None
        if isinstance(done, str):
            return self._done(done)
        self._lasting = done
        return self._done(done.words)

    @property
    def _only_during(self) -> bool:
        """True if it means nothing before a motion."""
        return isinstance(self._moment, Carrying | Going)

    def _done(self, words: str) -> str:
        self._world.disturbances.append(words)
        return words

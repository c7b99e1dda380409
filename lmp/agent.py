"""The parts put together for one world: step by step with `Agent`, or a whole run with `run`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lmp import catalogue
from lmp.budget import Budget
from lmp.closing import Heading, close_episode, planned_episode
from lmp.errors import PlannerFault, RobotFault, SetupFault, UnknownName
from lmp.listener import Listener, Silence
from lmp.loop import Approve, run_loop
from lmp.preview import preview
from lmp.record import RunFolder
from lmp.report import write_report
from lmp.robots.robot_file import load_robot
from lmp.run_state import RunState
from lmp.schema.episode import Episode, History
from lmp.schema.outcome import Execution, Outcome, Verification
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.sims.disturbance import DISTURBANCES
from lmp.stages import Executor, Perceiver, Planner, Stages, Verifier, World
from lmp.steps import Steps
from lmp.uninterrupted import uninterrupted

MAX_INSTRUCTION = 2000
"""Longest instruction that a record takes [characters]."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run; the arm is at rest and the record is complete.

    Attributes:
        episode: What was done until then.
    """

    def __init__(self, episode: Episode):
        self.episode = episode
        super().__init__(episode.error)


def open_world(
    scene: str = "tabletop", *, seed: int = 0, robot: str = "panda", world: str = "pybullet", gui: bool = False
) -> World:
    """Opens a simulated world; a context manager.

    Args:
        scene: Name of a scene, or a scene file.
        seed: Seed of the placement of its objects.
        robot: Name of a robot, or a robot file.
        world: "pybullet", or "kinematic" for a world without physics.
        gui: Shows PyBullet's window.

    Raises:
        SetupFault: An unknown name, or a file that does not fit its schema.
    """
    opened: World = catalogue.load("world", world).open(scene, load_robot(robot), seed=seed, gui=gui)
    return opened


class Agent:
    """Plans, compiles, moves and verifies in one world. Every part can be replaced by one that keeps its contract.

    Args:
        world: An open world.
        planner: A planner's name in the catalogue, or a planner.
        skills: Skills beside those of the catalogue, by name.
        perceiver, executor, verifier: Parts to use in place of the world's own.
        listener: Who is told what happens.
    """

    def __init__(
        self,
        world: World,
        planner: str | Planner = "scripted",
        *,
        skills: Mapping[str, Any] | None = None,
        perceiver: Perceiver | None = None,
        executor: Executor | None = None,
        verifier: Verifier | None = None,
        listener: Listener | None = None,
    ):
        from lmp.primitives.compiler.compiler import PrimitiveCompiler
        from lmp.primitives.compiler.world_model import SkillWorldModel
        from lmp.sims.executor import StreamingExecutor
        from lmp.sims.geometric_verifier import GeometricVerifier

        self.world, self.listener = world, listener or Silence()
        self.skills = {name: catalogue.load("skill", name) for name in catalogue.known("skill")} | dict(skills or {})
        specs = {name: skill.spec for name, skill in self.skills.items()}
        self.planner_name = planner if isinstance(planner, str) else type(planner).__name__
        compiler = PrimitiveCompiler(world.robot.description, self.skills)
        self.stages = Stages(
            perceiver=perceiver or _own_perceiver(world),
            planner=catalogue.load("planner", planner)(specs) if isinstance(planner, str) else planner,
            compiler=compiler,
            world_model=SkillWorldModel(compiler),
            executor=executor or StreamingExecutor(world.robot, world.rate_hz, self.listener.progress),
            verifier=verifier or GeometricVerifier(),
            world=world,
        )

    def perceive(self) -> Scene:
        """The scene as it is now."""
        return self.stages.perceiver.perceive(self.world.observe())

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals of an instruction, or why there are none."""
        return self.stages.planner.decompose(instruction, scene, history)

    def ground(self, subgoal: Subgoal, scene: Scene, history: History | None = None) -> SkillParameters | Refusal:
        """The typed primitive of a subgoal."""
        return self.stages.planner.ground(subgoal, scene, history)

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        """A checked trajectory, or a verdict that says why not."""
        return self.stages.compiler.compile(primitive, scene)

    def execute(self, compiled: JointTrajectory | Verdict) -> Execution:
        """Follows a checked trajectory.

        Raises:
            NotExecutable: A verdict, or a trajectory that was compiled on a predicted scene.
        """
        return self.stages.executor.execute(compiled)

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification:
        """Whether the subgoal's conditions hold."""
        return self.stages.verifier.verify(subgoal, before, after)

    def plan(self, instruction: str) -> Episode:
        """Decomposes, grounds and compiles the whole instruction; nothing moves."""
        _check_instruction(instruction)
        started, before, scene = time.perf_counter(), self.world.objects(), self.perceive()
        answer = self.decompose(instruction, scene)
        previewed = [] if isinstance(answer, Refusal) else preview(self.stages, answer, scene)
        return planned_episode(self._heading(instruction), answer, previewed, time.perf_counter() - started, before)

    def run(
        self,
        instruction: str,
        *,
        out: str | Path | None = None,
        disturb: str | None = None,
        budget: Budget | None = None,
        approve: Approve | None = None,
        before_verify: Callable[[World, Subgoal], None] | None = None,
        pictures: bool = True,
        report: bool = True,
    ) -> Episode:
        """Carries out an instruction and records everything.

        Args:
            instruction: What to do.
            out: The run folder; a new one below ``runs/`` by default.
            disturb: A disturbance that strikes just before the first motion.
            budget: What may be spent.
            approve: Asked before each motion. A robot that is not simulated needs it.
            before_verify: Called before each verification; audits tamper with the world here.
            pictures: Records the cameras' pictures at every look.
            report: Writes ``report.html`` into the run folder.

        Raises:
            Interrupted: Ctrl-C; the arm is at rest, the record complete, the episode in the exception.
            SetupFault: Wrong use, before anything moves.
        """
        self._check_use(instruction, disturb, approve)
        before = self.world.objects()
        record = RunFolder.create(
            Path(out) if out is not None else None,
            instruction,
            settings=self._settings(instruction, disturb),
            robot=self.world.robot.description,
        )
        steps = Steps(
            stages=self.stages,
            record=record,
            instruction=instruction,
            rest=self.skills["home"].spec.parameters(kind="home"),
            budget=budget or Budget(),
            listener=self.listener,
            disturb=disturb,
            before_verify=before_verify,
            pictures=pictures,
        )
        state, broken = _carried_out(steps, approve)
        with uninterrupted():
            episode = close_episode(self._heading(instruction), steps, state, before)
            record.save_episode(episode)
            record.append("closed", outcome=episode.outcome, verified=episode.verified)
            if report:
                write_report(record)
            self.listener.event("closed", episode=episode)
        if isinstance(broken, KeyboardInterrupt):
            raise Interrupted(episode)
        if broken is not None:
            raise broken
        return episode

    def _check_use(self, instruction: str, disturb: str | None, approve: Approve | None) -> None:
        """Refuses wrong use before anything is recorded or moved."""
        _check_instruction(instruction)
        robots = (self.world.robot, getattr(self.stages.executor, "robot", self.world.robot))
        if approve is None and not all(getattr(robot, "simulated", True) for robot in robots):
            raise SetupFault("This robot is not simulated: pass approve=, a function that is asked before each motion.")
        if approve is not None and not callable(approve):
            raise SetupFault(f"approve= takes a function that is asked before each motion, got {approve!r}.")
        if disturb is not None and disturb not in DISTURBANCES:
            raise UnknownName("disturbance", disturb, DISTURBANCES)

    def _heading(self, instruction: str) -> Heading:
        world = self.world
        return Heading(instruction, world.name, world.seed, world.robot.description.name, self.planner_name)

    def _settings(self, instruction: str, disturb: str | None) -> dict[str, object]:
        return {**vars(self._heading(instruction)), "disturb": disturb, "world": type(self.world).__name__}


def _carried_out(steps: Steps, approve: Approve | None) -> tuple[RunState, BaseException | None]:
    """How the loop ended, and what is to be raised again once the record is complete."""
    try:
        return run_loop(steps, approve), None
    except KeyboardInterrupt as interruption:
        return _cut_short(steps, Outcome.INTERRUPTED, Outcome.INTERRUPTED.message), interruption
    except RobotFault as error:
        return _cut_short(steps, Outcome.ROBOT_FAILED, str(error)), None
    except PlannerFault as error:
        return _cut_short(steps, Outcome.PLANNER_FAILED, str(error)), None
    except Exception as error:
        return _cut_short(steps, Outcome.ROBOT_FAILED, f"{type(error).__name__}: {error}"), error


def _cut_short(steps: Steps, outcome: Outcome, message: str) -> RunState:
    """The end of a run in the middle of an attempt."""
    steps.abandon(outcome, message)
    held = next((thing.name for thing in steps.stages.world.objects() if thing.held), None)
    hint = f"{held} is still in the hand." if held is not None else ""
    return RunState(outcome=outcome.value, message=message, hint=hint)


def _check_instruction(instruction: str) -> None:
    if not isinstance(instruction, str):
        raise SetupFault(f"An instruction is a text, got {type(instruction).__name__}.")
    if len(instruction) > MAX_INSTRUCTION:
        raise SetupFault(f"An instruction has at most {MAX_INSTRUCTION} characters, this one has {len(instruction)}.")


def _own_perceiver(world: World) -> Perceiver:
    """The oracle, for worlds that know the truth.

    Raises:
        SetupFault: This one does not.
    """
    from lmp.sims.oracle_perceiver import KnowsTheTruth, OraclePerceiver

    if not isinstance(world, KnowsTheTruth):
        raise SetupFault(f"{type(world).__name__} cannot tell what is in it: pass perceiver=, a part that can.")
    return OraclePerceiver(world)


def run_in(
    world: World, instruction: str, *, planner: str | Planner = "scripted", listener: Listener | None = None, **options: Any
) -> Episode:
    """`Agent.run` in an open world, which stays open."""
    return Agent(world, planner, listener=listener).run(instruction, **options)


def run(
    instruction: str,
    *,
    scene: str = "tabletop",
    robot: str = "panda",
    planner: str | Planner = "scripted",
    seed: int = 0,
    world: str = "pybullet",
    gui: bool = False,
    listener: Listener | None = None,
    **options: Any,
) -> Episode:
    """Opens a world, carries out an instruction in it, records everything and closes the world.

    The options are those of `open_world` and `Agent.run`.
    """
    with open_world(scene, seed=seed, robot=robot, world=world, gui=gui) as opened:
        return run_in(opened, instruction, planner=planner, listener=listener, **options)

"""The parts put together for one world: step by step, a whole run, or one in a world that is opened for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lmp import registry
from lmp.capabilities import planner_capabilities, world_capabilities
from lmp.choosing import Chooser, Gate
from lmp.errors import SetupFault, need
from lmp.execution.observing import look_at
from lmp.model_settings import ModelSettings
from lmp.record import RunFolder
from lmp.runtime.carrying_out import (
    Heading,
    carry_out,
    check_approval,
    check_functions,
    check_instruction,
    check_options,
    check_parts,
    check_stage,
    models_used,
    own_task,
    planned_episode,
    steps_of,
)
from lmp.runtime.choosers import chooser_of
from lmp.runtime.default_parts import check_tool
from lmp.runtime.flow.following import Following, follow
from lmp.runtime.flow.lending import lend
from lmp.runtime.flow.memory import Memory
from lmp.runtime.flow.planning import plan_that_compiles, proposed
from lmp.runtime.flow.run_state import Pending, RunState
from lmp.runtime.flow.steps import Steps
from lmp.runtime.flow.telling import Listener, Recorder, Telling
from lmp.runtime.gates import named
from lmp.runtime.loop import AGAIN, Approve, Ask, afresh
from lmp.runtime.worlds import closing, open_world, reopen_world
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode, History, WorldObject
from lmp.schema.findings import Execution, Verification
from lmp.schema.observation import Sensors
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.sims.world_report import world_report
from lmp.stages import Executor, Perceiver, Planner, Stages, Verifier, World

DEFAULT_CHOOSER = "first"
REST_SECONDS = 1.0
"""Time that the arm rests before a run is resumed: it was perhaps saved in the middle of a motion [s]."""


class Agent:
    """Plans, compiles, moves and verifies in one world. Every part can be replaced by one that keeps its contract.

    Args:
        world: An open world.
        planner: A planner's name in the registry, or a planner.
        model: How a planner that asks a model asks it.
        choose: What takes one of a planner's proposals: a chooser, or its name and settings, such as ``best-margin``.
        gates: What says whether a motion may begin: gates, or their names and settings, such as ``margin:clearance=0.01``.
        skills: Skills beside those of the registry, by name.
        perceiver, executor, verifier: Parts to use in place of the default ones.
        listener: Who is told what happens.
    """

    def __init__(
        self,
        world: World,
        planner: str | Planner = "scripted",
        *,
        model: ModelSettings | None = None,
        choose: str | Chooser = DEFAULT_CHOOSER,
        gates: Sequence[str | Gate] = (),
        skills: Mapping[str, Any] | None = None,
        perceiver: Perceiver | None = None,
        executor: Executor | None = None,
        verifier: Verifier | None = None,
        listener: Listener | None = None,
    ):
        from lmp.meaning.geometric_verifier import GeometricVerifier
        from lmp.primitives.compiler.compiler import PrimitiveCompiler
        from lmp.primitives.compiler.world_model import SkillWorldModel
        from lmp.runtime.default_parts import ToolTelling, default_executor, default_follower, default_perceiver

        parts = {"perceiver": perceiver, "executor": executor, "verifier": verifier, "listener": listener}
        check_parts(world, planner, model, skills, **parts)
        if world.spec.address is None:  # Others were compared when they were opened.
            check_tool(world)
        self.world, self._telling = world, Telling(() if listener is None else (listener,))
        self._ticked: Callable[[float], None] = self._telling.progress
        self.skills = {name: registry.load("skill", name) for name in registry.known("skill")} | dict(skills or {})
        specs = {name: skill.spec for name, skill in self.skills.items()}
        self.planner_name = planner if isinstance(planner, str) else type(planner).__name__
        compiler = PrimitiveCompiler(world.robot.description, self.skills)
        eyes = perceiver or default_perceiver(world)
        self.chooser_name, chooser = chooser_of(choose)
        moving = executor or default_executor(world, world.robot, eyes, self._tick)
        self.stages = Stages(
            perceiver=ToolTelling(eyes, lambda scene: compiler.situation(scene).T_world_tool),
            planner=registry.planner(planner, specs, model) if isinstance(planner, str) else planner,
            compiler=compiler,
            world_model=SkillWorldModel(compiler),
            executor=moving,
            verifier=verifier or GeometricVerifier(),
            world=world,
            chooser=chooser,
            gates=tuple(named(gate) for gate in gates),
            follower=default_follower(world, moving, compiler),
        )
        self.model: ModelSettings | None = planner_capabilities(self.stages.planner).settings
        if verifier is None and self.model is not None and self.model.verify:
            from lmp.planners.model.model_verifier import with_model

            self.stages = replace(self.stages, verifier=with_model(self.stages.verifier, self.stages.planner))
        lend(self.stages)

    def _tick(self, fraction: float) -> None:
        self._ticked(fraction)

    @contextmanager
    def heard_by(self, *listeners: Listener) -> Iterator[None]:
        """Tells these of what happens as well, while the block lasts."""
        before = self._telling.listeners
        self._telling.listeners = (*before, *listeners)
        try:
            yield
        finally:
            self._telling.listeners = before

    def perceive(self) -> Scene:
        """The scene as it is now, with pictures for a planner that asks a model, or whose goals stand in pictures."""
        observation = look_at(self.world, Sensors(images=planner_capabilities(self.stages.planner).sees))
        return self.stages.perceiver.perceive(observation).model_copy(update={"frames": observation.frames})

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals of an instruction, or why there are none."""
        check_instruction(instruction)
        check_stage(scene=scene)
        return self.stages.planner.decompose(instruction, scene, history)

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The planner's typed primitives for a subgoal, the preferred one first; `most` are asked for [count]."""
        check_stage(subgoal=subgoal, scene=scene)
        return proposed(self.stages.planner, subgoal, scene, history, most)

    def ground(self, subgoal: Subgoal, scene: Scene, history: History | None = None) -> SkillParameters | Refusal:
        """The typed primitive that the planner prefers for a subgoal."""
        answer = self.propose(subgoal, scene, history)
        return answer if isinstance(answer, Refusal) else answer[0].primitive

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        """A checked trajectory, or a verdict that says why not."""
        check_stage(primitive=primitive, scene=scene)
        return self.stages.compiler.compile(primitive, scene)

    def execute(self, compiled: JointTrajectory | Verdict) -> Execution:
        """Follows a checked trajectory, and the object that it is about where that moves meanwhile and the world can tell.

        Raises:
            NotExecutable: A verdict, or a trajectory that was compiled on a predicted scene.
        """
        return follow(self.stages, compiled).execution

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification:
        """Judge if the subgoal's conditions hold."""
        check_stage(subgoal=subgoal, before=before, after=after)
        return self.stages.verifier.verify(subgoal, before, after)

    def plan(self, instruction: str) -> Episode:
        """Decomposes, grounds and compiles the whole instruction; nothing moves."""
        check_instruction(instruction)
        lend(self.stages)
        started, before, scene = time.perf_counter(), world_report(self.world), self.perceive()
        answer = self.decompose(instruction, scene)
        previewed: list[Pending] = []
        if not isinstance(answer, Refusal):
            answer, previewed = plan_that_compiles(self.stages, instruction, answer, scene, None)
        self._telling.tell("previewed", entries=previewed)
        seconds, models = time.perf_counter() - started, models_used(self.stages.planner)
        return planned_episode(self._heading(instruction), answer, previewed, seconds, before, models)

    def run(
        self,
        instruction: str,
        *,
        out: str | Path | None = None,
        budget: Budget | None = None,
        approve: Approve | None = None,
        ask: Ask | None = None,
        before_verify: Callable[[World, Subgoal], None] | None = None,
        pictures: bool = True,
        report: bool = True,
    ) -> Episode:
        """Carries out an instruction and records everything.

        Args:
            instruction: What to do.
            out: The run folder; a new one below ``runs/`` by default.
            budget: What may be spent.
            approve: Asked before each motion, by the gate `approval`, and where other gates ask. A robot that does not declare
                `simulated = True` needs it, or `ask`.
            ask: Asked where the run would end without success and a person could help; see `lmp.runtime.loop.Ask`.
            before_verify: Called before each verification; audits tamper with the world here.
            pictures: Records the cameras' pictures at every look.
            report: Writes ``report.html`` into the run folder.

        Raises:
            Interrupted: Ctrl-C; the arm is at rest, the record complete, the episode in the exception.
            SetupFault: Wrong use, before anything moves.
        """
        check_instruction(instruction)
        check_functions(approve=approve, ask=ask, before_verify=before_verify)
        check_approval(self.world, self.stages.executor, approve or ask)
        before = world_report(self.world)
        budget = budget or Budget()
        need("budget", budget, Budget, "a Budget, such as lmp.Budget(seconds=60)")
        need("out", out, (str, Path, type(None)), "the path of the run folder")
        need("pictures", pictures, bool, "True or False")
        need("report", report, bool, "True or False")
        deciding = {"choose": self.chooser_name, "gates": [name for name, _ in self.stages.gates]}
        settings = {"budget": budget, "pictures": pictures, "report": report, "model": self.model, **deciding}
        record = RunFolder.create(
            Path(out) if out is not None else None,
            instruction,
            settings={**vars(self._heading(instruction)), **settings},
            robot=self.world.robot.description,
            world=self.world.spec,
        )
        with record:
            telling = Telling((Recorder(record), *self._telling.listeners))
            telling.tell("began", objects=before)
            following = Following(self.stages, telling, record)
            steps = steps_of(self.stages, self.skills, Memory(record), following, instruction, budget, pictures, approve, ask)
            steps.before_verify = before_verify
            lend(self.stages, steps)
            return self._carry_out(steps, before, approve, ask, report)

    def resume(
        self,
        run: str | Path | RunFolder,
        *,
        approve: Approve | None = None,
        ask: Ask | None = None,
        remembers_nothing: bool = False,
    ) -> Episode:
        """Goes on with a run that was cut off: perceives, decomposes what is left, and never repeats a motion.

        The world has to be as the run left it; `lmp.resume` opens a simulated one so.

        Args:
            run: The run folder.
            approve: Asked before each motion. A robot that does not declare `simulated = True` needs it, or `ask`.
            ask: As in `run`.
            remembers_nothing: The world was opened afresh, so that what was done in the run before is not done in it.

        Raises:
            Interrupted: As in `run`.
            SetupFault: The run has come to its end, is another robot's, or another process has it.
        """
        from lmp.record.exchanges import used_models
        from lmp.runtime.flow.cut_run import CutRun

        check_functions(approve=approve, ask=ask)
        need("run", run, (str, Path, RunFolder), "the path of a run folder")
        record = run if isinstance(run, RunFolder) else RunFolder.resume(Path(run))
        with record:
            cut = CutRun.read(record)
            check_approval(self.world, self.stages.executor, approve or ask)
            cut.check_robot(self.world.robot.description)
            memory, telling = Memory.of(record), Telling((Recorder(record), *self._telling.listeners))
            telling.started -= cut.seconds
            following = Following(self.stages, telling, record, moved=cut.moved)
            about = cut.instruction, cut.budget, cut.pictures
            steps = steps_of(self.stages, self.skills, memory, following, *about, approve, ask)
            before = cut.before
            if not cut.began:
                before = world_report(self.world)
                telling.tell("began", objects=before)
            lend(self.stages, steps, used_models(record))
            self.world.settle(REST_SECONDS)
            telling.tell("resumed", interrupted=cut.motion, afresh=remembers_nothing)
            if cut.motion is not None:
                memory.keep_attempt(cut.motion)
            return self._carry_out(
                steps, before, approve, ask, cut.report, afresh(len(memory.attempts)) if remembers_nothing else AGAIN
            )

    def _carry_out(
        self,
        steps: Steps,
        before: tuple[WorldObject, ...] | None,
        approve: Approve | None,
        ask: Ask | None,
        report: bool,
        again: RunState | None = None,
    ) -> Episode:
        self._ticked = steps.following.ticked
        if (hears := world_capabilities(self.world).hears) is not None:
            hears.hear(steps.following.noted)
        try:
            return carry_out(steps, self._heading(steps.instruction), before, approve, ask, report=report, again=again)
        finally:
            self._ticked = self._telling.progress

    def _heading(self, instruction: str) -> Heading:
        spec, robot = self.world.spec, self.world.robot.description
        return Heading(instruction, str(spec), spec.seed, robot.name, self.planner_name)


def run(
    instruction: str | None = None,
    *,
    world: str | Path | World = "tabletop",
    seed: int = 0,
    robot: str | Path | RobotDescription | None = None,
    gui: bool = False,
    planner: str | Planner = "scripted",
    model: ModelSettings | None = None,
    choose: str | Chooser = DEFAULT_CHOOSER,
    gates: Sequence[str | Gate] = (),
    listener: Listener | None = None,
    **options: Any,
) -> Episode:
    """Carries out an instruction and records everything.

    Args:
        instruction: What to do; left out for a world that has a task of its own.
        world: An address, which is opened and closed again; or an open world, which stays open.
        seed: As in `open_world`, like `robot` and `gui`; only with an address.
        robot: A robot, for a world that does not bring its own.
        gui: Shows the simulator's window.
        planner: As in `Agent`, like `model`, `choose`, `gates` and `listener`.
        model: How a planner that asks a model asks it.
        choose: What takes one of a planner's proposals.
        gates: What says whether a motion may begin.
        listener: Who is told what happens.
        options: Those of `Agent.run`.
    """
    check_options("lmp.run", (run, Agent.run), options, Agent)
    need("gui", gui, bool, "True or False")
    parts: dict[str, Any] = {"model": model, "choose": choose, "gates": gates, "listener": listener}
    if isinstance(world, str | Path):
        with closing(open_world(world, seed=seed, robot=robot, gui=gui)) as opened:
            return Agent(opened, planner, **parts).run(own_task(opened) if instruction is None else instruction, **options)
    if seed or robot is not None or gui:
        raise SetupFault("This world is open already: seed=, robot= and gui= are for a world that is given by its address.")
    return Agent(world, planner, **parts).run(own_task(world) if instruction is None else instruction, **options)


def resume(
    run: str | Path, *, planner: str | Planner | None = None, listener: Listener | None = None, **options: Any
) -> Episode:
    """Goes on with a run that was cut off, in its own world, and closes the world.

    The world is as it was saved last. A simulated world that does not save is opened afresh, which the record says; the
    instruction then begins anew. A real one is as it stands.

    Args:
        run: The run folder.
        planner: Another planner than the run's own.
        listener: Who is told what happens.
        options: Those of `Agent.resume`.

    Raises:
        SetupFault: The run has come to its end, another process has it, or its world cannot be opened from its record.
    """
    need("run", run, (str, Path), "the path of a run folder")
    check_options("lmp.resume", (resume, Agent.resume), options, Agent)
    with RunFolder.resume(Path(run)) as record, closing(reopen_world(record)) as world:
        settings = record.settings()
        model = ModelSettings.of_record(settings, record.path)
        choose, gates = str(settings.get("choose", DEFAULT_CHOOSER)), tuple(settings.get("gates", ()))
        agent = Agent(world, planner or str(settings["planner"]), model=model, choose=choose, gates=gates, listener=listener)
        can = world_capabilities(world)
        lost = can.simulated and (can.saves is None or record.newest_world() is None)
        return agent.resume(record, remembers_nothing=lost, **options)

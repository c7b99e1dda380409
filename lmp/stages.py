"""The contracts of the stages, and `Stages`, one of each. Every box can be replaced by another that keeps its contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from lmp.choosing import Chooser, Gate
from lmp.schema.budget import Budget
from lmp.schema.episode import History
from lmp.schema.evidence import Touch
from lmp.schema.exchange import Exchange, ModelUse
from lmp.schema.executable import Motion
from lmp.schema.findings import Execution, Verification
from lmp.schema.observation import NOTHING, Judgement, Observation, Sensors
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.pose import Pose
from lmp.schema.proposal import Proposal
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.schema.world_spec import WorldSpec


class Perceiver(Protocol):
    """Turns an observation into named objects."""

    def perceive(self, observation: Observation) -> Scene: ...


class Planner(Protocol):
    """Turns words into subgoals, and a subgoal into typed primitives. Refusals are values."""

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals that are still to be done, given the attempts so far; empty when all is done."""

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """Primitives for a subgoal on the fresh scene, the preferred one first: one at least, `most` are wanted [count]."""


@dataclass(frozen=True)
class Backing:
    """The tools that a run lends to a planner that asks a model.

    Attributes:
        compile: What is said of a primitive for a subgoal before it may move, so that a verdict goes back to the model at once.
        keep: Takes each exchange, with its pictures by hash, into the record.
        budget: What may be spent.
        used: What the run has used before, if it was cut off.
        seconds_left: How much of the run's time is left [s].
        tool_position: Where the tool is in a scene, world x, y, z [m]; None where nobody can tell.
        fingers: Whether the robot has a gripper.
    """

    compile: Callable[[Subgoal, SkillParameters, Scene], JointTrajectory | Verdict]
    keep: Callable[[Exchange, Mapping[str, bytes]], object]
    budget: Budget
    used: ModelUse
    seconds_left: Callable[[], float]
    tool_position: Callable[[Scene], tuple[float, float, float]] | None = None
    fingers: bool = True


class AsksModel(Planner, Protocol):
    """A planner that asks a model: it wants pictures, its exchanges are kept, and what it may spend is bounded.

    Its class says so with ``asks_model = True``.

    Attributes:
        use: What the run that lent its backing has used, also before it was cut off.
        instruction: What its questions are about; being lent to, it forgets it.
    """

    use: ModelUse
    instruction: str

    def lend(self, backing: Backing) -> None:
        """Takes what a run lends; what was lent before is given back."""

    def draft(self, subgoal: Subgoal, scene: Scene) -> SkillParameters | None:
        """A primitive made by rules, for a look ahead on a predicted scene; None where the rules have none."""


class CorrectsInWords(Protocol):
    """A planner that can edit a primitive as a person's words ask; its class says so with ``corrects_in_words = True``."""

    def correct_in_words(
        self, words: str, subgoal: Subgoal, primitive: SkillParameters, scene: Scene
    ) -> SkillParameters | Refusal: ...


class Compiler(Protocol):
    """Turns a primitive into a checked trajectory, or says what is wrong with it."""

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict: ...


class WorldModel(Protocol):
    """Predicts the scene after a primitive that was compiled to a trajectory."""

    def predict(self, primitive: SkillParameters, scene: Scene, trajectory: JointTrajectory) -> Scene: ...


class Follower(Protocol):
    """Makes a motion of a compiled trajectory: a closed loop where it has segments whose end moves with an object."""

    def motion(self, trajectory: JointTrajectory) -> Motion: ...


class Executor(Protocol):
    """Follows a checked motion; refuses a Verdict and anything predicted.

    One that moves another robot than the world's has it as its `robot`, so that approval is asked for where that one is real.
    One that takes closed loops says so with ``closes_loops = True``; another is given trajectories only.
    """

    def execute(self, motion: JointTrajectory | Verdict) -> Execution: ...


class ClosesLoops(Executor, Protocol):
    """An executor that also takes closed loops."""

    def execute(self, motion: Motion | Verdict) -> Execution: ...


class Verifier(Protocol):
    """Tests a subgoal's conditions in the scene after it."""

    def verify(self, subgoal: Subgoal, before: Scene, after: Scene) -> Verification: ...


@runtime_checkable
class Robot(Protocol):
    """A robot shaped like LeRobot's: joint positions in radians by joint name, "gripper" in metres of width.

    An action maps every arm joint to its position, and may carry "gripper" (width [m]) and "gripper_force" [N].

    Attributes:
        description: Its joints, limits, tool and gripper.
        simulated: True if nothing real moves. There is no default: a robot that does not say `simulated = True` is real, moves
            only after approval, and is watched for motions that take longer than planned.
        rate_hz: Ticks a second that it takes [Hz]; None if it takes them as they come.
        tells_width: Whether it measures the width between its fingers; False if it repeats what it was told.
    """

    description: RobotDescription

    @property
    def simulated(self) -> bool: ...

    @property
    def rate_hz(self) -> float | None: ...

    @property
    def tells_width(self) -> bool: ...

    def connect(self) -> None: ...

    def get_observation(self) -> RobotState: ...

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        """Sends one control tick's targets; returns what was actually sent, clipped to the limits."""

    def disconnect(self) -> None: ...


Tell = Callable[[str], None]
"""Takes what was done to a world from outside, in words."""


@runtime_checkable
class Hears(Protocol):
    """A world that hears of the run in it, such as one that is disturbed on purpose."""

    def hear(self, tell: Tell) -> None:
        """A run begins; `tell` takes what is done to the world, for the record, and saves its state."""

    def moving(self, trajectory: JointTrajectory, subgoal: Subgoal | None, plan: tuple[Subgoal, ...]) -> None:
        """A motion is about to begin, for a subgoal of a plan; None for one on the way to rest."""


class World(Protocol):
    """Something with a robot, sensors and time. `robot.send_action` advances it by one control tick.

    What else it can do, it has the methods of: `Saves`, `Knows`, `Judges`, `Feels`, `Tracks`, `HasTool`,
    `Disturbable`.

    Attributes:
        spec: How it was opened; what a record keeps to open it again.
        robot: The arm.
        rate_hz: Control ticks per second.
        simulated: True if nothing in it can be hurt. What does not say so is real: it moves after approval, and is watched.
    """

    spec: WorldSpec
    robot: Robot
    rate_hz: float
    simulated: bool

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        """Read the sensors as they are now: the robot's state, and what is wanted."""

    def settle(self, seconds: float) -> None:
        """Lets time pass with the arm held still [s]."""

    def close(self) -> None:
        """Ends it; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


@runtime_checkable
class Saves(Protocol):
    """A world whose state can be written to a file, and read back into a world of the same specification."""

    def save(self, path: Path) -> None: ...

    def restore(self, path: Path) -> None: ...


@runtime_checkable
class Knows(Protocol):
    """A world that can tell what is in it: what an oracle sees, supports and workspace included."""

    def scene(self) -> Scene: ...


@runtime_checkable
class Judges(Protocol):
    """A world with a task of its own.

    Attributes:
        instruction: Its task in words.
    """

    instruction: str

    def success(self) -> Judgement:
        """Evaluate its own predicate now."""


@runtime_checkable
class Feels(Protocol):
    """A world that can tell at every control tick what the gripper feels."""

    def touch(self) -> Touch: ...


@runtime_checkable
class Tracks(Protocol):
    """A world whose observations tell where objects are also while the arm moves.

    Attributes:
        tracking_hz: How often it is worth perceiving them then [Hz].
    """

    @property
    def tracking_hz(self) -> float: ...


@runtime_checkable
class HasTool(Protocol):
    """A world that can tell where the robot's tool is; it is compared with the robot description when the world is opened."""

    def tool_pose(self) -> Pose:
        """`T_world_tool`, measured."""


@runtime_checkable
class Disturbable(Protocol):
    """A world whose objects can be moved, thrown, added and taken away by hand, for tests of how a run answers.

    Attributes:
        spec: Its seed is that of what strikes, and when and where.
        robot: The arm.
        rate_hz: Control ticks per second.
        ticks: Control ticks since the start.
        disturbances: What was done so far, in words; a part of the saved state.
        has_forces: False for a world without friction and contact forces.
    """

    spec: WorldSpec
    robot: Robot
    rate_hz: float
    ticks: int
    disturbances: list[str]
    has_forces: bool

    def observe(self, wanted: Sensors = NOTHING) -> Observation: ...

    def scene(self) -> Scene: ...

    def settle(self, seconds: float) -> None: ...

    def move_object(self, name: str, pose: Pose) -> None: ...

    def move_joint(self, name: str, joint: str, value: float) -> None: ...

    def add_object(self, spec: ObjectSpec, pose: Pose) -> None: ...

    def remove_object(self, name: str) -> None: ...

    def set_friction(self, name: str, coefficient: float, seconds: float | None = None) -> None: ...

    def weaken(self, share: float) -> None: ...

    def throw(self, name: str, velocity: tuple[float, float, float]) -> None: ...

    def gaps(self, name: str, within: float = 0.3) -> dict[str, float]: ...

    def free_room(self, box: Box, pose: Pose, within: float = 0.3) -> dict[str, float]: ...

    def robot_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float = 0.3) -> float: ...


WorldFactory = Callable[..., World]
"""Opens a world: takes the `WorldSpec`, and by name what its signature has of `robot` (a description), `gui` and options."""


@dataclass(frozen=True)
class WorldScheme:
    """The opener of the addresses that begin with one name.

    Attributes:
        line: What these worlds are, in one line.
        takes: What stands after the colon, in capitals; empty where nothing does.
        find: What opens the world of a specification; raises SetupFault where there is no such world.
        listed: What can stand after the colon, each with a line; empty where nobody can list it.
        shown: A JSON text about one of them.
        default: What stands after the colon where nothing was said.
        scenes: Whether it opens scene files.
    """

    line: str
    takes: str
    find: Callable[[WorldSpec], WorldFactory]
    listed: Callable[[], Mapping[str, str]] = dict
    shown: Callable[[str], str] | None = None
    default: str = ""
    scenes: bool = False


@dataclass(frozen=True)
class Stages:
    """One of each; what the loop needs and all that it knows. Gates come with the names that they are told by.

    Attributes:
        follower: Makes closed loops; None where the world cannot tell objects in motion, or the executor takes none.
    """

    perceiver: Perceiver
    planner: Planner
    compiler: Compiler
    world_model: WorldModel
    executor: Executor
    verifier: Verifier
    world: World
    chooser: Chooser
    gates: tuple[tuple[str, Gate], ...] = ()
    follower: Follower | None = None

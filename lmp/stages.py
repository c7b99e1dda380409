"""The contracts of the stages, and `Stages`, one of each. Every box can be replaced by another that keeps its contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self, runtime_checkable

from lmp.schema.budget import Budget
from lmp.schema.episode import History, WorldObject
from lmp.schema.evidence import Touch
from lmp.schema.exchange import Exchange, ModelUse
from lmp.schema.observation import Observation
from lmp.schema.outcome import Execution, Verification
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState, Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict


class Perceiver(Protocol):
    """Turns an observation into named objects."""

    def perceive(self, observation: Observation) -> Scene: ...


class Planner(Protocol):
    """Turns words into subgoals, and a subgoal into a typed primitive. Refusals are values."""

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals that are still to be done, given the attempts so far; empty when all is done."""

    def ground(self, subgoal: Subgoal, scene: Scene, history: History | None = None) -> SkillParameters | Refusal:
        """The primitive for a subgoal on the fresh scene."""


@dataclass(frozen=True)
class Backing:
    """What a run lends to a planner that asks a model.

    Attributes:
        compile: What the compiler says of a primitive, so that a verdict can go back to the model at once.
        keep: Takes each exchange, with its pictures by hash, into the record.
        budget: What may be spent.
        used: What the run has used before, if it was cut off.
        seconds_left: How much of the run's time is left [s].
        tool_position: Where the tool is in a scene, world x, y, z [m]; None where nobody can tell.
        fingers: Whether the robot has a gripper.
    """

    compile: Callable[[SkillParameters, Scene], JointTrajectory | Verdict]
    keep: Callable[[Exchange, Mapping[str, bytes]], object]
    budget: Budget
    used: ModelUse
    seconds_left: Callable[[], float]
    tool_position: Callable[[Scene], tuple[float, float, float]] | None = None
    fingers: bool = True


@runtime_checkable
class AsksModel(Protocol):
    """A planner that asks a model: it wants pictures, its exchanges are kept, and what it may spend is bounded.

    Attributes:
        use: What the run that lent its backing has used, also before it was cut off.
    """

    use: ModelUse

    def lend(self, backing: Backing) -> None:
        """Takes what a run lends; what was lent before is given back."""

    def draft(self, subgoal: Subgoal, scene: Scene) -> SkillParameters | None:
        """A primitive made by rules, for a look ahead on a predicted scene; None where the rules have none."""


@runtime_checkable
class CorrectsInWords(Protocol):
    """A planner that can edit a primitive as a person's words ask."""

    def correct_in_words(
        self, words: str, subgoal: Subgoal, primitive: SkillParameters, scene: Scene
    ) -> SkillParameters | Refusal: ...


class Compiler(Protocol):
    """Turns a primitive into a checked trajectory, or says what is wrong with it."""

    def compile(self, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict: ...


class WorldModel(Protocol):
    """Predicts the scene after a primitive that was compiled to a trajectory."""

    def predict(self, primitive: SkillParameters, scene: Scene, trajectory: JointTrajectory) -> Scene: ...


class Executor(Protocol):
    """Follows a checked trajectory; refuses a Verdict and anything predicted.

    One that moves another robot than the world's has it as its `robot`, so that approval is asked for where that one is real.
    """

    def execute(self, trajectory: JointTrajectory | Verdict) -> Execution: ...


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


@runtime_checkable
class TouchSensing(Protocol):
    """A world, or a robot, that can tell at every control tick what the hand feels."""

    def touch(self) -> Touch: ...


class World(Protocol):
    """Something with a robot, cameras and time. `robot.send_action` advances it by one control tick.

    Attributes:
        name: Scene name or file.
        seed: The seed it was made with.
        robot: The arm.
        rate_hz: Control ticks per second.
    """

    name: str
    seed: int
    robot: Robot
    rate_hz: float

    def observe(self, images: bool = False) -> Observation:
        """What the sensors say now; rendering is left out unless asked for."""

    def objects(self) -> tuple[WorldObject, ...]:
        """The objects as the world itself knows them; empty for worlds that cannot tell."""

    def settle(self, seconds: float) -> None:
        """Lets time pass with the arm held still [s]."""

    def disturb(self, kind: str, target: str | None) -> str:
        """Disturbs the world for a test; says what was done."""

    def save(self, path: Path) -> None: ...

    def restore(self, path: Path) -> None: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


@dataclass(frozen=True)
class Stages:
    """One of each; what the loop needs and all that it knows."""

    perceiver: Perceiver
    planner: Planner
    compiler: Compiler
    world_model: WorldModel
    executor: Executor
    verifier: Verifier
    world: World

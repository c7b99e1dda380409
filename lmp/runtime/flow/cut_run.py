"""The state of a run that was cut off, as its record tells it, to go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lmp.errors import SetupFault
from lmp.record import RunFolder
from lmp.record.log import Event
from lmp.schema.budget import Budget
from lmp.schema.episode import Attempt, WorldObject
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.robot import RobotDescription

TAKEN_UP = "The process ended during this motion; it is not repeated: perceive again and decompose what is left."


@dataclass(frozen=True)
class CutRun:
    """The state that has to be known to go on.

    Attributes:
        instruction: What was said at first.
        robot: The robot that moved.
        budget: What may be spent.
        pictures, report: What the run was to record.
        began: Whether it had told how it began; nothing had moved before.
        before: The objects at its beginning, as the world told them; None if it could not, or had not yet.
        seconds: Time that it had used [s].
        moved: Whether anything had moved.
        motion: The attempt whose motion was under way.
    """

    instruction: str
    robot: RobotDescription | None
    budget: Budget
    pictures: bool
    report: bool
    began: bool
    before: tuple[WorldObject, ...] | None
    seconds: float
    moved: bool
    motion: Attempt | None

    @classmethod
    def read(cls, record: RunFolder) -> CutRun:
        """The run of a record.

        Raises:
            BadFile: The record is broken.
        """
        settings, events = record.settings(), record.events()
        names = {event.name for event in events}
        began = next((event for event in events if event.name == "began"), None)
        objects = None if began is None else began.data["objects"]
        return cls(
            instruction=str(settings["instruction"]),
            robot=record.robot(),
            budget=Budget.model_validate(settings.get("budget", {})),
            pictures=bool(settings.get("pictures", True)),
            report=bool(settings.get("report", True)),
            began=began is not None,
            before=None if objects is None else tuple(WorldObject.model_validate(item) for item in objects),
            seconds=events[-1].seconds if events else 0.0,
            moved=bool(names & {"moving", "resting"}),
            motion=motion_under_way(events),
        )

    def check_robot(self, robot: RobotDescription) -> None:
        """Raises a SetupFault if the run is another robot's."""
        if self.robot is not None and self.robot.joint_names != robot.joint_names:
            raise SetupFault(f"The run was made with the robot {self.robot.name!r}; this world has {robot.name!r}.")


def motion_under_way(events: Sequence[Event]) -> Attempt | None:
    """The attempt that had begun to move and has no end in the record."""
    moving = next((event for event in reversed(events) if event.name in ("moving", "responded", "resumed", "closed")), None)
    if moving is None or moving.name != "moving":
        return None
    return Attempt(
        subgoal=Subgoal.model_validate(moving.data["subgoal"]),
        primitive=moving.data["primitive"],
        outcome=Outcome.INTERRUPTED,
        message=TAKEN_UP,
        rule="resumed: perceive again and decompose what is left of the instruction",
    )

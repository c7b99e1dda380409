"""One attempt as the report shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lmp.errors import LmpError
from lmp.record import RunFolder
from lmp.runtime.report.pictures import data_uri, picture_with_path, plain_picture
from lmp.runtime.report.plots import joint_plot, joint_rows
from lmp.runtime.report.timeline import Looks
from lmp.runtime.report.words import flat, short, units_of
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.episode import Attempt
from lmp.schema.outcome import Outcome
from lmp.schema.robot import RobotDescription
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory


@dataclass(frozen=True)
class Picture:
    """A picture in the page.

    Attributes:
        source: Data URI.
        path: Whether the planned path is drawn in.
    """

    camera: str
    when: str
    source: str
    path: bool


@dataclass(frozen=True)
class AttemptCard:
    """The part of a report that is shown of an attempt beside its own fields.

    Attributes:
        parameters: Path, value and unit of each parameter.
        plot: Inline SVG; empty without a trajectory.
        missing: Why something that was recorded is not shown.
    """

    attempt: Attempt
    parameters: list[tuple[str, str, str]]
    pictures: list[Picture] = field(default_factory=list)
    plot: str = ""
    joints: list[dict[str, Any]] = field(default_factory=list)
    trajectory: JointTrajectory | None = None
    missing: str = ""

    @property
    def stopped(self) -> float | None:
        """Time at which the motion was stopped [s]; None if it was not."""
        return stopped_at(self.attempt)


def attempt_card(run: RunFolder, attempt: Attempt, looks: Looks, robot: RobotDescription | None, width: int) -> AttemptCard:
    """Collects what the record has of an attempt; pictures at most so wide [px]."""
    parameters = parameter_rows(attempt.primitive)
    name = attempt.compiled.trajectory if attempt.compiled is not None else looks.trajectory
    if attempt.execution is not None and attempt.execution.commanded is not None:
        name = attempt.execution.commanded
    if name is None:
        return AttemptCard(attempt, parameters)
    try:
        trajectory = run.load_trajectory(name)
        before = run.load_frames(looks.before) if looks.before is not None else ()
        after = run.load_frames(seen) if (seen := _seen_after(attempt, looks)) is not None else ()
    except LmpError as error:
        # A report of a damaged record is worth more than none; the page says what is damaged.
        return AttemptCard(attempt, parameters, missing=str(error))
    return AttemptCard(
        attempt=attempt,
        parameters=parameters,
        pictures=_pictures(before, after, trajectory, width, stopped_at(attempt)),
        plot=joint_plot(trajectory, robot, stopped_at(attempt), _retargeted(attempt)),
        joints=joint_rows(trajectory, robot) if robot is not None else [],
        trajectory=trajectory,
    )


def _retargeted(attempt: Attempt) -> tuple[float, ...]:
    """Instants at which a segment under way was given another end [s]."""
    return () if attempt.execution is None else tuple(retarget.t for retarget in attempt.execution.retargets)


def stopped_at(attempt: Attempt) -> float | None:
    """Time at which the motion was stopped [s]; None if it was followed to its end, or nobody knows."""
    execution = attempt.execution
    if execution is None or execution.outcome is Outcome.SUCCEEDED:
        return None
    return execution.duration if execution.evidence is None else execution.evidence.t


def _seen_after(attempt: Attempt, looks: Looks) -> str | None:
    """Label of the pictures after the motion: of a stop the ones that belong to the evidence."""
    evidence = attempt.execution.evidence if attempt.execution is not None else None
    return looks.after if evidence is None or evidence.picture is None else evidence.picture


def _pictures(
    before: tuple[CameraFrame, ...],
    after: tuple[CameraFrame, ...],
    trajectory: JointTrajectory,
    width: int,
    stopped: float | None,
) -> list[Picture]:
    """For each camera the picture before, with the path, and the one after."""
    later = {frame.name: frame for frame in after}
    when = "after" if stopped is None else f"after the stop at {stopped:.2f} s"
    found = []
    for frame in before:
        found.append(Picture(frame.name, "before", data_uri(picture_with_path(frame, trajectory), width), True))
        if frame.name in later:
            found.append(Picture(frame.name, when, data_uri(plain_picture(later[frame.name]), width), False))
    return found


def parameter_rows(primitive: SkillParameters | None) -> list[tuple[str, str, str]]:
    """Path, value and unit of each parameter of a primitive."""
    if primitive is None:
        return []
    units = units_of(primitive)
    return [
        (path, short(value) if value is not None else "not set", units.get(_field(path), "") if value is not None else "")
        for path, value in flat(primitive.model_dump(mode="json"))
        if path != "kind"
    ]


def _field(path: str) -> str:
    """The last name in a path, not counting indices."""
    return next((part for part in reversed(path.split(".")) if not part.isdecimal()), path)

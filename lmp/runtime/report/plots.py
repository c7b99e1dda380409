"""Joint motion against its limits, as a drawing inside the page."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.robots.joint_units import joint_units
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory

COLOURS = ("#2f81f7", "#e5771e", "#2da44e", "#d6409f", "#8b6cf0", "#c69026", "#1a9ba1", "#e5534b")
"""One for each joint; all can be read on white and on black."""
INK, FAINT, LIMIT = "#010203", "#010204", "#e5484d"
"""The first two stand for the page's own text colours and are replaced by them."""
SAMPLES = 260
"""Instants that are drawn at most: more than the pixels of a phone, fewer than make the page heavy [count]."""
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lmp",
    "text.parse_math": False,
    "font.size": 9.5,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def joint_plot(
    trajectory: JointTrajectory,
    robot: RobotDescription | None,
    stopped: float | None = None,
    retargeted: tuple[float, ...] = (),
) -> str:
    """Positions, velocities and accelerations over time as inline SVG, in percent of each joint's limits if they are known.

    Args:
        trajectory: What was planned; of a closed loop what was commanded.
        robot: Whose limits they are.
        stopped: When the motion was stopped [s]: what comes after it was not followed.
        retargeted: When a segment under way was given another end [s].
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    limits = {joint.name: joint for joint in robot.joints} if robot is not None else {}
    known = all(name in limits for name in trajectory.joint_names)
    pick = np.unique(np.linspace(0, len(trajectory.times) - 1, SAMPLES).round().astype(int))
    t = trajectory.times[pick]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.0, 6.6))
        axes = figure.subplots(3, 1, sharex=True)
        for axis, (title, unit, lines) in zip(axes, _panels(trajectory, robot if known else None, pick), strict=True):
            _draw_panel(axis, t, title, unit, lines, known)
        rows = _draw_segments(axes, trajectory)
        for t in retargeted:
            axes[-1].plot([t], [0.02], marker="^", markersize=4.0, color=INK, transform=axes[-1].get_xaxis_transform())
        if stopped is not None:
            _draw_stop(axes, min(stopped, trajectory.duration), trajectory.duration)
        # Fixed margins, since finding them takes as long as drawing; one line of names above needs 0.024 of the height.
        figure.subplots_adjust(left=0.072, right=0.992, bottom=0.075, top=0.99 - 0.024 * rows, hspace=0.07)
        axes[-1].set_xlabel("time [s]")
        axes[-1].set_xlim(0.0, trajectory.duration)
        return _inline_svg(figure)


def joint_rows(trajectory: JointTrajectory, robot: RobotDescription) -> list[dict[str, Any]]:
    """For each joint its range of motion and its peaks, beside what is allowed."""
    limits = {joint.name: joint for joint in robot.joints}
    units = dict(zip(robot.joint_names, joint_units(robot), strict=True))
    rows = []
    for index, name in enumerate(trajectory.joint_names):
        joint = limits.get(name)
        if joint is None:
            continue
        q, qd, qdd = trajectory.positions[:, index], trajectory.velocities[:, index], trajectory.accelerations[:, index]
        rows.append(
            {
                "name": name,
                "unit": units[name],
                "colour": COLOURS[index % len(COLOURS)],
                "range": f"{q.min():.2f} .. {q.max():.2f}",
                "range_limit": f"{joint.lower:.2f} .. {joint.upper:.2f}",
                "velocity": float(np.abs(qd).max()),
                "velocity_limit": joint.velocity,
                "acceleration": float(np.abs(qdd).max()),
                "acceleration_limit": joint.acceleration,
                "jerk_limit": joint.jerk,
                "source": joint.source,
            }
        )
    return rows


def _panels(
    trajectory: JointTrajectory, robot: RobotDescription | None, pick: NDArray[np.int64]
) -> list[tuple[str, str, NDArray[np.float64]]]:
    """Title, unit and lines, shape (n, dof), of each panel."""
    q, qd, qdd = (array[pick] for array in (trajectory.positions, trajectory.velocities, trajectory.accelerations))
    if robot is None:
        return [("position", "rad", q), ("velocity", "rad/s", qd), ("acceleration", "rad/s\u00b2", qdd)]
    joints = [next(joint for joint in robot.joints if joint.name == name) for name in trajectory.joint_names]
    lower, upper, speed, push = (
        np.array([getattr(joint, field) for joint in joints]) for field in ("lower", "upper", "velocity", "acceleration")
    )
    centred = (2 * q - lower - upper) / (upper - lower)
    return [
        ("position", "% of the range", 100 * centred),
        ("velocity", "% of the limit", 100 * qd / speed),
        ("acceleration", "% of the limit", 100 * qdd / push),
    ]


def _draw_panel(axis: Any, t: NDArray[np.float64], title: str, unit: str, lines: NDArray[np.float64], limited: bool) -> None:
    for index, line in enumerate(lines.T):
        axis.plot(t, line, color=COLOURS[index % len(COLOURS)], linewidth=1.5)
    axis.axhline(0.0, color=FAINT, linewidth=0.6, alpha=0.35)
    if limited:
        top = max(112.0, float(np.abs(lines).max()) * 1.08)
        axis.set_ylim(-top, top)
        axis.set_yticks([-100, -50, 0, 50, 100])
        for side in (-100.0, 100.0):
            axis.axhline(side, color=LIMIT, linewidth=1.2, linestyle=(0, (5, 3)))
    axis.grid(axis="y", color=FAINT, alpha=0.12, linewidth=0.6)
    axis.set_ylabel(f"{title}\n[{unit}]")
    axis.tick_params(length=3)


def _draw_segments(axes: Any, trajectory: JointTrajectory) -> int:
    """Shades every other segment, names all, marks the gripper's commands; returns how many lines the names take."""
    for index, segment in enumerate(trajectory.segments):
        for axis in axes:
            if index % 2 == 0:
                axis.axvspan(segment.start, segment.end, color=FAINT, alpha=0.045, linewidth=0)
    room = trajectory.duration / 115
    placed = _placed_names(trajectory, room)
    for row, (start, end, name) in placed:
        axes[0].annotate(
            name, ((start + end) / 2, 1.0), (0, 4 + 11 * row), ("data", "axes fraction"), "offset points",
            ha="center", va="bottom", fontsize=9, annotation_clip=False,
        )  # fmt: skip
    for event in trajectory.gripper:
        for axis in axes:
            axis.axvline(event.t, color=INK, linewidth=1.0, alpha=0.55, linestyle=(0, (1, 2)))
    return 1 + max(row for row, _ in placed)


def _draw_stop(axes: Any, stopped: float, duration: float) -> None:
    """Marks the instant of the stop, and veils what was not followed."""
    for axis in axes:
        axis.axvspan(stopped, duration, color=LIMIT, alpha=0.07, linewidth=0)
        axis.axvline(stopped, color=LIMIT, linewidth=1.8)
    right = stopped < 0.85 * duration
    axes[-1].annotate(
        f"stopped at {stopped:.2f} s", (stopped, 0.0), (5 if right else -5, 14), ("data", "axes fraction"), "offset points",
        ha="left" if right else "right", va="bottom", fontsize=9, color=LIMIT,
    )  # fmt: skip


def _placed_names(trajectory: JointTrajectory, room: float) -> list[tuple[int, tuple[float, float, str]]]:
    """Names of the segments, each in the lowest of the rows where it does not overlap the one before. `room`: one sign [s]."""
    ends: list[float] = []
    placed = []
    for segment in trajectory.segments:
        # Fonts of the reader's machine may lack a sign, and their widths are unknown here.
        name = segment.name.encode("ascii", "replace").decode("ascii")[:24]
        middle, half = (segment.start + segment.end) / 2, (len(name) + 1.5) * room / 2
        row = next((row for row, end in enumerate(ends) if middle - half >= end), len(ends))
        ends[row : row + 1] = [middle + half]
        placed.append((row, (segment.start, segment.end, name)))
    return placed


def _inline_svg(figure: Any) -> str:
    """The figure as an SVG element for an HTML page: no prolog, no metadata, no namespaces, colours of the page's text."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.S)
    text = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
    text = re.sub(r'(<svg[^>]*?)\swidth="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?)\sheight="[^"]*"', r"\1", text, count=1)
    text = text.replace("xlink:href", "href").replace(FAINT, "currentColor").replace(INK, "currentColor")
    return text.replace("<svg", '<svg class="plot" role="img" aria-label="joint motion over time"', 1)

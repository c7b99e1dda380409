"""Whether things are still where they were when the motion was compiled, looked at just before they are touched."""

from __future__ import annotations

import numpy as np

from lmp.schema.evidence import Evidence
from lmp.schema.scene import Scene
from lmp.schema.trajectory import Segment


def displaced(segment: Segment, scene: Scene) -> Evidence | None:
    """The first thing that is not where the segment expects it; None if all are.

    A thing that the scene does not have any more is reported as seen 0 times, with 1 as the least [dimensionless].
    """
    for expected in segment.expects:
        if expected.object not in scene:
            return Evidence(
                signal="displacement",
                value=0.0,
                limit=1.0,
                unit="1",
                t=segment.start,
                segment=segment.name,
                about=expected.object,
            )
        way = np.array(scene.get(expected.object).pose.position) - np.array(expected.position)
        distance = float(np.linalg.norm(way))
        if distance > expected.tolerance:
            return Evidence(
                signal="displacement",
                value=distance,
                limit=expected.tolerance,
                unit="m",
                t=segment.start,
                segment=segment.name,
                about=expected.object,
            )
    return None

"""A trajectory in one file: its arrays, and everything else as JSON beside them."""

from __future__ import annotations

import json
from typing import BinaryIO

import numpy as np

from lmp.record.plain_json import ARRAYS
from lmp.schema.trajectory import JointTrajectory


def write_trajectory(file: BinaryIO, trajectory: JointTrajectory) -> None:
    """Writes the trajectory; every number comes back exactly."""
    meta = trajectory.model_dump(mode="json", exclude=ARRAYS)
    arrays = {name: getattr(trajectory, name) for name in sorted(ARRAYS)}
    np.savez(file, meta=np.array(json.dumps(meta)), **arrays)


def read_trajectory(source: BinaryIO) -> JointTrajectory:
    """The trajectory of a file.

    Raises:
        ValueError, KeyError, OSError, zipfile.BadZipFile: The file is not one of ours.
    """
    with np.load(source, allow_pickle=False) as file:
        fields = json.loads(str(file["meta"]))
        return JointTrajectory.model_validate({**fields, **{name: file[name] for name in ARRAYS}})

"""Every fuzz target, by name."""

from __future__ import annotations

from file_targets import FILE_TARGETS
from motion_target import MOTION_TARGETS
from record_targets import RECORD_TARGETS
from urdf_target import URDF_TARGETS
from word_targets import WORD_TARGETS

TARGETS = {target.name: target for target in (*FILE_TARGETS, *URDF_TARGETS, *WORD_TARGETS, *MOTION_TARGETS, *RECORD_TARGETS)}

"""The package's own truths, one family a file; loading this registers them."""

from lmp.lab.truth.predicates import attitude, contact, displacements, joints, sides, spacing, support

__all__ = ["attitude", "contact", "displacements", "joints", "sides", "spacing", "support"]

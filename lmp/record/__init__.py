"""The record of a run: a folder that holds everything a person needs to see what happened, and to trust it."""

from lmp.record.log import Event
from lmp.record.record_fault import record_faults
from lmp.record.run_folder import RunFolder

__all__ = ["Event", "RunFolder", "record_faults"]

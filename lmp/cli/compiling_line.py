"""Says on standard error that the arithmetic of motions is being compiled, which takes a while, once on a machine."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

LOGGER = "lmp.primitives.kernels.compiled"


class CompilingLine(logging.Handler):
    """One line when the first kernel is compiled; on a terminal it goes on to name each of them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self._count += 1
        with suppress(OSError, AttributeError, ValueError):  # the terminal may be gone
            if self._count == 1:
                sys.stderr.write(
                    "lmp: compiling the arithmetic of motions, once on this machine (`lmp warmup` does it ahead)\n"
                )
            if sys.stderr.isatty():
                sys.stderr.write(f"lmp: {self._count}: {record.getMessage()}\n")
            sys.stderr.flush()


def tell_of_compiling() -> None:
    """From now on this process says when it compiles."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not any(isinstance(handler, CompilingLine) for handler in logger.handlers):
        logger.addHandler(CompilingLine())

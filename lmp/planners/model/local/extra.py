"""The large libraries of the extra `local`, loaded by name when they are needed: nothing else of lmp needs them."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import Any

from lmp.errors import SetupFault

EXTRA = "local"
NEEDED = ("torch", "transformers", "torchvision", "llguidance")


def extra(module: str) -> Any:
    """A module of the extra.

    Raises:
        SetupFault: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in NEEDED:
            raise  # its own import broke: that is not hidden
        raise _missing([(error.name or module).partition(".")[0]]) from error


def require_extra() -> None:
    """Says at once what is missing, without loading any of it.

    Raises:
        SetupFault: A module of the extra is not installed.
    """
    missing = [module for module in NEEDED if find_spec(module) is None]
    if missing:
        raise _missing(missing)


def _missing(modules: list[str]) -> SetupFault:
    named = " and ".join(f"`{module}`" for module in modules)
    return SetupFault(
        f"Models from a folder of weights need {named}, which {'is' if len(modules) == 1 else 'are'} not installed: "
        f"pip install 'lmp-robotics[{EXTRA}]'"
    )

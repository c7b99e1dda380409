"""The fault of an address that opens no world, with those that would."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from lmp.errors import SetupFault, did_you_mean
from lmp.runtime.python_world import class_of
from lmp.schema.world_spec import FILES, WorldAddress, WorldSpec
from lmp.stages import WorldScheme


def unknown_world(text: str, read: WorldAddress, found: Mapping[str, WorldScheme], default: str) -> SetupFault:
    """The fault of an address that nothing opens, with those that would work."""
    path = Path(read.rest)
    working = [address for name, scheme in found.items() for address in _listed(name, scheme)]
    working += found[default].listed()
    if read.scheme and read.names_file and path.is_file():
        working += [f"{name}:{path}" for name, scheme in found.items() if scheme.scenes]
    elif not read.scheme and path.suffix and path.parent.is_dir():
        working += [str(other) for other in path.parent.iterdir() if other.suffix in FILES]
    if read.scheme and read.rest.isidentifier():
        with suppress(SetupFault):
            class_of(WorldSpec(address=f"python:{read.plain}"))
            working.append(f"python:{read.plain}")
    if path.suffix == ".py" and path.is_file():
        return SetupFault(
            f"No world {text!r:.200}. A class of a Python file is opened by its module's name, in the folder of the file: "
            f"python:{path.stem}:CLASS."
        )
    known = ", ".join(_pattern(name, scheme) for name, scheme in found.items())
    return SetupFault(f"No world {text!r:.200}.{did_you_mean(text, working)} Known: {known}. See `lmp worlds`.")


def _listed(name: str, scheme: WorldScheme) -> list[str]:
    return [f"{name}:{rest}" for rest in scheme.listed()] + ([name] if scheme.default or not scheme.takes else [])


def _pattern(name: str, scheme: WorldScheme) -> str:
    return f"{name}:{scheme.takes}" if scheme.takes else name

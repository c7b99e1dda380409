"""Opens worlds by their addresses: `tabletop`, `kinematic:tabletop`, `pybullet:my.toml`, `python:module:Class`, ..."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import PydanticUndefinedAnnotation, PydanticUserError, TypeAdapter, ValidationError

from lmp import registry
from lmp.capabilities import MEMBERS, missing_of, world_capabilities
from lmp.errors import LmpError, SetupFault, did_you_mean, need, raised_at, robot_faults
from lmp.record import RunFolder
from lmp.robots.robot_file import load_robot
from lmp.runtime.default_parts import check_tool
from lmp.schema.robot import RobotDescription
from lmp.schema.world_spec import FILES, WorldAddress, WorldSpec
from lmp.stages import World, WorldFactory, WorldScheme

CONTRACT = (
    "What an address names is a class or function that takes the WorldSpec, and is or returns an open world: an object with "
    f"{', '.join(MEMBERS['world'])}."
)
DEFAULT_SCHEME = "pybullet"
DEFAULT_ROBOT = "panda"


def open_world(
    address: str | Path = "tabletop",
    *,
    seed: int = 0,
    robot: str | Path | RobotDescription | None = None,
    gui: bool = False,
) -> World:
    """Opens a world; a context manager.

    Args:
        address: `SCHEME:REST?key=value&...`. Without a scheme it is a scene's name or file, which PyBullet opens.
        seed: Seed of whatever is drawn, such as the places of its objects.
        robot: A robot's name or file, for a world that does not bring its own; the Panda by default.
        gui: Shows the simulator's window.

    Raises:
        SetupFault: There is no such world, robot or option, or it cannot be opened.
    """
    need("world", address, (str, Path), "the address of a world, such as kinematic:tabletop")
    need("robot", robot, (str, Path, RobotDescription, type(None)), "the name of a robot, or the path of a robot file")
    if not isinstance(seed, Integral) or isinstance(seed, bool) or not 0 <= seed < 2**32:
        raise SetupFault(f"seed takes a whole number from 0 to {2**32 - 1}, got {seed!r:.60}.")
    scheme, read = scheme_of(str(address))
    return _opened(scheme, _spec(read, int(seed)), robot, gui)


def reopen_world(record: RunFolder) -> World:
    """The world of a recorded run, in the newest state that was saved.

    Raises:
        SetupFault: It was made in Python, or there is no such world here.
        BadFile: A file of the record is broken.
    """
    spec, robot = record.world(), record.robot()
    if spec is None or spec.address is None:
        raise SetupFault(
            f"The run {str(record.path)!r} was made in a world that has no address, since it was passed as an object. "
            "Open it in Python and use lmp.Agent(world).resume(run)."
        )
    scheme, _ = scheme_of(spec.address)
    opened = _opened(scheme, spec, robot if spec.robot is not None else None, gui=False)
    state, saves = record.newest_world(), world_capabilities(opened).saves
    if state is not None and saves is not None:
        try:
            saves.restore(state)
        except BaseException:
            opened.close()
            raise
    return opened


@contextmanager
def closing(world: World) -> Iterator[World]:
    """The world for the length of a `with` block, closed at its end whatever happens.

    Raises:
        RobotFault: It cannot be closed, and nothing else went wrong before; what did goes first.
    """
    try:
        yield world
    except BaseException:
        with suppress(Exception):
            world.close()
        raise
    with robot_faults(world, "close"):
        world.close()


def check_world(address: str) -> None:
    """Raises a SetupFault if there is no such world, without opening it."""
    scheme, read = scheme_of(address)
    spec = _spec(read, 0)
    _options(_unwrapped(spec)[0], scheme.find(spec))


def _spec(read: WorldAddress, seed: int) -> WorldSpec:
    """The specification of an address.

    Raises:
        SetupFault: It, or an option of it, is too long or cannot be shown.
    """
    try:
        return WorldSpec(address=read.plain, seed=seed, options=dict(read.options))
    except ValidationError as error:
        from lmp.files.data_complaints import complaints_of

        raise SetupFault(f"The world {str(read)[:80]!r}: {' '.join(complaints_of(error, WorldSpec))}") from error


def schemes() -> dict[str, WorldScheme]:
    """Return what opens addresses, by the name that they begin with."""
    return {name: _scheme(name) for name in registry.known("world")}


def scheme_of(text: str) -> tuple[WorldScheme, WorldAddress]:
    """Find what opens an address, and return it with the address as a whole: its scheme, and files by their whole path.

    Raises:
        SetupFault: Nothing opens it; says what comes near.
    """
    read, known = WorldAddress.read(text), registry.known("world")
    if not read.scheme and read.rest in known:
        read = replace(read, scheme=read.rest, rest="")
    read = read.within(DEFAULT_SCHEME) if read.names_file or read.rest in _scheme(DEFAULT_SCHEME).listed() else read
    if read.scheme not in known:
        raise _unknown(text, read)
    scheme = _scheme(read.scheme)
    rest = read.rest or scheme.default
    if not rest and scheme.takes:
        raise SetupFault(f"The world {text!r} goes on after the colon: {read.scheme}:{scheme.takes}.")
    return scheme, replace(read, rest=str(Path.cwd() / rest) if read.names_file else rest)


def _scheme(name: str) -> WorldScheme:
    """Load the scheme that a name stands for; a class or function of another package opens its worlds itself."""
    part = registry.load("world", name)
    if isinstance(part, WorldScheme):
        return part
    line = (part.__doc__ or "").strip().partition("\n")[0]
    return WorldScheme(line=line, takes="", find=lambda spec: part)


def _unknown(text: str, read: WorldAddress) -> SetupFault:
    """The fault of an address that nothing opens, with those that would work."""
    found, path = schemes(), Path(read.rest)
    working = [address for name, scheme in found.items() for address in _listed(name, scheme)]
    working += _scheme(DEFAULT_SCHEME).listed()
    if read.scheme and read.names_file and path.is_file():
        working += [f"{name}:{path}" for name, scheme in found.items() if scheme.scenes]
    elif not read.scheme and path.suffix and path.parent.is_dir():
        working += [str(other) for other in path.parent.iterdir() if other.suffix in FILES]
    if read.scheme and read.rest.isidentifier():
        from lmp.runtime.python_world import class_of

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


def _opened(scheme: WorldScheme, spec: WorldSpec, robot: str | Path | RobotDescription | None, gui: bool) -> World:
    """The world of a specification.

    Raises:
        SetupFault: It does not take the robot, the window or an option, or it cannot be opened.
    """
    factory = scheme.find(spec)
    spec, wrappers = _unwrapped(spec)
    given, wanted = _options(spec, factory), _parameters(spec, factory)
    if "robot" in wanted:
        asked = DEFAULT_ROBOT if robot is None else robot
        given["robot"] = described = asked if isinstance(asked, RobotDescription) else load_robot(asked)
        spec = spec.model_copy(update={"robot": described.name})
    elif robot is not None:
        raise SetupFault(f"The world {spec} brings its own robot: leave out the robot {_named(robot)!r}.")
    if "gui" in wanted:
        given["gui"] = gui
    elif gui:
        raise SetupFault(f"The world {spec} has no window to show.")
    try:
        opened: World = factory(spec, **given)
    except (LmpError, KeyboardInterrupt):
        raise
    except Exception as error:
        raise SetupFault(f"The world {spec} cannot be opened: {raised_at(error)}. {CONTRACT}") from error
    if missing := missing_of("world", opened):
        raise SetupFault(f"What {spec} opens is no world: {type(opened).__name__} has no {', '.join(missing)}. {CONTRACT}")
    try:
        check_tool(opened)
    except BaseException:
        opened.close()
        raise
    return _wrapped(opened, wrappers)


def _unwrapped(spec: WorldSpec) -> tuple[WorldSpec, dict[str, str]]:
    """The specification of the world itself, and the options that ask for wrappers of it."""
    known = registry.known("wrapper")
    wrappers = {name: text for name, text in spec.options.items() if name in known}
    own = {name: text for name, text in spec.options.items() if name not in known}
    return spec.model_copy(update={"options": own}), wrappers


def _wrapped(world: World, wrappers: Mapping[str, str]) -> World:
    """The world in its wrappers, the first of which is the innermost; closed if one of them refuses it."""
    for name, text in wrappers.items():
        try:
            world = registry.load("wrapper", name)(world, text)
        except BaseException:
            world.close()
            raise
    return world


def _named(robot: str | Path | RobotDescription) -> str:
    return robot.name if isinstance(robot, RobotDescription) else str(robot)


def _options(spec: WorldSpec, factory: WorldFactory) -> dict[str, Any]:
    """The options of an address as the factory takes them: by name, read as its annotations say.

    Raises:
        SetupFault: It takes no such option, or one cannot be read; says all of them.
    """
    parameters = list(_parameters(spec, factory).values())[1:]
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    taken = {each.name: each for each in parameters if each.name not in ("robot", "gui") and each.kind in named}
    wrappers = registry.known("wrapper")
    read, complaints = dict[str, Any](), list[str]()
    for name, text in spec.options.items():
        if name not in taken:
            own = f"Its options: {', '.join(taken)}." if taken else "It has none of its own."
            near = did_you_mean(name, [*taken, *wrappers])
            complaints.append(f"It has no option {name!r}.{near} {own} Every world takes {', '.join(wrappers)}.")
            continue
        try:
            read[name] = TypeAdapter(_kind_of(taken[name], factory)).validate_strings(text)
        except ValidationError as error:
            complaints.append(f"{name} = {text!r}: {error.errors()[0]['msg']}.")
        except (PydanticUserError, PydanticUndefinedAnnotation):
            complaints.append(f"{name}: an address cannot say {taken[name].annotation!r:.100}, which it is annotated with.")
    missing = [name for name, each in taken.items() if each.default is each.empty and name not in spec.options]
    complaints += [f"It needs the option {name}: {spec.address}?{name}=..." for name in missing]
    if complaints:
        raise SetupFault(f"The world {spec}: {' '.join(complaints)}")
    return read


def _parameters(spec: WorldSpec, factory: WorldFactory) -> Mapping[str, inspect.Parameter]:
    """The parameters of what opens a world.

    Raises:
        SetupFault: It cannot be called with the specification.
    """
    try:
        signature = inspect.signature(factory)
    except ValueError as error:
        raise SetupFault(f"The world {spec}: nothing tells how it is called. {CONTRACT}") from error
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    if not any(each.kind in positional for each in signature.parameters.values()):
        raise SetupFault(f"The world {spec} takes no WorldSpec: it is called as {signature}. {CONTRACT}")
    return signature.parameters


def _kind_of(parameter: inspect.Parameter, factory: WorldFactory) -> Any:
    """The type that a parameter is annotated with; text where it is not, or where its annotation names what is not there."""
    if parameter.annotation is parameter.empty:
        return str
    try:
        hints = get_type_hints(factory.__init__ if inspect.isclass(factory) else factory)
    except (NameError, TypeError):  # Another one's annotation may be for type checkers only.
        return PLAIN.get(str(parameter.annotation), str) if isinstance(parameter.annotation, str) else parameter.annotation
    return hints.get(parameter.name, str)


PLAIN: dict[str, Any] = {kind.__name__: kind for kind in (bool, int, float, str)}

"""Whether a state that is asked for holds so clearly already that nobody would expect anything to move."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.relations import holds, is_inside, rests_on
from lmp.planners.scripted.properties import category_of, is_table
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.relating import free_distance
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import At, Behind, Between, Condition, In, InFrontOf, LeftOf, MovedBy, NextTo, On, RightOf
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, solid_parts

Place2 = tuple[float, float]
Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]
GRID = 0.01
"""Step of the search for a free place [m]."""
CLEARANCE = 0.03
"""Free distance kept around a thing that is put down, for the fingers [m]."""
_SIDES = {LeftOf: (0.0, 1.0), RightOf: (0.0, -1.0), InFrontOf: (-1.0, 0.0), Behind: (1.0, 0.0), NextTo: (0.0, 1.0)}


def _is_under(place: Place2, bottom: float, bounds: Bounds) -> bool:
    """Whether a thing of these bounds reaches under a place, from the height of its underside down."""
    (low, high) = bounds
    within = low[0] - 0.01 <= place[0] <= high[0] + 0.01 and low[1] - 0.01 <= place[1] <= high[1] + 0.01
    return bool(within and low[2] - 0.01 <= bottom <= high[2] + 0.01)


class Situation:
    """The symbolic state: parents, hand, places."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.held = scene.held.name if scene.held is not None else None
        bounds = {thing.name: thing.bounds for thing in scene.objects}
        self.place: dict[str, Place2] = {}
        self.half: dict[str, Place2] = {}
        for name, (lower, upper) in bounds.items():
            self.place[name] = (float(lower[0] + upper[0]) / 2, float(lower[1] + upper[1]) / 2)
            self.half[name] = (float(upper[0] - lower[0]) / 2, float(upper[1] - lower[1]) / 2)
        self.table = next((thing.name for thing in scene.objects if is_table(thing)), None)
        self.parent: dict[str, str] = {}
        for upper_thing in scene.objects:
            parent = self._parent_of(upper_thing, bounds) if upper_thing.movable else None
            if parent is not None:
                self.parent[upper_thing.name] = parent
        if self.held is not None:
            self.parent.pop(self.held, None)

    def _parent_of(self, thing: SceneObject, bounds: dict[str, Bounds]) -> str | None:
        """What the thing stands on, else what it lies in, else the table."""
        bottom, name = float(bounds[thing.name][0][2]), thing.name
        near = [
            other
            for other in self.scene.objects
            if other.name != name and _is_under(self.place[name], bottom, bounds[other.name])  # spares the exact tests
        ]
        for other in near:
            if not is_table(other) and other.cavity is None and rests_on(self.scene, name, other.name):
                return other.name
        for other in near:
            if other.cavity is not None and (is_inside(self.scene, name, other.name) or rests_on(self.scene, name, other.name)):
                return other.name
        return next((other.name for other in near if is_table(other) and rests_on(self.scene, name, other.name)), None)

    def copy(self) -> Situation:
        """An independent copy."""
        other = Situation.__new__(Situation)
        other.scene, other.held, other.table, other.half = self.scene, self.held, self.table, self.half
        other.place, other.parent = dict(self.place), dict(self.parent)
        return other

    def children(self, name: str) -> list[str]:
        """What stands directly on the thing or lies in it."""
        return [child for child, parent in self.parent.items() if parent == name]

    def lift(self, name: str) -> None:
        """The thing is taken into the hand."""
        self.held = name
        self.parent.pop(name, None)

    def apply(self, task: Task) -> None:
        """The state after a task."""
        if task.kind == "home":
            return
        if task.kind == "hold":
            self.lift(task.object)
            return
        if self.held == task.object:
            self.held = None
        if task.kind == "put" and self.table is not None:
            self.parent[task.object] = self.table
        for condition in task.conditions:
            self._follow(condition)

    def _follow(self, condition: object) -> None:
        match condition:
            case On(object=name, support=support):
                self.parent[name] = support
                if support != self.table:
                    self.place[name] = self.place[support]
                else:
                    self.place[name] = self.free_place(name, self.place[name]) or self.place[name]
            case In(object=name, container=container):
                self.parent[name], self.place[name] = container, self.place[container]
            case At(object=name, x=x, y=y):
                self.place[name] = (x, y)
            case MovedBy(object=name, origin=origin, dx=dx, dy=dy):
                self.place[name] = (origin[0] + dx, origin[1] + dy)
            case Between(object=name, first=first, second=second):
                (ax, ay), (bx, by) = self.place[first], self.place[second]
                self.place[name] = ((ax + bx) / 2, (ay + by) / 2)
            case LeftOf() | RightOf() | InFrontOf() | Behind() | NextTo():
                along = _SIDES[type(condition)]
                self.place[condition.object] = self.beside(condition.object, condition.reference, along)
                below = self.parent.get(condition.reference)
                if below is not None:
                    self.parent[condition.object] = below
            case _:
                pass

    def beside(self, name: str, reference: str, along: Place2, gap: float = 0.03) -> Place2:
        """The place on one side of a reference with a free gap between the two [m]."""
        x, y = self.place[reference]
        reach = [self.half[reference][axis] + self.half[name][axis] + gap for axis in (0, 1)]
        return x + along[0] * reach[0], y + along[1] * reach[1]

    def inside_workspace(self, place: Place2) -> bool:
        """Whether things may be put down there."""
        low, high = self.scene.workspace.lower, self.scene.workspace.upper
        return low[0] <= place[0] <= high[0] and low[1] <= place[1] <= high[1]

    def is_free(
        self,
        name: str,
        place: Place2,
        ignore: Iterable[str] = (),
        vacate: bool = False,
        taken: Sequence[tuple[Place2, Place2]] = (),
        room: float = CLEARANCE,
    ) -> bool:
        """Whether the thing could stand there with room for the fingers [m]; with `vacate`, clear of where it stands now, too.

        `taken` are further areas to keep clear of: middles and half widths [m].
        """
        size = max(self.half[name])
        for (x, y), (half_x, half_y) in taken:
            if abs(place[0] - x) < size + half_x + room and abs(place[1] - y) < size + half_y + room:
                return False
        for other, (x, y) in self.place.items():
            if (other == name and not vacate) or other == self.table or other in ignore or other == self.held:
                continue
            if not self.scene.get(other).movable and self.scene.get(other).bounds[1][2] <= 0.005:
                continue
            near_x = abs(place[0] - x) < size + self.half[other][0] + room
            if near_x and abs(place[1] - y) < size + self.half[other][1] + room:
                return False
        return True

    def free_place(
        self,
        name: str,
        wish: Place2,
        box: tuple[Place2, Place2] | None = None,
        vacate: bool = False,
        taken: Sequence[tuple[Place2, Place2]] = (),
    ) -> Place2 | None:
        """The free place nearest to a wish, within a box (lower, upper corner) or the workspace; None if there is none."""
        size = max(self.half[name])
        low, high = box or (self.scene.workspace.lower[:2], self.scene.workspace.upper[:2])
        edge_low = [max(low[i], self.scene.workspace.lower[i] + size) for i in (0, 1)]
        edge_high = [min(high[i], self.scene.workspace.upper[i] - size) for i in (0, 1)]
        clipped = tuple(min(max(wish[i], edge_low[i]), max(edge_high[i], edge_low[i])) for i in (0, 1))
        if any(edge_low[i] > edge_high[i] + 1e-9 for i in (0, 1)):
            return None
        columns, rows = (int((edge_high[i] - edge_low[i]) / GRID) + 1 for i in (0, 1))
        grid = [(edge_low[0] + GRID * i, edge_low[1] + GRID * j) for i in range(columns) for j in range(rows)]
        for x, y in sorted([(clipped[0], clipped[1]), *grid], key=lambda p: (math.hypot(p[0] - wish[0], p[1] - wish[1]), p)):
            if self.is_free(name, (x, y), (), vacate, taken):
                return round(x, 4), round(y, 4)
        return None


_SHALLOW = 0.18
"""Largest depth of a hollow, as a share of its width, whose thing still counts as a tray rather than a bowl [dimensionless]."""

_FLAT = frozenset({"tray", "plate", "platter"})
_DEEP = frozenset({"bowl", "basin", "mug", "cup", "beaker", "tumbler", "glass", "pot", "bin", "basket", "jar", "vase", "jug"})


def is_shallow(thing: SceneObject) -> bool:
    """True for a tray or plate: what is "in" it is also "on" it. Its kind decides, and its shape where the kind is open."""
    cavity, kind = thing.cavity, category_of(thing).split()[-1]
    if cavity is None or kind in _DEEP:
        return False
    return kind in _FLAT or (cavity.rim - cavity.floor) <= _SHALLOW * 2 * min(cavity.half_x, cavity.half_y)


def check_inside(scene: Scene, name: str, container_name: str, words: str) -> None:
    """Refuses a place inside something that has no hollow, or one that is too small.

    Raises:
        Refused: With the sizes.
    """
    thing, container = scene.get(name), scene.get(container_name)
    if name == container_name:
        raise Refused("impossible", f'"{words}": {name} cannot be put into itself.', "Name another place.", [name])
    cavity = container.cavity
    if cavity is None:
        hollow = [other.name for other in scene.objects if other.cavity is not None and other.name != name]
        hint = (
            f"Say 'on' or 'next to', or choose something hollow: {', '.join(hollow)}." if hollow else "Say 'on' or 'next to'."
        )
        raise Refused("impossible", f'"{words}": {container_name} has no inside.', hint, hollow)
    small, large = sorted(thing.size[:2])
    around = _width_around(thing)
    if cavity.round:
        fits, room = around < 2 * cavity.half_x + 0.002, 2 * cavity.half_x
        if thing.cavity is not None and thing.cavity.round:
            fits = large < 2 * cavity.half_x
    else:
        narrow, wide = sorted((2 * cavity.half_x, 2 * cavity.half_y))
        fits, room = small < narrow and large < wide, narrow
    across = f" and {around * 100:.1f} cm from corner to corner" if cavity.round and around > 1.02 * large else ""
    if not fits:
        raise Refused(
            "impossible",
            f'"{words}": {name}, {small * 100:.1f} by {large * 100:.1f} cm{across}, does not fit into {container_name}, '
            f"whose opening is {room * 100:.1f} cm wide.",
            "Choose a smaller thing or a larger container.",
            [name, container_name],
        )


def _width_around(thing: SceneObject) -> float:
    """Diameter of the circle about the middle of its outline that takes the thing in as it stands [m].

    From the shape's support function in horizontal directions: exact for balls, upright cylinders and boxes.
    """
    angles = np.linspace(0.0, 2 * math.pi, 360, endpoint=False)
    reach = [thing.shape.support(np.array([math.cos(a), math.sin(a), 0.0])) for a in angles]
    middle = np.array([reach[0] - reach[180], reach[90] - reach[270]]) / 2
    return 2 * max(r - float(middle @ (math.cos(a), math.sin(a))) for a, r in zip(angles, reach, strict=True))


def check_on(scene: Scene, name: str, support_name: str, words: str) -> None:
    """Refuses a place on top of something on which nothing can stand.

    Raises:
        Refused: With the reason.
    """
    thing, support = scene.get(name), scene.get(support_name)
    if name == support_name:
        raise Refused("impossible", f'"{words}": {name} cannot be put on itself.', "Name another place.", [name])
    if is_table(support):
        return
    if support.cavity is not None:
        if not is_shallow(support):
            raise Refused(
                "impossible",
                f'"{words}": {support_name} is open at the top; nothing can stand on it.',
                f"Say 'in the {support.category}'.",
                [support_name],
            )
        check_inside(scene, name, support_name, words)
        return
    if not _flat_on_top(support):
        raise Refused(
            "impossible",
            f'"{words}": {support_name} has no flat top to stand on.',
            "Choose a block, a book or the table.",
            [support_name],
        )
    area, own = (math.prod(item.size[:2]) for item in (support, thing))
    if area < 0.12 * own:
        raise Refused(
            "impossible", f'"{words}": {support_name} is too small to carry {name}.', "Choose a larger support.", [support_name]
        )


def _flat_on_top(thing: SceneObject) -> bool:
    top = thing.extent(np.array([0.0, 0.0, 1.0]))
    for part in solid_parts(thing.shape):
        pose = thing.pose @ part.pose
        rotation = pose.rotation
        height = part.shape.support(rotation.T @ np.array([0.0, 0.0, 1.0])) + float(pose.position[2])
        if height < top - 0.003:
            continue
        aligned = np.abs(rotation[2]).max() > 0.97
        if isinstance(part.shape, Box) and aligned:
            return True
        if isinstance(part.shape, Cylinder) and abs(rotation[2, 2]) > 0.97:
            return True
        if isinstance(part.shape, Mesh):
            points = pose.apply(np.array(part.shape.vertices))
            level = points[points[:, 2] > top - 0.002][:, :2]
            if len(level) >= 3 and (np.ptp(level, axis=0) > 0.02).all():
                return True
    return False


SIDE_GAP = 0.12
"""Largest free distance at which a thing clearly is beside another [m]."""
SIDE_SLOPE = 0.5
"""Largest way to the side, as a share of the way along the direction, at which the side is clear [dimensionless]."""
NEIGHBOUR_GAP = 0.05
"""Largest free distance of things that clearly are next to each other [m]."""
MIDDLE = 0.2
"""Largest distance from the middle between two things, as a share of their distance [dimensionless]."""
OFF_LINE = 0.03
"""Largest distance from the line between two things [m]."""
_ALONG = {LeftOf: (0.0, 1.0), RightOf: (0.0, -1.0), InFrontOf: (-1.0, 0.0), Behind: (1.0, 0.0)}


def room_beside(condition: Condition, situation: Situation) -> bool:
    """Whether the place right beside the reference is in the workspace; true for conditions of other kinds."""
    if not isinstance(condition, LeftOf | RightOf | InFrontOf | Behind):
        return True
    place = situation.beside(condition.object, condition.reference, _ALONG[type(condition)])
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    half = situation.half[condition.object]
    return all(low[axis] <= place[axis] - half[axis] and place[axis] + half[axis] <= high[axis] for axis in (0, 1))


def clearly_holds(condition: Condition, scene: Scene) -> bool:
    """Whether a condition holds with a margin; stricter than `holds`, never looser.

    After a motion `holds` decides. Before any, a thing that is just within its bounds (far off to one side, say) would
    surprise a person who asked for it to be put there, so it is moved.

    Raises:
        UnknownName: The condition names an object that the scene does not have.
    """
    if not holds(condition, scene).holds:
        return False
    match condition:
        case LeftOf() | RightOf() | InFrontOf() | Behind():
            along = np.array([*_ALONG[type(condition)], 0.0])
            thing, reference = scene.get(condition.object), scene.get(condition.reference)
            gap = -thing.extent(-along) - reference.extent(along)
            offset = thing.centre - reference.centre
            sideways = abs(float(offset[0] * along[1] - offset[1] * along[0]))
            return bool(gap <= SIDE_GAP and sideways <= SIDE_SLOPE * float(offset @ along))
        case NextTo(object=name, reference=reference_name):
            return free_distance(scene.get(name), scene.get(reference_name)) <= NEIGHBOUR_GAP
        case Between(object=name, first=first, second=second):
            start, line = scene.get(first).centre[:2], (scene.get(second).centre - scene.get(first).centre)[:2]
            offset_2d, length = scene.get(name).centre[:2] - start, float(np.linalg.norm(line))
            share = float(offset_2d @ line) / length**2
            off_line = abs(float(offset_2d[0] * line[1] - offset_2d[1] * line[0])) / length
            return abs(share - 0.5) <= MIDDLE and off_line <= OFF_LINE
        case _:
            return True

"""A shape as a simulator needs it: convex pieces, hollows, handles, and what moving its joints costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from lmp.schema.shape import Cavity, Handle, Shape


@dataclass(frozen=True)
class JointCost:
    """The cost of moving a joint.

    Attributes:
        friction: Force, or torque where it turns, below which it does not move [N] or [N m].
        spring: Force, or torque where it turns, that pulls it to the nearest of its rests [N] or [N m].
        rests: Those positions [m] or [rad].
    """

    friction: float = 0.0
    spring: float = 0.0
    rests: tuple[float, ...] = ()


@dataclass(frozen=True)
class BuiltShape:
    """A shape as convex pieces, with all that belongs to it.

    Attributes:
        shape: In the object's frame.
        cavities: Its hollows.
        handles: Its handles.
        costs: What moving its joints costs, by name.
    """

    shape: Shape
    cavities: tuple[Cavity, ...] = ()
    handles: tuple[Handle, ...] = ()
    costs: dict[str, JointCost] = field(default_factory=dict)

    @property
    def cavity(self) -> Cavity | None:
        """Its first hollow; None where it has none."""
        return self.cavities[0] if self.cavities else None

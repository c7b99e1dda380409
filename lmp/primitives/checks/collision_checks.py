"""Pairs that come too near to each other along a motion, as violations."""

from __future__ import annotations

from collections.abc import Iterator

from lmp.primitives.checks.sampled_motion import Array
from lmp.primitives.collision.clearance import Clearance, Contact
from lmp.primitives.collision.named_pairs import object_of
from lmp.schema.scene import Scene
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

SELF_COLLISION = VIOLATIONS.register(
    ViolationKind(
        "self_collision",
        "two parts of the arm would come too near to each other",
        about="obstacle",
        hint="Choose another approach direction or turn of the gripper.",
    )
)
COLLISION = VIOLATIONS.register(
    ViolationKind(
        "collision",
        "the arm, or what it carries, would come too near to an object",
        about="obstacle",
        hint="Go over or around it: a bulge up or to the side, or another approach direction.",
    )
)
SUPPORT_CLEARANCE = VIOLATIONS.register(
    ViolationKind(
        "support_clearance",
        "the arm, or what it carries, would come too near to what objects stand on",
        about="obstacle",
        hint="Go higher: a bulge up, or a higher grasp.",
    )
)


def clearance_violations(
    clearance: Clearance, times: Array, scene: Scene, margin: float, segment: str | None = None
) -> Iterator[Violation]:
    """One violation a pair that comes too near, at the first instant at which it does.

    Args:
        clearance: Of the samples at `times`.
        times: Instants of its samples in the motion [s]. Shape (n,).
        scene: The scene that it was taken in.
        margin: The distance that was asked for [m].
        segment: The segment that the samples belong to.
    """
    for contact in clearance.contacts:
        kind, link, thing = _kind(contact, scene)
        t = float(times[contact.first])
        yield kind(
            message=f"{_words(contact)} at t = {t:.2f} s; {margin * 1e3:.0f} mm between them is the least.",
            value=contact.distance,
            limit=margin,
            unit="m",
            t=t,
            link=link,
            object=thing,
            segment=segment,
        )


def _kind(contact: Contact, scene: Scene) -> tuple[ViolationKind, str | None, str | None]:
    """Kind, link and object of a contact; of two objects the standing one is named."""
    first, second = object_of(contact.a, scene), object_of(contact.b, scene)
    thing = second or first
    if thing is None:
        return SELF_COLLISION, contact.a, None
    link = None if first and second else (contact.b if first else contact.a)
    return (SUPPORT_CLEARANCE if scene.get(thing).role == "support" else COLLISION), link, thing


def _words(contact: Contact) -> str:
    names = f"{contact.a!r} and {contact.b!r}"
    if contact.distance <= 0.0:
        return f"{names} overlap by {-contact.distance * 1e3:.1f} mm"
    return f"{names} come within {contact.distance * 1e3:.1f} mm"

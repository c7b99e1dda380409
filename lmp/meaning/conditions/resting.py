"""The base of conditions about an object at rest."""

from __future__ import annotations

from typing import ClassVar

from lmp.meaning.relations import not_put_down
from lmp.schema.condition import Condition, Measured
from lmp.schema.scene import Scene


class Resting(Condition):
    """A condition that holds only for an object that is at rest and let go: what the gripper still touches is not put down."""

    asks_rest: ClassVar[bool] = True

    def measure(self, scene: Scene) -> Measured:
        """The geometry's answer, unless the object is still in the gripper or has fallen."""
        found, why = self.geometry(scene), not_put_down(scene, self.subject)
        return found if why is None else Measured.no(why)

    def geometry(self, scene: Scene) -> Measured:
        """Tests it by where objects are; that its object is at rest has been asked already."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is measured")

"""The contract of every perceiver."""

from __future__ import annotations

from lmp.schema.observation import Observation
from lmp.schema.scene import Scene
from lmp.stages import Perceiver


class PerceiverContract:
    """Subclass it and say how your perceiver is made, and of what it makes a scene."""

    def perceiver(self) -> Perceiver:
        """A fresh perceiver."""
        raise NotImplementedError("say how your perceiver is made: def perceiver(self): ...")

    def observation(self) -> Observation:
        """One look at a world, with the pictures that it needs."""
        raise NotImplementedError("say of what it makes a scene: def observation(self): ...")

    def test_a_look_becomes_a_scene_of_that_moment(self) -> None:
        seen = self.observation()
        scene = self.perceiver().perceive(seen)
        assert isinstance(scene, Scene)
        assert not scene.predicted, "what was seen is not predicted"
        assert (scene.robot, scene.time) == (seen.robot, seen.time)

    def test_the_same_look_is_the_same_scene(self) -> None:
        seen, perceiver = self.observation(), self.perceiver()
        assert perceiver.perceive(seen) == perceiver.perceive(seen)

    def test_a_scene_can_be_written_down(self) -> None:
        scene = self.perceiver().perceive(self.observation())
        assert Scene.model_validate_json(scene.model_dump_json()) == scene

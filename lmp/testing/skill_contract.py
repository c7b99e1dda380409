"""The contract of every skill, in a plan and not only alone."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from lmp import registry
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.compiler.world_model import SkillWorldModel
from lmp.primitives.moves import Candidate
from lmp.primitives.skill import Situation
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation


class SkillContract:
    """Subclass it and say which skill it is, and a scene in which its parameters can be carried out."""

    def skill(self) -> Any:
        """The skill."""
        raise NotImplementedError("say which skill it is: def skill(self): ...")

    def scene(self) -> Scene:
        """A scene that was seen."""
        raise NotImplementedError("say where it is carried out: def scene(self): ...")

    def robot(self) -> RobotDescription:
        """The robot of that scene."""
        raise NotImplementedError("say which robot it is carried out with: def robot(self): ...")

    def parameters(self) -> SkillParameters:
        """Parameters that can be carried out in that scene; the skill's own example by default."""
        example: SkillParameters = self.skill().spec.example
        return example

    def test_it_says_what_it_is(self) -> None:
        spec = self.skill().spec
        assert spec.line
        assert isinstance(spec.example, spec.parameters)
        assert spec.example.kind == spec.name
        assert spec.parameters.model_validate_json(spec.example.model_dump_json()) == spec.example

    def test_it_proposes_ways_or_says_what_is_wrong(self) -> None:
        found = self.skill().candidates(self.parameters(), self._situation)
        assert found, "neither a way nor a reason"
        assert all(isinstance(each, Candidate) for each in found), f"it is refused: {[str(each) for each in found]}"

    def test_it_compiles(self) -> None:
        self._compiled()

    def test_a_plan_can_look_past_it(self) -> None:
        trajectory = self._compiled()
        model = SkillWorldModel(self._compiler)
        after = model.predict(self.parameters(), self.scene(), trajectory)
        assert isinstance(after, Scene)
        assert after.predicted
        assert np.allclose(after.robot.positions, trajectory.positions[-1])
        home = registry.rest({name: registry.load("skill", name) for name in registry.SKILLS})
        following = self._compiler.compile(home, after)
        assert isinstance(following, JointTrajectory), f"nothing can follow it: {following}"
        assert model.predict(home, after, following).predicted

    def test_a_scene_without_objects_is_no_fault(self) -> None:
        empty = self.scene().model_copy(update={"objects": ()})
        for each in self.skill().candidates(self.parameters(), self._compiler.situation(empty)):
            assert isinstance(each, Candidate | Violation)

    @cached_property
    def _compiler(self) -> PrimitiveCompiler:
        known = {name: registry.load("skill", name) for name in registry.known("skill")}
        return PrimitiveCompiler(self.robot(), known | {self.skill().spec.name: self.skill()})

    @property
    def _situation(self) -> Situation:
        return self._compiler.situation(self.scene())

    def _compiled(self) -> JointTrajectory:
        compiled = self._compiler.compile(self.parameters(), self.scene())
        assert isinstance(compiled, JointTrajectory), f"it does not compile: {compiled}"
        return compiled

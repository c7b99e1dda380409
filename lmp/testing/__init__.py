"""Contract suites for parts of your own: subclass one, say how your part is made, and run it with pytest.

    from lmp.testing import WorldContract

    class TestMyWorld(WorldContract):
        def open(self, seed=0):
            return lmp.open_world("python:my_package.my_world:MyWorld", seed=seed)

They assume no scene: no names of objects, no table, no place of the base. Nothing here needs pytest; each test can be called.
"""

from lmp.testing.chooser_contract import ChooserContract
from lmp.testing.gate_contract import GateContract
from lmp.testing.perceiver_contract import PerceiverContract
from lmp.testing.planner_contract import PlannerContract
from lmp.testing.robot_contract import RobotContract
from lmp.testing.skill_contract import SkillContract
from lmp.testing.world_contract import WorldContract

__all__ = [
    "ChooserContract",
    "GateContract",
    "PerceiverContract",
    "PlannerContract",
    "RobotContract",
    "SkillContract",
    "WorldContract",
]

"""Your own controller: a plain function becomes a robot.

    python examples/05_your_own_controller.py

You see a checked motion, planned for the simulated Panda, handed to two controllers: to `fn(q)` one position at a time at
100 Hz, and to `fn(trajectory)` at once.
"""

import lmp

with lmp.open_world("tabletop", seed=3, world="kinematic") as world:
    agent = lmp.Agent(world)
    scene = agent.perceive()
    [pick, *_] = agent.decompose("pick up the red block", scene)
    compiled = agent.compile(agent.ground(pick, scene), scene)
    if isinstance(compiled, lmp.Verdict):
        raise SystemExit(str(compiled))

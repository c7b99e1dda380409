"""Your own scene: a file with objects, sizes and places; no code.

    python examples/03_your_own_scene.py

You see the objects of `examples/workbench.toml` as the seed placed them, and the outcome of a task among them. The same
file works on the command line: `lmp run "put the can in the bin" --world examples/workbench.toml`.
"""

from pathlib import Path

import lmp

SCENE = Path(__file__).with_name("workbench.toml")

with lmp.open_world(str(SCENE), seed=1) as world:
    agent = lmp.Agent(world)
    for thing in agent.perceive().objects:
        x, y, z = thing.centre
        print(f"{thing.name:12} {thing.category:8} at x {x:.2f} m, y {y:+.2f} m, z {z:.2f} m")
    episode = agent.run("put the orange can in the bin")

print(f"{episode.outcome.value}: {episode.error or episode.outcome.message}")

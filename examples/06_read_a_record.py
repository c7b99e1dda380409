"""Read a record: a run folder holds everything, and opens again with one call.

    python examples/06_read_a_record.py [RUN_FOLDER]

You see the events of a run in order, the largest joint speed of each trajectory, and where the report is. Without an
argument it makes a run first.
"""

import sys

import numpy as np

import lmp

folder = sys.argv[1] if len(sys.argv) > 1 else lmp.run("push the green block to the left", seed=0).run
record = lmp.RunFolder.open(folder)

episode = record.episode()
print(f"{episode.instruction!r} on {episode.world}, seed {episode.seed}: {episode.outcome.value}")
for event in record.events():
    print(f"  {event.name}")
for attempt in episode.attempts:
    if attempt.compiled is not None and attempt.compiled.trajectory is not None:
        trajectory = record.load_trajectory(attempt.compiled.trajectory)
        fastest = np.abs(trajectory.velocities).max()
        print(f"{attempt.subgoal.description}: {len(trajectory.times)} samples, fastest joint {fastest:.2f} rad/s")
print(f"report: {record.path / 'report.html'}")

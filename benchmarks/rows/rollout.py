"""Rolling out and stepping movement primitives, against two libraries and against what the machine allows.

All on one thread, in turns, everything with 10 weights a dimension (the default of `movement_primitives`):

- Single: start, goal and weights in; 2000 samples at 1 kHz out. `movement_primitives`: `configure`, `set_weights`, `open_loop`
  (Cython), which returns times and positions. Here: `Rollout.values`, then the roll-out kept from `compile_default`, which
  returns positions, velocities and accelerations. `mp_pytorch` (ProDMP; positions and velocities, single precision, set up
  and with its times given before) is named for information.
- Batch of 1000: parameters in, positions, velocities and accelerations out, one contiguous array each. In three dimensions
  beside one matrix product of the same matrices and parameters into an array that is there already (NumPy's BLAS), which
  leaves the candidates' samples scattered; ours writes into a given array too. In seven dimensions beside a new array of
  that size filled with a number; ours returns new arrays too.
- Step: 1 ms further on a path with a shape, no coupling. `movement_primitives`: `step`, which returns position and velocity.
  Here: `step`, then `command`, which has position, velocity and acceleration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.default_preset import compile_default
from lmp.primitives.dmp.deviation import Deviation
from lmp.primitives.dmp.rollout import Rollout
from lmp.primitives.dmp.stepping import SteppedPrimitive
from rows.row import Row
from rows.stopwatch import Work, medians, times, words

Array = NDArray[np.float64]

SAMPLES, WEIGHTS, BATCH, RATE = 2000, 10, 1000, 1000.0
TIMES = np.arange(SAMPLES) / RATE
DURATION = float(TIMES[-1])


def measure() -> list[Row]:
    """The rows of roll-out and stepping."""
    return [_single(), _batch_beside_product(), _batch_beside_writing(), _step()]


def _single() -> Row:
    rng = np.random.default_rng(2)
    start, goal, weights = rng.normal(size=3), rng.normal(size=3), rng.normal(size=(WEIGHTS, 3))
    compiled = compile_default(TIMES, DURATION, WEIGHTS)
    peer = _movement_primitives(3)
    transposed = np.ascontiguousarray(weights.T)

    def peers() -> object:
        peer.configure(start_y=start, goal_y=goal)
        peer.set_weights(transposed)
        return peer.open_loop()

    ours, theirs, others = medians(lambda: compiled(compiled.values(start, goal, weights)), peers, _prodmp(3))
    return Row(
        f"single roll-out, 3-D, {SAMPLES} samples",
        f"{words(ours)} with velocities and accelerations",
        f"movement_primitives {words(theirs)}, positions only (ProDMP: {words(others)})",
        theirs / ours,
        "at least",
        1000.0,
    )


def _batch(dims: int) -> tuple[Rollout, Array]:
    compiled = compile_default(TIMES, DURATION, WEIGHTS)
    return compiled, np.random.default_rng(dims).normal(size=(BATCH, len(compiled.parameters), dims))


def _batch_beside_product() -> Row:
    compiled, batch = _batch(3)
    out = np.empty((3, BATCH, SAMPLES, 3))
    maps = np.concatenate([compiled.position, compiled.velocity, compiled.acceleration])
    columns = np.ascontiguousarray(batch.transpose(1, 0, 2)).reshape(batch.shape[1], -1)
    product = np.empty((len(maps), columns.shape[1]))
    ours, bound = medians(lambda: compiled(batch, out), lambda: np.matmul(maps, columns, out=product), rounds=7)
    return Row(
        f"batch of {BATCH}, 3-D, {SAMPLES} samples",
        f"{words(ours / BATCH)} each",
        f"dgemm {words(bound / BATCH)}",
        ours / bound,
        "at most",
        3.0,
    )


def _batch_beside_writing() -> Row:
    compiled, batch = _batch(7)
    shape, reused = (3, BATCH, SAMPLES, 7), np.empty((3, BATCH, SAMPLES, 7))
    works: list[Work] = [lambda: compiled(batch), lambda: np.full(shape, 1.0), lambda: compiled(batch, reused)]
    # One after the other: after a work that allocates nothing the machine may have taken the freed memory back.
    ours, writing, into = (float(np.median(times(work, 7))) for work in works)
    return Row(
        f"batch of {BATCH}, 7-D, {SAMPLES} samples",
        f"{words(ours / BATCH)} each ({words(into / BATCH)} into a given array)",
        f"writing the output once {words(writing / BATCH)}",
        ours / writing,
        "at most",
        2.0,
    )


def _step() -> Row:
    rng = np.random.default_rng(3)
    start, goal, weights = rng.normal(size=3), rng.normal(size=3), rng.uniform(-0.3, 0.3, size=(WEIGHTS, 3))
    moving = SteppedPrimitive(start, goal, 1e4, Deviation.from_weights(weights))
    peer = _movement_primitives(3, 1e4)
    peer.configure(start_y=start, goal_y=goal)
    peer.set_weights(np.ascontiguousarray(weights.T))
    state = [start.copy(), np.zeros(3)]

    def steps() -> None:
        state[0], state[1] = peer.step(*state)

    ours, theirs = medians(lambda: (moving.step(1e-3), moving.command), steps)
    work, by = "on-line step, 3-D", f"{words(ours)} with velocity and acceleration"
    return Row(work, by, f"movement_primitives {words(theirs)}", theirs / ours, "at least", 10.0)


def _movement_primitives(dims: int, duration: float = DURATION):
    from movement_primitives.dmp import DMP

    return DMP(n_dims=dims, execution_time=duration, dt=1.0 / RATE, n_weights_per_dim=WEIGHTS)


def _prodmp(dims: int) -> Work:
    import torch
    from mp_pytorch.mp import MPFactory

    torch.set_num_threads(1)
    arguments = {"num_basis": WEIGHTS, "basis_bandwidth_factor": 2, "num_basis_outside": 0, "alpha": 25, "alpha_phase": 3}
    arguments |= {"dt": 1.0 / RATE, "weights_scale": 1.0, "goal_scale": 1.0}
    primitive = MPFactory.init_mp("prodmp", arguments, num_dof=dims, tau=DURATION)
    times, zeros = torch.from_numpy(TIMES).float(), torch.zeros(dims)
    values = torch.randn((WEIGHTS + 1) * dims)

    def work() -> object:
        primitive.update_inputs(times=times, params=values, init_time=torch.zeros(()), init_pos=zeros, init_vel=zeros)
        return primitive.get_trajs(get_pos=True, get_vel=True)

    return work

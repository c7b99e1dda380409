"""A compiled primitive: matrices that turn parameters into samples, for one candidate or a batch in one product."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.checked_vector import checked_vector
from lmp.primitives.dmp.matrix_cache import MatrixCache

Array = NDArray[np.float64]
Samples = tuple[Array, Array, Array]

_NAMES = {"y0": "start", "g": "goal", "v0": "velocity", "a0": "acceleration"}
MOST_BYTES = 64_000_000
"""Memory for the samples of a part of a batch, if not told otherwise [bytes]."""


@dataclass(frozen=True)
class Rollout:
    """Positions, velocities and accelerations at fixed instants as linear maps of the parameters.

    Attributes:
        parameters: Names of the parameters, in the order of the columns: start state, goal, then weights.
        times: Instants [s]. Shape (n,).
        position, velocity, acceleration: Maps from the parameters. Shape (n, len(parameters)).
    """

    parameters: tuple[str, ...]
    times: Array
    position: Array
    velocity: Array
    acceleration: Array
    _maps: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        times = np.array(self.times, dtype=np.float64)
        times.setflags(write=False)
        object.__setattr__(self, "times", times)
        shape = (len(times), len(self.parameters))
        # One column after the other in memory: products with few dimensions are a quarter faster so.
        maps = np.empty((3, shape[1], shape[0])).transpose(0, 2, 1)
        for order, name in enumerate(("position", "velocity", "acceleration")):
            matrix = np.asarray(getattr(self, name), dtype=np.float64)
            if matrix.shape != shape:
                raise SetupFault(f"{name} has shape {matrix.shape}; {shape} is needed.")
            maps[order] = matrix
        maps.setflags(write=False)
        object.__setattr__(self, "_maps", maps)
        for order, name in enumerate(("position", "velocity", "acceleration")):
            object.__setattr__(self, name, maps[order])

    @property
    def nbytes(self) -> int:
        """Memory of the matrices [bytes]."""
        return self._maps.nbytes + self.times.nbytes

    def __call__(self, values: Array, out: Array | None = None) -> Samples:
        """Roll out one primitive or a batch.

        Args:
            values: One row a parameter, one column a dimension (see `values`). Shape (parameters, dims) or
                (batch, parameters, dims).
            out: Where to write the samples, so that nothing is allocated. Shape (3, n, dims) or (3, batch, n, dims).

        Returns:
            Positions, velocities, accelerations: contiguous, shape (n, dims) or (batch, n, dims) each.

        Raises:
            SetupFault: If a shape is another.
        """
        values = self._checked(values)
        maps = self._maps if values.ndim == 2 else self._maps[:, None]
        rolled = np.matmul(maps, values, out=self._fitting(out, 3, *values.shape[:-2], dims=values.shape[-1]))
        return rolled[0], rolled[1], rolled[2]

    def positions(self, values: Array, out: Array | None = None) -> Array:
        """Positions alone, at a third of the cost. Shapes as in a call, without the first axis of `out`.

        Raises:
            SetupFault: If a shape is another.
        """
        values = self._checked(values)
        rolled: Array = np.matmul(self._maps[0], values, out=self._fitting(out, *values.shape[:-2], dims=values.shape[-1]))
        return rolled

    def in_parts(self, batch: Array, most_bytes: int = MOST_BYTES) -> Iterator[tuple[slice, Samples]]:
        """Roll out a batch of any size in bounded memory: part after part, each over the memory of the one before.

        Args:
            batch: Shape (batch, parameters, dims).
            most_bytes: Memory for the samples of a part; a part is at least one candidate [bytes].

        Yields:
            Which candidates, and their positions, velocities, accelerations, which are overwritten by the next part.

        Raises:
            SetupFault: If the shape is another.
        """
        batch = self._checked(batch)
        if batch.ndim != 3:
            raise SetupFault(f"Parameters of shape {batch.shape} came; a batch has the shape (batch, parameters, dims).")
        each = 3 * len(self.times) * batch.shape[2] * batch.itemsize
        size = min(max(int(most_bytes // max(each, 1)), 1), max(len(batch), 1))
        out = np.empty((3, size, len(self.times), batch.shape[2]))
        for first in range(0, len(batch), size):
            part = batch[first : first + size]
            yield slice(first, first + len(part)), self(part, out[:, : len(part)])

    def values(
        self,
        start: Array,
        goal: Array,
        weights: Array | None = None,
        velocity: Array | None = None,
        acceleration: Array | None = None,
    ) -> Array:
        """The parameters as rows in their order; what is not given is zero.

        Args:
            start: Position at the start. Shape (dims,).
            goal: Position at the end. Shape (dims,).
            weights: Shape (weights, dims).
            velocity: At the start [1/s]. Shape (dims,).
            acceleration: At the start [1/s^2]. Shape (dims,).

        Raises:
            SetupFault: If one has another shape or is not finite, or the primitive has no such parameter.
        """
        start = checked_vector("start", start)
        rows = np.zeros((len(self.parameters), len(start)))
        given = {"y0": start, "g": goal, "v0": velocity, "a0": acceleration}
        for name, value in given.items():
            if value is not None:
                if name not in self.parameters:
                    raise SetupFault(f"{name} came; this primitive's parameters are {', '.join(self.parameters)}.")
                rows[self.parameters.index(name)] = checked_vector(_NAMES[name], value, len(start))
        if weights is not None:
            first = self.parameters.index("g") + 1
            if np.shape(weights) != rows[first:].shape:
                raise SetupFault(f"Weights of shape {np.shape(weights)} came; the shape has to be {rows[first:].shape}.")
            rows[first:] = weights
            if not np.isfinite(rows[first:]).all():
                raise SetupFault("The weights have to be finite numbers.")
        return rows

    def _checked(self, values: Array) -> Array:
        values = np.asarray(values, dtype=np.float64)
        if values.ndim not in (2, 3) or values.shape[-2] != len(self.parameters):
            raise SetupFault(
                f"Parameters of shape {values.shape} came; the shape has to be ({len(self.parameters)}, dims), "
                f"rows {', '.join(self.parameters)}, or a batch of these."
            )
        return values

    def _fitting(self, out: Array | None, *leading: int, dims: int) -> Array | None:
        shape = (*leading, len(self.times), dims)
        if out is not None and (out.shape != shape or out.dtype != np.float64):
            raise SetupFault(f"`out` of shape {out.shape} and type {out.dtype} came; float64 of shape {shape} is needed.")
        return out


_COMPILED: MatrixCache[Rollout] = MatrixCache(128_000_000)


def compiled_once(primitive: Hashable, times: Array, make: Callable[[Array], Rollout]) -> Rollout:
    """The roll-out of a primitive at instants, kept for the next time these two come.

    Args:
        primitive: All that the matrices depend on beside the instants.
        times: Instants [s]. Shape (n,).
        make: Compiles it.
    """
    times = np.ascontiguousarray(times, dtype=np.float64)
    return _COMPILED.get((primitive, times.shape, times.tobytes()), lambda: make(times))


def weight_names(count: int) -> tuple[str, ...]:
    """Names of `count` weights."""
    return tuple(f"weight {index}" for index in range(count))

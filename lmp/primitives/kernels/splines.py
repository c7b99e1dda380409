"""Piecewise quintics of a phase: three derivatives at many phases, and where each of them is largest."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import REAL, array, filled, inner, kernel

Array = NDArray[np.float64]


@inner
def piece_of(knots: Array, phase: float, guess: int) -> int:
    """The piece that a phase is in, looked for from a guess on; the first or last one for phases outside."""
    last = len(knots) - 2
    piece = guess
    while piece < last and phase >= knots[piece + 1]:
        piece += 1
    while piece > 0 and phase < knots[piece]:
        piece -= 1
    return piece


@inner
def quintic(coefficients: Array, piece: int, joint: int, x: float) -> tuple[float, float, float, float]:
    """Value and three derivatives of a joint's polynomial, highest power first, by Horner's rule."""
    a, b, c = coefficients[0, piece, joint], coefficients[1, piece, joint], coefficients[2, piece, joint]
    d, e, f = coefficients[3, piece, joint], coefficients[4, piece, joint], coefficients[5, piece, joint]
    value = ((((a * x + b) * x + c) * x + d) * x + e) * x + f
    first = (((5.0 * a * x + 4.0 * b) * x + 3.0 * c) * x + 2.0 * d) * x + e
    second = ((20.0 * a * x + 12.0 * b) * x + 6.0 * c) * x + 2.0 * d
    third = (60.0 * a * x + 24.0 * b) * x + 6.0 * c
    return value, first, second, third


@kernel(REAL, array(1), array(3), array(1), filled(3))
def spline_derivatives(knots: Array, coefficients: Array, phases: Array, out: Array) -> float:
    """Positions and three derivatives with respect to phase. (m + 1,), (6, m, dof), (n,) to out (4, n, dof).

    Returns the last phase, since a kernel returns something.
    """
    piece = 0
    for row in range(len(phases)):
        piece = piece_of(knots, phases[row], piece)
        x = phases[row] - knots[piece]
        for joint in range(out.shape[2]):
            q, first, second, third = quintic(coefficients, piece, joint, x)
            out[0, row, joint], out[1, row, joint] = q, first
            out[2, row, joint], out[3, row, joint] = second, third
    end: float = phases[-1]
    return end


@inner
def _fourth_derivative_root(coefficients: Array, piece: int, joint: int) -> float:
    """Where the third derivative of a quintic is extreme; NaN if it is linear."""
    a, b = coefficients[0, piece, joint], coefficients[1, piece, joint]
    root: float = -b / (5.0 * a)
    return root


@inner
def _third_derivative_roots(coefficients: Array, piece: int, joint: int) -> tuple[float, float]:
    """Where the second derivative of a quintic is extreme, in order; NaN where there is nothing."""
    a, b, c = 60.0 * coefficients[0, piece, joint], 24.0 * coefficients[1, piece, joint], 6.0 * coefficients[2, piece, joint]
    inside = b * b - 4.0 * a * c
    if inside < 0.0:
        return math.nan, math.nan
    half = -0.5 * (b + math.copysign(math.sqrt(inside), b))  # No difference of like numbers, as in b - sqrt(b^2 - 4ac).
    one: float = half / a
    other: float = c / half
    return (one, other) if one <= other else (other, one)


@inner
def _second_derivative_root(coefficients: Array, piece: int, joint: int, low: float, high: float) -> float:
    """Where the second derivative is zero between two places where it has different signs: Newton, kept in brackets."""
    rising = quintic(coefficients, piece, joint, high)[2] > 0.0
    x = 0.5 * (low + high)
    for _ in range(60):
        _, _, value, slope = quintic(coefficients, piece, joint, x)
        if (value > 0.0) == rising:
            high = x
        else:
            low = x
        step = x - value / slope
        after = step if low < step < high else 0.5 * (low + high)
        if abs(after - x) <= 1e-9:  # The first derivative is flat here: its error is the square of this one.
            return after
        x = after
    return x


@inner
def _piece_peaks(coefficients: Array, piece: int, joint: int, length: float, out: Array) -> None:
    """Raises out[:, joint] to the largest first three derivatives within one piece."""
    low = 0.0
    second_low = quintic(coefficients, piece, joint, 0.0)[2]
    early, late = _third_derivative_roots(coefficients, piece, joint)
    middle = _fourth_derivative_root(coefficients, piece, joint)
    if 0.0 < middle < length:
        out[2, joint] = max(out[2, joint], abs(quintic(coefficients, piece, joint, middle)[3]))
    for number in range(4):
        x = (0.0, early, late, length)[number]
        if not 0.0 <= x <= length:
            continue
        _, first, second, third = quintic(coefficients, piece, joint, x)
        out[0, joint] = max(out[0, joint], abs(first))
        out[1, joint] = max(out[1, joint], abs(second))
        out[2, joint] = max(out[2, joint], abs(third))
        if second * second_low < 0.0:
            still = _second_derivative_root(coefficients, piece, joint, low, x)
            out[0, joint] = max(out[0, joint], abs(quintic(coefficients, piece, joint, still)[1]))
        low, second_low = x, second


@kernel(REAL, array(1), array(3), filled(2))
def spline_peaks(knots: Array, coefficients: Array, out: Array) -> float:
    """Largest |q'|, |q''|, |q'''| of each joint over all pieces, exactly. (m + 1,), (6, m, dof) to out (3, dof).

    The third derivative is extreme at the root of a line, the second at those of a parabola, the first where the second,
    which is monotone between those, changes its sign. Returns the largest of all.
    """
    largest = 0.0
    for joint in range(out.shape[1]):
        out[0, joint] = out[1, joint] = out[2, joint] = 0.0
        for piece in range(len(knots) - 1):
            _piece_peaks(coefficients, piece, joint, knots[piece + 1] - knots[piece], out)
        largest = max(largest, out[0, joint], out[1, joint], out[2, joint])
    return largest

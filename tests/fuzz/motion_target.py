"""Any valid primitive in any scene: a trajectory inside every limit, or a verdict that says why not."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np
from file_targets import PANDA, SKILLS
from fuzz_target import Target
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp import registry
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.runtime.worlds import open_world
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.oracle_perceiver import OraclePerceiver

STEP_NOISE = 1e-9
"""Rounding of a position, which a third difference divides by the cube of the time step [rad]."""
NAMES = ["red_block", "blue_block", "green_block", "bowl", "mug", "tray", "table", "nothing"]


@functools.cache
def compiler() -> PrimitiveCompiler:
    return PrimitiveCompiler(PANDA, {name: registry.load("skill", name) for name in registry.known("skill")})


@functools.lru_cache(maxsize=16)
def scene(name: str, seed: int) -> Scene:
    with open_world(f"kinematic:{name}", seed=seed) as world:
        return OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]


def check_motion(case: tuple[str, int, dict[str, Any]]) -> None:
    """Limits are tested by differences of the positions alone, which the compiler does not use."""
    name, seed, fields = case
    here = scene(name, seed)
    try:
        wish = SKILLS[fields["kind"]].parameters.model_validate(fields)
    except ValidationError:
        return  # it never gets past the planner
    result = compiler().compile(wish, here)
    if not isinstance(result, JointTrajectory):
        assert result.violations and all(violation.message for violation in result.violations)
        return
    assert_within_limits(result)
    np.testing.assert_allclose(result.positions[0], here.robot.positions, atol=1e-6)


def assert_within_limits(trajectory: JointTrajectory) -> None:
    """Range, speed, acceleration and jerk by first, second and third differences of evenly spaced positions."""
    limits = {
        word: np.array([getattr(joint, word) for joint in PANDA.joints])
        for word in ("lower", "upper", "velocity", "acceleration", "jerk")
    }
    q, steps = trajectory.positions, np.diff(trajectory.times)
    assert np.isfinite(q).all() and (q >= limits["lower"]).all() and (q <= limits["upper"]).all()
    h = steps[0]
    np.testing.assert_allclose(steps, h, atol=1e-9)
    # A difference quotient is a mean of the derivative: it cannot exceed a bound that the derivative keeps.
    for order, word in enumerate(("velocity", "acceleration", "jerk"), start=1):
        quotient = np.abs(np.diff(q, order, axis=0)) / h**order
        assert (quotient <= limits[word] * (1 + 1e-6) + 2**order * STEP_NOISE * 1e-6 / h**order).all(), word
    assert np.abs(q[1] - q[0]).max() / h < 0.02 and np.abs(q[-1] - q[-2]).max() / h < 0.02, "it starts and ends at rest"


name_ = st.sampled_from(NAMES)
bulge = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["up", "down", "left", "right", "forward", "backward"]),
        "phase": st.floats(0.15, 0.8),
        "amount": st.floats(1e-3, 0.5),
    }
)
weights = st.integers(1, 12).flatmap(
    lambda count: st.fixed_dictionaries(
        {"kind": st.just("weights"), **{axis: st.lists(st.floats(-0.5, 0.5), min_size=count, max_size=count) for axis in "xyz"}}
    )
)
path = (
    st.none() | st.fixed_dictionaries({"kind": st.just("bulges"), "bulges": st.lists(bulge, min_size=1, max_size=4)}) | weights
)
target = st.one_of(
    st.fixed_dictionaries({"kind": st.just("on"), "support": name_}),
    st.fixed_dictionaries({"kind": st.just("in"), "container": name_}),
    st.fixed_dictionaries(
        {
            "kind": st.just("beside"),
            "reference": name_,
            "side": st.sampled_from(["left", "right", "front", "behind", "any"]),
            "gap": st.floats(1e-3, 0.2),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("between"), "first": name_, "second": name_}),
    st.fixed_dictionaries({"kind": st.just("at"), "x": st.floats(-2, 2), "y": st.floats(-2, 2)}),
)
common = {"duration": st.none() | st.floats(0.2, 30.0), "speed": st.floats(0.02, 1.5), "path": path}
primitives = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("pick"),
            "object": name_,
            "grasp": st.integers(0, 99),
            "lift": st.floats(0.02, 0.4),
            "force": st.none() | st.floats(1.0, 200.0),
            **common,
        }
    ),
    st.fixed_dictionaries({"kind": st.just("place"), "object": name_, "target": target, **common}),
    st.fixed_dictionaries(
        {"kind": st.just("push"), "object": name_, "dx": st.floats(-0.3, 0.3), "dy": st.floats(-0.3, 0.3), **common}
    ),
    st.fixed_dictionaries({"kind": st.just("home"), **common}),
)
MOTION_TARGETS = (
    Target(
        "compile", st.tuples(st.sampled_from(["tabletop", "kitchen", "sorting"]), st.integers(0, 4), primitives), check_motion,
        seconds=60.0, examples=8, text=False, read=json.loads,
    ),
)  # fmt: skip

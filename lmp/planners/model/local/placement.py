"""The device that a model runs on, and the kind of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Abilities:
    """The abilities of this machine.

    Attributes:
        cuda: There is a CUDA device.
        cuda_bfloat16: It computes in bfloat16 itself, without emulation.
        mps: There is an Apple GPU.
        cpu_bfloat16: The processor multiplies matrices of bfloat16 itself (AMX).
    """

    cuda: bool = False
    cuda_bfloat16: bool = False
    mps: bool = False
    cpu_bfloat16: bool = False


@dataclass(frozen=True)
class Placement:
    """A device and a kind of numbers, by torch's names."""

    device: str
    dtype: str


def placement_for(abilities: Abilities) -> Placement:
    """The fastest device, in the numbers that it computes fast and that keep the range of the weights where possible."""
    if abilities.cuda:
        return Placement("cuda", "bfloat16" if abilities.cuda_bfloat16 else "float16")
    if abilities.mps:
        return Placement("mps", "float16")
    return Placement("cpu", "bfloat16" if abilities.cpu_bfloat16 else "float32")


def abilities_of(torch: Any) -> Abilities:
    """The abilities that torch finds on this machine.

    Args:
        torch: The module.
    """
    cuda = bool(torch.cuda.is_available())
    amx = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return Abilities(
        cuda=cuda,
        cuda_bfloat16=cuda and bool(torch.cuda.is_bf16_supported(including_emulation=False)),
        mps=bool(torch.backends.mps.is_available()),
        cpu_bfloat16=bool(amx and amx()),
    )

"""`lmp warmup`."""

from __future__ import annotations

import json
import sys
import time

from lmp.cli.compiling_line import tell_of_compiling
from lmp.cli.exit_status import SUCCEEDED
from lmp.cli.run_command import Json
from lmp.cli.standard_output import write_answer


def warmup(as_json: Json = False) -> int:
    """Compile the arithmetic of motions ahead of the first run; it is kept on disk for all later ones."""
    from lmp.primitives.kernels.compiled import KERNELS, cache_folder
    from lmp.primitives.kernels.warm_up import warm_up

    tell_of_compiling(whole=True)
    begin = time.perf_counter()
    compiled = warm_up()
    seconds = time.perf_counter() - begin
    kept = all(kernel.kept for kernel in KERNELS)
    folder = cache_folder()
    if as_json:
        facts = {"kernels": len(KERNELS), "compiled": list(compiled), "seconds": seconds, "folder": str(folder), "kept": kept}
        write_answer(json.dumps(facts))
        return SUCCEEDED
    done = f"{len(compiled)} of {len(KERNELS)} kernels compiled" if compiled else f"All {len(KERNELS)} kernels were there"
    where = f"kept in {folder}" if kept else f"not kept, since nothing can be written to {folder}: every process compiles again"
    sys.stdout.write(f"{done} in {seconds:.1f} s; {where}\n")
    return SUCCEEDED

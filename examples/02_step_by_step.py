"""Step by step: every stage by hand, every result in your hands.

    python examples/02_step_by_step.py

You see the subgoals, then for each one its typed primitive, its checked trajectory with the margins that it keeps, and
what the verifier measured. The last lines ask for the impossible: the compiler returns a Verdict, and nothing moves.
"""

import lmp

with lmp.open_world("tabletop", seed=3) as world:
    agent = lmp.Agent(world, planner="scripted")
    scene = agent.perceive()
    subgoals = agent.decompose("put the red block in the bowl", scene)
    if isinstance(subgoals, lmp.Refusal):
        raise SystemExit(subgoals.message)

    for subgoal in subgoals:
        before = agent.perceive()
        primitive = agent.ground(subgoal, before)
        print(f"{subgoal.description}\n  primitive: {primitive.model_dump_json(exclude_none=True)}")
        compiled = agent.compile(primitive, before)
        if isinstance(compiled, lmp.Verdict):
            raise SystemExit(str(compiled))
        margins = compiled.margins
        print(f"  {compiled.duration:.1f} s; uses at most {margins.velocity:.0%} of a velocity limit; {compiled.candidate}")
        agent.execute(compiled)
        verification = agent.verify(subgoal, before, agent.perceive())
        print(f"  {verification.outcome.value}: {'; '.join(result.measured for result in verification.results)}")

    scene = agent.perceive()
    [pick, *_] = agent.decompose("pick up the blue block", scene)
    verdict = agent.compile(agent.ground(pick, scene).model_copy(update={"object": "table"}), scene)
    if isinstance(verdict, lmp.Verdict):
        print(f"Refused before any motion: {verdict}")

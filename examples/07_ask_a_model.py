"""Ask a model: a vision-language model plans, on a server that speaks OpenAI's protocol (vLLM, Ollama, LM Studio).

    LMP_SERVER=http://127.0.0.1:8000/v1 LMP_MODEL=qwen3-vl python examples/07_ask_a_model.py

You see the model's subgoals with their reasons, how the run ended, what it took, and how to replay it without the model.
Without a server you see what would be sent: the texts and pictures of the first question.
"""

import os
from pathlib import Path

import lmp
from lmp.model_settings import ModelSettings
from lmp.planners.model.unsent_client import NotSent, UnsentClient

INSTRUCTION = "clear the table: whatever is red into the bowl"
server, model = os.environ.get("LMP_SERVER"), os.environ.get("LMP_MODEL", "qwen3-vl")

with lmp.open_world("tabletop", seed=3) as world:
    settings = ModelSettings(base_url=server or "http://127.0.0.1:8000/v1")
    agent = lmp.Agent(world, planner=f"openai:{model}", model=settings)
    if server:
        episode = agent.run(INSTRUCTION)
        for subgoal in episode.subgoals:
            print(f"{subgoal.description}: {subgoal.reasoning}")
        print(f"{episode.outcome.value}: {episode.error or episode.outcome.message}")
        if episode.models is not None:
            use = episode.models
            print(f"{use.calls} calls, {use.input_tokens} tokens sent, {use.output_tokens} answered, {use.seconds:.0f} s")
        print(f'again, without the model: lmp run "{INSTRUCTION}" --seed 3 --planner replay:{Path(str(episode.run)).name}')
    else:
        agent.stages.planner.client = UnsentClient(agent.stages.planner.client)
        try:
            agent.plan(INSTRUCTION)
        except NotSent as unsent:
            request = unsent.request
            print(f"No server is named, so nothing is sent. The first question would be {request.question!r}:")
            print(f"  system text of {len(request.system)} characters: {request.system.splitlines()[0][:100]} ...")
            print(f"  pictures: {', '.join(f'{one.label} ({one.width} x {one.height} px)' for one in request.pictures)}")
            print(f"  user text of {len(request.user)} characters, which ends: {request.user.splitlines()[-1]}")
            print(f"  an answer that fits {request.answer.__name__}: {', '.join(request.answer.model_fields)}")
        print("Say where a server listens with LMP_SERVER=http://127.0.0.1:8000/v1, and the model's name with LMP_MODEL.")

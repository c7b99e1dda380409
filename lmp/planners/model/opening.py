"""Planners from what stands after the colon of their name: a model of a provider, a folder of weights, a recorded run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lmp.model_settings import ModelSettings
from lmp.planners.model.model_planner import ModelPlanner
from lmp.schema.skill import SkillSpec


def openai_planner(model: str, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None) -> ModelPlanner:
    """Asks a model of OpenAI, or of a server that speaks its protocol (vLLM, Ollama, LM Studio, OpenRouter)."""
    from lmp.planners.model.openai_client import OpenAIClient

    settings = settings or ModelSettings()
    return ModelPlanner(OpenAIClient(model, settings), skills, settings)


def anthropic_planner(model: str, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None) -> ModelPlanner:
    """Asks a model of Anthropic."""
    from lmp.planners.model.anthropic_client import AnthropicClient

    settings = settings or ModelSettings()
    return ModelPlanner(AnthropicClient(model, settings), skills, settings)


def transformers_planner(path: str, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None) -> ModelPlanner:
    """Asks a vision-language model whose weights lie in a folder (extra `local`)."""
    from lmp.planners.model.transformers_client import TransformersClient

    settings = settings or ModelSettings()
    return ModelPlanner(TransformersClient(path, settings), skills, settings)


def replay_planner(run: str, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None) -> ModelPlanner:
    """Answers as a recorded run was answered: no key, no network, the same plan."""
    from lmp.planners.model.replay_client import ReplayClient
    from lmp.record import RunFolder
    from lmp.record.recognising import run_at

    record = RunFolder.open(run_at(Path(run)))
    settings = settings or ModelSettings.of_record(record.settings(), record.path)
    return ModelPlanner(ReplayClient(Path(run)), skills, settings)

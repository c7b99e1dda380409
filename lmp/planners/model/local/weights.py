"""Folder of weights, loaded; nothing else imports transformers and torch. Nothing is downloaded; no code of a folder is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lmp.errors import SetupFault, did_you_mean
from lmp.planners.model.local.extra import extra
from lmp.planners.model.local.held_to_schema import Vocabulary
from lmp.planners.model.local.memory import out_of_memory
from lmp.planners.model.local.placement import Placement, abilities_of, placement_for

CONFIG = "config.json"
IMAGE_PROCESSOR = ("preprocessor_config.json", "processor_config.json")
"""Files of which one describes the image processor; which one depends on the version that saved it."""
_LOCAL = {"local_files_only": True, "trust_remote_code": False}


@dataclass(frozen=True)
class Weights:
    """A model that is ready to answer.

    Attributes:
        model: Of transformers, in evaluation mode.
        processor: Turns messages and pictures into what the model reads.
        template: The chat template, in Jinja2; transformers renders it in a sandbox.
        placement: Where it runs.
        vocabulary: Its tokens, for constrained decoding.
        longest: Most tokens of question and answer together; None if the model does not say [count].
    """

    model: Any
    processor: Any
    template: str
    placement: Placement
    vocabulary: Vocabulary
    longest: int | None


def model_folder(path: str) -> Path:
    """The folder, as far as can be said without loading anything.

    Raises:
        SetupFault: It is not there, or it is no folder of a model.
    """
    folder = Path(path).expanduser()
    try:
        if not folder.is_dir():
            raise SetupFault(f"There is no folder {path!r} with a model.{_near(folder)}")
        if not (folder / CONFIG).is_file():
            inside = sorted(folder.glob(f"*/{CONFIG}")) + sorted(folder.glob(f"snapshots/*/{CONFIG}"))
            hint = f" Did you mean {str(inside[0].parent)!r}?" if inside else ""
            raise SetupFault(f"{path!r} is not the folder of a model: there is no {CONFIG} in it.{hint}")
    except (OSError, ValueError) as error:
        raise SetupFault(f"The folder {path!r} cannot be read: {error}") from None
    return folder


def load_weights(folder: Path) -> Weights:
    """Loads model and processor onto the best device.

    Raises:
        SetupFault: The folder has no vision-language model that can be loaded here; says what is missing.
    """
    torch, transformers = extra("torch"), extra("transformers")
    place = placement_for(abilities_of(torch))
    with _quietly(transformers):
        processor, template = _processor(transformers, folder)
        model = _model(transformers, torch, folder, place)
    try:
        vocabulary = Vocabulary(processor.tokenizer)
    except Exception as error:
        raise _unfit(folder, "its tokenizer is not one of the fast ones (tokenizer.json)", error) from error
    longest = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return Weights(model, processor, template, place, vocabulary, longest)


def _processor(transformers: Any, folder: Path) -> tuple[Any, str]:
    if not any((folder / name).is_file() for name in IMAGE_PROCESSOR):
        raise _unfit(folder, f"there is no image processor in it ({' or '.join(IMAGE_PROCESSOR)}), so the model cannot see")
    try:
        processor = transformers.AutoProcessor.from_pretrained(folder, **_LOCAL)
    except Exception as error:
        raise _unfit(folder, "its processor cannot be loaded", error) from error
    if getattr(processor, "image_processor", None) is None:
        raise _unfit(folder, "its processor has no image processor, so the model cannot see")
    template = getattr(processor, "chat_template", None) or processor.tokenizer.chat_template
    if isinstance(template, dict):
        template = template.get("default")
    if not template:
        raise _unfit(
            folder, "there is no chat template in it (chat_template.jinja); take the instruction-tuned variant of the model"
        )
    return processor, template


def _model(transformers: Any, torch: Any, folder: Path, place: Placement) -> Any:
    try:
        model, told = transformers.AutoModelForImageTextToText.from_pretrained(
            folder, dtype=getattr(torch, place.dtype), use_safetensors=True, output_loading_info=True, **_LOCAL
        )
        missing = sorted(told["missing_keys"])
        if missing:
            raise _unfit(folder, f"the weights lack {len(missing)} tensors, such as {missing[0]!r}")
        model = model.to(place.device).eval()
    except SetupFault:
        raise
    except Exception as error:
        if out_of_memory(error):
            raise SetupFault(
                f"The model in {str(folder)!r} does not fit into the memory of {place.device!r} as {place.dtype}. "
                "Take a smaller model, or serve it elsewhere and ask it with --planner openai:MODEL --base-url ADDRESS."
            ) from error
        raise _unfit(folder, "it is not a vision-language model that transformers can load from safetensors", error) from error
    # A model's own settings of sampling (penalties, nucleus) would fight with the schema; only its ends are kept.
    ends = model.generation_config.eos_token_id
    model.generation_config = transformers.GenerationConfig(
        eos_token_id=ends, pad_token_id=model.generation_config.pad_token_id
    )
    return model


def _unfit(folder: Path, why: str, error: Exception | None = None) -> SetupFault:
    said = f" ({type(error).__name__}: {' '.join(str(error).split())[:300]})" if error is not None else ""
    return SetupFault(f"The model in {str(folder)!r} cannot be used: {why}{said}.")


def _near(folder: Path) -> str:
    if not folder.parent.is_dir():
        return f" There is no folder {str(folder.parent)!r}, either."
    return did_you_mean(folder.name, (other.name for other in sorted(folder.parent.iterdir()) if other.is_dir()))


@contextmanager
def _quietly(transformers: Any) -> Iterator[None]:
    """Without progress bars and advice on standard error."""
    logging = transformers.utils.logging
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()

"""A vision-language model of a few thousand random weights, made on the spot: everything that a downloaded folder has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen2VLImageProcessor,
    Qwen2VLProcessor,
    Qwen2VLVideoProcessor,
)

SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{% for part in message.content %}"
    "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
WORDS = (
    'put the red block in the bowl {"kind":"pick","object":"red block","reasoning":"it is near","primitive":null,"x":0.25}'
    " Answer with one JSON object that has to fit this schema: minimum maximum required properties description [m] [s]"
)


def make_tokenizer(words: str = WORDS, size: int = 400) -> PreTrainedTokenizerFast:
    """Byte pairs of a few words; every byte is a token, too."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator([words], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>", additional_special_tokens=SPECIAL[1:]
    )


def save_tiny_model(folder: Path, seed: int = 0, template: str | None = TEMPLATE, longest: int = 32768) -> Path:
    """Writes model, tokenizer, image processor and chat template as transformers does."""
    tokenizer = make_tokenizer()
    config = Qwen2VLConfig(text_config=_text_config(tokenizer, longest), vision_config=_vision_config(), **_marks(tokenizer))
    torch.manual_seed(seed)
    model = Qwen2VLForConditionalGeneration(config)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0.0, 0.2)
    model.save_pretrained(folder)
    processor = Qwen2VLProcessor(
        image_processor=Qwen2VLImageProcessor(min_pixels=28 * 28, max_pixels=112 * 112),
        tokenizer=tokenizer,
        video_processor=Qwen2VLVideoProcessor(),
        chat_template=template,
    )
    processor.save_pretrained(folder)
    return folder


def _text_config(tokenizer: Any, longest: int) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer) + 24,  # rows that no token uses, as real models have
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": longest,
        "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _vision_config() -> dict[str, Any]:
    return {"depth": 1, "embed_dim": 32, "hidden_size": 32, "num_heads": 2, "mlp_ratio": 2, "patch_size": 14}


def _marks(tokenizer: Any) -> dict[str, int]:
    names = {"vision_start": "vision_start_token_id", "vision_end": "vision_end_token_id"}
    named = {**names, "image_pad": "image_token_id", "video_pad": "video_token_id"}
    return {key: tokenizer.convert_tokens_to_ids(f"<|{mark}|>") for mark, key in named.items()}

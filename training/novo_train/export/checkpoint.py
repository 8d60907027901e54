"""What is exported, from the folders it may come in."""

import json
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import LlavaForConditionalGeneration

import novo_train.model.vision  # noqa: F401 (makes novo-mini's vision tower known to transformers)
from novo_train.model.sam import Sam

from .old_layout import read_old_layout


@dataclass
class Loaded:
    llava: LlavaForConditionalGeneration
    tokenizer: Tokenizer
    tokenizer_config: dict | None = None
    sam: Sam | None = None  # where the mask decoder was trained with the model
    projection: nn.Module | None = None  # text_hidden_fcs
    settings: Path | None = None  # a settings.json beside the checkpoint


def load(
    folder: Path,
    prompt_encoder: Path | None = None,
    vision_tower: Path | None = None,
    base: Path | None = None,
    lora_alpha: float | None = None,
) -> Loaded:
    """folder: one of
    - result/ of the stage novo: llava/, decoder.safetensors, prompt_encoder.safetensors, settings.json. prompt_encoder:
      the SAM ONNX file to take the frozen prompt encoder from instead;
    - save_pretrained of LlavaForConditionalGeneration, with tokenizer.json;
    - LISA's layout (old_layout.py). vision_tower: its CLIP as a folder; base: the model under an adapter;
      lora_alpha: of adapters without an adapter_config.json (LISA trains with 16).
    """
    if (folder / "llava").is_dir():
        loaded = load(folder / "llava")
        loaded.sam, loaded.settings = (
            trained_decoder(folder / "decoder.safetensors", prompt_encoder),
            folder / "settings.json",
        )
        return loaded
    config = json.loads(((base or folder) / "config.json").read_text())
    if "mm_vision_tower" in config:
        made = read_old_layout(folder, config, vision_tower, base, lora_alpha)
        tokenizer, beside = read_tokenizer(folder if has_tokenizer(folder) else base or folder)
        return Loaded(made.with_image_token(tokenizer), tokenizer, beside, made.sam, made.projection)
    return Loaded(LlavaForConditionalGeneration.from_pretrained(folder, dtype="auto").eval(), *read_tokenizer(folder))


def trained_decoder(file: Path, prompt_encoder: Path | None) -> Sam:
    """The prompt encoder lies beside the decoder, or in the SAM ONNX file that is given."""
    beside, sam = file.with_name("prompt_encoder.safetensors"), Sam()
    if prompt_encoder is not None:
        sam.load_onnx(prompt_encoder)
    elif beside.exists():
        sam.prompt.load_state_dict(load_file(beside))
    else:
        raise ValueError(
            f"{file} holds the mask decoder alone: give the SAM ONNX file of its prompt encoder (--prompt-encoder)."
        )
    sam.decoder.load_state_dict(load_file(file))
    return sam.eval()


def has_tokenizer(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("tokenizer.json", "tokenizer.model"))


def read_tokenizer(folder: Path) -> tuple[Tokenizer, dict | None]:
    """tokenizer.json, or what transformers makes of a sentencepiece model (which needs the package sentencepiece)."""
    config = folder / "tokenizer_config.json"
    beside = json.loads(config.read_text()) if config.exists() else None
    if (folder / "tokenizer.json").exists():
        return Tokenizer.from_file(str(folder / "tokenizer.json")), beside
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, use_fast=True).backend_tokenizer, beside

"""Building a configuration's parts, and reading what earlier stages and the exploration before them have written."""

import re
from pathlib import Path

import torch
from torch import nn
from transformers import LlavaForConditionalGeneration

from ..model.concepts import Concepts
from ..model.llava import build
from ..model.seeing import Naming
from ..model.tokens import load_tokenizer
from ..model.vision import CELL, NovoVision, NovoVisionConfig
from ..world.kinds import load_kinds
from .config import Config
from .speech import Speech, mini_speech

SEES = "model.vision_tower.head.kind.weight"  # only towers that tell kinds have it


def tower_settings(config: Config, kinds: int) -> dict:
    """Without kinds, as it is pre-trained, the tower takes one picture at a time as it is."""
    zoom = config.tower.zoom and kinds > 0
    cell = CELL * (2 if zoom else 1)
    return {
        "image_size": config.tower.grid * cell,
        "patch_size": cell,
        "trunk": config.tower.trunk,
        "hidden_size": config.llava.d,
        "head_blocks": config.tower.head_blocks,
        "kinds": kinds,
        "zoom": zoom,
        "second": config.tower.second if zoom else "",
    }


def build_tower(config: Config, kinds: int) -> NovoVision:
    """With the trunk's pretrained weights where the configuration names them."""
    tower = NovoVision(NovoVisionConfig(**tower_settings(config, kinds))).to(memory_format=torch.channels_last)
    if config.tower.weights:
        tower.trunk.load(config.tower.weights)
        tower.trunk.freeze(config.tower.freeze)
    return tower


def speech_of(config: Config, dropout: float = 0.0) -> Speech:
    return mini_speech(load_tokenizer(Path(config.llava.tokenizer)), config.llava.template, dropout)


def build_mini(config: Config, vocabulary: int, kinds: int) -> LlavaForConditionalGeneration:
    c = config.llava
    return build(vocabulary, tower_settings(config, kinds), c.layers, c.d, c.heads, c.intermediate)


def build_concepts(config: Config) -> Concepts:
    return Concepts(len(load_kinds()), config.tower.grid**2, config.llava.d)


def build_naming(speech: Speech) -> Naming:
    return Naming([speech.ids(kind.singular) for kind in load_kinds()])


def with_more_layers(state: dict, have: int, want: int, fresh: dict) -> dict:
    """A language model of `have` layers as one of `want`: the new ones, before the last, begin by changing nothing."""
    pattern, out, new = re.compile(r"(.*language_model\.layers\.)(\d+)(\..*)"), {}, range(have - 1, want - 1)
    for name, value in state.items():
        found = pattern.match(name)
        out[f"{found[1]}{want - 1}{found[3]}" if found and int(found[2]) == have - 1 else name] = value
    for name, value in fresh.items():
        found = pattern.match(name)
        if found and int(found[2]) in new:
            out[name] = torch.zeros_like(value) if "o_proj" in name or "down_proj" in name else value
    return out


def layers_of(state: dict) -> int:
    return 1 + max(int(m[1]) for m in (re.search(r"language_model\.layers\.(\d+)\.", name) for name in state) if m)


def read_stage(path: Path) -> dict:
    """A checkpoint of a stage. The trials before this code wrote the same keys."""
    return torch.load(path, map_location="cpu", weights_only=True)


def take_language(model: LlavaForConditionalGeneration, saved: dict, config: Config, tower: bool) -> None:
    """The language model of an earlier stage; where `tower` is set, its tower too if it has been trained with the
    language model. Raises ValueError for what does not fit.
    """
    state = saved["model"]
    if not (tower and SEES in state):
        state = {name: value for name, value in state.items() if "vision_tower" not in name}
    have = layers_of(state)
    if have > config.llava.layers:
        raise ValueError(f"The checkpoint has {have} layers, the configuration {config.llava.layers}.")
    if have < config.llava.layers:
        state = with_more_layers(state, have, config.llava.layers, model.state_dict())
    missing, extra = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if "vision_tower" not in name]
    if missing or extra:
        raise ValueError(f"The checkpoint does not fit: missing {missing[:5]}, unknown {extra[:5]}")


def take(part: nn.Module, saved: dict, name: str) -> None:
    """A part of a checkpoint, if it is there."""
    if saved.get(name) is not None:
        part.load_state_dict(saved[name])


def take_tower(tower: NovoVision, saved: dict, vision: Path | None) -> None:
    """What a tower that was trained apart lacks in the language model's checkpoint `saved`: how it speaks, learned by
    the stage layouts, and what it sees, of vision.pt."""
    if saved.get("tower") is not None:
        tower.concepts.load_state_dict(saved["tower"])
    if vision:
        seen = read_stage(vision)
        missing = tower.load_state_dict(seen["model"], strict=False).missing_keys  # Concepts, always
        if any(name.startswith("second.") for name in missing):
            raise ValueError(f"{vision} has one eye, the configuration two: python -m novo_train.stages.pair")
        tower.head.load_state_dict(seen["head"])

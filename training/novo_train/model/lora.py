"""LoRA on the language model (peft), put in and taken out without another class around the model."""

from dataclasses import dataclass

from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn
from transformers import LlavaForConditionalGeneration


@dataclass(frozen=True)
class Lora:
    """LISA's: r 8, alpha 16, dropout 0.05, on q_proj and v_proj. r = 0: none."""

    r: int = 0
    alpha: int = 16
    dropout: float = 0.05
    targets: tuple[str, ...] = ("q_proj", "v_proj")


def add_lora(llava: LlavaForConditionalGeneration, lora: Lora) -> None:
    """Adapters on the language model only: CLIP has layers of the same names, and is frozen."""
    config = LoraConfig(
        r=lora.r, lora_alpha=lora.alpha, lora_dropout=lora.dropout, target_modules=list(lora.targets), bias="none"
    )
    inject_adapter_in_model(config, llava.model.language_model)


def is_adapter(name: str) -> bool:
    return ".lora_" in name


def merge_lora(module: nn.Module) -> None:
    """Adds every adapter to the matrix it stands beside and removes it."""
    for name, child in list(module.named_children()):
        if isinstance(child, BaseTunerLayer):
            child.merge(safe_merge=True)
            setattr(module, name, child.get_base_layer())
        else:
            merge_lora(child)
    if hasattr(module, "peft_config"):
        del module.peft_config

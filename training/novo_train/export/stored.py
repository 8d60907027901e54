"""Weights of a checkpoint's folder, read one at a time: safetensors or .bin, whole or in shards, with LoRA's adapters
merged."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from safetensors import safe_open

Read = Callable[[], torch.Tensor]
STEMS = ("model", "pytorch_model", "adapter_model", "non_lora_trainables")  # a later one wins over an earlier one
LORA = re.compile(r"^(.*)\.lora_(A|B|embedding_A|embedding_B|magnitude_vector)(?:\.[^.]+)?(?:\.weight)?$")


def files_of(folder: Path) -> list[Path]:
    """Files of weights in the order in which they count."""
    found: list[Path] = []
    for stem in STEMS:
        for suffix in ("safetensors", "bin"):
            index, whole = folder / f"{stem}.{suffix}.index.json", folder / f"{stem}.{suffix}"
            if index.exists():
                found += [folder / name for name in sorted(set(json.loads(index.read_text())["weight_map"].values()))]
            elif whole.exists():
                found.append(whole)
            else:
                continue
            break  # the same weights in the other form
    if not found:
        raise FileNotFoundError(f"{folder}: no weights ({', '.join(STEMS)} as .safetensors or .bin).")
    return found


def names_in(file: Path) -> Iterator[tuple[str, Read]]:
    if file.suffix == ".safetensors":
        opened = safe_open(file, framework="pt")
        yield from ((name, partial(opened.get_tensor, name)) for name in opened.keys())
    else:
        stored = torch.load(file, map_location="cpu", weights_only=True, mmap=True)
        yield from ((name, partial(stored.__getitem__, name)) for name in stored)


def plain_name(name: str) -> str | None:
    """A name as it was before peft wrapped the model; None for what peft keeps a second time."""
    if ".original_module." in name:
        return None
    name = name.removeprefix("base_model.model.")
    return re.sub(r"\.base_layer\.", ".", re.sub(r"\.modules_to_save\.[^.]+\.", ".", name))


class Stored:
    """name -> weight, under the names of the model without adapters. Weights of `base` count where the folder has
    none."""

    def __init__(self, folder: Path, base: Path | None = None, alpha: float | None = None):
        self.reads: dict[str, Read] = {}
        self.adapters: dict[str, dict[str, Read]] = {}
        self.config = lora_config(folder)
        if alpha is not None:
            self.config["lora_alpha"] = alpha
        for file in [*(files_of(base) if base else []), *files_of(folder)]:
            for name, read in names_in(file):
                self._add(name, read, file)

    def _add(self, name: str, read: Read, file: Path) -> None:
        plain = plain_name(name)
        if plain is None:
            return
        adapter = LORA.match(plain)
        if not adapter:
            self.reads[plain] = read
            return
        if adapter[2] not in "AB":
            raise ValueError(f"{file}: {name}: only LoRA's adapters of linear layers can be merged.")
        self.adapters.setdefault(f"{adapter[1]}.weight", {})[adapter[2]] = read

    def names(self) -> list[str]:
        return list(self.reads)

    def get(self, name: str) -> torch.Tensor:
        """The weight with its adapter merged: W + scale B A, summed in single precision."""
        weight = self.reads[name]()
        adapter = self.adapters.get(name)
        if adapter is None:
            return weight
        a, b = adapter["A"]().float(), adapter["B"]().float()
        return (weight.float() + self.scale(a.shape[0]) * (b @ a)).to(weight.dtype)

    def scale(self, rank: int) -> float:
        if "lora_alpha" not in self.config:
            raise ValueError(
                "The checkpoint has LoRA adapters and no adapter_config.json: give their alpha (--lora-alpha)."
            )
        return self.config["lora_alpha"] / (rank**0.5 if self.config.get("use_rslora") else rank)

    def check(self) -> None:
        """Every adapter stands beside a weight."""
        alone = sorted(set(self.adapters) - set(self.reads))
        if alone:
            raise ValueError(
                f"Adapters without the matrices that they change, such as {alone[0]}: give the folder of the model "
                "under them (--base)."
            )


def lora_config(folder: Path) -> dict:
    file = folder / "adapter_config.json"
    told = json.loads(file.read_text()) if file.exists() else {}
    if told.get("use_dora") or told.get("fan_in_fan_out") or told.get("alpha_pattern"):
        raise ValueError(f"{file}: only plain LoRA can be merged here: merge it with peft first.")
    return told

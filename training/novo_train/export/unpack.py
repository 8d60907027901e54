"""python -m novo_train.export.unpack PACK OUT

A pack of novo-mini back to checkpoints, so that training goes on from what was released: OUT/mini.pt (language model
and Concepts, for --init of layouts, reason and novo), OUT/vision.pt (the tower, for --vision) and OUT/novo.pt (the mask
decoder, for stage.novo.decoder_from); and OUT/tokenizer.json (for llava.tokenizer).

Weights are what the pack computes with: int8 matrices times their scales, halves as singles. Batch norms come out as
the exporter folded them into convolutions. The trunk, whose statistics never change, can be trained on so; the head's
(fusion.blocks) would take other statistics at the first batch. What only helps to learn (Naming, Where) is in no pack.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import ModelProto, numpy_helper
from torch import nn

from novo_train.model.concepts import WAVES
from novo_train.model.efficientnet import SIZES, TAPPED, taps_of
from novo_train.model.similarity import Scale
from novo_train.model.vision import CELL, NovoVision, NovoVisionConfig

from .graphs import DECODER, EMBED, LANGUAGE, VISION

Weights = dict[str, torch.Tensor]
PRODUCTS = ("MatMul", "MatMulInteger", "Gemm")
# A layer's matrices in the order in which the graph multiplies by them; after the last layer comes the head.
LAYER = [f"self_attn.{p}_proj" for p in "qkvo"] + [f"mlp.{p}_proj" for p in ("gate", "up", "down")]


def stored(model: ModelProto) -> dict[str, np.ndarray]:
    """The graph's weights in single precision, without the marks of precision.py."""
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for name in [name for name in found if name.endswith(".half")]:
        found[name.removesuffix(".half")] = found.pop(name).astype(np.float32)
    for name in [name for name in found if name.endswith("_quantized")]:
        stem = name.removesuffix("_quantized")
        zero, scale = found[f"{stem}_zero_point"].astype(np.float32), found[f"{stem}_scale"]
        found[stem] = (found.pop(name).astype(np.float32) - zero) * scale
    return found


def linears(model: ModelProto, weights: dict[str, np.ndarray]) -> tuple[Weights, list[torch.Tensor]]:
    """Matrices that the exporter turned round and renamed, as nn.Linear has them (out, in): by the name of the layer
    whose bias is added to the product, and those without one in the graph's order."""
    users = {name: node for node in model.graph.node for name in node.input}
    named, rest = {}, []
    for node in model.graph.node:
        matrix = node.input[1].removesuffix("_quantized") if node.op_type in PRODUCTS else ""
        if matrix not in weights or weights[matrix].ndim != 2:
            continue
        turned = torch.from_numpy(np.ascontiguousarray(weights[matrix].T))
        after = users.get(node.output[0])
        biases = [name for name in after.input if name.endswith(".bias")] if after and after.op_type == "Add" else []
        if biases:
            named[biases[0].removesuffix("bias") + "weight"] = turned
        elif matrix.startswith("val_"):
            rest.append(turned)
    return named, rest


def under(prefix: str, weights: dict[str, np.ndarray]) -> Weights:
    return {n.removeprefix(prefix): torch.from_numpy(w.copy()) for n, w in weights.items() if n.startswith(prefix)}


def language(folder: Path) -> Weights:
    """Of LlavaForConditionalGeneration, without tower and projector."""
    model = onnx.load(folder / LANGUAGE)
    weights = stored(model)
    table = torch.from_numpy(stored(onnx.load(folder / EMBED))["table.weight"])
    _, matrices = linears(model, weights)
    layers = 1 + max(int(found[1]) for found in (re.match(r"model\.layers\.(\d+)\.", n) for n in weights) if found)
    if len(matrices) != layers * len(LAYER) + 1:
        raise ValueError(f"{folder / LANGUAGE}: {len(matrices)} matrices for {layers} layers: not a pack of novo-mini.")
    names = [f"layers.{i}.{part}.weight" for i in range(layers) for part in LAYER]
    found = dict(zip(names, matrices[:-1], strict=True)) | under("model.", weights)
    found = {f"model.language_model.{name}": w for name, w in found.items() if not name.startswith("rotary_emb")}
    return found | {"model.language_model.embed_tokens.weight": table, "lm_head.weight": table}


def unfold(part: nn.Module, weights: Weights) -> Weights:
    """A state of `part` that computes what the graph does: where a convolution was folded with its batch norm, the
    norm adds the bias and changes nothing else. A module's n-th norm is that of its n-th convolution."""
    state = part.state_dict() | weights
    for name, module in part.named_modules():
        children = list(module.named_children())
        convolutions, norms = ([n for n, m in children if isinstance(m, k)] for k in (nn.Conv2d, nn.BatchNorm2d))
        for convolution, norm in zip(convolutions, norms, strict=False):
            start = f"{name}." if name else ""
            bias = state.pop(f"{start}{convolution}.weight_bias")
            ones = torch.ones_like(bias)
            variance = ones - getattr(module, norm).eps
            told = {"weight": ones, "bias": bias, "running_mean": 0 * ones, "running_var": variance}
            state |= {f"{start}{norm}.{key}": value for key, value in told.items()}
    return state


def trunk_of(seen: Weights, eye: str) -> str:
    """By the channels of an eye's taps; "" where it has no such eye."""
    channels = [w.shape[1] for i in range(len(TAPPED)) if (w := seen.get(f"{eye}fusion.lift.{i}.weight")) is not None]
    return next((trunk for trunk in SIZES if list(taps_of(trunk).values()) == channels), "")


def tower(folder: Path, manifest: dict) -> tuple[NovoVision, Weights]:
    """The tower, and the projector's weights as LlavaForConditionalGeneration names them."""
    model = onnx.load(folder / VISION)
    weights = stored(model)
    named, rest = linears(model, weights)
    told, size = manifest["llava"], manifest["llava"]["image"]["size"]
    seen = under("tower.", weights) | {n.removeprefix("tower."): w for n, w in named.items() if n.startswith("tower.")}
    blocks = len({n.split(".")[2] for n in seen if n.startswith("fusion.blocks.")})
    kinds, cell = len(seen["concepts.kind.weight"]) - 1, size // told["grid"][0]
    made = NovoVision(
        NovoVisionConfig(
            image_size=size,
            patch_size=cell,
            trunk=trunk_of(seen, ""),
            second=trunk_of(seen, "second."),
            hidden_size=told["hiddenSize"],
            head_blocks=blocks,
            kinds=kinds,
            zoom=cell > CELL,
        )
    )
    if len(rest) == 1:
        seen["rest.weight"] = rest[0]
    told_of_boxes = seen["concepts.box.weight"]  # packs before version 6 told less: what came later weighs nothing yet
    seen["concepts.box.weight"] = nn.functional.pad(told_of_boxes, (0, WAVES - told_of_boxes.shape[1]))
    made.load_state_dict(unfold(made, seen))
    projector = {n: w for n, w in (under("", weights) | named).items() if n.startswith("projector.")}
    return made.eval(), {n.replace("projector", "model.multi_modal_projector"): w for n, w in projector.items()}


def decoder(folder: Path) -> Weights:
    """Of Segment Anything's mask decoder."""
    model, start = onnx.load(folder / DECODER), "sam.decoder."
    weights = stored(model)
    named, _ = linears(model, weights)
    found = under(start, weights) | {n.removeprefix(start): w for n, w in named.items() if n.startswith(start)}
    tokens = next(w for n, w in weights.items() if n.startswith("cat") and w.shape == (5, 256))
    own = torch.from_numpy(tokens).split([1, 4])
    return found | {"iou_token.weight": own[0], "mask_tokens.weight": own[1]}


def unpack(folder: Path, out: Path) -> None:
    manifest = json.loads((folder / "pack.json").read_text())
    if "decoder" not in manifest.get("llava", {}):
        raise SystemExit(f"{folder}: {manifest.get('id')} is no pack of novo-mini (kind llava-seg, with a decoder).")
    seen, projector = tower(folder, manifest)
    words, prompt = language(folder), manifest["llava"]["maskPrompt"]
    layers = 1 + max(int(n.split(".")[3]) for n in words if ".layers." in n)
    scale = Scale(prompt["gain"], -prompt["bias"] / prompt["gain"])
    out.mkdir(parents=True, exist_ok=True)
    mini = {"model": words | projector, "scale": scale.state_dict(), "tower": seen.concepts.state_dict()}
    torch.save({**mini, "vision": None, "layers": layers, "d": manifest["llava"]["hiddenSize"]}, out / "mini.pt")
    state = seen.state_dict()
    head = {n.removeprefix("head."): w for n, w in state.items() if n.startswith("head.")}
    apart = {n: w for n, w in state.items() if not n.startswith(("head.", "concepts.", "rest."))}
    torch.save({"model": apart, "head": head}, out / "vision.pt")
    shutil.copyfile(folder / "tokenizer.json", out / "tokenizer.json")
    torch.save({"novo": {f"sam.decoder.{n}": w for n, w in decoder(folder).items()}}, out / "novo.pt")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))

"""Writes vision.onnx, embed_tokens.onnx and language_model.onnx with torch.onnx's exporter on torch.export."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.export import Dim
from transformers import LlavaForConditionalGeneration

from .modules import EmbedTokens, Language, Vision

VISION, EMBED, LANGUAGE, DECODER = "vision.onnx", "embed_tokens.onnx", "language_model.onnx", "decoder.onnx"


@dataclass(frozen=True)
class CacheShape:
    layers: int
    heads: int
    head_size: int
    dtype: str  # of ONNX's names: float32 | float16


def cache_shape(llava: LlavaForConditionalGeneration) -> CacheShape:
    text = llava.config.text_config
    size = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    half = llava.lm_head.weight.dtype == torch.float16
    return CacheShape(text.num_hidden_layers, text.num_key_value_heads, size, "float16" if half else "float32")


def cache_names(layers: int, prefix: str) -> list[str]:
    return [f"{prefix}.{layer}.{part}" for layer in range(layers) for part in ("key", "value")]


def export_graphs(
    llava: LlavaForConditionalGeneration,
    side: int,
    folder: Path,
    opset: int,
    external: bool,
    projection: nn.Module | None = None,
) -> None:
    """`side`: pixels of the square input image. The model's dtype is the graphs' dtype."""
    folder.mkdir(parents=True, exist_ok=True)
    llava.eval()
    llava.set_attn_implementation("eager")  # plain matrix products: every execution provider has them
    d = llava.config.text_config.hidden_size
    cache = cache_shape(llava)
    dtype = llava.lm_head.weight.dtype
    t, past = Dim("t"), Dim("past")

    def write(module, inputs, name, names_in, names_out, shapes):
        write_graph(module, inputs, folder / name, names_in, names_out, shapes, opset, external)

    write(Vision(llava), (torch.zeros(1, 3, side, side),), VISION, ["pixels"], ["features"], None)
    write(EmbedTokens(llava), (torch.zeros(1, 5, dtype=torch.int64),), EMBED, ["input_ids"], ["embeds"], ({1: t},))
    # Other lengths than 0 and 1, which torch.export would take for constants.
    shape = (1, cache.heads, 3, cache.head_size)
    pasts = tuple(torch.zeros(shape, dtype=dtype) for _ in range(2 * cache.layers))
    inputs = (torch.zeros(1, 5, d), torch.arange(3, 8)[None], *pasts)
    write(
        Language(llava, projection),
        inputs,
        LANGUAGE,
        ["inputs_embeds", "position_ids", *cache_names(cache.layers, "past")],
        ["logits", "hidden", *cache_names(cache.layers, "present")],
        ({1: t}, {1: t}, tuple({2: past} for _ in pasts)),
    )


def write_graph(module, inputs, path: Path, names_in, names_out, shapes, opset: int, external: bool = False) -> None:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        for talker in ("torch.onnx", "onnxscript", "onnx_ir"):
            logging.getLogger(talker).setLevel(logging.ERROR)
        torch.onnx.export(
            module.eval(),
            inputs,
            str(path),
            input_names=names_in,
            output_names=names_out,
            dynamic_shapes=shapes,
            opset_version=opset,
            dynamo=True,
            external_data=external,
            verbose=False,
        )

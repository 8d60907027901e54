"""Weights of Segment Anything's prompt encoder and mask decoder, read from Meta's ONNX export.

The export keeps most names; weights of matrix products have lost theirs and are found through the bias that is added
after them.
"""

import re
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

RENAMES = (  # ONNX (Meta's names) -> transformers' names
    (r"^mask_decoder\.transformer\.norm_final_attn", "decoder.transformer.layer_norm_final_attn"),
    (r"^mask_decoder\.transformer\.layers\.(\d)\.norm(\d)", r"decoder.transformer.layers.\1.layer_norm\2"),
    (r"^mask_decoder\.output_upscaling\.0", "decoder.upscale_conv1"),
    (r"^mask_decoder\.output_upscaling\.1", "decoder.upscale_layer_norm"),
    (r"^mask_decoder\.output_upscaling\.3", "decoder.upscale_conv2"),
    (r"^mask_decoder\.(output_hypernetworks_mlps\.\d|iou_prediction_head)\.layers\.0", r"decoder.\1.proj_in"),
    (r"^mask_decoder\.(output_hypernetworks_mlps\.\d|iou_prediction_head)\.layers\.1", r"decoder.\1.layers.0"),
    (r"^mask_decoder\.(output_hypernetworks_mlps\.\d|iou_prediction_head)\.layers\.2", r"decoder.\1.proj_out"),
    (r"^mask_decoder\.", "decoder."),
    (
        r"^model\.prompt_encoder\.pe_layer\.positional_encoding_gaussian_matrix",
        "prompt.shared_embedding.positional_embedding",
    ),
    (r"^model\.prompt_encoder\.point_embeddings", "prompt.point_embed"),
    (r"^model\.prompt_encoder\.mask_downscaling\.0", "prompt.mask_embed.conv1"),
    (r"^model\.prompt_encoder\.mask_downscaling\.1", "prompt.mask_embed.layer_norm1"),
    (r"^model\.prompt_encoder\.mask_downscaling\.3", "prompt.mask_embed.conv2"),
    (r"^model\.prompt_encoder\.mask_downscaling\.4", "prompt.mask_embed.layer_norm2"),
    (r"^model\.prompt_encoder\.mask_downscaling\.6", "prompt.mask_embed.conv3"),
    (r"^model\.prompt_encoder\.", "prompt."),
)


def read_onnx(path: Path) -> dict[str, torch.Tensor]:
    """Weights under Meta's names. Raises KeyError when the graph is not Meta's SAM export."""
    graph = onnx.load(str(path)).graph
    raw = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    made_by = {name: node for node in graph.node for name in node.output}
    found = {k: v for k, v in raw.items() if not k.startswith("onnx::")}
    used = set()
    for node in graph.node:  # x @ W + bias: the bias has a name
        if node.op_type != "Add":
            continue
        for bias, other in (tuple(node.input), tuple(reversed(node.input))):
            source = made_by.get(other)
            if (
                bias in found
                and bias.endswith(".bias")
                and source is not None
                and source.op_type == "MatMul"
                and source.input[1] in raw
            ):
                found[bias.removesuffix("bias") + "weight"] = raw[source.input[1]].T.contiguous()
                used.add(source.input[1])
    norms = [k for k in raw if re.match(r"onnx::(Mul|Add)_", k) and raw[k].ndim == 3]  # in graph order
    places = [
        "model.prompt_encoder.mask_downscaling.1",
        "model.prompt_encoder.mask_downscaling.4",
        "mask_decoder.output_upscaling.1",
    ]
    for place, (weight, bias) in zip(places, zip(norms[::2], norms[1::2], strict=True), strict=True):
        found[f"{place}.weight"], found[f"{place}.bias"] = raw[weight].flatten(), raw[bias].flatten()
    tokens = next(v for k, v in raw.items() if k.startswith("onnx::Expand") and v.shape == (1, 5, 256))[0]
    found["mask_decoder.iou_token.weight"], found["mask_decoder.mask_tokens.weight"] = tokens[:1], tokens[1:]
    none = next(v for k, v in raw.items() if k.startswith("onnx::Mul") and v.shape == (1, 256, 1, 1))
    found["model.prompt_encoder.no_mask_embed.weight"] = none.reshape(1, 256)
    return found


def read_sam(path: Path) -> dict[str, torch.Tensor]:
    """The same under the names of sam.Sam: `prompt.*`, `decoder.*`."""
    state = {}
    for name, value in read_onnx(path).items():
        for pattern, replacement in RENAMES:
            new, n = re.subn(pattern, replacement, name)
            if n:
                state[new] = value
                break
    return state

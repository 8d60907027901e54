"""What PyTorch says, by transformers' own forward and generate: the numbers that the exported graphs must reproduce."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from tokenizers import Tokenizer
from torch import nn
from transformers import LlavaForConditionalGeneration

from .settings import ExportSettings, ImageRule


def pixels_of(picture: np.ndarray, rule: ImageRule) -> torch.Tensor:
    """RGB (h, w, 3) uint8 -> (1, 3, size, size) float32. Sides are rounded as Segment Anything does: int(side * scale +
    0.5)."""
    h, w = picture.shape[:2]
    scale = rule.size / max(h, w)
    size = max(1, int(w * scale + 0.5)), max(1, int(h * scale + 0.5))
    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
    mean, std = np.float32(rule.mean), np.float32(rule.std)
    square = np.zeros((rule.size, rule.size, 3), np.float32)
    if rule.padding == "black":
        square[:] = -mean / std
    square[: size[1], : size[0]] = (small - mean) / std
    return torch.from_numpy(square.transpose(2, 0, 1)[None].copy())


@dataclass(frozen=True)
class Answer:
    prompt_ids: list[int]  # the image token once
    ids: list[int]  # generated, without the token that ends
    text: str
    hidden: list[list[float]]  # one a <SEG>: t of Eq. 1
    maps: list[list[float]]  # one a <SEG>: similarity of each cell, row by row


def similarity(t: torch.Tensor, cells: torch.Tensor, kind: str) -> torch.Tensor:
    """t (d), cells (n, d) -> (n)."""
    return F.cosine_similarity(t[None], cells, dim=-1) if kind == "cosine" else cells @ t


@torch.no_grad()
def answer(
    llava: LlavaForConditionalGeneration,
    tokenizer: Tokenizer,
    pixels: torch.Tensor,
    query: str,
    settings: ExportSettings,
    projection: nn.Module | None = None,
) -> Answer:
    """Greedy generation, then one pass over prompt and answer for the hidden states. projection: as in
    modules.Language."""
    image_id, seg_id = llava.config.image_token_id, tokenizer.token_to_id(settings.seg_token)
    text = settings.template.replace("{query}", query)
    short = tokenizer.encode(text, add_special_tokens=settings.add_special_tokens).ids
    at = short.index(image_id)
    cells = count_cells(llava, pixels)
    prompt = torch.tensor([short[:at] + [image_id] * cells + short[at + 1 :]])
    mask = torch.ones_like(prompt)
    whole = llava.generate(
        input_ids=prompt,
        attention_mask=mask,
        pixel_values=pixels,
        do_sample=False,
        num_beams=1,
        max_new_tokens=settings.max_new_tokens,
        sequence_bias={(seg_id,): settings.seg_bias} if settings.seg_bias else None,
    )
    hidden = llava.model(input_ids=whole, attention_mask=torch.ones_like(whole), pixel_values=pixels).last_hidden_state[
        0
    ]
    hidden = projection(hidden) if settings.project and projection is not None else hidden
    ends = llava.generation_config.eos_token_id
    ends = set(ends if isinstance(ends, list) else [ends])
    start = prompt.shape[1]
    generated = whole[0, start:].tolist()
    spoken = [token for token in generated if token not in ends]
    shift = 1 if settings.hidden_state == "predicting" else 0
    vectors = [hidden[start + k - shift] for k, token in enumerate(generated) if token == seg_id]
    picture = hidden[at : at + cells]
    maps = [similarity(t, picture, settings.similarity) for t in vectors]
    return Answer(
        short,
        spoken,
        tokenizer.decode(spoken, skip_special_tokens=True),
        [v.tolist() for v in vectors],
        [m.tolist() for m in maps],
    )


def count_cells(llava: LlavaForConditionalGeneration, pixels: torch.Tensor) -> int:
    return llava.get_image_features(pixel_values=pixels).pooler_output[0].shape[0]

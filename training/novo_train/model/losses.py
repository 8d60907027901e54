"""The losses of the paper (Eq. 4 to 6), by LISA's definitions (utils of dvlab-research/LISA, model/LISA.py)."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .packing import Packed


@dataclass(frozen=True)
class Weights:
    """Paper, section 6.1. `map` is ours: BCE and Dice on the similarity map itself, which the paper leaves to the
    gradient through Segment Anything."""

    text: float = 1.0
    bce: float = 2.0
    dice: float = 0.5
    map: float = 0.0


def text_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """logits (b, t, vocabulary), labels (b, t), -100 where nothing is asked: mean cross entropy of the answers'
    tokens.
    """
    return F.cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=-100)


def mask_losses(logits: torch.Tensor, cover: torch.Tensor, inside: torch.Tensor | None = None, smooth: float = 1.0):
    """BCE and Dice a target, (targets,) each. logits, cover and inside (1 on the picture, 0 on its padding):
    (targets, values).

    BCE is the mean over the values on the picture. LISA's Dice (scale 1000, eps 1e-6) is smooth = 1e-3.
    """
    logits = logits.float()
    bce = F.binary_cross_entropy_with_logits(logits, cover, reduction="none")
    p = logits.sigmoid()
    if inside is None:
        bce = bce.mean(-1)
    else:
        bce, p, cover = (bce * inside).sum(-1) / inside.sum(-1), p * inside, cover * inside
    return bce, 1 - (2 * (p * cover).sum(-1) + smooth) / (p.sum(-1) + cover.sum(-1) + smooth)


def means(losses: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """Of each (targets,); 0 where a batch has no target."""
    return tuple(each.sum() / max(1, len(each)) for each in losses)


def map_losses(logits: torch.Tensor, cosine: torch.Tensor, packed: Packed, scale):
    """Text, BCE and Dice (means) with the similarity map as the only mask, at the grid's own size."""
    on = packed.has_target
    return text_loss(logits, packed.labels), *means(mask_losses(scale(cosine[on]), packed.cover.flatten(1)[on]))

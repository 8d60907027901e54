"""One point, one thing: what the refinement asks of the mask decoder (paper, section 4.5), taught beside S.

The paper trains the decoder on S only, and its refinement then prompts it with single points, which it was not trained
on. Here points on things of the picture ask for the whole thing, by Segment Anything's rule: the best of the mask
tokens learns, and all learn to tell how good they are.
"""

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from scipy import ndimage

from ..model.losses import Weights, mask_losses
from ..model.novo import Novo
from ..model.sam import decode
from .examples import coverage

FRAME = 1024  # longer side of a picture for Segment Anything
DEEP = 0.35  # a point lies at least this deep in the thing, in shares of its deepest place
SINGLE_SHARE = 0.3  # weight of the token for unambiguous prompts, which learns from every point


class Clicks(NamedTuple):
    points: torch.Tensor  # (k, 2) x, y in the frame
    rows: torch.Tensor  # (k,) picture of the batch
    truth: torch.Tensor  # (k, n, n) coverage of the square
    inside: torch.Tensor  # (k, n, n) 1 on the picture

    def to(self, device: str) -> "Clicks":
        return Clicks(*(each.to(device) for each in self))


def point_in(mask: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """x, y in pixels: a random place well inside."""
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    ys, xs = np.nonzero(depth >= DEEP * depth.max())
    at = rng.integers(len(ys))
    return xs[at] + 0.5, ys[at] + 0.5


def clicks_on(things: list[list[np.ndarray]], count: int, n: int, rng: np.random.Generator) -> Clicks:
    """things: for each picture of the batch the masks (h, w) of what is seen. Up to `count` of each are asked for."""
    points, rows, truth, inside = [], [], [], []
    for row, masks in enumerate(things):
        masks = [m for m in masks if m.any()]
        for i in rng.permutation(len(masks))[:count]:
            x, y = point_in(masks[i], rng)
            k = FRAME / max(masks[i].shape)
            points.append((x * k, y * k))
            rows.append(row)
            truth.append(coverage(masks[i], n))
            inside.append((coverage(np.ones_like(masks[i]), n) >= 0.5).astype(np.float32))
    if not points:
        return Clicks(torch.zeros(0, 2), torch.zeros(0, dtype=torch.long), torch.zeros(0, n, n), torch.zeros(0, n, n))
    made = (torch.from_numpy(np.stack(each).astype(np.float32)) for each in (truth, inside))
    return Clicks(torch.tensor(points, dtype=torch.float32), torch.tensor(rows), *made)


def iou_of(logits: torch.Tensor, truth: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """logits (k, tokens, n, n) -> the IoU that each mask has (k, tokens)."""
    got, want = (logits > 0) & (inside[:, None] > 0), (truth >= 0.5)[:, None]
    both, either = (got & want).flatten(2).sum(-1), (got | want).flatten(2).sum(-1)
    return both / either.clamp(min=1)


def click_losses(
    novo: Novo, embedding: torch.Tensor, clicks: Clicks, weights: Weights
) -> tuple[torch.Tensor, torch.Tensor]:
    """embedding (b, 256, 64, 64). The masks' loss (BCE + Dice of the best token), and the squared error of the
    predicted IoUs."""
    k = len(clicks.points)
    labels = torch.ones(k, 1, dtype=torch.int, device=embedding.device)
    sparse, dense = novo.sam.prompt(clicks.points[:, None, None], labels[:, None], None, None)
    positions = novo.sam.positions().expand(k, -1, -1, -1)
    masks, told = decode(novo.sam.decoder, embedding[clicks.rows], positions, sparse, dense)
    logits, tokens = fitted(masks, clicks.truth.shape[-1]), masks.shape[1]
    flat = logits.flatten(0, 1).flatten(1)
    truth, inside = (each.repeat_interleave(tokens, 0).flatten(1) for each in (clicks.truth, clicks.inside))
    bce, dice = mask_losses(flat, truth, inside, smooth=1e-3)
    each = (weights.bce * bce + weights.dice * dice).unflatten(0, (k, tokens))
    mask = each.min(1).values.mean() + SINGLE_SHARE * each[:, 0].mean()
    return mask, (told.float() - iou_of(logits.detach(), clicks.truth, clicks.inside)).square().mean()


def fitted(masks: torch.Tensor, n: int) -> torch.Tensor:
    """float32 (k, tokens, n, n) of logits (k, tokens, 256, 256)."""
    masks = masks.float()
    return masks if masks.shape[-1] == n else F.interpolate(masks, size=(n, n), mode="bilinear", align_corners=False)

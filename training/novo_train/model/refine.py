"""NOVO's refinement, training-free (paper, section 4.5, Eq. 7 and 8): S gives points, points give candidates, S
selects them.

Left open by the paper, and chosen as the application's profile `paper` does: the interval (32 pixels of the model
frame), the best of the three ambiguous masks by predicted IoU, comparison in the mask frame.
"""

from typing import NamedTuple

import torch

from .prompts import MASK, MODEL, model_size
from .sam import Sam

INTERVAL, DELTA, BATCH = 32, 0.7, 16


class Instances(NamedTuple):
    logits: torch.Tensor  # (instances, 256, 256): the highest of the united candidates
    scores: torch.Tensor  # (instances,): mean predicted IoU of the united candidates


def grid_points(s: torch.Tensor, size: tuple[int, int], interval: int = INTERVAL) -> torch.Tensor:
    """s: (256, 256) logits; size: of the picture. Points (k, 2) of a fixed grid in the model frame with S > 0."""
    wide, high = model_size(*size)
    x, y = (torch.arange(interval // 2, side, interval) for side in (wide, high))
    points = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).flatten(0, 1)
    places = points * MASK // MODEL
    return points[s.cpu()[places[:, 1], places[:, 0]] > 0].float()


def candidates(sam: Sam, embedding: torch.Tensor, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """embedding (256, 64, 64), points (k, 2): of each point the best of the three masks for ambiguous prompts, (k,
    256, 256) logits, and its predicted IoU (k,)."""
    if not len(points):  # nothing of S lies on the grid; an empty tensor would still be split into one empty part
        return torch.zeros(0, MASK, MASK, device=embedding.device), torch.zeros(0, device=embedding.device)
    found, scores = [], []
    for part in points.to(embedding.device).split(BATCH):
        labels = torch.ones(len(part), 1, device=part.device)
        masks, iou = sam(embedding.expand(len(part), -1, -1, -1), None, part[:, None], labels)
        best = 1 + iou[:, 1:].argmax(1)
        rows = torch.arange(len(part), device=part.device)
        found.append(masks[rows, best])
        scores.append(iou[rows, best])
    return torch.cat(found), torch.cat(scores)


def groups(masks: torch.Tensor) -> list[list[int]]:
    """masks: bool (k, n, n). Indices of masks that share a pixel, directly or through others."""
    flat = masks.flatten(1).float()
    shares = (flat @ flat.T > 0).cpu()
    left, found = set(range(len(masks))), []
    while left:
        group, open_ends = set(), {min(left)}
        while open_ends:
            at = open_ends.pop()
            group.add(at)
            open_ends |= {int(j) for j in torch.nonzero(shares[at]).flatten()} - group
        found.append(sorted(group))
        left -= group
    return found


@torch.no_grad()
def refine(
    sam: Sam, embedding: torch.Tensor, s: torch.Tensor, size: tuple[int, int], delta: float = DELTA
) -> Instances:
    """embedding (256, 64, 64), s (256, 256) logits, size: width and height of the picture."""
    logits, iou = candidates(sam, embedding, grid_points(s, size))
    masks = logits > 0
    area = masks.sum((1, 2))
    kept = (masks & (s >= 0)).sum((1, 2)) / area.clamp(min=1) > delta
    logits, iou = logits[kept], iou[kept]
    united = groups(logits > 0)
    if not united:
        return Instances(logits, iou)
    return Instances(torch.stack([logits[g].amax(0) for g in united]), torch.stack([iou[g].mean() for g in united]))

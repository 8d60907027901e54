"""Scores while training: of similarity maps at the grid's size, and of S."""

import collections

import numpy as np
import torch

from ..model.packing import Packed

# family, IoU with <SEG> forced, IoU with the model's own decision, whether it says <SEG>
Score = tuple[str, float, float, bool]


@torch.no_grad()
def scores_of(logits: torch.Tensor, got: torch.Tensor, want: torch.Tensor, packed: Packed, seg: int) -> list[Score]:
    """logits of llava.Read; got and want bool (targets, values). Targets of a query with several <SEG> count each."""
    rows, places = packed.seg_at.T
    says = logits[rows, places].argmax(-1) == seg
    union = (want | got).sum(-1)
    iou = torch.where(union > 0, (want & got).sum(-1) / union.clamp(min=1), 1.0)
    free = torch.where(says, torch.where(packed.has_target, iou, 0.0), (~packed.has_target).float())
    return list(zip(packed.family, iou.tolist(), free.tolist(), says.tolist(), strict=True))


def map_scores(logits, maps, packed: Packed, scale, seg: int) -> list[Score]:
    return scores_of(logits, scale(maps) > 0, packed.cover.flatten(1) >= 0.4, packed, seg)


def summary(scores: list[Score]) -> dict:
    """iou: mean over queries with a target, <SEG> forced; free: over all, with the model's own decision; none: share
    of queries without a target of which it says so; says: share of the others for which it says <SEG>; then IoU a
    family."""
    by = collections.defaultdict(list)
    for family, *rest in scores:
        by[family].append(rest)
    targets = [s for f, rows in by.items() if f != "none" for s in rows]
    every = [s for rows in by.values() for s in rows]

    def mean(rows, k):
        return round(float(np.mean([r[k] for r in rows])), 3) if rows else None

    found = {"iou": mean(targets, 0), "free": mean(every, 1), "says": mean(targets, 2)}
    found["none"] = round(1 - mean(by["none"], 2), 3) if by["none"] else None
    return {**found, **{f: mean(rows, 0) for f, rows in sorted(by.items()) if f != "none"}}

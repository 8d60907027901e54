"""Eq. 1: how alike the hidden state of <SEG> and that of each picture token are, and how that becomes a logit."""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import nn

Similarity = Literal["cosine", "dot"]


def similarity_map(seg: torch.Tensor, cells: torch.Tensor, kind: Similarity = "cosine") -> torch.Tensor:
    """seg (targets, d), cells (targets, cells, d) -> (targets, cells) float32. The paper's cosine; READ's dot
    product.
    """
    seg, cells = seg.float(), cells.float()
    if kind == "cosine":
        seg, cells = F.normalize(seg, dim=-1), F.normalize(cells, dim=-1)
    return (seg.unsqueeze(1) * cells).sum(-1)


class Scale(nn.Module):
    """Cosine -> logit = gain x (cosine - threshold): the mask prompt's gain, and its bias = -gain x threshold, of a
    pack.

    A query for a group of k kinds can have a cosine of about 1 / sqrt(k) with each of them, hence the low threshold.
    """

    def __init__(self, gain: float = 30.0, threshold: float = 0.2):
        super().__init__()
        self.log_gain, self.threshold = nn.Parameter(torch.tensor(gain).log()), nn.Parameter(torch.tensor(threshold))

    @property
    def gain(self):
        return self.log_gain.exp()

    @property
    def bias(self):
        return -self.gain * self.threshold

    def forward(self, cosine):
        return self.gain * (cosine - self.threshold)

"""Losses on what is seen, while training only: kinds and boxes of cells, and their names in words."""

import torch
import torch.nn.functional as F
from torch import nn

from .tokens import PAD


def dense_losses(head_out, kinds: torch.Tensor, box: torch.Tensor, n_kinds: int):
    """kinds: (b, n, n), -1 nothing; box: (b, n, n, 4). Cross entropy (nothing at 0.35) and mean box error on things."""
    logits, guess = head_out  # of DenseHead
    target = torch.where(kinds < 0, n_kinds, kinds).flatten(1)
    weight = torch.ones(n_kinds + 1, device=logits.device)
    weight[-1] = 0.35
    ce = F.cross_entropy(logits.float().flatten(0, 1), target.flatten(), weight=weight, label_smoothing=0.05)
    on = (kinds >= 0).flatten(1)
    l1 = (guess.float() - box.flatten(1, 2))[on].abs().mean() if on.any() else logits.sum() * 0
    return ce, l1


class Naming(nn.Module):
    """The picture tokens' states must name what is seen there, in the words' own embeddings.

    It gives pictures and words one space early; without it the similarity map takes very long to start. A middle layer
    takes it best: final states that all name their kind cannot tell two things of one kind apart.
    """

    def __init__(self, names: list[list[int]]):
        super().__init__()
        longest = max(map(len, names))
        self.register_buffer("ids", torch.tensor([n + [PAD] * (longest - len(n)) for n in names]))
        self.nothing, self.log_scale = nn.Parameter(torch.randn(1)), nn.Parameter(torch.tensor(10.0).log())

    def words(self, table: nn.Embedding) -> torch.Tensor:
        """(kinds, d): the mean of each name's embeddings, of length 1."""
        on = (self.ids != PAD).unsqueeze(-1)
        return F.normalize(((table(self.ids) * on).sum(1) / on.sum(1)).float(), dim=-1)

    def forward(self, picture, table, kinds):
        """picture: (b, cells, d) final states; kinds: (b, cells), -1 nothing. Mean cross entropy, nothing counted at
        0.2.
        """
        words = self.words(table)
        logits = self.log_scale.exp() * F.normalize(picture.float(), dim=-1) @ words.T
        logits = torch.cat([logits, self.nothing.expand(*logits.shape[:2], 1)], -1)
        weight = torch.ones(logits.shape[-1], device=logits.device)
        weight[-1] = 0.2
        return F.cross_entropy(logits.flatten(0, 1), torch.where(kinds < 0, len(words), kinds).flatten(), weight=weight)


class Where(nn.Module):
    """The state of <SEG> must tell the column and the row of the thing that is meant, where it is one.

    Which of several things is leftmost or nearest is learned from this long before the similarity map shows it.
    """

    SPREAD = 1.5  # of the columns and rows that count as right: about a cell to each side

    def __init__(self, d: int, n: int):
        super().__init__()
        self.n, self.tell = n, nn.Linear(d, 2 * n)

    def shares(self, at: torch.Tensor) -> torch.Tensor:
        """at (k,) in 0..n -> (k, n), sums of 1: highest in the cell it lies in."""
        away = torch.arange(self.n, device=at.device) + 0.5 - at.unsqueeze(-1)
        return (-away.square() / self.SPREAD).softmax(-1)

    def forward(self, seg: torch.Tensor, cover: torch.Tensor) -> torch.Tensor:
        """seg (targets, d); cover (targets, n, n). Cross entropy of column and row of the middle of what is covered."""
        middles = torch.arange(self.n, device=cover.device) + 0.5
        total = cover.sum((1, 2)).clamp(min=1e-6)
        told = self.tell(F.normalize(seg.float(), dim=-1) * seg.shape[-1] ** 0.5).float().chunk(2, -1)
        wanted = (cover.sum(1) @ middles / total, cover.sum(2) @ middles / total)
        return sum(F.cross_entropy(logits, self.shares(at)) for logits, at in zip(told, wanted, strict=True))

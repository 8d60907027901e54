"""What is seen, as kinds and boxes: the narrow gate between the vision tower and the language model.

A tower that is certain and one that doubts speak the same language, so reasoning can be learned on cells that say
directly what they show (layouts without pictures) and go on with what a tower believes.
"""

import torch
from torch import nn

WAVES = 59  # values of fourier()
LEAST = 1e-6  # probability
SPREAD = 0.012  # mean difference of boxes' sides, in sides of the square, at which a vote counts 1 / e
SHARPER = 2.8  # factor of the logits of kinds that cells agree on
FIRM = (4.0, 2.0)  # factor and sum of the logit of nothing: a cell shows a thing where it believes so by 0.62 or more


class DenseHead(nn.Module):
    """Per cell the kind (last class: nothing) and the box of the thing seen there."""

    def __init__(self, d: int, kinds: int):
        super().__init__()
        self.kind, self.box = nn.Linear(d, kinds + 1), nn.Linear(d, 4)

    def forward(self, x):
        """x: (b, cells, d) -> logits (b, cells, kinds + 1), boxes (b, cells, 4) as x0, y0, x1, y1 in 0..1 of the
        square.
        """
        return self.kind(x), self.box(x)


def fourier(box: torch.Tensor, octaves: int = 4) -> torch.Tensor:
    """box (..., 4) x0 y0 x1 y1 in 0..1 -> (..., 59) float32: sides, centre and size, with sines of sides and centre,
    so that things at different places differ in cosine; last the centre's squares, with which the nearest thing to a
    place is the one with the greatest product with it: -|c - a|^2 = 2 a c - c^2 - a^2."""
    x0, y0, x1, y1 = box.float().unbind(-1)
    values = torch.stack([x0, y0, x1, y1, (x0 + x1) / 2, (y0 + y1) / 2], -1)
    size = torch.stack([x1 - x0, y1 - y0], -1).clamp(min=0.01).log()
    angle = values.unsqueeze(-1) * (torch.pi * 2.0 ** torch.arange(octaves, device=box.device))
    waves = torch.cat([angle.sin(), angle.cos()], -1).flatten(-2)
    squares = (values[..., 4:] * 2 - 1).square()
    return torch.cat([values * 2 - 1, size, size.sum(-1, keepdim=True), waves, squares], -1)


def agreed(kind: torch.Tensor, box: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Cells that believe in the same box show the same thing, share what they believe of it, and say it firmly.

    kind: probabilities (b, cells, kinds + 1), the last: nothing, which is a cell's own; box (b, cells, 4) in 0..1.
    Votes are logits: a cell that rules a kind out counts against many that think it possible. A tower that learned from
    smoothed labels, and whose views are joined, says less than it knows, while the language model learned most from
    cells that say what they show (layouts): hence SHARPER and FIRM. Without parameters; measured in TRIALS.md, Seeing.
    """
    kind, box = kind.float(), box.float()
    nothing = kind[..., -1:].clamp(LEAST, 1 - LEAST)
    apart = sum((box[..., None, side] - box[..., None, :, side]).abs() for side in range(4)) / 4
    votes = (-apart / SPREAD).exp() * (1 - nothing).transpose(1, 2)
    votes = votes / votes.sum(-1, keepdim=True).clamp(min=LEAST)
    kinds = (kind[..., :-1] / (1 - nothing)).clamp(min=LEAST).log()
    kinds = (votes @ kinds * SHARPER).softmax(-1)
    nothing = (nothing.logit() * FIRM[0] + FIRM[1]).sigmoid()
    return torch.cat([kinds * (1 - nothing), nothing], -1), votes @ box


class Concepts(nn.Module):
    """(probabilities of kinds (b, cells, kinds + 1), the last: nothing; boxes (b, cells, 4)) -> features (b, cells,
    d).
    """

    def __init__(self, kinds: int, cells: int, d: int):
        super().__init__()
        self.kind = nn.Embedding(kinds + 1, d)
        self.box, self.position = nn.Linear(WAVES, d), nn.Parameter(torch.randn(cells, d) * 0.3)

    def forward(self, kind, box):
        return kind @ self.kind.weight + self.box(fourier(box)) * (1 - kind[..., -1:]) + self.position

"""What a tower that errs would say of cells whose truth is known: so that reasoning learns to bear its errors."""

import torch
import torch.nn.functional as F


def certain(kind: torch.Tensor, kinds: int) -> torch.Tensor:
    """kind (b, n), -1 nothing -> probabilities (b, n, kinds + 1), the last: nothing."""
    return F.one_hot(torch.where(kind < 0, kinds, kind), kinds + 1).float()


def doubtful(
    kind: torch.Tensor, thing: torch.Tensor, box: torch.Tensor, kinds: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """kind (b, n), -1 nothing; thing (b, n): its number in the picture, 0 for nothing; box (b, n, 4). Answers
    probabilities (b, n, kinds + 1) and boxes.

    Each thing is confused with some other kinds, each of its cells a little differently; boxes jitter; empty cells
    show ghosts. A quarter of the pictures stays certain.
    """
    b, n = kind.shape
    clean = (torch.rand(b, 1, 1) < 0.25).float()
    things, at = int(thing.max()) + 1, thing.unsqueeze(-1)
    others = torch.randint(0, kinds, (b, things, 4))
    score = torch.cat(
        [torch.randn(b, things, 1) * 1.5 + 3.2, torch.randn(b, things, 4) + 0.3, torch.randn(b, things, 1) - 1.0], -1
    )
    share = (score.gather(1, at.expand(-1, -1, 6)) + torch.randn(b, n, 6) * 0.8).softmax(-1)
    said = torch.zeros(b, n, kinds + 1)
    said.scatter_add_(2, torch.where(kind < 0, kinds, kind).unsqueeze(-1), share[..., :1])
    said.scatter_add_(2, others.gather(1, at.expand(-1, -1, 4)), share[..., 1:5])
    said[..., -1] += share[..., 5]
    ghost = (torch.rand(b, n, 1) < 0.06) * torch.rand(b, n, 1) * 0.7
    empty = torch.zeros(b, n, kinds + 1)
    empty[..., -1:] = 1 - ghost
    empty.scatter_add_(2, torch.randint(0, kinds, (b, n, 1)), ghost)
    on = (kind >= 0).unsqueeze(-1)
    said = torch.where(on, said, empty)
    jitter = torch.randn(b, things, 4).gather(1, at.expand(-1, -1, 4)) * 0.012 + torch.randn(b, n, 4) * 0.008
    sides = torch.where(on, box + jitter * (1 - clean), torch.rand(b, n, 4) * 0.3)
    return clean * certain(kind, kinds) + (1 - clean) * said, sides


def unsure(told: torch.Tensor, thing: torch.Tensor, worst: float = 4.5, flatter: float = 0.85) -> torch.Tensor:
    """told: a tower's probabilities (b, n, kinds + 1) of drawings that it has learned; thing (b, n): its number in the
    picture, 0 for nothing. Answers about what it would tell of drawings that it has not: logits of each thing, the same
    in all its cells, are off by up to `worst` (standard deviation, another one each picture) and `flatter`, so that
    kinds that look alike are confused. On scenes of the training's styles 0.88 of the cells are right before and 0.74
    after, with a confidence of 0.79; on held-out ones 0.73, with 0.81.
    """
    b, _, classes = told.shape
    off = torch.randn(b, int(thing.max()) + 1, classes - 1) * torch.rand(b, 1, 1) * worst
    off = off.gather(1, thing.unsqueeze(-1).expand(-1, -1, classes - 1))
    something = told[..., :-1]
    share = ((something.clamp(min=1e-6).log() + off) * flatter).softmax(-1)
    return torch.cat([share * something.sum(-1, keepdim=True), told[..., -1:]], -1)

"""One picture at several sizes. The tower tells things best that are as large in its square as those it learned from,
so it looks at the whole picture, at four windows that overlap, and at the picture made smaller. What the views say of
a cell is averaged (kinds as logits), and a view counts as much as the thing there has the right size in it (TRIALS.md,
Seeing).
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

BEST, SPREAD = 0.24, 0.8  # longer side of a thing, of the tower's square, that it tells best; width of that (log)
CUT = 0.15  # how much a view counts for a thing that its edge cuts off
NEAR = 0.01  # of the square: a box that ends so near to the view's edge is cut off
LEAST = 1e-3  # every view counts a little


@dataclass(frozen=True)
class View:
    """A square window of the picture's square, in parts of it, scaled to fill a part of the tower's square from the
    top left.
    """

    x: float
    y: float
    side: float
    fills: float = 1.0


WHOLE = View(0, 0, 1)
VIEWS = (WHOLE, *(View(x, y, 2 / 3) for y in (0, 1 / 3) for x in (0, 1 / 3)), View(0, 0, 1, 0.75))


def looks(pixels: torch.Tensor, black: float) -> torch.Tensor:
    """pixels (1, 3, 2 s, 2 s) -> (views, 3, s, s). black: of a black pixel, which fills what a view leaves."""
    side = pixels.shape[-1] // 2
    return torch.cat([look(pixels, view, side, black) for view in VIEWS])


def look(pixels: torch.Tensor, view: View, side: int, black: float) -> torch.Tensor:
    x, y, size = (round(part * 2 * side) for part in (view.x, view.y, view.side))
    to = round(view.fills * side)
    part = pixels[..., y : y + size, x : x + size]
    if size >= 2 * to:  # halved first, so that no pixel is skipped
        part = F.avg_pool2d(part, 2)
    if part.shape[-1] != to:
        part = F.interpolate(part, size=(to, to), mode="bilinear", align_corners=False)
    return F.pad(part, (0, side - to, 0, side - to), value=black)


def places(view: View, n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of each of n x n cells of the picture: the cell of the view that its middle lies in (n n,) int64, and whether
    it is in the view at all (n n,) bool.
    """
    middle = (torch.arange(n) + 0.5) / n
    at = [(middle - low) / view.side * view.fills for low in (view.x, view.y)]
    columns, rows = ((a * n).long().clamp(0, n - 1) for a in at)
    within = [(a > 0) & (a < view.fills) for a in at]
    return (rows[:, None] * n + columns).flatten(), (within[1][:, None] & within[0]).flatten()


def merged(kinds: torch.Tensor, boxes: torch.Tensor, views: tuple[View, ...] = VIEWS):
    """kinds (views, cells, kinds + 1): probabilities; boxes (views, cells, 4): x0 y0 x1 y1 in 0..1 of the view's square
    -> of the picture's cells (1, cells, kinds + 1) and (1, cells, 4), boxes in 0..1 of the picture's square.
    """
    n = round(kinds.shape[1] ** 0.5)
    weights, told, where = [], [], []
    for view, kind, box in zip(views, kinds, boxes, strict=True):
        index, within = (each.to(kind.device) for each in places(view, n))
        own = box[index]
        box = own * (view.side / view.fills) + own.new_tensor([view.x, view.y, view.x, view.y])
        weights.append(weight(view, own, box) * within)
        told.append(kind[index])
        where.append(box)
    w = torch.stack(weights).unsqueeze(-1)
    w = w / w.sum(0)
    # Clamped: a kind that a view gives nothing at all has a logit too.
    kinds = (torch.stack(told).clamp(min=1e-9).log() * w).sum(0, keepdim=True).softmax(-1)
    return kinds, (torch.stack(where) * w).sum(0, keepdim=True)


def weight(view: View, own: torch.Tensor, box: torch.Tensor) -> torch.Tensor:
    """(cells,): how far a view is to be believed. own: boxes in the tower's square; box: the same in the picture's."""
    longer = (own[:, 2:] - own[:, :2]).amax(-1).clamp(min=0.02)
    w = (-((longer / BEST).log() / SPREAD).square() / 2).exp() + LEAST
    low, high = (view.x, view.y), (view.x + view.side, view.y + view.side)
    cut = torch.zeros_like(longer, dtype=torch.bool)
    for axis in (0, 1):
        if low[axis] > 0:
            cut = cut | (box[:, axis] < low[axis] + NEAR)
        if high[axis] < 1 - NEAR:
            cut = cut | (box[:, 2 + axis] > high[axis] - NEAR)
    return torch.where(cut, w * CUT, w)

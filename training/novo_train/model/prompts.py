"""Paper, section 4.2: a similarity map becomes visual prompts only, a coarse mask and points.

The same arithmetic as the application's novo/visual-prompts.ts and novo/cells.ts, which the tests hold it to. Frames:
the grid, the mask frame (256) and the model frame (1024) are one square up to scale, the picture at its top left,
padding elsewhere.
"""

import torch
import torch.nn.functional as F

MODEL, MASK = 1024, 256  # sides of Segment Anything's model frame and mask frame


def in_mask_frame(maps: torch.Tensor, grid: tuple[int, int]) -> torch.Tensor:
    """(targets, rows x columns) -> (targets, 1, 256, 256), bilinear; differentiable."""
    return F.interpolate(maps.float().unflatten(1, (1, *grid)), size=(MASK, MASK), mode="bilinear", align_corners=False)


def model_size(width: int, height: int) -> tuple[int, int]:
    """Size of a picture in the model frame, rounded as Segment Anything does (utils/transforms.py,
    get_preprocess_shape).
    """
    scale = MODEL / max(width, height)
    return max(1, int(width * scale + 0.5)), max(1, int(height * scale + 0.5))


def cell_middles(grid: tuple[int, int], width: int, height: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Middles of all cells in the model frame (cells, 2) float32 as x, y, and which of them lie on the picture
    (cells,) bool.

    A sliver thinner than half a cell has no middle of a cell on it: its cells are the first row or column, and the
    middle of the sliver is theirs.
    """
    rows, columns = grid
    side = max(width, height)
    x = (torch.arange(columns, dtype=torch.float64) + 0.5) * side / columns
    y = (torch.arange(rows, dtype=torch.float64) + 0.5) * side / rows
    if x[0] >= width:
        x[0] = width / 2
    if y[0] >= height:
        y[0] = height / 2
    on = (y < height)[:, None] & (x < width)[None]
    wide, high = model_size(width, height)
    middles = torch.stack([(x * wide / width).expand(rows, -1), (y * high / height)[:, None].expand(-1, columns)], -1)
    return middles.flatten(0, 1).float(), on.flatten()


def ranked_points(
    values: torch.Tensor, grid: tuple[int, int], width: int, height: int, positive: int, negative: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """values: (cells,) of one map. The highest cells as positive points and the lowest of the others as negative
    ones, highest first, equal ones in reading order; padding is never chosen.

    Answers points (positive + negative, 2) in the model frame and labels 1 or 0. A picture with fewer cells has fewer
    points: the places left have label -1, which Segment Anything reads as "not a point".
    """
    middles, on = cell_middles(grid, width, height)
    cells = torch.nonzero(on).flatten()
    order = cells[torch.sort(values.detach().float().cpu()[cells], descending=True, stable=True).indices]
    high, low = order[:positive], order[positive:]
    low = low[len(low) - min(negative, len(low)) :]
    points, labels = torch.zeros(positive + negative, 2), torch.full((positive + negative,), -1.0)
    points[: len(high)], labels[: len(high)] = middles[high], 1.0
    end = len(high) + len(low)
    points[len(high) : end], labels[len(high) : end] = middles[low], 0.0
    return points, labels


def points_of(
    maps: torch.Tensor, grid: tuple[int, int], sizes: list[tuple[int, int]], positive: int, negative: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """ranked_points of each map (targets, cells) on pictures of the sizes (width, height): (targets, k, 2), (targets,
    k).
    """
    if positive + negative == 0 or len(maps) == 0:
        return torch.zeros(len(maps), 0, 2, device=maps.device), torch.zeros(len(maps), 0, device=maps.device)
    found = [ranked_points(values, grid, w, h, positive, negative) for values, (w, h) in zip(maps, sizes, strict=True)]
    points, labels = (torch.stack(each).to(maps.device) for each in zip(*found, strict=True))
    return points, labels

"""Scenes as what the model is trained on: cells with kinds and boxes, queries and answers as ids, and the cells that
they mean.
"""

from functools import cache
from pathlib import Path

import numpy as np
import torch

from ..model.packing import Packed, pack
from ..scenes.compose import Scene
from ..scenes.drawings import load_sprites
from ..scenes.grids import boxes, cell_things, cover, pad_square
from ..world.queries import Query, queries_for
from ..world.things import Situation
from .speech import Speech


@cache
def sprites(path: str):
    return load_sprites(Path(path))


def cells_of(scene: Scene, side: int, n: int):
    """Per cell of the n x n grid over a square of `side`: thing int64 (n, n), -1 nothing; its kind, the same; its box
    float32 (n, n, 4) in 0..1; and covered float32 (things, n, n)."""
    covered = cover(scene, side, n)
    things = cell_things(covered).astype(np.int64)
    kinds = np.array([t.kind for t in scene.things] + [-1], np.int64)[things]
    box = np.concatenate([boxes(scene, side), np.zeros((1, 4), np.float32)])[things]
    return things, kinds, box, covered


def by_instance(query: Query, scene: Situation) -> tuple[str, list[int]]:
    """LISA++'s answer: one <SEG> for each target, from left to right."""
    order = sorted(query.targets, key=lambda t: (scene.things[t].box[0] + scene.things[t].box[2], t))
    return query.answer.replace("<SEG>", " ".join(["<SEG>"] * len(order)), 1), order


def asked(
    scene: Situation,
    covered: np.ndarray,
    queries: list[Query],
    speech: Speech,
    rng: np.random.Generator | None,
    instances: bool = False,
) -> list[dict]:
    """Rows for packing.pack, each with `targets`: for each <SEG> the indices of the things it means."""
    rows = []
    for q in queries:
        answer, groups = q.answer, [list(q.targets)]
        if instances and q.targets:
            answer, order = by_instance(q, scene)
            groups = [[t] for t in order]
        maps = [covered[g].sum(0).clip(0, 1) if g else np.zeros(covered.shape[1:], np.float32) for g in groups]
        rows.append(
            {
                "query": speech.query(q.text, rng),
                "answer": speech.answer(answer),
                "family": q.family,
                "cover": np.stack(maps),
                "targets": groups if q.targets else [],
                "single": len(q.targets) == 1,
                "among": covered[list(q.among)].sum(0).clip(0, 1)
                if q.among
                else np.zeros(covered.shape[1:], np.float32),
                "start": np.zeros(covered.shape[1:], np.float32) if q.start is None else covered[q.start],
            }
        )
    return rows


def asked_of(
    scene: Situation,
    covered: np.ndarray,
    speech: Speech,
    rng: np.random.Generator,
    count: int,
    test: bool,
    families: dict[str, float] | None,
) -> list[dict]:
    """Rows of `count` new queries."""
    queries = queries_for(scene, rng, count, test, families or {})
    return asked(scene, covered, queries, speech, rng if families is not None else None)


def example(
    scene: Scene,
    side: int,
    n: int,
    speech: Speech,
    rng: np.random.Generator,
    count: int,
    test: bool,
    pixels: bool,
    families: dict[str, float] | None = None,
):
    """(picture uint8 (3, side, side) or the cells' things + 1, kinds, boxes, rows) of one scene; None without queries.
    families: while training; then words are broken up at random too.
    """
    things, kinds, box, covered = cells_of(scene, side, n)
    rows = asked_of(scene, covered, speech, rng, count, test, families)
    seen = pad_square(scene.image, side).transpose(2, 0, 1).copy() if pixels else things + 1
    return (seen, kinds, box, rows) if rows else None


def collate(rows: list, speech: Speech) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, Packed]:
    seen, kinds, box = (torch.from_numpy(np.stack([r[i] for r in rows])) for i in range(3))
    return seen, kinds, box, pack([r[3] for r in rows], kinds[0].numel(), speech.before, speech.seg, speech.pad)


def keep_cells(kinds: torch.Tensor, n: int, box: torch.Tensor | None = None) -> torch.Tensor | None:
    """Indices (b, n) of the picture tokens to train on, in order. Cells of things come first, background at random;
    with the cells' boxes (b, n, n, 4), which tell things apart, every thing gives about the same number of cells.
    """
    if n >= kinds[0].numel():
        return None
    on, score = (kinds.flatten(1) >= 0), torch.rand(kinds.flatten(1).shape)
    if box is None:
        return (score + on).topk(n, -1).indices.sort(-1).values
    same = (box.flatten(1, 2).unsqueeze(1) == box.flatten(1, 2).unsqueeze(2)).all(-1)  # (b, cells, cells)
    rank = (same & (score.unsqueeze(1) < score.unsqueeze(2))).sum(-1).float()  # among the cells of the same thing
    return (-torch.where(on, rank, rank / 12) - score).topk(n, -1).indices.sort(-1).values


def shares(size: int, side: float, n: int) -> np.ndarray:
    """float32 (n, size): how much of each of n cells over `side` pixels each of `size` pixels covers."""
    edges = np.arange(n + 1)[:, None] * side / n
    low, high = np.maximum(edges[:-1], np.arange(size)), np.minimum(edges[1:], np.arange(size) + 1)
    return (np.maximum(high - low, 0) * n / side).astype(np.float32)


def coverage(mask: np.ndarray, n: int) -> np.ndarray:
    """bool or float (h, w) -> float32 (n, n): the share of each cell of the padded square that it covers, exact by
    area.
    """
    h, w = mask.shape
    side = max(h, w)
    return shares(h, side, n) @ mask.astype(np.float32) @ shares(w, side, n).T

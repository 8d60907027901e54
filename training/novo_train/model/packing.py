"""One picture, many queries in one sequence: the picture's tokens are computed once, every query sees only them and
itself.

Sequence: the ids before the picture (`<s> USER:`), the picture's tokens, then for each query `query ASSISTANT: answer
</s>`. Positions restart after the picture for each query, so each query computes exactly what it would compute alone.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import torch

from .tokens import BOS, PAD, SEG, USER

PREFIX = (BOS, USER)


@dataclass
class Packed:
    """b pictures with their queries. A target is one mask that is asked for: one a <SEG>, or one empty one where
    there is none.
    """

    before: torch.Tensor  # (p,) ids before the picture
    ids: torch.Tensor  # (b, t) text after the picture
    positions: torch.Tensor  # (b, p + cells + t)
    mask: torch.Tensor  # bool (b, 1, L, L), True: may look
    labels: torch.Tensor  # (b, t): what the token at this place should predict; -100: nothing
    # (targets, 2): picture in the batch, place in t of the state that predicts <SEG> (or its absence)
    seg_at: torch.Tensor
    has_target: torch.Tensor  # bool (targets,)
    cover: torch.Tensor  # float (targets, n, n), or (targets, kept): share of each cell that the target covers
    query: torch.Tensor  # (targets,): which query of the batch
    family: list[str]  # (targets,)
    single: torch.Tensor  # bool (targets,): one thing is meant
    among: torch.Tensor  # as cover: the things among which the query chooses
    start: torch.Tensor  # as cover: the thing that it starts from; zeros where there is none

    def keep(self, kept: torch.Tensor) -> "Packed":
        """The same with only the picture tokens kept (b, k), which keep their positions; cover becomes (targets, k)."""
        cells, p = self.cover[0].numel(), len(self.before)
        places = torch.cat(
            [
                torch.arange(p).expand(len(kept), -1),
                kept + p,
                torch.arange(p + cells, self.positions.shape[1]).expand(len(kept), -1),
            ],
            1,
        )
        mask = self.mask.gather(2, places[:, None, :, None].expand(-1, -1, -1, self.mask.shape[3]))
        mask = mask.gather(3, places[:, None, None, :].expand(-1, -1, mask.shape[2], -1))
        shares = {
            name: getattr(self, name).flatten(1).gather(1, kept[self.seg_at[:, 0]])
            for name in ("cover", "among", "start")
        }
        return replace(self, positions=self.positions.gather(1, places), mask=mask, **shares)

    def to(self, device: torch.device | str) -> "Packed":
        moved = {f.name: getattr(self, f.name) for f in fields(self)}
        return Packed(**{k: v.to(device) if isinstance(v, torch.Tensor) else v for k, v in moved.items()})


def pack(
    rows: list[list[dict]], cells: int, before: tuple[int, ...] = PREFIX, seg: int = SEG, pad: int = PAD
) -> Packed:
    """rows: for each picture a list of {query: ids, answer: ids, cover: (n, n) or (targets, n, n), family}.

    cover holds as many maps as the answer has <SEG>; one, of zeros, where it has none.
    """
    length = max(sum(len(q["query"]) + len(q["answer"]) - 1 for q in row) for row in rows)
    b, head = len(rows), len(before) + cells
    ids, labels = np.full((b, length), pad), np.full((b, length), -100)
    branch, place = np.full((b, length), -1), np.zeros((b, length), int)
    seg_at, has, covers, query, family, single, amongs, starts, count = [], [], [], [], [], [], [], [], 0
    for i, row in enumerate(rows):
        at = 0
        for k, q in enumerate(row):
            text, answer = q["query"] + q["answer"][:-1], q["answer"]
            n, nq = len(text), len(q["query"])
            ids[i, at : at + n] = text
            branch[i, at : at + n], place[i, at : at + n] = k, np.arange(n)
            labels[i, at + nq - 1 : at + n] = answer
            said = [j for j, token in enumerate(answer) if token == seg]
            wanted = q["cover"] if q["cover"].ndim == 3 else q["cover"][None]
            if len(wanted) != max(1, len(said)):
                raise ValueError(f"{len(wanted)} maps for an answer with {len(said)} <SEG>")
            seg_at += [(i, at + nq - 1 + j) for j in said or [0]]
            has += [bool(said)] * len(wanted)
            covers += list(wanted)
            amongs += [q.get("among", wanted.max(0))] * len(wanted)
            starts += [q.get("start", np.zeros_like(wanted[0]))] * len(wanted)
            single += [q.get("single", False)] * len(wanted)
            query += [count] * len(wanted)
            family += [q["family"]] * len(wanted)
            at, count = at + n, count + 1
    branch_t = torch.from_numpy(branch)
    order = torch.arange(length)
    own = (branch_t[:, :, None] == branch_t[:, None, :]) & (order[:, None] >= order[None, :])
    mask = torch.zeros(b, 1, head + length, head + length, dtype=torch.bool)
    mask[:, :, :head, :head] = torch.ones(head, head).tril().bool()
    mask[:, :, head:, :head] = True
    mask[:, 0, head:, head:] = own
    positions = torch.cat([torch.arange(head).expand(b, -1), head + torch.from_numpy(place)], 1)
    return Packed(
        torch.tensor(before),
        torch.from_numpy(ids),
        positions,
        mask,
        torch.from_numpy(labels),
        torch.tensor(seg_at),
        torch.tensor(has),
        torch.from_numpy(np.stack(covers)),
        torch.tensor(query),
        family,
        torch.tensor(single),
        torch.from_numpy(np.stack(amongs)),
        torch.from_numpy(np.stack(starts)),
    )

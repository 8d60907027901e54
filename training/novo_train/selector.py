"""The small network by which the application's default refinement tells whole things from parts, groups and leaks.

    python -m novo_train.selector ROWS.jsonl... --out ../src-main/novo/selector-weights.ts

ROWS: lines { image, rows: [[features..., IoU with the best object]] } of bench/selector-rows.ts. Several networks with
one hidden layer, from different random weights, are trained alike; the mean of their logits is one wider network.
--check ROWS.jsonl prints how well the scores tell masks above and below IoU 0.5 apart on other photos.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

CENTRE, SLOPE = 0.6, 0.1  # learned is 1 / (1 + exp(-(IoU - CENTRE) / SLOPE)): a good mask counts more than a fair one
DIGITS = 4  # of the weights that are written


@dataclass(frozen=True)
class Rows:
    features: np.ndarray  # (masks, features)
    iou: np.ndarray  # (masks,)
    weight: np.ndarray  # (masks,): the masks of a request weigh 1 together
    images: np.ndarray  # (masks,)


@dataclass(frozen=True)
class Selector:
    """tanh(hidden x [features, 1]) x output + offset."""

    hidden: np.ndarray  # (units, features + 1)
    output: np.ndarray  # (units,)
    offset: float


def read_rows(paths: list[Path]) -> Rows:
    lines = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line["rows"]]
    rows = [np.asarray(line["rows"], np.float64) for line in lines]
    return Rows(
        np.concatenate([row[:, :-1] for row in rows]),
        np.concatenate([row[:, -1] for row in rows]),
        np.concatenate([np.full(len(row), 1 / len(row)) for row in rows]),
        np.concatenate([np.full(len(row), line["image"]) for line, row in zip(lines, rows, strict=True)]),
    )


def fit_one(rows: Rows, units: int, steps: int, decay: float, seed: int) -> Selector:
    """Full batches: the same result on every run."""
    torch.manual_seed(seed)
    mean, spread = rows.features.mean(0), rows.features.std(0) + 1e-6
    x = torch.tensor((rows.features - mean) / spread, dtype=torch.float32)
    y = torch.tensor(1 / (1 + np.exp(-(rows.iou - CENTRE) / SLOPE)), dtype=torch.float32)
    w = torch.tensor(rows.weight / rows.weight.mean(), dtype=torch.float32)
    first, last = nn.Linear(x.shape[1], units), nn.Linear(units, 1)
    optimiser = torch.optim.AdamW([*first.parameters(), *last.parameters()], lr=0.02, weight_decay=decay)
    for _ in range(steps):
        loss = (w * binary_cross_entropy_with_logits(last(torch.tanh(first(x)))[:, 0], y, reduction="none")).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    inner = first.weight.detach().double().numpy() / spread
    bias = first.bias.detach().double().numpy() - inner @ mean
    return Selector(np.c_[inner, bias], last.weight.detach().double().numpy()[0], float(last.bias.detach()))


def mean_of(all: list[Selector]) -> Selector:
    """One network whose logit is the mean of theirs."""
    n = len(all)
    return Selector(
        np.concatenate([s.hidden for s in all]),
        np.concatenate([s.output / n for s in all]),
        sum(s.offset for s in all) / n,
    )


def logits(selector: Selector, features: np.ndarray) -> np.ndarray:
    return np.tanh(np.c_[features, np.ones(len(features))] @ selector.hidden.T) @ selector.output + selector.offset


def told_apart(rows: Rows, selector: Selector) -> float:
    """Of all pairs of a mask with IoU >= 0.5 and one below, how many are in order (area under the ROC curve)."""
    score, good = logits(selector, rows.features), rows.iou >= 0.5
    rank = np.empty(len(score))
    rank[score.argsort()] = np.arange(1, len(score) + 1)
    n = int(good.sum())
    return float((rank[good].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def typescript(selector: Selector, made: str) -> str:
    def row(values: np.ndarray) -> str:
        return "[" + ", ".join(f"{value:.{DIGITS}g}" for value in values) + "]"

    return (
        "// biome-ignore-all format: a row a unit\n"
        "// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: learned numbers\n"
        "/**\n"
        f" * @file Weights of the selector (selector.ts). {made}\n"
        " * Do not edit: training/novo_train/selector.py writes this file.\n"
        " */\n"
        "import type { Selector } from './selector.ts';\n\n"
        "export const selector: Selector = {\n"
        "  hidden: [\n" + "".join(f"    {row(each)},\n" for each in selector.hidden) + "  ],\n"
        f"  output: {row(selector.output)},\n"
        f"  offset: {selector.offset:.{DIGITS}g},\n"
        "};\n"
    )


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("rows", type=Path, nargs="+")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--check", type=Path, nargs="*", default=[])
    p.add_argument("--networks", type=int, default=4)
    p.add_argument("--units", type=int, default=12)
    p.add_argument("--steps", type=int, default=400)
    p.add_argument("--decay", type=float, default=0.2)
    args = p.parse_args()
    rows = read_rows(args.rows)
    selector = mean_of([fit_one(rows, args.units, args.steps, args.decay, seed) for seed in range(args.networks)])
    made = (
        f"{args.networks} networks of {args.units} units, learned from {len(rows.iou)} masks on "
        f"{len(set(rows.images))} photos."
    )
    args.out.write_text(typescript(selector, made), encoding="utf-8")
    print(f"{made} In order: {told_apart(rows, selector):.3f}")
    for path in args.check:
        print(f"{path.name}: in order {told_apart(read_rows([path]), selector):.3f}")


if __name__ == "__main__":
    main()

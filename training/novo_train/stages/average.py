"""The mean of checkpoints that were trained one from the other:

    python -m novo_train.stages.average OUT A.pt B.pt ... [--shares 2 1 ...]

Towers (vision.pt) or language models (mini.pt). Weights of one basin may be averaged, and the mean generalises better
than each (model soups, Wortsman et al., ICML 2022): 0.743 of held-out cells right after voting, where two towers had
0.738 and 0.724; map IoU 0.598, where two language models had 0.590 and 0.592 (TRIALS.md). What is no weight (a map's
scale, settings) or not in all of them is the first one's.
"""

import argparse
from pathlib import Path

import torch

from .parts import read_stage

PARTS = ("model", "head", "tower")
OF_A_RUN = ("progress", "naming", "guide", "where")  # what goes on, and what only helps to learn


def average(states: list[dict[str, torch.Tensor]], shares: list[float] | None = None) -> dict[str, torch.Tensor]:
    """Means of floating-point tensors, weighted by `shares`; whole numbers are the first one's. ValueError for other
    names or shapes."""
    first, shares = states[0], shares or [1.0] * len(states)
    for other in states[1:]:
        if {name: t.shape for name, t in other.items()} != {name: t.shape for name, t in first.items()}:
            raise ValueError("These checkpoints do not have one form: only runs of one configuration can be averaged.")
    return {
        name: sum(s[name] * (share / sum(shares)) for s, share in zip(states, shares, strict=True))
        if t.is_floating_point()
        else t
        for name, t in first.items()
    }


def language(saved: dict) -> dict:
    """A mini.pt without the tower's place in the language model, which some have and others not."""
    if "head" in saved:
        return saved
    return {**saved, "model": {name: t for name, t in saved["model"].items() if "vision_tower" not in name}}


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(prog="novo_train.stages.average", description=__doc__)
    p.add_argument("out", type=Path)
    p.add_argument("checkpoints", type=Path, nargs="+", help="vision.pt or mini.pt of runs that began from one another")
    p.add_argument("--shares", type=float, nargs="+", help="how much each counts; all the same where not given")
    a = p.parse_args(arguments)
    if a.shares and len(a.shares) != len(a.checkpoints):
        p.error(f"{len(a.checkpoints)} checkpoints need as many shares, not {len(a.shares)}.")
    saved = [language(read_stage(path)) for path in a.checkpoints]
    shared = [part for part in PARTS if all(saved_part.get(part) is not None for saved_part in saved)]
    made = {part: average([s[part] for s in saved], a.shares) for part in shared}
    a.out.parent.mkdir(parents=True, exist_ok=True)
    rest = {name: value for name, value in saved[0].items() if name not in OF_A_RUN}
    torch.save({**rest, **made}, a.out)


if __name__ == "__main__":
    main()

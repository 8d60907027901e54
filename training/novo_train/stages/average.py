"""The mean of towers that were trained one from the other: python -m novo_train.stages.average OUT A.pt B.pt ...

Weights of one basin may be averaged, and the mean generalises better than each (model soups, Wortsman et al., ICML
2022): 0.743 of held-out cells right after voting, where the two had 0.738 and 0.724 (TRIALS.md).
"""

import argparse
from pathlib import Path

import torch

from .parts import read_stage


def average(states: list[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Means of floating-point tensors; whole numbers are the first one's. ValueError for other names or shapes."""
    first = states[0]
    for other in states[1:]:
        if {name: t.shape for name, t in other.items()} != {name: t.shape for name, t in first.items()}:
            raise ValueError("These towers do not have the same form: only runs of one configuration can be averaged.")
    return {
        name: torch.stack([s[name] for s in states]).mean(0) if t.is_floating_point() else t
        for name, t in first.items()
    }


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(prog="novo_train.stages.average", description=__doc__)
    p.add_argument("out", type=Path)
    p.add_argument("towers", type=Path, nargs="+", help="vision.pt of runs that began from one another")
    a = p.parse_args(arguments)
    saved = [read_stage(path) for path in a.towers]
    made = {part: average([s[part] for s in saved]) for part in ("model", "head")}
    a.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({**made, "config": saved[0]["config"]}, a.out)


if __name__ == "__main__":
    main()

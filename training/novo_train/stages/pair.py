"""Two towers that were trained apart as the two eyes of one:

    python -m novo_train.stages.pair OUT.pt FIRST.pt SECOND.pt

vision.pt files; the configuration names their trunks (tower.trunk, tower.second). Nothing is trained: what they say is
joined as views of one picture are (model/views.py).
"""

import argparse
from pathlib import Path

import torch

from .parts import read_stage


def paired(first: dict, second: dict) -> dict:
    eye = second["model"] | {f"head.{name}": weight for name, weight in second["head"].items()}
    return {"model": first["model"] | {f"second.{name}": weight for name, weight in eye.items()}, "head": first["head"]}


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(prog="novo_train.stages.pair", description=__doc__)
    p.add_argument("out", type=Path)
    p.add_argument("towers", type=Path, nargs=2)
    a = p.parse_args(arguments)
    a.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(paired(*(read_stage(path) for path in a.towers)), a.out)


if __name__ == "__main__":
    main()

"""Two towers that were trained apart as the two eyes of one:

    python -m novo_train.stages.pair OUT.pt FIRST.pt SECOND.pt
    python -m novo_train.stages.pair --apart TOWER.pt FIRST.pt SECOND.pt

vision.pt files; the configuration names their trunks (tower.trunk, tower.second). Nothing is trained: what they say is
joined as views of one picture are (model/views.py). With --apart a tower with two eyes is read and each written as a
tower that the stage vision learns on from (`--init`).
"""

import argparse
from pathlib import Path

import torch

from .parts import read_stage

SECOND, HEAD = "second.", "head."


def paired(first: dict, second: dict) -> dict:
    eye = second["model"] | {HEAD + name: weight for name, weight in second["head"].items()}
    return {"model": first["model"] | {SECOND + name: weight for name, weight in eye.items()}, "head": first["head"]}


def apart(tower: dict) -> tuple[dict, dict]:
    """The inverse of `paired`. ValueError for a tower with one eye."""
    first = {name: weight for name, weight in tower["model"].items() if not name.startswith(SECOND)}
    eye = {name.removeprefix(SECOND): w for name, w in tower["model"].items() if name.startswith(SECOND)}
    if not eye:
        raise ValueError("This tower has one eye only.")
    head = {name.removeprefix(HEAD): weight for name, weight in eye.items() if name.startswith(HEAD)}
    second = {name: weight for name, weight in eye.items() if not name.startswith(HEAD)}
    return {"model": first, "head": tower["head"]}, {"model": second, "head": head}


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(prog="novo_train.stages.pair", description=__doc__)
    p.add_argument("tower", type=Path)
    p.add_argument("eyes", type=Path, nargs=2)
    p.add_argument("--apart", action="store_true", help="the eyes are written, and the tower is read")
    a = p.parse_args(arguments)
    made = (
        zip(a.eyes, apart(read_stage(a.tower)), strict=True)
        if a.apart
        else [(a.tower, paired(*(read_stage(path) for path in a.eyes)))]
    )
    for out, saved in made:
        out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(saved, out)


if __name__ == "__main__":
    main()

"""What the vision tower tells of rendered scenes, kept on disk: layouts whose cells err as the tower errs.

Looking at a scene costs as much as asking it a hundred queries. So each is looked at once, as the application looks at
it (the picture's side is `image.size`, views included), and the stage layouts asks it new queries every time
(`stage.layouts.seen`). --vision: vision.pt. Writes seen.npz, as `Seen` holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch

from ..model.concepts import agreed
from ..model.vision import NovoVision, normalise
from ..scenes.compose import Scene, make_scene
from ..scenes.grids import pad_square
from ..scenes.styles import styles_for
from ..world.kinds import load_kinds
from ..world.things import Thing
from .config import Config
from .examples import asked_of, cells_of, sprites
from .parts import build_tower, take_tower
from .program import Told, told
from .speech import Speech

KEPT = 8  # likeliest classes of a cell; what the others have goes to these


@dataclass(frozen=True)
class Seen:
    """Arrays over scenes s, cells c and things t of all scenes. What the tower tells: classes uint8 (s, c, KEPT), the
    last class is nothing; shares float16, the same; sides float16 (s, c, 4) in 0..1. What is there: thing int8 (s, c),
    -1 nothing; covered uint8 (t, c), 255 where a cell is covered whole; kind uint8 (t,); box int32 (t, 4) and area
    int32 (t,) in pixels; first int64 (s + 1,): each scene's things. side: of the square, in pixels. held_out bool (s,).
    """

    classes: np.ndarray
    shares: np.ndarray
    sides: np.ndarray
    thing: np.ndarray
    covered: np.ndarray
    kind: np.ndarray
    box: np.ndarray
    area: np.ndarray
    first: np.ndarray
    side: np.ndarray
    held_out: np.ndarray


@dataclass(frozen=True)
class There:
    """A Situation."""

    things: list[Thing]
    side: int


def load_seen(path: Path) -> Seen:
    with np.load(path) as stored:
        return Seen(**{field.name: stored[field.name] for field in fields(Seen)})


def seen_example(
    seen: Seen,
    scene: int,
    n: int,
    speech: Speech,
    rng: np.random.Generator,
    count: int,
    test: bool,
    families: dict[str, float] | None = None,
):
    """As examples.example, but first what the tower tells of each cell: classes (c, KEPT), shares, sides; and last the
    cells' things + 1."""
    at = slice(*seen.first[scene : scene + 2])
    things = [
        Thing(int(kind), "seen", tuple(box), int(area))
        for kind, box, area in zip(seen.kind[at], seen.box[at].tolist(), seen.area[at], strict=True)
    ]
    covered = seen.covered[at].reshape(-1, n, n).astype(np.float32) / 255
    rows = asked_of(There(things, int(seen.side)), covered, speech, rng, count, test, families)
    index = seen.thing[scene].astype(np.int64).reshape(n, n)
    kinds = np.append(seen.kind[at].astype(np.int64), -1)[index]
    box = np.concatenate([seen.box[at] / seen.side, np.zeros((1, 4))]).astype(np.float32)[index]
    says = (seen.classes[scene].astype(np.int64), seen.shares[scene].astype(np.float32), seen.sides[scene])
    return (says, kinds, box, rows, index + 1) if rows else None


def cells_told(says: list[tuple], n_kinds: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Of seen_example's: probabilities (b, c, kinds + 1) and boxes (b, c, 4), as Concepts takes them."""
    classes, shares, sides = (torch.from_numpy(np.stack(part)) for part in zip(*says, strict=True))
    told_kinds = torch.zeros(*classes.shape[:2], n_kinds + 1)
    return told_kinds.scatter_add_(2, classes, shares), sides.float()


@torch.no_grad()
def look(tower: NovoVision, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """picture uint8 (side, side, 3) -> classes, shares, sides of its cells."""
    kind, box = agreed(*tower.told(normalise(torch.from_numpy(picture).permute(2, 0, 1).unsqueeze(0))))
    share, at = kind[0].topk(KEPT, -1)
    share = share / share.sum(-1, keepdim=True)
    return at.numpy().astype(np.uint8), share.numpy().astype(np.float16), box[0].numpy().astype(np.float16)


def collect(tower: NovoVision, draw: Callable[[int], tuple[Scene, bool]], count: int, side: int, n: int) -> Seen:
    """draw: the scene of a number, and whether its drawings are held out."""
    rows, things, first, held_out = [], [], [0], []
    for number in range(count):
        scene, unseen = draw(number)
        index, _, _, covered = cells_of(scene, side, n)
        rows.append((*look(tower, pad_square(scene.image, side)), index.astype(np.int8).flatten()))
        things += [
            (np.round(c * 255).astype(np.uint8).flatten(), t.kind, t.box, t.area)
            for t, c in zip(scene.things, covered, strict=True)
        ]
        first.append(len(things))
        held_out.append(unseen)
    classes, shares, sides, thing = (np.stack(part) for part in zip(*rows, strict=True))
    covered, kind, box, area = (np.array(part) for part in zip(*things, strict=True))
    return Seen(
        classes, shares, sides, thing, covered, kind.astype(np.uint8), box.astype(np.int32), area.astype(np.int32),
        np.array(first, np.int64), np.array(side), np.array(held_out),
    )  # fmt: skip


def tower_of(config: Config, path: Path) -> NovoVision:
    """The tower of a vision.pt, as the application runs it."""
    tower = build_tower(config, len(load_kinds()))
    take_tower(tower, {}, path)
    return tower.eval()


def main(arguments: list[str] | None = None) -> None:
    t: Told = told("seen", __doc__, arguments)
    c, run = t.config, t.config.stage.seen
    if not t.vision:
        raise SystemExit("--vision is needed: vision.pt of the stage vision.")
    drawn, tower = sprites(c.data.sprites), tower_of(c, t.vision)

    def draw(number: int) -> tuple[Scene, bool]:
        unseen = number < run.tests
        role = "held-out" if unseen else "training"
        return make_scene(run.seed + number, drawn, styles_for(role), c.image.size, restyled=not unseen), unseen

    seen = collect(tower, draw, run.tests + run.scenes, c.image.size, c.tower.grid)
    t.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(t.out / "seen.npz", **{field.name: getattr(seen, field.name) for field in fields(Seen)})


if __name__ == "__main__":
    main()

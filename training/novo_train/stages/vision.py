"""Pre-trains the vision tower on rendered scenes: cell -> kind and box. Endless data, no picture is seen twice
unmirrored.

Writes vision.pt: {model: NovoVision without concepts, head: DenseHead, config, progress}.
"""

import numpy as np
import torch

from ..model.concepts import DenseHead
from ..model.seeing import dense_losses
from ..model.vision import CELL, NovoVision, normalise, refit
from ..scenes.compose import make_scene
from ..scenes.grids import pad_square
from ..scenes.styles import styles_for
from ..world.kinds import load_kinds
from .config import Config, VisionStage, identity
from .examples import cells_of, sprites
from .loop import Job, autocast, train
from .parts import build_tower, read_stage, take, tower_settings
from .program import Told, told
from .streams import Shuffled, batches_of

Sample = tuple[np.ndarray, np.ndarray, np.ndarray]


def sample(seed: int, path: str, drawn: list[str], n: int, crowd: bool = False, restyled: bool = False) -> Sample:
    """image uint8 (3, side, side); kind int64 (n, n), -1 nothing; box float32 (n, n, 4)."""
    side = n * CELL
    scene = make_scene(seed, sprites(path), drawn, side, crowd, restyled)
    _, kinds, box, _ = cells_of(scene, side, n)
    return pad_square(scene.image, side).transpose(2, 0, 1).copy(), kinds, box


def mirrored(image, kinds, box) -> Sample:
    """Left and right swapped within the square (padding moves to the left: harmless for pre-training)."""
    flipped = np.stack([1 - box[..., 2], box[..., 1], 1 - box[..., 0], box[..., 3]], -1)
    flipped[kinds < 0] = 0
    return image[:, :, ::-1].copy(), kinds[:, ::-1].copy(), flipped[:, ::-1].copy()


def stacked(rows: list[Sample]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True))


class Pictures:
    """Three of four scenes are crowded."""

    def __init__(self, config: Config):
        run: VisionStage = config.stage.vision
        self.run, self.config = run, config
        drawn = styles_for("training")

        def draw(number: int) -> Sample:
            seed = run.seed + number
            return sample(seed, config.data.sprites, drawn, config.tower.grid, seed % 4 != 0, True)

        self.scenes = Shuffled(draw, run.repeat, run.pool)

    def batch(self, number: int, lane: int, lanes: int):
        rows = []
        for n in range(number * self.run.batch, (number + 1) * self.run.batch):
            row = self.scenes(n, lane, lanes)
            rows.append(mirrored(*row) if np.random.default_rng((n, lane)).random() < 0.5 else row)
        return stacked(rows)


@torch.no_grad()
def evaluate(model: NovoVision, head: DenseHead, batches, n_kinds: int, told: Told) -> dict:
    """Cell accuracy on things (best, best five), on nothing, and mean box error in fractions of the side."""
    model.eval()
    right = total = empty_right = empty = error = top5 = 0.0
    for batch in batches:
        pixels, kinds, box = (each.to(told.device) for each in batch)
        with autocast(told.config.machine, told.device):
            logits, guess = head(model.see(normalise(pixels)))
        kinds, best = kinds.flatten(1), logits.float()
        on = kinds >= 0
        right += (best.argmax(-1)[on] == kinds[on]).sum().item()
        top5 += (best.topk(5, -1).indices[on] == kinds[on][:, None]).any(-1).sum().item()
        total += on.sum().item()
        empty_right += (best.argmax(-1)[~on] == n_kinds).sum().item()
        empty += (~on).sum().item()
        error += (guess.float() - box.flatten(1, 2))[on].abs().mean(-1).sum().item()
    model.train()
    found = {"cell": right / total, "top5": top5 / total, "empty": empty_right / max(1, empty), "box": error / total}
    return {name: round(value, 4) for name, value in found.items()}


def main(arguments: list[str] | None = None) -> None:
    t = told("vision", __doc__, arguments)
    run, n_kinds = t.config.stage.vision, len(load_kinds())
    torch.manual_seed(run.seed)
    model, head = build_tower(t.config, 0), DenseHead(t.config.llava.d, n_kinds)
    if t.init:
        saved = read_stage(t.init)
        model.load_state_dict(saved["model"])
        take(head, saved, "head")
    model, head = model.to(t.device), head.to(t.device)
    if run.refit:
        pictures = Pictures(t.config)
        refit(model, [normalise(pictures.batch(n, 0, 1)[0].to(t.device)) for n in range(run.refit)])
    slow = {id(p) for p in model.trunk.parameters()}
    trained = [p for p in (*model.parameters(), *head.parameters()) if p.requires_grad]
    groups = [
        {"params": [p for p in trained if id(p) not in slow], "lr": run.lr},
        {"params": [p for p in trained if id(p) in slow], "lr": run.lr / 5},
    ]

    def losses(batch):
        pixels, kinds, box = (each.to(t.device) for each in batch)
        ce, l1 = dense_losses(head(model.see(normalise(pixels))), kinds, box, n_kinds)
        return {"total": ce + 2 * l1, "ce": ce, "box": l1}

    tests = {}
    for role in ("training", "held-out", "harder") if run.evaluate else ():
        rows = [
            sample(10 + i, t.config.data.sprites, styles_for(role), t.config.tower.grid) for i in range(run.evaluate)
        ]
        tests[role] = [stacked(rows[i : i + 16]) for i in range(0, len(rows), 16)]
    train(
        Job(
            "vision",
            {"model": model, "head": head},
            groups,
            batches_of(Pictures(t.config), t.config.machine.workers),
            losses,
            identity(t.config, "vision"),
            {"config": tower_settings(t.config, 0)},
            (lambda: {role: evaluate(model, head, rows, n_kinds, t) for role, rows in tests.items()})
            if tests
            else None,
        ),
        run,
        t.config.machine,
        t.out,
        t.resume,
    )


if __name__ == "__main__":
    main()

"""The last stage: LLaVA, visual prompts and Segment Anything's mask decoder together; text + BCE + Dice on S (paper,
Eq. 6).

--init: mini.pt of the stage reason; none where the configuration names a `llava.checkpoint`. Each picture's embedding
is computed once. Writes novo.pt (what is trained, and where the run stands) and result/ (llava/, decoder.safetensors,
settings.json), which python -m novo_train.export reads.
"""

import hashlib
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..model.llava import Read, picture_features
from ..model.novo import Novo, Pictures, Segmented, novo_losses
from ..model.packing import Packed, pack
from ..model.pixels import square_pixels
from . import together
from .config import Config, identity
from .embeddings import embed
from .examples import coverage
from .instances import click_losses, clicks_on
from .loop import Job, autocast, train
from .novo_parts import build_novo, choose_trained, write_result
from .program import Told, told
from .scores import scores_of, summary
from .shots import Shot, of_folder, rendered
from .speech import Speech
from .streams import batches_of

COVERED = 0.4  # a cell counts as the target's from this share of it on
HELD_OUT = 10  # first seed of the scenes for evaluation; training's seeds are far above


def gathered(
    shots: list[Shot],
    paths: list[Path],
    config: Config,
    speech: Speech,
    grid: int,
    rng: np.random.Generator,
    count: int,
    test: bool,
) -> tuple | None:
    """pixels (b, 3, side, side), packed, embeddings (b, 256, 64, 64) half, sizes, truth and inside (targets there
    are, n, n).
    """
    rows, used, truth, inside, n = [], [], [], [], config.stage.novo.loss_side
    for shot, path in zip(shots, paths, strict=True):
        row = []
        on = (coverage(np.ones(shot.picture.shape[:2], bool), n) >= 0.5).astype(np.float32)
        for ask in shot.ask(rng, count, test):
            maps = np.stack([coverage(mask, grid) for mask in ask.masks] or [np.zeros((grid, grid), np.float32)])
            row.append(
                {
                    "query": speech.query(ask.text, None if test else rng),
                    "answer": speech.answer(ask.answer),
                    "cover": maps,
                    "family": ask.family,
                }
            )
            truth += [coverage(mask, n) for mask in ask.masks]
            inside += [on] * len(ask.masks)
        if row:
            rows.append(row)
            used.append((shot, path))
    if not rows:
        return None
    pixels = torch.from_numpy(np.stack([square_pixels(shot.picture, config.image) for shot, _ in used]))
    embedding = torch.from_numpy(np.stack([np.load(path) for _, path in used]))
    sizes = [(shot.picture.shape[1], shot.picture.shape[0]) for shot, _ in used]
    packed = pack(rows, grid * grid, speech.before, speech.seg, speech.pad)
    masks = (torch.from_numpy(np.stack(each)) if each else torch.zeros(0, n, n) for each in (truth, inside))
    clicks = clicks_on([shot.things() for shot, _ in used], config.stage.novo.clicks if not test else 0, n, rng)
    return pixels, packed, embedding, sizes, *masks, clicks


class Photos:
    """Every epoch shows each shot once, in another order and with other queries."""

    def __init__(self, shots: list[Shot], paths: list[Path], config: Config, speech: Speech, grid: int):
        self.shots, self.paths, self.config, self.speech, self.grid = shots, paths, config, speech, grid

    def batch(self, number: int, lane: int, lanes: int):
        run, chosen = self.config.stage.novo, []
        at = (number * lanes + lane) * run.batch
        for n in range(at, at + run.batch):
            epoch, place = divmod(n, len(self.shots))
            chosen.append(int(np.random.default_rng((run.seed, epoch)).permutation(len(self.shots))[place]))
        rng = np.random.default_rng((run.seed, 1, number, lane))
        made = gathered(
            [self.shots[i] for i in chosen],
            [self.paths[i] for i in chosen],
            self.config,
            self.speech,
            self.grid,
            rng,
            run.queries,
            False,
        )
        return made or self.batch(number + 1_000_003, lane, lanes)  # pictures without queries: others in their place


def worsened(maps: torch.Tensor, grid: tuple[int, int], most: float) -> torch.Tensor:
    """Maps (targets, cells) with smooth noise of a random strength each, 0 to `most`: training's photos have better
    maps than others.
    """
    if not most or not len(maps):
        return maps
    coarse = torch.randn(len(maps), 1, 7, 7, device=maps.device)
    noise = F.interpolate(coarse, size=grid, mode="bilinear", align_corners=False).flatten(1)
    return maps + noise * torch.rand(len(maps), 1, device=maps.device) * most


def look(novo: Novo, batch: tuple, config: Config, device: str, taught: bool, worsen: float = 0.0):
    """(Read, Segmented, packed, truth, inside) of a batch. taught: whether gradients reach the language model."""
    pixels, packed, embedding, sizes, truth, inside, _ = batch
    packed, on = packed.to(device), packed.has_target
    with torch.no_grad():
        features = picture_features(
            novo.llava, pixels.to(device, next(novo.llava.model.vision_tower.parameters()).dtype)
        )
    with torch.set_grad_enabled(torch.is_grad_enabled() and taught):
        read = novo.read(features, packed)
    if on.any():
        maps = worsened(read.map[on], novo.grid, worsen)
        segmented = novo.segment(
            maps, read.seg[on], packed.seg_at[on, 0], Pictures(embedding.to(device).float(), sizes)
        )
    else:
        segmented = Segmented(torch.zeros(0, 4, 256, 256, device=device), torch.zeros(0, 4, device=device))
    return read, segmented, packed, truth.to(device), inside.to(device)


@torch.no_grad()
def found_by_map(novo: Novo, read: Read, packed: Packed, sizes: list[tuple[int, int]], least: float) -> torch.Tensor:
    """sizes: of the batch's pictures. bool (targets there are,): whether the map, cut where its mask prompt is 0, has
    that IoU with the cells of the target. The best one of a batch always counts.
    """
    on = packed.has_target
    own = [sizes[i] for i in packed.seg_at[on, 0].tolist()]
    got, want = novo.mask_logits(read.map[on], own) > 0, packed.cover[on].flatten(1) >= COVERED
    iou = (got & want).sum(1) / (got | want).sum(1).clamp(min=1)
    return (iou >= least) | (iou == iou.max())


@torch.no_grad()
def evaluate(novo: Novo, batches: list[tuple], config: Config, device: str, seg: int) -> dict:
    """Scores of S > 0 against the truth, gIoU as `iou` and cIoU, on the pictures without their padding."""
    novo.eval()
    scores, both, either = [], 0.0, 0.0
    for batch in batches:
        with autocast(config.machine, device):
            read, segmented, packed, truth, inside = look(novo, batch, config, device, False)
        size, on = truth.shape[-1], packed.has_target
        s = F.interpolate(segmented.s.float()[:, None], size=(size, size), mode="bilinear", align_corners=False)[:, 0]
        got = torch.zeros(len(on), size * size, dtype=torch.bool, device=device)
        want = got.clone()
        got[on], want[on] = ((s > 0) & (inside > 0)).flatten(1), ((truth >= 0.5) & (inside > 0)).flatten(1)
        both, either = both + float((got & want).sum()), either + float((got | want).sum())
        scores += scores_of(read.logits, got, want, packed, seg)
    novo.train()
    return {"S": {**summary(scores), "ciou": round(both / max(1.0, either), 3)}}


def main(arguments: list[str] | None = None) -> None:
    t: Told = told("novo", __doc__, arguments)
    c, run = t.config, t.config.stage.novo
    torch.manual_seed(run.seed)
    novo, speech = build_novo(t)
    groups, grid = choose_trained(novo, c), novo.grid[0]
    folder = t.out / "embeddings"
    shots = (
        of_folder(Path(c.data.folder), c.data.answers == "instance")
        if c.data.folder
        else rendered(c, "training", run.seed, run.scenes)
    )
    paths = embed(shots, c.sam, folder, t.device, c.machine.threads)
    tests = []
    if run.evaluate and not c.data.folder:
        held = rendered(c, "held-out", HELD_OUT, run.evaluate)
        rows = zip(held, embed(held, c.sam, folder, t.device, c.machine.threads), strict=True)
        made = (
            gathered([shot], [path], c, speech, grid, np.random.default_rng(i), 6, True)
            for i, (shot, path) in enumerate(rows)
        )
        tests = [each for each in made if each]
    taught = run.language != "frozen" or run.tokens

    def losses(batch):
        read, segmented, packed, truth, inside = look(novo, batch, c, t.device, taught, run.worsen)
        if run.least_map and len(truth):
            found = found_by_map(novo, read, packed, batch[3], run.least_map)
            segmented = Segmented(segmented.masks[found], segmented.iou[found])
            truth, inside = truth[found], inside[found]
        found = novo_losses(read, segmented, packed, truth, inside, novo.scale, c.loss)
        told = {name: value for name, value in found._asdict().items() if name != "map" or c.loss.map}
        clicks = batch[-1].to(t.device)
        if len(clicks.points):
            mask, iou = click_losses(novo, batch[2].to(t.device).float(), clicks, c.loss)
            told |= {"total": told["total"] + run.click * (mask + iou), "click": mask, "iou": iou}
        return told

    told_init = hashlib.sha256(t.init.read_bytes()).hexdigest() if t.init else None
    train(
        Job(
            "novo",
            {"novo": novo.train()},
            groups,
            batches_of(Photos(shots, paths, c, speech, grid), c.machine.workers),
            losses,
            {**identity(c, "novo"), "init": told_init},
            {},
            (lambda: evaluate(novo, tests, c, t.device, speech.seg)) if tests else None,
            trained_only=True,
        ),
        run,
        c.machine,
        t.out,
        t.resume,
    )
    if together.place()[0] == 0:
        write_result(novo.eval(), speech, c, t.out)


if __name__ == "__main__":
    main()

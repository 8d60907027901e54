"""From pixels to similarity maps: the vision tower and the language model together, without Segment Anything.

--init: mini.pt of the layouts stage; --vision: vision.pt. Writes mini.pt: {model, scale, naming, vision, tower: none,
layers, d, progress}.
"""

import numpy as np
import torch

from ..model.seeing import dense_losses
from ..model.vision import CELL, normalise
from ..scenes.compose import make_scene
from ..scenes.styles import styles_for
from ..world.kinds import load_kinds
from .config import Config, identity
from .examples import collate, example, sprites
from .loop import Job, autocast, train
from .parts import read_stage, speech_of, take_tower, tower_settings
from .program import Told, told
from .reasoning import build_reasoner, reasoning_groups, reasoning_losses, tested
from .scores import map_scores, summary
from .speech import Speech
from .streams import Shuffled, batches_of


class Questions:
    """Scenes are drawn once and asked `repeat` times, other queries each time."""

    def __init__(self, config: Config, speech: Speech):
        self.config, self.run, self.speech = config, config.stage.reason, speech
        drawn, side = styles_for("training"), config.tower.grid * CELL

        def draw(number: int):
            return make_scene(self.run.seed + number, sprites(config.data.sprites), drawn, side, restyled=True)

        self.scenes = Shuffled(draw, self.run.repeat, self.run.pool)

    def batch(self, number: int, lane: int, lanes: int):
        grid, rows = self.config.tower.grid, []
        for n in range(number * self.run.batch, (number + 1) * self.run.batch):
            scene, rng = self.scenes(n, lane, lanes), np.random.default_rng((self.run.seed, n, lane))
            made = example(
                scene, grid * CELL, grid, self.speech, rng, self.run.queries, False, True, self.config.data.families
            )
            rows += [made] if made else []
        return collate(rows, self.speech)


def tests_of(config: Config, speech: Speech) -> dict[str, list]:
    run, grid, found = config.stage.reason, config.tower.grid, {}
    for role, count in (("training", run.evaluate // 2), ("held-out", run.evaluate), ("harder", run.evaluate // 2)):
        scenes = [make_scene(10 + i, sprites(config.data.sprites), styles_for(role), grid * CELL) for i in range(count)]
        for wording, test in (("", False), (" new words", True)) if role == "held-out" else (("", False),):
            made = [
                example(s, grid * CELL, grid, speech, np.random.default_rng(i), 8, test, True)
                for i, s in enumerate(scenes)
            ]
            found[role + wording] = tested(made, speech)
    return found


def main(arguments: list[str] | None = None) -> None:
    t: Told = told("reason", __doc__, arguments)
    c, run, n_kinds = t.config, t.config.stage.reason, len(load_kinds())
    torch.manual_seed(run.seed)
    speech = speech_of(c, c.data.dropout)
    mini = build_reasoner(t, speech, None, n_kinds)
    tower = mini.model.model.vision_tower
    take_tower(tower, read_stage(t.init) if t.init else {}, t.vision)
    tower.to(memory_format=torch.channels_last)
    tower.trunk.freeze(c.tower.freeze)
    speaks = [p for name, p in tower.named_parameters() if name.startswith(("concepts", "rest"))]
    sees = [p for name, p in tower.named_parameters() if not name.startswith(("concepts", "rest")) and p.requires_grad]
    groups = [
        *reasoning_groups(mini, run.lr),
        {"params": speaks, "lr": 0.3 * run.lr},
        {"params": sees if run.vision_lr else [], "lr": run.vision_lr},
    ]
    if not run.vision_lr:
        for p in sees:
            p.requires_grad_(False)

    def features(pixels):
        with torch.set_grad_enabled(torch.is_grad_enabled() and run.vision_lr > 0):
            seen = tower.see(normalise(pixels.to(t.device)))
        told_cells, head = tower.tell(seen)
        return mini.model.model.multi_modal_projector(told_cells), head

    def ready() -> None:
        mini.train()
        if not run.vision_lr:
            tower.eval()  # batch statistics stay too

    def losses(batch):
        pixels, kinds, box, packed = batch
        projected, head = features(pixels)
        found = reasoning_losses(mini, projected, kinds, packed, run, c.loss, t.device)
        if run.vision_lr:
            ce, l1 = dense_losses(head, kinds.to(t.device), box.to(t.device), n_kinds)
            found |= {"ce": ce, "box": l1, "total": found["total"] + run.seeing * (ce + 2 * l1)}
        return found

    if run.compile:
        mini.compiled()
    tests = tests_of(c, speech) if run.evaluate else {}

    @torch.no_grad()
    def evaluate() -> dict:
        found = mini.eval().facts()
        for name, batches in tests.items():
            scores = []
            for pixels, _, _, packed in batches:
                packed = packed.to(t.device)
                with autocast(c.machine, t.device):
                    read = mini.read(features(pixels)[0], packed)
                scores += map_scores(read.logits, read.map, packed, mini.scale, speech.seg)
            found[name] = summary(scores)
        ready()
        return found

    ready()
    facts = {
        "vision": tower_settings(c, n_kinds),
        "tower": None,
        "layers": c.llava.layers,
        "d": c.llava.d,
    }
    train(
        Job(
            "mini",
            mini.parts(),
            groups,
            batches_of(Questions(c, speech), c.machine.workers),
            losses,
            identity(c, "reason"),
            facts,
            evaluate if tests else None,
        ),
        run,
        c.machine,
        t.out,
        t.resume,
    )


if __name__ == "__main__":
    main()

"""Learns to reason on layouts without pictures: each cell says, with errors, which kind and box it shows
(model/concepts.py).

Text loss + BCE + Dice of the similarity map at the grid's size; no Segment Anything in the loop.
Writes mini.pt: {model, scale, naming, tower: Concepts, vision, layers, d, progress}.
"""

import numpy as np
import torch

from ..scenes.layouts import LAYOUT, make_layout
from ..world.kinds import load_kinds
from .config import Config, identity
from .doubt import certain, doubtful
from .examples import collate, example
from .loop import Job, autocast, train
from .parts import build_concepts, speech_of
from .program import Told, told
from .reasoning import Mini, build_reasoner, reasoning_groups, reasoning_losses, tested
from .scores import map_scores, summary
from .speech import Speech
from .streams import batches_of


class Layouts:
    def __init__(self, config: Config, speech: Speech):
        self.config, self.run, self.speech = config, config.stage.layouts, speech

    def batch(self, number: int, lane: int, lanes: int):
        rows, n = [], number * self.run.batch * 4
        while len(rows) < self.run.batch:  # four seeds for each picture, for those that give no query
            seed = self.run.seed + n * lanes + lane
            scene, rng = make_layout(seed, len(load_kinds())), np.random.default_rng(seed + 7)
            made = example(
                scene,
                LAYOUT,
                self.config.tower.grid,
                self.speech,
                rng,
                self.run.queries,
                False,
                False,
                self.config.data.families,
            )
            rows, n = rows + ([made] if made else []), n + 1
        return collate(rows, self.speech)


def tests_of(config: Config, speech: Speech) -> dict[str, list]:
    run, found = config.stage.layouts, {}
    layouts = [make_layout(10 + i, len(load_kinds())) for i in range(run.evaluate)]
    for wording, test in (("", False), (" new words", True)):
        made = [
            example(s, LAYOUT, config.tower.grid, speech, np.random.default_rng(i), 8, test, False)
            for i, s in enumerate(layouts)
        ]
        batches = tested([m for m in made if m], speech)
        found |= {f"layouts{wording}": (batches, False), f"doubtful{wording}": (batches, True)}
    return found


def main(arguments: list[str] | None = None) -> None:
    t: Told = told("layouts", __doc__, arguments)
    c, run, n_kinds = t.config, t.config.stage.layouts, len(load_kinds())
    torch.manual_seed(run.seed)
    speech, concepts = speech_of(c, c.data.dropout), build_concepts(c)
    mini: Mini = build_reasoner(t, speech, concepts, 0)
    groups = [*reasoning_groups(mini, run.lr), {"params": list(concepts.parameters()), "lr": run.lr}]

    def features(things, kinds, box, doubt: bool):
        flat, sides = kinds.flatten(1), box.flatten(1, 2)
        said, sides = doubtful(flat, things.flatten(1), sides, n_kinds) if doubt else (certain(flat, n_kinds), sides)
        return mini.model.model.multi_modal_projector(concepts(said.to(t.device), sides.to(t.device)))

    def losses(batch):
        things, kinds, box, packed = batch
        return reasoning_losses(mini, features(things, kinds, box, True), kinds, packed, run, c.loss, t.device, box)

    tests = tests_of(c, speech) if run.evaluate else {}

    @torch.no_grad()
    def evaluate() -> dict:
        found = mini.eval().facts()
        for name, (batches, doubt) in tests.items():
            torch.manual_seed(1)
            scores = []
            for things, kinds, box, packed in batches:
                with autocast(c.machine, t.device):
                    read = mini.read(features(things, kinds, box, doubt), packed.to(t.device))
                scores += map_scores(read.logits, read.map, packed.to(t.device), mini.scale, speech.seg)
            found[name] = summary(scores)
        mini.train()
        return found

    if run.compile:
        mini.compiled()
    train(
        Job(
            "mini",
            mini.parts() | {"tower": concepts},
            groups,
            batches_of(Layouts(c, speech), c.machine.workers),
            losses,
            identity(c, "layouts"),
            {"vision": None, "layers": c.llava.layers, "d": c.llava.d},
            evaluate if tests else None,
        ),
        run,
        c.machine,
        t.out,
        t.resume,
    )


if __name__ == "__main__":
    main()

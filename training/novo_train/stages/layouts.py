"""Learns to reason on layouts without pictures: each cell says, with errors, which kind and box it shows
(model/concepts.py). With `stage.layouts.seen` half of the batches show what the tower told of rendered scenes.

Text loss + BCE + Dice of the similarity map at the grid's size; no Segment Anything in the loop.
Writes mini.pt: {model, scale, naming, tower: Concepts, vision, layers, d, progress}.
"""

from pathlib import Path

import numpy as np
import torch

from ..scenes.layouts import LAYOUT, make_layout
from ..world.kinds import load_kinds
from .config import Config, identity
from .doubt import certain, doubtful, unsure
from .examples import collate, example
from .loop import Job, autocast, train
from .parts import build_concepts, speech_of
from .program import Told, told
from .reasoning import Mini, build_reasoner, reasoning_groups, reasoning_losses, tested
from .scores import map_scores, summary
from .seen import Seen, cells_told, load_seen, seen_example
from .speech import Speech
from .streams import batches_of


class Layouts:
    """Batches of layouts; every second one of scenes that the tower has seen, where there are such."""

    def __init__(self, config: Config, speech: Speech, seen: Seen | None):
        self.config, self.run, self.speech, self.seen = config, config.stage.layouts, speech, seen
        self.known = np.flatnonzero(~seen.held_out) if seen else np.zeros(0, np.int64)

    def batch(self, number: int, lane: int, lanes: int):
        make = self.of_seen if len(self.known) and number % 2 else self.of_layout
        rows, n = [], number * self.run.batch * 4
        while len(rows) < self.run.batch:  # four seeds for each picture, for those that give no query
            made = make(self.run.seed + n * lanes + lane)
            rows, n = rows + ([made] if made else []), n + 1
        return collated(rows, self.speech)

    def of_layout(self, seed: int):
        scene, rng, grid = make_layout(seed, len(load_kinds())), np.random.default_rng(seed + 7), self.config.tower.grid
        families = self.config.data.families
        return example(scene, LAYOUT, grid, self.speech, rng, self.run.queries, False, False, families)

    def of_seen(self, seed: int):
        rng = np.random.default_rng(seed + 7)
        scene, grid, families = int(rng.choice(self.known)), self.config.tower.grid, self.config.data.families
        return seen_example(self.seen, scene, grid, self.speech, rng, self.run.queries, False, families)


def collated(rows: list, speech: Speech):
    """As examples.collate; what the tower told stays beside the things, None for layouts: (things, says), kinds, box,
    queries."""
    says = [row[0] for row in rows] if isinstance(rows[0][0], tuple) else None
    if says is None:
        things, *rest = collate(rows, speech)
        return (things, None), *rest
    things, *rest = collate([(row[4], *row[1:4]) for row in rows], speech)
    return (things, cells_told(says, len(load_kinds()))), *rest


def tests_of(config: Config, speech: Speech, seen: Seen | None) -> dict[str, list]:
    """Test sets: batches, and whether their cells are doubtful."""
    run, found, grid = config.stage.layouts, {}, config.tower.grid
    layouts = [make_layout(10 + i, len(load_kinds())) for i in range(run.evaluate)]
    unknown = np.flatnonzero(seen.held_out)[: run.evaluate] if seen else []
    for wording, test in (("", False), (" new words", True)):
        made = [
            example(s, LAYOUT, grid, speech, np.random.default_rng(i), 8, test, False) for i, s in enumerate(layouts)
        ]
        batches = tested(made, speech, collated)
        found |= {f"layouts{wording}": (batches, False), f"doubtful{wording}": (batches, True)}
        made = [seen_example(seen, int(s), grid, speech, np.random.default_rng(int(s)), 8, test) for s in unknown]
        if made:
            found[f"seen{wording}"] = (tested(made, speech, collated), False)
    return found


def main(arguments: list[str] | None = None) -> None:
    t: Told = told("layouts", __doc__, arguments)
    c, run, n_kinds = t.config, t.config.stage.layouts, len(load_kinds())
    torch.manual_seed(run.seed)
    speech, concepts = speech_of(c, c.data.dropout), build_concepts(c)
    mini: Mini = build_reasoner(t, speech, concepts, 0)
    groups = [*reasoning_groups(mini, run.lr), {"params": list(concepts.parameters()), "lr": run.lr}]

    def features(shown, kinds, box, doubt: bool):
        (things, says), flat, sides = shown, kinds.flatten(1), box.flatten(1, 2)
        if says:
            said, sides = (unsure(says[0], things.flatten(1)), says[1]) if doubt else says
        elif doubt:
            said, sides = doubtful(flat, things.flatten(1), sides, n_kinds)
        else:
            said = certain(flat, n_kinds)
        return mini.model.model.multi_modal_projector(concepts(said.to(t.device), sides.to(t.device)))

    def losses(batch):
        shown, kinds, box, packed = batch
        return reasoning_losses(mini, features(shown, kinds, box, True), kinds, packed, run, c.loss, t.device, box)

    seen = load_seen(Path(run.seen)) if run.seen else None
    tests = tests_of(c, speech, seen) if run.evaluate else {}

    @torch.no_grad()
    def evaluate() -> dict:
        found = mini.eval().facts()
        for name, (batches, doubt) in tests.items():
            torch.manual_seed(1)
            scores = []
            for shown, kinds, box, packed in batches:
                with autocast(c.machine, t.device):
                    read = mini.read(features(shown, kinds, box, doubt), packed.to(t.device))
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
            batches_of(Layouts(c, speech, seen), c.machine.workers),
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

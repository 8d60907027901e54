"""What words mean, learned without pictures: the state that predicts <SEG> must point at the names of the kinds that
are meant.

The stage takes the place of a language model's pretraining: a query costs 20 tokens instead of 600. The later map
loss asks the same of picture tokens that Naming has put at the names of what they show. Writes mini.pt: {model,
scale, layers, d, progress}.
"""

import numpy as np
import torch
import torch.nn.functional as F

from ..model.losses import mask_losses
from ..model.seeing import Naming
from ..model.similarity import Scale
from ..world import phrases as say
from ..world.kinds import load_kinds
from ..world.knowledge import load_properties
from .config import identity
from .loop import Job, autocast, train
from .parts import build_mini, build_naming, read_stage, speech_of, take, take_language
from .program import told
from .speech import Speech
from .streams import batches_of

FORMS = {
    "names": 0.2,
    "relative": 0.15,
    "goal": 0.15,
    "spatial": 0.15,
    "anchor": 0.1,
    "both": 0.1,
    "goals": 0.08,
    "except": 0.07,
}


def named_groups() -> list[tuple[tuple[str, ...], frozenset[int]]]:
    groups = [(p.names, p.kinds) for p in load_properties() if p.names]
    return groups + [((kind.plural,), frozenset([i])) for i, kind in enumerate(load_kinds())]


def phrase(rng: np.random.Generator, test: bool) -> tuple[str, frozenset[int]]:
    """A query and all kinds that it is about, whatever a picture may show. test: in the held-out frames."""

    def pick(options):
        return options[rng.integers(len(options))]

    side, groups, properties = int(test), named_groups(), load_properties()
    names, kinds = pick(groups)
    n, x = pick(names), pick(load_kinds()).singular
    form = str(rng.choice(list(FORMS), p=list(FORMS.values())))
    if form == "relative":
        p = pick([p for p in properties if p.relative])
        return pick(say.FRAMES["relative"][side]).format(r=pick(p.relative)), p.kinds
    if form == "goal":
        p = pick([p for p in properties if p.goals])
        return pick(say.FRAMES["goal"][side]).format(v=pick(p.goals)), p.kinds
    if form == "spatial":
        return pick(pick([*say.EDGES.values(), *say.SIZES.values()])[side]).format(n=n), kinds
    if form == "anchor":
        return pick(pick([say.NEAR, *say.BESIDE.values()])[side]).format(n=n, x=x), kinds
    if form == "both":
        other, more = pick(groups)
        return pick(say.BOTH[side]).format(n=n, m=pick(other)), kinds | more
    if form == "goals":
        a, b = (pick([p for p in properties if p.goals]) for _ in range(2))
        return pick(say.BOTH_GOALS[side]).format(v=pick(a.goals), w=pick(b.goals)), a.kinds | b.kinds
    inside = [(m, k) for m, k in groups if k < kinds] if form == "except" else []
    if inside:
        less, gone = pick(inside)
        return pick(say.EXCEPT[side]).format(n=n, m=pick(less)), kinds - gone
    return pick(say.FRAMES["names"][side]).format(n=n), kinds


def phrases(rng: np.random.Generator, size: int, test: bool, speech: Speech, dropout: bool):
    """ids (size, t), the place of the last one (size,), and the kinds meant (size, kinds) as 0 or 1."""
    ids, target = [], np.zeros((size, len(load_kinds())), np.float32)
    for i in range(size):
        text, kinds = phrase(rng, test)
        text = f"{say.PREFIXES[rng.integers(len(say.PREFIXES))]}{text}".lower()
        ids.append([*speech.before, *speech.query(text, rng if dropout else None)])
        target[i, list(kinds)] = 1
    length = max(map(len, ids))
    padded = torch.tensor([row + [speech.pad] * (length - len(row)) for row in ids])
    return padded, torch.tensor([len(row) - 1 for row in ids]), torch.from_numpy(target)


class Phrases:
    def __init__(self, size: int, seed: int, speech: Speech):
        self.size, self.seed, self.speech = size, seed, speech

    def batch(self, number: int, lane: int, lanes: int):
        return phrases(np.random.default_rng((self.seed, number, lane)), self.size, False, self.speech, True)


def cosines(model, naming: Naming, ids, last, before: int, cells: int):
    """(queries, kinds): cosine of the state at the last token with each kind's name. Positions as if a picture stood
    between.
    """
    positions = torch.arange(ids.shape[1], device=ids.device)
    positions[before:] += cells
    table = model.get_input_embeddings()
    hidden = model.model.language_model(
        inputs_embeds=table(ids), position_ids=positions[None].expand(len(ids), -1), use_cache=False
    ).last_hidden_state
    return F.normalize(hidden[torch.arange(len(ids)), last].float(), dim=-1) @ naming.words(table).T


def main(arguments: list[str] | None = None) -> None:
    t = told("lexicon", __doc__, arguments)
    c, run = t.config, t.config.stage.lexicon
    torch.manual_seed(run.seed)
    speech = speech_of(c, c.data.dropout)
    model, scale, naming = (
        build_mini(c, speech.tokenizer.get_vocab_size(), 0),
        Scale(c.mask.gain, c.mask.threshold),
        build_naming(speech),
    )
    if t.init:
        saved = read_stage(t.init)
        take_language(model, saved, c, False)
        take(scale, saved, "scale")
    for part in (model, scale, naming):
        part.to(t.device)
    groups = [
        {"params": list(model.model.language_model.parameters()), "lr": run.lr},
        {"params": list(scale.parameters()), "lr": 0.01, "weight_decay": 0.0},
    ]

    def told_kinds(batch):
        ids, last, target = (each.to(t.device) for each in batch)
        return scale(cosines(model, naming, ids, last, len(speech.before), c.tower.grid**2)), target

    def losses(batch):
        bce, dice = (each.mean() for each in mask_losses(*told_kinds(batch)))
        return {"total": 10 * bce + dice, "bce": bce, "dice": dice}

    @torch.no_grad()
    def evaluate() -> dict:
        found = {"gain": round(scale.gain.item(), 1)}
        for name, test in (("training frames", False), ("new frames", True)):
            batch = phrases(np.random.default_rng(9), 400, test, speech, False)
            with autocast(c.machine, t.device):
                logits, target = told_kinds(batch)
            got, want = logits > 0, target > 0
            iou = (got & want).sum(1) / (got | want).sum(1).clamp(min=1)
            found[name] = {
                "iou": round(iou.mean().item(), 3),
                "exact": round((got == want).all(1).float().mean().item(), 3),
            }
        return found

    source = Phrases(run.batch, run.seed, speech)
    train(
        Job(
            "mini",
            {"model": model, "scale": scale},
            groups,
            batches_of(source, 0),
            losses,
            identity(c, "lexicon"),
            {"layers": c.llava.layers, "d": c.llava.d},
            evaluate if run.evaluate else None,
        ),
        run,
        c.machine,
        t.out,
        t.resume,
    )


if __name__ == "__main__":
    main()

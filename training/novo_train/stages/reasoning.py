"""What the stages layouts and reason share: the language model, its scale and Naming, and their losses on similarity
maps.
"""

import torch
from torch import nn

from ..model.llava import Read, run
from ..model.looking import look_loss
from ..model.losses import Weights, map_losses, mask_losses, means
from ..model.packing import Packed
from ..model.seeing import Where
from ..model.similarity import Scale
from .config import ReasoningStage
from .examples import collate, keep_cells
from .parts import build_mini, build_naming, read_stage, take, take_language
from .program import Told
from .speech import Speech

TESTED = 6  # pictures of a batch of a test set
# Heads that are taught where to look. One each: several would share the places out, and each would learn to guess.
START, TARGET = 2, 1


class Mini(nn.Module):
    """guide: scale of the map that the middle layer's states give, which is taught what a query chooses among; where,
    origin: of the thing that is meant, and of the one that it is sought from. n: rows and columns of the grid."""

    def __init__(self, model, scale: Scale, naming, similarity: str, hidden_state: str, n: int):
        super().__init__()
        self.model, self.scale, self.naming = model, scale, naming
        self.similarity, self.hidden_state = similarity, hidden_state
        self.where, self.origin = (Where(model.config.text_config.hidden_size, n) for _ in range(2))
        self.guide, self.middle = Scale(10.0, 0.3), model.config.text_config.num_hidden_layers // 2

    def read(self, features: torch.Tensor, packed: Packed, aided: bool = False) -> Read:
        return run(self.model, features, packed, self.similarity, self.hidden_state, self.middle if aided else 0)

    def parts(self) -> dict[str, nn.Module]:
        """What a checkpoint holds of it."""
        names = ("model", "scale", "naming", "guide", "where", "origin")
        return {name: getattr(self, name) for name in names}

    def compiled(self) -> None:
        """Compiles the language model: worth it for runs of many minutes."""
        language = self.model.model.language_model
        language.forward = torch.compile(language.forward, dynamic=True)

    def facts(self) -> dict:
        return {"gain": round(self.scale.gain.item(), 1), "threshold": round(self.scale.threshold.item(), 3)}


def build_reasoner(t: Told, speech: Speech, tower: nn.Module | None, kinds: int) -> Mini:
    """From --init where it is given. tower: gets the checkpoint's `tower`, the Concepts of the layouts stage. kinds:
    of a tower in the model; 0: cells come from elsewhere."""
    c = t.config
    model, scale, naming = (
        build_mini(c, speech.tokenizer.get_vocab_size(), kinds),
        Scale(c.mask.gain, c.mask.threshold),
        build_naming(speech),
    )
    if t.init:
        saved = read_stage(t.init)
        take_language(model, saved, c, bool(kinds))
        take(scale, saved, "scale")
        take(naming, saved, "naming")
        if tower is not None:
            take(tower, saved, "tower")
    if tower is not None:
        tower.to(t.device)
    mini = Mini(model, scale, naming, c.prompts.similarity, c.prompts.hidden_state, c.tower.grid)
    if t.init:
        take(mini.guide, saved, "guide")
        take(mini.where, saved, "where")
        take(mini.origin, saved, "origin")
    return mini.to(t.device)


def reasoning_groups(mini: Mini, lr: float) -> list[dict]:
    rest = [p for name, p in mini.model.named_parameters() if "vision_tower" not in name]
    rest += [*mini.where.parameters(), *mini.origin.parameters()]
    scales = [*mini.scale.parameters(), *mini.naming.parameters(), *mini.guide.parameters()]
    return [{"params": rest, "lr": lr}, {"params": scales, "lr": 0.01, "weight_decay": 0.0}]


def reasoning_losses(
    mini: Mini,
    features: torch.Tensor,
    kinds: torch.Tensor,
    packed: Packed,
    stage: ReasoningStage,
    weights: Weights,
    device: str,
    box: torch.Tensor | None = None,
) -> dict[str, torch.Tensor]:
    """features (b, cells, d) after the projector; kinds (b, n, n), -1 nothing, on the CPU as packed is."""
    kept, shown = keep_cells(kinds, stage.cells, box), kinds.flatten(1).to(device)
    cover, start = packed.cover.to(device), packed.start.to(device)
    if kept is not None:
        features = features.gather(1, kept.to(device).unsqueeze(-1).expand(-1, -1, features.shape[-1]))
        packed, shown = packed.keep(kept), shown.gather(1, kept.to(device))
    packed = packed.to(device)
    read = mini.read(features, packed, aided=True)
    text, bce, dice = map_losses(read.logits, read.map, packed, mini.scale)
    found = {"text": text, "bce": bce, "dice": dice, **aids(mini, read, packed, cover, start, shown, weights)}
    told = {"text": weights.text, "bce": weights.bce, "dice": weights.dice}
    told |= {"naming": stage.naming, "early": stage.early, "guide": stage.guide, "where": stage.where}
    told |= {"start": stage.look, "origin": stage.where, "target": stage.look}
    return {"total": sum(told[name] * value for name, value in found.items()), **found}


def aids(
    mini: Mini,
    read: Read,
    packed: Packed,
    cover: torch.Tensor,
    start: torch.Tensor,
    shown: torch.Tensor,
    weights: Weights,
) -> dict[str, torch.Tensor]:
    """Losses that only help to learn. cover, start: packed's, of the whole grid (targets, n, n); shown (b, cells):
    kinds of the picture tokens that are there.
    """
    table, zero = mini.model.get_input_embeddings(), read.logits.sum() * 0
    among, cells, origin = (part.flatten(1) for part in (packed.among, packed.cover, packed.start))
    on, far, alone = among.sum(1) > 0, origin.sum(1) > 0, packed.single & packed.has_target
    chosen = packed.has_target & ((among - cells).abs().sum(1) > 0.5)
    heads = zip(read.looks, (START, TARGET), strict=True)
    at_start, at_target = (look[:, head % look.shape[1]] for look, head in heads)
    guided = zero
    if on.any():
        b, d = means(mask_losses(mini.guide(read.guide[on]), among[on]))
        guided = weights.bce * b + weights.dice * d
    return {
        "naming": mini.naming(read.picture, table, shown),
        "early": mini.naming(read.early, table, shown),
        "guide": guided,
        "where": mini.where(read.seg[alone], cover[alone]) if alone.any() else zero,
        "start": look_loss(at_start[far], origin[far]) if far.any() else zero,
        "origin": mini.origin(read.found[far], start[far]) if far.any() else zero,
        "target": look_loss(at_target[chosen], cells[chosen]) if chosen.any() else zero,
    }


def tested(made: list, speech: Speech, put=collate) -> list:
    """Batches of a test set, by `put`. made: None for scenes without queries, which are left out."""
    rows = [each for each in made if each]
    return [put(rows[i : i + TESTED], speech) for i in range(0, len(rows), TESTED)]

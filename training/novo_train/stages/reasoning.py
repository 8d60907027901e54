"""What the stages layouts and reason share: the language model, its scale and Naming, and their losses on similarity
maps.
"""

import torch
from torch import nn

from ..model.llava import Read, run
from ..model.losses import Weights, map_losses, mask_losses, means
from ..model.packing import Packed
from ..model.similarity import Scale
from .config import LayoutsStage
from .examples import collate, keep_cells
from .parts import build_mini, build_naming, read_stage, take, take_language
from .program import Told
from .speech import Speech


class Mini(nn.Module):
    """guide: scale of the map that the middle layer's states give, which is taught what a query chooses among."""

    def __init__(self, model, scale: Scale, naming, similarity: str, hidden_state: str):
        super().__init__()
        self.model, self.scale, self.naming = model, scale, naming
        self.similarity, self.hidden_state = similarity, hidden_state
        self.guide, self.middle = Scale(10.0, 0.3), model.config.text_config.num_hidden_layers // 2

    def read(self, features: torch.Tensor, packed: Packed, guided: bool = False) -> Read:
        return run(self.model, features, packed, self.similarity, self.hidden_state, self.middle if guided else 0)

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
    mini = Mini(model, scale, naming, c.prompts.similarity, c.prompts.hidden_state)
    if t.init:
        take(mini.guide, saved, "guide")
    return mini.to(t.device)


def reasoning_groups(mini: Mini, lr: float) -> list[dict]:
    rest = [p for name, p in mini.model.named_parameters() if "vision_tower" not in name]
    scales = [*mini.scale.parameters(), *mini.naming.parameters(), *mini.guide.parameters()]
    return [{"params": rest, "lr": lr}, {"params": scales, "lr": 0.01, "weight_decay": 0.0}]


def reasoning_losses(
    mini: Mini,
    features: torch.Tensor,
    kinds: torch.Tensor,
    packed: Packed,
    stage: LayoutsStage,
    weights: Weights,
    device: str,
    box: torch.Tensor | None = None,
) -> dict[str, torch.Tensor]:
    """features (b, cells, d) after the projector; kinds (b, n, n), -1 nothing, on the CPU as packed is."""
    kept, shown = keep_cells(kinds, stage.cells, box), kinds.flatten(1)
    if kept is not None:
        features = features.gather(1, kept.to(device).unsqueeze(-1).expand(-1, -1, features.shape[-1]))
        packed, shown = packed.keep(kept), shown.gather(1, kept)
    packed = packed.to(device)
    read = mini.read(features, packed, stage.guide > 0)
    text, bce, dice = map_losses(read.logits, read.map, packed, mini.scale)
    named = mini.naming(read.picture, mini.model.get_input_embeddings(), shown.to(device))
    total = weights.text * text + weights.bce * bce + weights.dice * dice + stage.naming * named
    found = {"total": total, "text": text, "bce": bce, "dice": dice, "naming": named}
    if stage.guide:
        on = packed.among.flatten(1).sum(1) > 0
        b, d = means(mask_losses(mini.guide(read.guide[on]), packed.among.flatten(1)[on]))
        guided = weights.bce * b + weights.dice * d
        found |= {"total": total + stage.guide * guided, "guide": guided}
    return found


def tested(made: list, speech: Speech, size: int = 6) -> list:
    return [collate(made[i : i + size], speech) for i in range(0, len(made), size)]

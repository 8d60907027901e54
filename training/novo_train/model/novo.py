"""The whole model: LLaVA reads photo and query and says <SEG>; the similarity of its state with the picture's becomes
visual prompts; Segment Anything's mask decoder answers with logits S (paper, Eq. 1 to 6).

The same class holds the baselines of the paper's tables: one kind of prompt left out (Table 4), READ's and LISA's
projected text embedding in place of the mask prompt (Tables 1 and 3).
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import nn
from transformers import LlavaForConditionalGeneration

from .llava import HiddenState, Read, run
from .losses import Weights, mask_losses, text_loss
from .packing import Packed
from .prompts import cell_middles, in_mask_frame, points_of
from .sam import Sam, decode
from .similarity import Scale, Similarity

# both: the paper. mask, points: Table 4. text-points: READ, text embedding and points. text: LISA and LISA++, the text
# embedding alone.
PromptKind = Literal["both", "mask", "points", "text-points", "text"]
SINGLE = 0  # the mask token that answers to unambiguous prompts: its logits are S


@dataclass(frozen=True)
class Prompts:
    kind: PromptKind = "both"
    similarity: Similarity = "cosine"  # READ: dot
    hidden_state: HiddenState = "predicting"
    positive: int = 5
    negative: int = 5


class Pictures(NamedTuple):
    """What Segment Anything needs of the b pictures of a batch."""

    embedding: torch.Tensor  # (b, 256, 64, 64)
    sizes: list[tuple[int, int]]  # width, height in any unit: only their ratio counts, up to rounding


class Segmented(NamedTuple):
    masks: torch.Tensor  # (targets, 4, 256, 256) logits of all mask tokens; S is token SINGLE
    iou: torch.Tensor  # (targets, 4)

    @property
    def s(self) -> torch.Tensor:
        return self.masks[:, SINGLE]


def text_projection(d: int, out: int = 256) -> nn.Sequential:
    """LISA's text_hidden_fcs: a <SEG> state (d) -> a sparse prompt of Segment Anything (256)."""
    return nn.Sequential(nn.Linear(d, d), nn.ReLU(inplace=True), nn.Linear(d, out), nn.Dropout(0.0))


class Novo(nn.Module):
    def __init__(
        self,
        llava: LlavaForConditionalGeneration,
        sam: Sam,
        prompts: Prompts,
        grid: tuple[int, int],
        scale: Scale | None = None,
        level: float = 0.0,
    ):
        """grid: rows and columns of picture tokens over the padded square. level: see mask_logits."""
        super().__init__()
        self.llava, self.sam, self.scale = llava, sam, scale or Scale()
        self.prompts, self.grid, self.level = prompts, grid, level
        text = prompts.kind.startswith("text")
        self.text = text_projection(llava.config.text_config.hidden_size) if text else None

    def train(self, mode: bool = True) -> "Novo":
        """The vision tower is frozen (paper, section 6.1), and so are its batch statistics: learning never moves it."""
        super().train(mode)
        self.llava.model.vision_tower.eval()
        return self

    def read(self, features: torch.Tensor, packed: Packed) -> Read:
        """features: (b, cells, d) after the projector."""
        return run(self.llava, features, packed, self.prompts.similarity, self.prompts.hidden_state)

    def mask_logits(self, maps: torch.Tensor, sizes: list[tuple[int, int]]) -> torch.Tensor:
        """maps (targets, cells) -> the mask prompt of each cell: gain x (map - threshold); with a level its zero is at
        that share of the map's highest value on the picture instead, as `levelled` in the application does it.
        """
        if not self.level or not len(maps):
            return self.scale(maps)
        on = torch.stack([cell_middles(self.grid, *size)[1] for size in sizes]).to(maps.device)
        peaks = maps.masked_fill(~on, -torch.inf).amax(1, keepdim=True)
        return self.scale.gain * (maps - self.level * peaks)

    def segment(self, maps: torch.Tensor, seg: torch.Tensor, rows: torch.Tensor, pictures: Pictures) -> Segmented:
        """maps (targets, cells) and seg (targets, d) of Read; rows (targets,): which picture of the batch. Eq. 2 and
        3.
        """
        kind, p = self.prompts.kind, self.prompts
        sizes = [pictures.sizes[i] for i in rows.tolist()]
        pointed = kind in ("both", "points", "text-points")
        points, labels = points_of(maps, self.grid, sizes, p.positive if pointed else 0, p.negative if pointed else 0)
        mask = None
        if kind in ("both", "mask"):
            mask = in_mask_frame(self.mask_logits(maps, sizes), self.grid)
        sparse, dense = self.sam.prompt(points[:, None], labels[:, None], None, mask)
        if self.text is not None:
            sparse = torch.cat([sparse, self.text(seg)[:, None, None].to(sparse.dtype)], 2)
        positions = self.sam.positions().expand(len(maps), -1, -1, -1)
        return Segmented(*decode(self.sam.decoder, pictures.embedding[rows], positions, sparse, dense))

    def forward(self, features: torch.Tensor, packed: Packed, pictures: Pictures) -> tuple[Read, Segmented]:
        """Masks of all targets that there are, in the order of packed.seg_at[packed.has_target]."""
        read, on = self.read(features, packed), packed.has_target
        return read, self.segment(read.map[on], read.seg[on], packed.seg_at[on, 0], pictures)


class Losses(NamedTuple):
    """Means over the batch, unweighted; total: Eq. 6."""

    total: torch.Tensor
    text: torch.Tensor
    bce: torch.Tensor
    dice: torch.Tensor
    map: torch.Tensor


def novo_losses(
    read: Read,
    segmented: Segmented,
    packed: Packed,
    truth: torch.Tensor,
    inside: torch.Tensor,
    scale: Scale,
    weights: Weights,
) -> Losses:
    """truth (targets there are, n, n) in 0..1 and inside (the same shape, 1 on the picture): S is compared at n x n,
    bilinearly enlarged where n is not 256."""
    on = packed.has_target
    text = text_loss(read.logits, packed.labels)
    if not on.any():
        none = text * 0
        return Losses(weights.text * text, text, none, none, none)
    s = segmented.s.float()
    if truth.shape[-1] != s.shape[-1]:
        s = nn.functional.interpolate(s[:, None], size=truth.shape[-2:], mode="bilinear", align_corners=False)[:, 0]
    bce, dice = (each.mean() for each in mask_losses(s.flatten(1), truth.flatten(1), inside.flatten(1), smooth=1e-3))
    coarse = text * 0
    if weights.map:
        b, d = (each.mean() for each in mask_losses(scale(read.map[on]), packed.cover[on].flatten(1)))
        coarse = weights.bce * b + weights.dice * d
    total = weights.text * text + weights.bce * bce + weights.dice * dice + weights.map * coarse
    return Losses(total, text, bce, dice, coarse)

"""The vision tower: EfficientNet-Lite0 pretrained on ImageNet and a small head of our own. It takes CLIP's place in
LLaVA.

Pixels (b, 3, 384, 384) -> features (b, 576, d), one per 16 x 16 cell, row by row. The head fuses the trunk's features
at strides 8, 16 and 32 at stride 16. With `kinds` the features say which kind and box each cell believes to show
(Concepts). With `zoom` the pixels are (b, 3, 768, 768), the cells 32 x 32, and the tower looks at each picture in
several sizes (views).
"""

import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from .concepts import Concepts, DenseHead, agreed
from .efficientnet import TAPS, EfficientNetLite0
from .views import looks, merged

BLACK = -127 / 128  # a black pixel as the tower takes it
CELL = 16  # pixels of a cell of the tower's input; with `zoom` 32


class NovoVisionConfig(PretrainedConfig):
    """kinds: how many kinds Concepts tells apart; 0: features without it. trunk: only "lite0" exists. zoom: image_size
    and patch_size are twice those that the tower itself sees, and it needs `kinds`."""

    model_type = "novo_vision"

    def __init__(
        self,
        image_size=384,
        patch_size=16,
        trunk="lite0",
        hidden_size=256,
        head_blocks=1,
        kinds=0,
        zoom=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.image_size, self.patch_size, self.trunk = image_size, patch_size, trunk
        self.hidden_size, self.head_blocks, self.kinds, self.zoom = hidden_size, head_blocks, kinds, zoom


class ConvBlock(nn.Module):
    """Two 3 x 3 convolutions around a shortcut; (b, c, h, w) stays."""

    def __init__(self, c: int):
        super().__init__()
        self.a, self.b = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.na, self.nb = nn.BatchNorm2d(c), nn.BatchNorm2d(c)
        nn.init.zeros_(self.nb.weight)

    def forward(self, x):
        return F.relu(x + self.nb(self.b(F.relu(self.na(self.a(x))))))


class Fusion(nn.Module):
    """The trunk's taps at strides 8, 16, 32 -> (b, d, n, n) at stride 16."""

    def __init__(self, d: int, blocks: int):
        super().__init__()
        self.lift = nn.ModuleList([nn.Conv2d(c, d, 1, bias=False) for c in TAPS.values()])
        self.norm = nn.BatchNorm2d(d)
        self.blocks = nn.Sequential(*[ConvBlock(d) for _ in range(blocks)])

    def forward(self, taps):
        fine, middle, coarse = taps
        x = self.lift[0](F.avg_pool2d(fine, 2)) + self.lift[1](middle)
        x = x + F.interpolate(self.lift[2](coarse), scale_factor=2, mode="bilinear", align_corners=False)
        return self.blocks(F.relu(self.norm(x)))


class NovoVision(PreTrainedModel):
    config_class = NovoVisionConfig
    main_input_name = "pixel_values"
    base_model_prefix = "novo_vision"

    def __init__(self, config: NovoVisionConfig):
        super().__init__(config)
        if config.trunk != "lite0":
            raise ValueError(f"The vision tower's trunk must be lite0, not {config.trunk!r}.")
        if config.zoom and not config.kinds:
            raise ValueError("The vision tower's zoom needs kinds: views are joined by what they say of things.")
        d, cells = config.hidden_size, (config.image_size // config.patch_size) ** 2
        self.trunk, self.fusion = EfficientNetLite0(), Fusion(d, config.head_blocks)
        self.position = nn.Parameter(torch.randn(cells, d) * 0.02)
        self.norm = nn.LayerNorm(d)
        if config.kinds:
            self.head, self.concepts = DenseHead(d, config.kinds), Concepts(config.kinds, cells, d)
            self.rest = nn.Linear(d, d, bias=False)
            nn.init.zeros_(self.rest.weight)
        self.post_init()

    def _init_weights(self, module):
        pass  # PyTorch's own initialisation and the zeros above

    def taps(self, pixel_values):
        return self.trunk(pixel_values.contiguous(memory_format=torch.channels_last))

    def see(self, pixel_values):
        """(b, 3, side, side) -> (b, cells, d): what is seen, before it is told as kinds and boxes."""
        x = self.fusion(self.taps(pixel_values)).flatten(2).transpose(1, 2)
        return self.norm(x + self.position)

    def tell(self, seen):
        """(b, cells, d) of see() -> features (b, cells, d), and the head's (logits, boxes); None without `kinds`."""
        if not self.config.kinds:
            return seen, None
        kind, box = self.head(seen)
        return self.concepts(*agreed(kind.float().softmax(-1), box)) + self.rest(seen), (kind, box)

    def zoomed(self, picture):
        """(1, 3, 2 side, 2 side) -> what is seen of the whole (1, cells, d); of all views: probabilities of kinds (1,
        cells, kinds + 1) and boxes (1, cells, 4)."""
        seen = self.see(looks(picture, BLACK))
        kind, box = self.head(seen)
        return seen[:1], *merged(kind.float().softmax(-1), box.float())

    def told(self, picture):
        """pixel_values of one picture -> probabilities of kinds and boxes, as in zoomed(); before cells agree."""
        if self.config.zoom:
            return self.zoomed(picture)[1:]
        kind, box = self.head(self.see(picture))
        return kind.float().softmax(-1), box.float()

    def forward(self, pixel_values, output_hidden_states=None, **_):
        """pixel_values: float (b, 3, side, side), (RGB - 127) / 128; the padding of the square is RGB 0."""
        if self.config.zoom:
            looked = [self.zoomed(picture) for picture in pixel_values.split(1)]
            x = torch.cat([self.concepts(*agreed(kind, box)) + self.rest(seen) for seen, kind, box in looked])
        else:
            x, _ = self.tell(self.see(pixel_values))
        return BaseModelOutput(last_hidden_state=x, hidden_states=(x,) if output_hidden_states else None)


AutoConfig.register("novo_vision", NovoVisionConfig, exist_ok=True)
AutoModel.register(NovoVisionConfig, NovoVision, exist_ok=True)


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 0..255 (b, 3, side, side) -> what the tower takes."""
    return (pixels.float() - 127) / 128

"""The vision tower: an EfficientNet-Lite pretrained on ImageNet and a small head of our own. It takes CLIP's place in
LLaVA.

Pixels (b, 3, 384, 384) -> features (b, 576, d), one per 16 x 16 cell, row by row. The head fuses the trunk's features
at strides 8, 16 and 32 at stride 16. With `kinds` the features say which kind and box each cell believes to show
(Concepts). With `zoom` the pixels are (b, 3, 768, 768), the cells 32 x 32, and the tower looks at each picture in
several sizes (views), with a `second` trunk by two eyes that were trained apart.
"""

import torch
import torch.nn.functional as F
from torch import nn
from transformers import AutoConfig, AutoModel, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from .concepts import Concepts, DenseHead, agreed
from .efficientnet import SIZES, EfficientNetLite, Size, taps_of
from .views import VIEWS, looks, merged

BLACK = -127 / 128  # a black pixel as the tower takes it
CELL = 16  # pixels of a cell of the tower's input; with `zoom` 32


class NovoVisionConfig(PretrainedConfig):
    """kinds: how many kinds Concepts tells apart; 0: features without it. trunk: of efficientnet.SIZES. zoom:
    image_size and patch_size are twice those that the tower itself sees, and it needs `kinds`. second: the trunk of a
    second eye, whose views join the first one's; it needs `zoom`."""

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
        second="",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.image_size, self.patch_size, self.trunk = image_size, patch_size, trunk
        self.hidden_size, self.head_blocks, self.kinds, self.zoom = hidden_size, head_blocks, kinds, zoom
        self.second = second


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

    def __init__(self, channels: list[int], d: int, blocks: int):
        super().__init__()
        self.lift = nn.ModuleList([nn.Conv2d(c, d, 1, bias=False) for c in channels])
        self.norm = nn.BatchNorm2d(d)
        self.blocks = nn.Sequential(*[ConvBlock(d) for _ in range(blocks)])

    def forward(self, taps):
        fine, middle, coarse = taps
        x = self.lift[0](F.avg_pool2d(fine, 2)) + self.lift[1](middle)
        x = x + F.interpolate(self.lift[2](coarse), scale_factor=2, mode="bilinear", align_corners=False)
        return self.blocks(F.relu(self.norm(x)))


class Eye(nn.Module):
    """Pixels -> what is seen. One that belongs to a tower with kinds tells them by a head of its own."""

    def __init__(self, trunk: Size, config: NovoVisionConfig):
        super().__init__()
        if trunk not in SIZES:
            raise ValueError(f"The vision tower's trunk must be one of {', '.join(SIZES)}, not {trunk!r}.")
        d, cells = config.hidden_size, (config.image_size // config.patch_size) ** 2
        self.trunk = EfficientNetLite(trunk)
        self.fusion = Fusion(list(taps_of(trunk).values()), d, config.head_blocks)
        self.position = nn.Parameter(torch.randn(cells, d) * 0.02)
        self.norm = nn.LayerNorm(d)
        if config.kinds:
            self.head = DenseHead(d, config.kinds)

    def see(self, pixel_values):
        """(b, 3, side, side) -> (b, cells, d): what is seen, before it is told as kinds and boxes."""
        taps = self.trunk(pixel_values.contiguous(memory_format=torch.channels_last))
        return self.norm(self.fusion(taps).flatten(2).transpose(1, 2) + self.position)


class NovoVision(PreTrainedModel):
    config_class = NovoVisionConfig
    main_input_name = "pixel_values"
    base_model_prefix = "novo_vision"

    def __init__(self, config: NovoVisionConfig):
        super().__init__(config)
        if config.zoom and not config.kinds:
            raise ValueError("The vision tower's zoom needs kinds: views are joined by what they say of things.")
        if config.second and not config.zoom:
            raise ValueError("The vision tower's second eye needs zoom: it is joined as views are.")
        first, d, cells = Eye(config.trunk, config), config.hidden_size, (config.image_size // config.patch_size) ** 2
        self.trunk, self.fusion, self.position, self.norm = first.trunk, first.fusion, first.position, first.norm
        if config.kinds:
            self.head, self.concepts = first.head, Concepts(config.kinds, cells, d)
            self.rest = nn.Linear(d, d, bias=False)
            nn.init.zeros_(self.rest.weight)
        if config.second:
            self.second = Eye(config.second, config)
        self.post_init()

    def _init_weights(self, module):
        pass  # PyTorch's own initialisation and the zeros above

    see = Eye.see  # the first eye's parts are the tower's own

    def tell(self, seen):
        """(b, cells, d) of see() -> features (b, cells, d), and the head's (logits, boxes); None without `kinds`."""
        if not self.config.kinds:
            return seen, None
        kind, box = self.head(seen)
        return self.concepts(*agreed(kind.float().softmax(-1), box)) + self.rest(seen), (kind, box)

    def zoomed(self, picture):
        """(1, 3, 2 side, 2 side) -> what is seen of the whole (1, cells, d); of all views: probabilities of kinds (1,
        cells, kinds + 1) and boxes (1, cells, 4)."""
        views = looks(picture, BLACK)
        seen = self.see(views)
        told = [self.head(seen)]
        if self.config.second:
            told.append(self.second.head(self.second.see(views)))
        kind, box = (torch.cat([each.float() for each in part]) for part in zip(*told, strict=True))
        return seen[:1], *merged(kind.softmax(-1), box, VIEWS * len(told))

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


@torch.no_grad()
def refit(tower: NovoVision, pictures: list[torch.Tensor]) -> None:
    """The head's batch norms with the statistics of these pictures, each a batch as the tower takes it; what the tower
    computes stays the same. A pack's norms are folded into convolutions, and a tower that learns on from them would
    break at its first batch."""
    norms = [module for module in tower.fusion.modules() if isinstance(module, nn.BatchNorm2d)]
    told: dict[nn.BatchNorm2d, list[torch.Tensor]] = {norm: [] for norm in norms}

    def note(norm, inputs):
        x = inputs[0].float()
        told[norm].append(torch.stack([x.mean((0, 2, 3)), x.square().mean((0, 2, 3))]))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    was = tower.training
    tower.eval()
    for each in pictures:
        tower.see(each)
    for hook in hooks:
        hook.remove()
    tower.train(was)
    for norm, rows in told.items():
        mean, square = torch.stack(rows).mean(0)
        var, slope = square - mean.square(), norm.weight / (norm.running_var + norm.eps).sqrt()
        norm.bias.add_(slope * (mean - norm.running_mean))
        norm.weight.copy_(slope * (var + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(var)


AutoConfig.register("novo_vision", NovoVisionConfig, exist_ok=True)
AutoModel.register(NovoVisionConfig, NovoVision, exist_ok=True)


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 0..255 (b, 3, side, side) -> what the tower takes."""
    return (pixels.float() - 127) / 128

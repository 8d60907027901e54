"""Photos as the two encoders want them: longest side scaled, at the top left of a square."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

CLIP_MEAN = (122.7709383, 116.7460125, 104.09373615)  # openai/clip-vit-large-patch14-336, times 255
CLIP_STD = (68.5005327, 66.6321579, 70.32316305)
SAM_MEAN, SAM_STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # segment_anything/build_sam.py


@dataclass(frozen=True)
class Square:
    """`zero`: padding of 0 after normalising (the mean colour); `black`: black pixels before it. Fields as ImageRule
    of the export.
    """

    size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    padding: Literal["zero", "black"] = "zero"


SAM_SQUARE = Square(1024, SAM_MEAN, SAM_STD)
MINI_SQUARE = Square(384, (127.0, 127.0, 127.0), (128.0, 128.0, 128.0), "black")


def square_pixels(picture: np.ndarray, rule: Square) -> np.ndarray:
    """RGB uint8 (h, w, 3) -> float32 (3, size, size). Pillow's antialiased bilinear filter, sides rounded as Segment
    Anything does.
    """
    h, w = picture.shape[:2]
    scale = rule.size / max(h, w)
    size = max(1, int(w * scale + 0.5)), max(1, int(h * scale + 0.5))
    small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR), np.float32)
    mean, std = np.float32(rule.mean), np.float32(rule.std)
    square = np.zeros((rule.size, rule.size, 3), np.float32)
    if rule.padding == "black":
        square[:] = -mean / std
    square[: size[1], : size[0]] = (small - mean) / std
    return np.ascontiguousarray(square.transpose(2, 0, 1))

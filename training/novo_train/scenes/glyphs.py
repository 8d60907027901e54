"""Glyphs of one or two tones, painted: each enclosed area gets a colour, so that icons become flat drawings."""

import colorsys
import zlib

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

VARIANTS = 2  # of each glyph, in other colours
INKED = 0.5  # alpha above which a pixel is inked
LIGHT = 60  # brightness above which ink is the second tone
SMALL = 30  # pixels of an area that stays as dark as the lines


def painted(rgba: np.ndarray, name: str) -> list[np.ndarray]:
    """uint8 RGBA (h, w, 4) -> VARIANTS of the same size; the colours follow from the name."""
    return [_painted(rgba, np.random.default_rng(zlib.crc32(f"{name}{v}".encode()))) for v in range(VARIANTS)]


def _painted(rgba: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    alpha = rgba[..., 3].astype(np.float32) / 255
    # Padded, so that all that is not enclosed is one area.
    empty = ndimage.label(~np.pad(alpha > INKED, 3))[0]
    outside = (empty == empty[0, 0])[3:-3, 3:-3]
    light = (rgba[..., :3].max(-1) > LIGHT) & (alpha > INKED)
    hue = rng.random()

    def colour() -> np.ndarray:
        h = hue + rng.normal(0, 0.12) + (0.5 if rng.random() < 0.2 else 0)
        return np.array(colorsys.hsv_to_rgb(h % 1, rng.uniform(0.1, 0.95), rng.uniform(0.35, 1))) * 255

    ink = colour() * 0.35 if rng.random() < 0.6 else colour()
    if not light.any() and rng.random() < 0.7:  # a silhouette: its ink is its colour
        ink = colour()
    rgb = np.tile(ink.astype(np.float32), (*alpha.shape, 1))
    body = colour()
    for areas in (light, ~outside & (alpha <= INKED)):
        labels, n = ndimage.label(areas)
        for area, size in enumerate(ndimage.sum_labels(areas, labels, range(1, n + 1)) if n else (), 1):
            rgb[labels == area] = (body if rng.random() < 0.6 else colour()) if size > SMALL else ink
    image = Image.fromarray(rgb.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    image.putalpha(Image.fromarray((np.where(outside, alpha, 1) * 255).astype(np.uint8)))
    return np.asarray(image)

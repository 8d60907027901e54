"""Scenes with exact ground truth: drawings composed on a background with occlusion, shadow, blur, noise, light, JPEG.

A scene is fully determined by (seed, styles, side): the same numbers give the same picture and masks.
Coordinates: pixels of the picture, x right, y down, pixel (0, 0) covers [0, 1) x [0, 1).
"""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFilter

from .backgrounds import background
from .camera import finish
from .drawings import Sprites
from .restyle import restyle

MIN_VISIBLE = 0.5  # of an instance's pixels, else the placement is refused


@dataclass
class Thing:
    """One instance. box: x0, y0, x1, y1 of its visible pixels; area: visible pixels."""
    kind: int
    style: str
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    area: int = 0


@dataclass
class Scene:
    seed: int
    image: np.ndarray  # uint8 (h, w, 3)
    ids: np.ndarray  # int16 (h, w): index into things of what is seen there, -1 for background
    things: list[Thing] = field(default_factory=list)

    @property
    def side(self) -> int:
        """The longer side in pixels."""
        return max(self.image.shape[:2])


def choose_kinds(rng: np.random.Generator, available: list[int]) -> list[int]:
    """One kind per instance, several instances of some kinds."""
    n_kinds = int(rng.choice([2, 3, 4, 5, 6, 7], p=[0.1, 0.2, 0.25, 0.2, 0.15, 0.1]))
    kinds = rng.choice(available, size=n_kinds, replace=False)
    counts = rng.choice([1, 2, 3, 4], size=n_kinds, p=[0.55, 0.23, 0.14, 0.08])
    wanted = [int(k) for k, c in zip(kinds, counts) for _ in range(c)]
    rng.shuffle(wanted)
    return wanted[:12]


def recolour(rng: np.random.Generator, rgb: Image.Image) -> Image.Image:
    h, s, v = (np.asarray(c).astype(np.int16) for c in rgb.convert("HSV").split())
    turn = rng.normal(0, 5) if rng.random() < 0.8 else rng.uniform(-128, 128)
    h = ((h + turn) % 256).astype(np.uint8)
    s = np.clip(s * rng.uniform(0.55, 1.15), 0, 255).astype(np.uint8)
    v = np.clip(v * rng.uniform(0.7, 1.15) + rng.uniform(-12, 18), 0, 255).astype(np.uint8)
    return Image.merge("HSV", [Image.fromarray(c) for c in (h, s, v)]).convert("RGB")


def pose(rng: np.random.Generator, sprite: np.ndarray, longer: float, above: bool, restyled: bool = False) -> Image.Image:
    """Flipped, turned, sheared, recoloured, scaled so that the longer side before turning is `longer` pixels. RGBA."""
    image = Image.fromarray(sprite)
    if restyled:
        image = image.resize([max(4, round(v * 0.6)) for v in image.size], Image.Resampling.BILINEAR, reducing_gap=2.0) if longer < 110 else image
        image = restyle(rng, image)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    stretch = np.exp(rng.normal(0, 0.08, 2))
    k = longer / max(image.size)
    size = max(4, round(image.width * k * stretch[0])), max(4, round(image.height * k * stretch[1]))
    image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    rgb = recolour(rng, image.convert("RGB"))
    rgb.putalpha(image.getchannel("A"))
    angle = rng.normal(0, 8) if not above or rng.random() < 0.4 else rng.normal(0, 28)
    rgb = rgb.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    if rng.random() < 0.4:
        shear = rng.normal(0, 0.12)
        extra = abs(shear) * rgb.height
        rgb = rgb.transform((round(rgb.width + extra), rgb.height), Image.Transform.AFFINE,
                            (1, shear, -extra if shear > 0 else 0, 0, 1, 0), Image.Resampling.BICUBIC)
    if rng.random() < 0.25:
        rgb = rgb.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    return rgb


def shadow(canvas: np.ndarray, alpha: np.ndarray, x: int, y: int, strength: float, radius: float, dx: int, dy: int) -> None:
    """Darkens the canvas in place under a soft copy of alpha (0..1) shifted by (dx, dy)."""
    pad = int(radius * 2) + 1
    soft = Image.fromarray((np.pad(alpha, pad) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    soft = np.asarray(soft, np.float32) / 255 * strength
    x, y = x + dx - pad, y + dy - pad
    y0, y1, x0, x1 = max(y, 0), min(y + soft.shape[0], canvas.shape[0]), max(x, 0), min(x + soft.shape[1], canvas.shape[1])
    if y0 < y1 and x0 < x1:
        canvas[y0:y1, x0:x1] *= 1 - soft[y0 - y : y1 - y, x0 - x : x1 - x, None]


def _place(rng, alpha, h, w, ids, areas, bottom) -> tuple[int, int] | None:
    """A position that leaves every thing visible enough: x, y of the sprite's corner."""
    solid = alpha > 0.5
    own = int(solid.sum())
    for _ in range(14):
        x = int(rng.uniform(-0.08 * alpha.shape[1], w - 0.92 * alpha.shape[1]))
        y = (bottom - alpha.shape[0]) if bottom is not None else int(rng.uniform(-0.05 * alpha.shape[0], h - 0.95 * alpha.shape[0]))
        y0, y1, x0, x1 = max(y, 0), min(y + alpha.shape[0], h), max(x, 0), min(x + alpha.shape[1], w)
        if y0 >= y1 or x0 >= x1:
            continue
        part = solid[y0 - y : y1 - y, x0 - x : x1 - x]
        if part.sum() < 0.8 * own:
            continue
        covered = np.bincount(ids[y0:y1, x0:x1][part] + 1, minlength=len(areas) + 1)[1:]
        if all(area - lost >= MIN_VISIBLE * full for (area, full), lost in zip(areas, covered)) and covered.sum() < 0.3 * own:
            return x, y
    return None


def make_scene(seed: int, sprites: Sprites, styles: list[str], side: int = 384, crowd: bool = False,
               restyled: bool = False) -> Scene:
    """side: the picture's longer side in pixels; the other side is 0.62 to 1 of it. crowd: about 15 things, for pre-training. restyled: for training."""
    rng = np.random.default_rng(seed)
    other = round(side * float(rng.choice([1.0, 0.75, 0.6667, rng.uniform(0.62, 1)])))
    h, w = (other, side) if rng.random() < 0.75 else (side, other)
    above = rng.random() < 0.5
    horizon = None if above else float(rng.uniform(0.15, 0.55))
    canvas = background(rng, h, w, horizon)
    ids = np.full((h, w), -1, np.int16)
    available = sorted(set().union(*(sprites[s].keys() for s in styles)))
    wanted = [int(k) for k in rng.choice(available, 18, replace=False)] if crowd else choose_kinds(rng, available)
    size = rng.uniform(0.14, 0.3) * (1.15 if len(wanted) < 6 else 0.95) * (0.8 if crowd else 1)
    light = rng.uniform(-0.06, 0.06), rng.uniform(0.0, 0.05), rng.uniform(0, 0.55)
    bottoms = sorted(rng.uniform((horizon or 0) * h + 0.12 * h, h * 1.01, len(wanted)))  # far things first
    one_style = rng.choice(styles) if rng.random() < 0.3 else None
    things: list[Thing] = []
    areas: list[tuple[int, int]] = []  # visible now, full
    for kind, bottom in zip(wanted, bottoms):
        have = [s for s in styles if kind in sprites[s]]
        style = one_style if one_style in have else str(rng.choice(have))
        options = sprites[style][kind]
        longer = side * size * float(np.exp(rng.normal(0, 0.28)))
        if not above:
            longer *= 0.6 + 0.75 * (bottom / h - horizon) / (1 - horizon)
        longer = float(np.clip(longer, 0.085 * side, 0.48 * side))
        sprite = pose(rng, options[rng.integers(len(options))], longer, above, restyled and rng.random() < 0.75)
        pixels = np.asarray(sprite, np.float32)
        alpha = pixels[..., 3] / 255
        spot = _place(rng, alpha, h, w, ids, areas, None if above else int(bottom))
        if spot is None:
            continue
        x, y = spot
        if light[2] > 0.05:
            shadow(canvas, alpha, x, y, light[2], max(1.0, longer * 0.05), int(light[0] * longer), int(light[1] * longer))
        y0, y1, x0, x1 = max(y, 0), min(y + alpha.shape[0], h), max(x, 0), min(x + alpha.shape[1], w)
        a = alpha[y0 - y : y1 - y, x0 - x : x1 - x, None]
        canvas[y0:y1, x0:x1] = canvas[y0:y1, x0:x1] * (1 - a) + pixels[y0 - y : y1 - y, x0 - x : x1 - x, :3] * a
        solid = a[..., 0] > 0.5
        lost = np.bincount(ids[y0:y1, x0:x1][solid] + 1, minlength=len(areas) + 1)[1:]
        areas = [(now - int(gone), full) for (now, full), gone in zip(areas, lost)]
        ids[y0:y1, x0:x1][solid] = len(things)
        things.append(Thing(kind, style))
        areas.append((int(solid.sum()), int((alpha > 0.5).sum())))
    for i, thing in enumerate(things):
        ys, xs = np.nonzero(ids == i)
        thing.area = len(ys)
        thing.box = (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return Scene(seed, finish(rng, canvas), ids, things)

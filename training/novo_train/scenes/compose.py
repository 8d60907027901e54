"""Scenes with exact ground truth: drawings composed on a background with occlusion, shadow, blur, noise, light, JPEG.

A scene is fully determined by the arguments of `make_scene` and the pinned versions of numpy and Pillow.
Coordinates: pixels of the picture, x right, y down, pixel (0, 0) covers [0, 1) x [0, 1).
"""

from dataclasses import dataclass, field

import numpy as np

from ..world.things import Thing
from .backgrounds import background
from .camera import finish
from .drawings import Sprites
from .pose import cast_shadow, pose
from .visibility import Visible, window

__all__ = ["Scene", "Thing", "choose_kinds", "frame_size", "make_scene"]

TRIES = 14  # places tried for a thing before it is left out
LEAST_INSIDE = 0.8  # of a thing's pixels are within the picture
SMALLEST, LARGEST = 0.085, 0.48  # longer side of a thing, of the picture's


@dataclass
class Scene:
    """image: uint8 (h, w, 3). ids: int16 (h, w), index into things of what is seen at each pixel, -1 for background."""

    seed: int
    image: np.ndarray
    ids: np.ndarray
    things: list[Thing] = field(default_factory=list)

    @property
    def side(self) -> int:
        """The longer side in pixels."""
        return max(self.image.shape[:2])


@dataclass(frozen=True)
class Light:
    """Where shadows fall, in fractions of a thing's size, and how dark they are, 0 to 1."""

    dx: float
    dy: float
    strength: float


def frame_size(rng: np.random.Generator, side: int) -> tuple[int, int]:
    """Height and width of a picture whose longer side is `side`; the other is 0.62 to 1 of it, mostly the height."""
    other = round(side * float(rng.choice([1.0, 0.75, 0.6667, rng.uniform(0.62, 1)])))
    return (other, side) if rng.random() < 0.75 else (side, other)


def choose_kinds(rng: np.random.Generator, available: list[int]) -> list[int]:
    """One class id per thing, several things of some kinds; 12 at most."""
    n = min(int(rng.choice([2, 3, 4, 5, 6, 7], p=[0.1, 0.2, 0.25, 0.2, 0.15, 0.1])), len(available))
    kinds = rng.choice(available, size=n, replace=False)
    counts = rng.choice([1, 2, 3, 4], size=n, p=[0.55, 0.23, 0.14, 0.08])
    wanted = [int(kind) for kind, count in zip(kinds, counts, strict=True) for _ in range(count)]
    rng.shuffle(wanted)
    return wanted[:12]


def make_scene(
    seed: int, sprites: Sprites, styles: list[str], side: int = 384, crowd: bool = False, restyled: bool = False
) -> Scene:
    """side: the picture's longer side in pixels. crowd: about 15 things, each of another kind, for learning to see.
    restyled: most drawings are varied in what styles differ in, for training."""
    rng = np.random.default_rng(seed)
    h, w = frame_size(rng, side)
    above = rng.random() < 0.5
    horizon = None if above else float(rng.uniform(0.15, 0.55))  # fraction of the height; none when seen from above
    canvas = background(rng, h, w, horizon)
    visible = Visible(np.full((h, w), -1, np.int16))
    if lacking := sorted({style for style in styles if style not in sprites}):
        todo = "make them anew, python -m novo_train.scenes.drawings (training/README.md)"
        raise ValueError(f"The cached drawings lack {', '.join(lacking)}: {todo}.")
    available = sorted(set().union(*(sprites[style] for style in styles)))
    if crowd:
        wanted = [int(kind) for kind in rng.choice(available, min(18, len(available)), replace=False)]
    else:
        wanted = choose_kinds(rng, available)
    size = rng.uniform(0.14, 0.3) * (1.15 if len(wanted) < 6 else 0.95) * (0.8 if crowd else 1)
    light = Light(rng.uniform(-0.06, 0.06), rng.uniform(0.0, 0.05), rng.uniform(0, 0.55))
    bottoms = sorted(rng.uniform((horizon or 0) * h + 0.12 * h, h * 1.01, len(wanted)))  # far things first
    one_style = rng.choice(styles) if rng.random() < 0.3 else None
    things: list[Thing] = []
    for kind, bottom in zip(wanted, bottoms, strict=True):
        have = [style for style in styles if kind in sprites[style]]
        style = one_style if one_style in have else str(rng.choice(have))
        options = sprites[style][kind]
        longer = side * size * float(np.exp(rng.normal(0, 0.28)))
        if horizon is not None:
            longer *= 0.6 + 0.75 * (bottom / h - horizon) / (1 - horizon)  # far things are smaller
        longer = float(np.clip(longer, SMALLEST * side, LARGEST * side))
        sprite = pose(rng, options[rng.integers(len(options))], longer, above, restyled and rng.random() < 0.75)
        pixels = np.asarray(sprite, np.float32)
        at = find_place(rng, pixels[..., 3] > 127.5, visible, None if above else int(bottom))
        if at is not None:
            draw(canvas, pixels, at, light, longer)
            solid = pixels[..., 3] > 127.5
            visible.put(solid, at, int(solid.sum()))
            things.append(Thing(kind, str(style)))
    visible.measure(things)
    return Scene(seed, finish(rng, canvas), visible.ids, things)


def find_place(
    rng: np.random.Generator, solid: np.ndarray, visible: Visible, bottom: int | None
) -> tuple[int, int] | None:
    """x, y of the corner of a silhouette, bool (h, w), at a place that leaves every thing visible enough.
    bottom: where it stands, if not anywhere."""
    (sh, sw), (h, w), own = solid.shape, visible.ids.shape, int(solid.sum())
    for _ in range(TRIES):
        x = int(somewhere(rng, -0.08 * sw, w - 0.92 * sw))
        y = int(somewhere(rng, -0.05 * sh, h - 0.95 * sh)) if bottom is None else bottom - sh
        if visible.inside(solid, (x, y)) >= LEAST_INSIDE * own and visible.allows(solid, (x, y), own):
            return x, y
    return None


def somewhere(rng: np.random.Generator, low: float, high: float) -> float:
    """A flattened drawing can be wider than the frame, and then there is one place for it."""
    return rng.uniform(low, max(low, high))


def draw(canvas: np.ndarray, pixels: np.ndarray, at: tuple[int, int], light: Light, longer: float) -> None:
    """A thing, float32 RGBA 0 to 255, and its shadow onto the canvas, float32 (h, w, 3), in place."""
    if light.strength > 0.05:
        under = at[0] + int(light.dx * longer), at[1] + int(light.dy * longer)
        cast_shadow(canvas, pixels[..., 3] / 255, under, light.strength, max(1.0, longer * 0.05))
    rows, columns, part = window(pixels.shape, at, canvas.shape)
    a = pixels[part][..., 3:] / 255
    canvas[rows, columns] = canvas[rows, columns] * (1 - a) + pixels[part][..., :3] * a

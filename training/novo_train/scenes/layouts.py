"""Scenes without pictures: rounded shapes stand for things. For learning to reason before learning to see.

A layout is a Scene whose picture is empty; its cells say directly which kind and which box is seen there.
About 6 ms each, queries included.
"""

import numpy as np

from ..world.things import Thing
from .compose import LARGEST, SMALLEST, TRIES, Scene, choose_kinds, frame_size
from .visibility import Visible

LAYOUT = 96  # side of a layout in pixels: 24 cells of 4
LEAST = 6  # pixels of a thing


def make_layout(seed: int, kinds: int) -> Scene:
    """Counts, sizes and overlaps as in `make_scene`, without drawings. kinds: how many class ids there are."""
    rng = np.random.default_rng(seed)
    h, w = frame_size(rng, LAYOUT)
    visible = Visible(np.full((h, w), -1, np.int16))
    wanted = choose_kinds(rng, list(range(kinds)))
    size = rng.uniform(0.14, 0.3) * (1.15 if len(wanted) < 6 else 0.95)
    horizon = rng.uniform(0.15, 0.55) if rng.random() < 0.5 else None
    bottoms = sorted(rng.uniform((horizon or 0) * h + 0.12 * h, h * 1.01, len(wanted)))
    things: list[Thing] = []
    for kind, bottom in zip(wanted, bottoms, strict=True):
        longer = LAYOUT * size * float(np.exp(rng.normal(0, 0.28)))
        if horizon is not None:
            longer *= 0.6 + 0.75 * (bottom / h - horizon) / (1 - horizon)
        longer = float(np.clip(longer, SMALLEST * LAYOUT, LARGEST * LAYOUT))
        if put_shape(rng, visible, longer, None if horizon is None else bottom):
            things.append(Thing(kind, "none"))
    visible.measure(things)
    return Scene(seed, np.broadcast_to(np.uint8(0), (h, w, 3)), visible.ids, things)


def put_shape(rng: np.random.Generator, visible: Visible, longer: float, bottom: float | None) -> bool:
    """A superellipse whose longer axis has `longer` pixels, where all stay visible enough. False: nowhere."""
    h, w = visible.ids.shape
    y, x = np.mgrid[0:h, 0:w] + 0.5
    aspect = float(np.clip(np.exp(-abs(rng.normal(0, 0.35))), 0.35, 1))
    rx, ry = (longer / 2, longer * aspect / 2) if rng.random() < 0.5 else (longer * aspect / 2, longer / 2)
    power = rng.choice([2, 2, 4, 1.5])
    for _ in range(TRIES):
        cx = rng.uniform(0.84 * rx, w - 0.84 * rx)
        cy = rng.uniform(0.9 * ry, h - 0.9 * ry) if bottom is None else bottom - ry
        solid = np.abs((x - cx) / rx) ** power + np.abs((y - cy) / ry) ** power < 1
        own = int(solid.sum())
        if own >= LEAST and visible.allows(solid, (0, 0), own):
            visible.put(solid, (0, 0), own)
            return True
    return False

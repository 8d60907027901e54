"""Scenes without pictures: layouts of ellipses that stand for things. For learning to reason before learning to see.

A layout is a Scene whose picture is empty; its cells say directly which kind and which box is seen there. Thousands a second.
"""

import numpy as np

from .compose import MIN_VISIBLE, Scene, Thing, choose_kinds

LAYOUT = 96  # side of a layout in pixels: 24 cells of 4


def make_layout(seed: int, kinds: int) -> Scene:
    """Same distribution of counts, sizes and overlaps as scenes.make_scene, without drawings."""
    rng = np.random.default_rng(seed)
    other = round(LAYOUT * float(rng.choice([1.0, 0.75, 0.6667, rng.uniform(0.62, 1)])))
    h, w = (other, LAYOUT) if rng.random() < 0.75 else (LAYOUT, other)
    ids = np.full((h, w), -1, np.int16)
    y, x = np.mgrid[0:h, 0:w] + 0.5
    wanted = choose_kinds(rng, list(range(kinds)))
    size = rng.uniform(0.14, 0.3) * (1.15 if len(wanted) < 6 else 0.95)
    floor = rng.uniform(0.15, 0.55) if rng.random() < 0.5 else None
    bottoms = sorted(rng.uniform((floor or 0) * h + 0.12 * h, h * 1.01, len(wanted)))
    things: list[Thing] = []
    areas: list[tuple[int, int]] = []
    for kind, bottom in zip(wanted, bottoms):
        longer = LAYOUT * size * float(np.exp(rng.normal(0, 0.28)))
        if floor is not None:
            longer *= 0.6 + 0.75 * (bottom / h - floor) / (1 - floor)
        longer = float(np.clip(longer, 0.085 * LAYOUT, 0.48 * LAYOUT))
        aspect = float(np.clip(np.exp(-abs(rng.normal(0, 0.35))), 0.35, 1))
        rx, ry = (longer / 2, longer * aspect / 2) if rng.random() < 0.5 else (longer * aspect / 2, longer / 2)
        power = rng.choice([2, 2, 4, 1.5])
        for _ in range(14):
            cx = rng.uniform(0.84 * rx, w - 0.84 * rx)
            cy = bottom - ry if floor is not None else rng.uniform(0.9 * ry, h - 0.9 * ry)
            solid = np.abs((x - cx) / rx) ** power + np.abs((y - cy) / ry) ** power < 1
            lost = np.bincount(ids[solid] + 1, minlength=len(areas) + 1)[1:]
            if solid.sum() < 6 or lost.sum() >= 0.3 * solid.sum():
                continue
            if all(now - gone >= MIN_VISIBLE * full for (now, full), gone in zip(areas, lost)):
                areas = [(now - int(gone), full) for (now, full), gone in zip(areas, lost)]
                ids[solid] = len(things)
                things.append(Thing(kind, "none"))
                areas.append((int(solid.sum()), int(solid.sum())))
                break
    for i, thing in enumerate(things):
        ys, xs = np.nonzero(ids == i)
        thing.area, thing.box = len(ys), (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return Scene(seed, np.broadcast_to(np.uint8(0), (h, w, 3)), ids, things)

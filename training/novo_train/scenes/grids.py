"""From pixels to the model's square: zero-padded picture and per-cell ground truth.

The picture sits at the top left of a square of `side` pixels; the rest is zero. n x n cells cover the square.
"""

import numpy as np

from .compose import Scene

MOSTLY = 0.4  # of a cell: what covers less of it than this is not what the cell shows


def pad_square(image: np.ndarray, side: int) -> np.ndarray:
    """uint8 (h, w, 3) with h, w <= side -> (side, side, 3), zeros at the right and bottom."""
    out = np.zeros((side, side, 3), np.uint8)
    out[: image.shape[0], : image.shape[1]] = image
    return out


def cover(scene: Scene, side: int, n: int) -> np.ndarray:
    """float32 (things, n, n): the fraction of each cell in which each thing is seen. n divides side."""
    ids = np.full((side, side), -1, np.int16)
    ids[: scene.ids.shape[0], : scene.ids.shape[1]] = scene.ids
    blocks = ids.reshape(n, side // n, n, side // n)
    covered = [(blocks == i).mean((1, 3), dtype=np.float32) for i in range(len(scene.things))]
    return np.stack(covered) if covered else np.zeros((0, n, n), np.float32)


def cell_things(covered: np.ndarray) -> np.ndarray:
    """(things, n, n) of `cover` -> int16 (n, n): what covers most of each cell; -1 where things cover little."""
    if len(covered) == 0:
        return np.full(covered.shape[1:], -1, np.int16)
    return np.where(covered.sum(0) >= MOSTLY, covered.argmax(0), -1).astype(np.int16)


def boxes(scene: Scene, side: int) -> np.ndarray:
    """float32 (things, 4): x0, y0, x1, y1 of visible pixels, 0 to 1 of the square."""
    return np.array([t.box for t in scene.things], np.float32).reshape(-1, 4) / side

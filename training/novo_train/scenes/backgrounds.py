"""Computed backgrounds: no outside pictures, so nothing to attribute. Deterministic from the generator."""

import colorsys

import numpy as np
from PIL import Image


def colour(rng: np.random.Generator, value: tuple[float, float] = (0.25, 0.98), saturation: float = 0.6) -> np.ndarray:
    """One colour, float32 (3,), 0 to 255."""
    hsv = rng.random(), rng.random() ** 1.5 * saturation, rng.uniform(*value)
    return np.array(colorsys.hsv_to_rgb(*hsv), np.float32) * 255


def smooth_noise(rng: np.random.Generator, h: int, w: int, cells: int, octaves: int = 3) -> np.ndarray:
    """Fractal noise, float32 (h, w), about -1 to 1."""
    total = np.zeros((h, w), np.float32)
    for octave in range(octaves):
        n = max(2, min(cells * 2**octave, 128))
        small = Image.fromarray(rng.standard_normal((n, n)).astype(np.float32), mode="F")
        total += np.asarray(small.resize((w, h), Image.Resampling.BICUBIC)) * 0.5**octave
    return total / 2


def gradient(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    """From one colour to another, float32 (h, w, 3)."""
    a, b = colour(rng), colour(rng)
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    t = (x / w - 0.5) * np.cos(angle) + (y / h - 0.5) * np.sin(angle) + 0.5
    return a + (b - a) * np.clip(t, 0, 1)[..., None]


def pattern(rng: np.random.Generator, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Tiles, planks, stripes, dots or nothing over floor coordinates u, v: 0 to 1, of their shape."""
    kind = rng.integers(5)
    if kind == 0:
        return ((np.floor(u) + np.floor(v)) % 2).astype(np.float32)
    if kind == 1:
        return ((u % 1 < 0.06) | ((v + np.floor(u) * 0.37) % 3 < 0.05)).astype(np.float32)
    if kind == 2:
        return (np.sin(u * 2 * np.pi) * 0.5 + 0.5).astype(np.float32)
    if kind == 3:
        return ((u % 1 - 0.5) ** 2 + (v % 1 - 0.5) ** 2 < rng.uniform(0.03, 0.12)).astype(np.float32)
    return np.zeros_like(u)


def surface(rng: np.random.Generator, h: int, w: int) -> np.ndarray:
    """Something seen from straight above: a table, a carpet, a wall."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle, cells = rng.uniform(0, np.pi), rng.uniform(3, 14) / max(h, w)
    u = (x * np.cos(angle) + y * np.sin(angle)) * cells + 50
    v = (y * np.cos(angle) - x * np.sin(angle)) * cells + 50
    base, other = colour(rng), colour(rng)
    amount = rng.uniform(0.05, 0.55)
    return base + (other - base) * (pattern(rng, u, v) * amount)[..., None]


def room(rng: np.random.Generator, h: int, w: int, horizon: float) -> np.ndarray:
    """A floor in perspective below `horizon` (fraction of the height) and a wall or a sky above it."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    depth = 1 / np.maximum(y / h - horizon + 0.04, 0.02)
    scale = rng.uniform(0.4, 1.6)
    u, v = (x / w - rng.uniform(0.2, 0.8)) * depth * scale * 2 + 60, depth * scale + rng.uniform(0, 1)
    base, other = colour(rng), colour(rng)
    floor = base + (other - base) * (pattern(rng, u, v) * rng.uniform(0.05, 0.5))[..., None]
    wall = gradient(rng, h, w) if rng.random() < 0.5 else surface(rng, h, w)
    line = horizon * h + smooth_noise(rng, 1, w, 4)[0] * h * rng.choice([0, 0, 0.03])
    return np.where((y > line)[..., None], floor, wall)


def background(rng: np.random.Generator, h: int, w: int, horizon: float | None) -> np.ndarray:
    """float32 (h, w, 3), 0 to 255. horizon: fraction of the height; None is seen from above."""
    if horizon is None:
        image = gradient(rng, h, w) if rng.random() < 0.3 else surface(rng, h, w)
    else:
        image = room(rng, h, w, horizon)
    if rng.random() < 0.75:  # stains, clouds, grass, grain
        tint = (colour(rng) - 128) / 128
        strength = rng.uniform(4, 42)
        image = image + smooth_noise(rng, h, w, int(rng.integers(2, 40)), 4)[..., None] * strength * (1 + tint) / 1.5
    for _ in range(rng.integers(0, 5) if rng.random() < 0.5 else 0):  # plain clutter that is no thing of a known kind
        x0, y0 = rng.integers(0, w), rng.integers(0, h)
        dx, dy = int(rng.uniform(0.03, 0.35) * w), int(rng.uniform(0.02, 0.3) * h)
        image[y0 : y0 + dy, x0 : x0 + dx] = image[y0 : y0 + dy, x0 : x0 + dx] * 0.35 + colour(rng) * 0.65
    return np.clip(image, 0, 255).astype(np.float32)

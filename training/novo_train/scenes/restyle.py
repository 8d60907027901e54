"""What drawing styles differ in, varied at random, so that training does not learn the styles by heart."""

import numpy as np
from PIL import Image, ImageFilter


def warp(rng: np.random.Generator, image: Image.Image, amount: float) -> Image.Image:
    """Smoothly bent: a 3 x 3 grid of corners, each moved by up to `amount` of the size."""
    w, h = image.size
    xs, ys = np.linspace(0, w, 4), np.linspace(0, h, 4)
    moved = rng.normal(0, amount / 2, (4, 4, 2)).clip(-amount, amount) * (w, h)
    at = np.stack(np.meshgrid(xs, ys), -1) + moved  # (row, column, xy)
    at[0, :, 1], at[-1, :, 1], at[:, 0, 0], at[:, -1, 0] = 0, h, 0, w  # nothing is pushed out of the picture
    mesh = []
    for r in range(3):
        for c in range(3):
            quad = (*at[r, c], *at[r + 1, c], *at[r + 1, c + 1], *at[r, c + 1])
            mesh.append(((int(xs[c]), int(ys[r]), int(xs[c + 1]), int(ys[r + 1])), quad))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def restyle(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """What drawing styles differ in, at random: outlines, flat colours, shading, detail, proportions, palette. RGBA."""
    if rng.random() < 0.5:
        image = warp(rng, image, 0.07)
    alpha, rgb = image.getchannel("A"), image.convert("RGB")
    if rng.random() < 0.2:
        rgb = rgb.filter(ImageFilter.ModeFilter(5))
    if rng.random() < 0.2:
        rgb = rgb.quantize(int(rng.integers(3, 9))).convert("RGB")
    if rng.random() < 0.12:
        rgb = Image.merge("RGB", [rgb.split()[i] for i in rng.permutation(3)])
    if rng.random() < 0.1:
        rgb = rgb.convert("L").convert("RGB")
    if rng.random() < 0.3:
        w, h = rgb.size
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        lit = 1 - rng.uniform(0.1, 0.5) * np.hypot((x / w - rng.uniform(0.1, 0.9)), (y / h - rng.uniform(0.1, 0.9)))
        rgb = Image.fromarray(np.clip(np.asarray(rgb, np.float32) * lit[..., None] * 1.1, 0, 255).astype(np.uint8))
    if rng.random() < 0.2:
        inner = np.asarray(alpha.filter(ImageFilter.MinFilter(2 * int(rng.integers(1, 4)) + 1))) < 128
        pixels = np.asarray(rgb).copy()
        pixels[inner] = rng.integers(0, 70, 3)
        rgb = Image.fromarray(pixels)
    rgb.putalpha(alpha)
    return rgb

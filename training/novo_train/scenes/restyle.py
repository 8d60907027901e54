"""What drawing styles differ in, varied at random, so that training does not learn the styles by heart."""

import numpy as np
from PIL import Image, ImageFilter

BEND = 0.07  # of the size: how far the corners of the warp move at most


def warp(rng: np.random.Generator, image: Image.Image, amount: float) -> Image.Image:
    """Smoothly bent: a mesh of 4 x 4 corners, moved by up to `amount` of the size; the outer ones along the edge."""
    w, h = image.size
    xs, ys = np.linspace(0, w, 4), np.linspace(0, h, 4)
    moved = rng.normal(0, amount / 2, (4, 4, 2)).clip(-amount, amount) * (w, h)
    at = np.stack(np.meshgrid(xs, ys), -1) + moved  # (row, column, xy)
    at[0, :, 1], at[-1, :, 1], at[:, 0, 0], at[:, -1, 0] = 0, h, 0, w
    mesh = []
    for r in range(3):
        for c in range(3):
            quad = (*at[r, c], *at[r + 1, c], *at[r + 1, c + 1], *at[r, c + 1])
            mesh.append(((int(xs[c]), int(ys[r]), int(xs[c + 1]), int(ys[r + 1])), quad))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def restyle(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """RGBA -> RGBA of the same size: proportions, flat colours, palette, grey, shading and outlines, each at random."""
    if rng.random() < 0.5:
        image = warp(rng, image, BEND)
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
        rgb = shaded(rng, rgb)
    if rng.random() < 0.2:
        rgb = outlined(rng, rgb, alpha)
    rgb.putalpha(alpha)
    return rgb


def shaded(rng: np.random.Generator, rgb: Image.Image) -> Image.Image:
    """Darker away from a point that the light falls on."""
    w, h = rgb.size
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    lit = 1 - rng.uniform(0.1, 0.5) * np.hypot((x / w - rng.uniform(0.1, 0.9)), (y / h - rng.uniform(0.1, 0.9)))
    return Image.fromarray(np.clip(np.asarray(rgb, np.float32) * lit[..., None] * 1.1, 0, 255).astype(np.uint8))


def outlined(rng: np.random.Generator, rgb: Image.Image, alpha: Image.Image) -> Image.Image:
    """A dark line inside the silhouette, 1 to 3 pixels wide."""
    rim = np.asarray(alpha.filter(ImageFilter.MinFilter(2 * int(rng.integers(1, 4)) + 1))) < 128
    pixels = np.asarray(rgb).copy()
    pixels[rim] = rng.integers(0, 70, 3)
    return Image.fromarray(pixels)

"""How one drawing lies in a scene: its colours, its size, its turn, its shadow."""

import numpy as np
from PIL import Image, ImageFilter

from .restyle import restyle

COARSE = 110  # pixels below which a drawing is made smaller before it is restyled: half the time, no visible difference


def recolour(rng: np.random.Generator, rgb: Image.Image) -> Image.Image:
    """Mostly a slightly other hue, now and then any; paler, darker or brighter."""
    h, s, v = (np.asarray(c).astype(np.int16) for c in rgb.convert("HSV").split())
    turn = rng.normal(0, 5) if rng.random() < 0.8 else rng.uniform(-128, 128)
    h = ((h + turn) % 256).astype(np.uint8)
    s = np.clip(s * rng.uniform(0.55, 1.15), 0, 255).astype(np.uint8)
    v = np.clip(v * rng.uniform(0.7, 1.15) + rng.uniform(-12, 18), 0, 255).astype(np.uint8)
    return Image.merge("HSV", [Image.fromarray(c) for c in (h, s, v)]).convert("RGB")


def pose(
    rng: np.random.Generator, sprite: np.ndarray, longer: float, above: bool, restyled: bool = False
) -> Image.Image:
    """A sprite (uint8 RGBA) as it lies in the scene: RGBA.

    longer: pixels of its longer side before it is turned. above: seen from above, where things lie any way round.
    """
    image = Image.fromarray(sprite)
    if restyled:
        if longer < COARSE:
            size = [max(4, round(v * 0.6)) for v in image.size]
            image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        image = restyle(rng, image)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    stretch = np.exp(rng.normal(0, 0.08, 2))
    k = longer / max(image.size)
    size = max(4, round(image.width * k * stretch[0])), max(4, round(image.height * k * stretch[1]))
    image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    posed = recolour(rng, image.convert("RGB"))
    posed.putalpha(image.getchannel("A"))
    angle = rng.normal(0, 8) if not above or rng.random() < 0.4 else rng.normal(0, 28)
    posed = posed.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    if rng.random() < 0.4:
        posed = sheared(posed, rng.normal(0, 0.12))
    if rng.random() < 0.25:
        posed = posed.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    return posed


def sheared(image: Image.Image, shear: float) -> Image.Image:
    """Leaning to one side, by `shear` of its height; the picture grows by as much."""
    extra = abs(shear) * image.height
    matrix = (1, shear, -extra if shear > 0 else 0, 0, 1, 0)
    size = (round(image.width + extra), image.height)
    return image.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def cast_shadow(canvas: np.ndarray, alpha: np.ndarray, at: tuple[int, int], strength: float, radius: float) -> None:
    """Darkens the canvas, float32 (h, w, 3), in place under a soft copy of alpha, 0 to 1, whose corner is at x, y."""
    pad = int(radius * 2) + 1
    blurred = Image.fromarray((np.pad(alpha, pad) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius))
    soft = np.asarray(blurred, np.float32) / 255 * strength
    x, y = at[0] - pad, at[1] - pad
    y0, y1, x0, x1 = (
        max(y, 0),
        min(y + soft.shape[0], canvas.shape[0]),
        max(x, 0),
        min(x + soft.shape[1], canvas.shape[1]),
    )
    if y0 < y1 and x0 < x1:
        canvas[y0:y1, x0:x1] *= 1 - soft[y0 - y : y1 - y, x0 - x : x1 - x, None]

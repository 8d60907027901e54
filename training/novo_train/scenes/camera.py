"""What a camera adds to a picture: light, contrast, blur, noise, JPEG."""

import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter


def finish(rng: np.random.Generator, canvas: np.ndarray) -> np.ndarray:
    """The camera: light, contrast, blur, noise, JPEG. Geometry is untouched, so the masks stay exact."""
    h, w = canvas.shape[:2]
    if rng.random() < 0.6:
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        angle, amount = rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 0.35)
        ramp = (x / w - 0.5) * np.cos(angle) + (y / h - 0.5) * np.sin(angle)
        canvas = canvas * (1 + amount * ramp[..., None] * 2)
    canvas = canvas * rng.uniform(0.8, 1.12) * rng.uniform(0.93, 1.07, 3)
    image = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.75, 1.15))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.9) * max(h, w) / 512))
    if rng.random() < 0.6:
        noise = rng.standard_normal((h, w, 1 if rng.random() < 0.5 else 3)).astype(np.float32) * rng.uniform(1, 9)
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    if rng.random() < 0.6:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=int(rng.integers(35, 95)))
        image = Image.open(packed).convert("RGB")
    return np.asarray(image)

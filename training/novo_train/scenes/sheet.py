"""A contact sheet: scenes with the answer of one query tinted, for people to look at. `python -m novo_train.scenes.sheet OUT.png`."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from .drawings import load_sprites
from ..world.queries import queries_for
from .compose import make_scene


def tile(scene, query, side: int) -> Image.Image:
    rgb = scene.image.astype(np.float32)
    target = np.isin(scene.ids, query.targets)
    rgb = np.where(target[..., None], rgb * 0.45 + np.array([255, 0, 200]) * 0.55, rgb)
    out = Image.new("RGB", (side, side + 34), "white")
    out.paste(Image.fromarray(rgb.astype(np.uint8)), (0, 34))
    text, draw = f"{query.family}: {query.text}", ImageDraw.Draw(out)
    for line in range(0, len(text), 62):
        draw.text((3, 1 + line // 62 * 11), text[line : line + 62], fill="black")
    return out


def main(path: str, sprites: str = "cache/sprites.npz", styles: str = "twemoji", side: int = 384, n: int = 12):
    table, tiles = load_sprites(Path(sprites)), []
    for seed in range(n):
        scene = make_scene(500 + seed, table, styles.split(","), side)
        queries = queries_for(scene, np.random.default_rng(seed), 12, True)
        hard = [q for q in queries if q.family not in ("property", "none", "goal")] or queries
        tiles.append(tile(scene, hard[seed % len(hard)], side))
    sheet = Image.new("RGB", (4 * side, -(-n // 4) * (side + 34)), "white")
    for i, t in enumerate(tiles):
        sheet.paste(t, (i % 4 * side, i // 4 * (side + 34)))
    sheet.save(path)


if __name__ == "__main__":
    main(*sys.argv[1:4])

"""A contact sheet, for people to look at: scenes with the answer of one query tinted.

`python -m novo_train.scenes.sheet cache/sprites.npz sheet.png [--styles held-out] [--seed 500] [--wording test]`
"""

import argparse
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ..world.queries import FAMILIES, Query, queries_for
from .compose import Scene, make_scene
from .drawings import load_sprites
from .styles import ROLES, styles_for

SIDE, HEAD, COLUMNS = 384, 36, 4
TINT = np.array([255, 0, 200])


def tile(scene: Scene, query: Query) -> Image.Image:
    target = np.isin(scene.ids, query.targets)[..., None]
    rgb = np.where(target, scene.image * 0.45 + TINT * 0.55, scene.image)
    out = Image.new("RGB", (SIDE, SIDE + HEAD), "white")
    out.paste(Image.fromarray(rgb.astype(np.uint8)), (0, HEAD))
    draw = ImageDraw.Draw(out)
    for line, text in enumerate(textwrap.wrap(f"{query.family}: {query.text}", 62)[:3]):
        draw.text((3, 1 + line * 11), text, fill="black")
    return out


def sheet(tiles: list[Image.Image]) -> Image.Image:
    rows = -(-len(tiles) // COLUMNS)
    out = Image.new("RGB", (COLUMNS * SIDE, rows * (SIDE + HEAD)), "white")
    for i, each in enumerate(tiles):
        out.paste(each, (i % COLUMNS * SIDE, i // COLUMNS * (SIDE + HEAD)))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sprites", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--styles", choices=ROLES, default="held-out")
    parser.add_argument("--seed", type=int, default=500, help="of the first scene")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--wording", choices=("train", "test"), default="train")
    parser.add_argument("--restyled", action="store_true", help="drawings varied as for training")
    args = parser.parse_args()
    sprites, tiles = load_sprites(args.sprites), []
    for n in range(args.count):
        scene = make_scene(args.seed + n, sprites, styles_for(args.styles), SIDE, restyled=args.restyled)
        queries = queries_for(scene, np.random.default_rng(args.seed + n), 30, args.wording == "test")
        wanted = FAMILIES[n % len(FAMILIES)]  # families in turn
        tiles.append(tile(scene, next((q for q in queries if q.family == wanted), queries[0])))
    sheet(tiles).save(args.out)


if __name__ == "__main__":
    main()

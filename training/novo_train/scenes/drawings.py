"""Sprites: drawings of every kind in every style, rasterised once from packages into one cache file.

`python -m novo_train.scenes.drawings drawings/node_modules cache/sprites.npz` (two to four minutes).
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from ..world.kinds import kind_index, load_kinds
from .glyphs import painted
from .icons import finder, names_of
from .styles import STYLES

SIDE = 224  # pixels of a sprite's longer side
DRAWN = 40  # alpha above which a pixel counts as drawn when a drawing is cropped
SPECK = 0.06  # of the largest part: what is smaller and loose is no part of the thing
LEAST = 200  # drawn pixels of a drawing that is one

Sprites = dict[str, dict[int, list[np.ndarray]]]  # style -> class id -> drawings, uint8 RGBA (h, w, 4)


def without_specks(rgba: np.ndarray) -> np.ndarray:
    """Clears loose small parts (sparkles, snowflakes, steam): a mask of the thing should not have them."""
    labels, n = ndimage.label(rgba[..., 3] > DRAWN, structure=np.ones((3, 3)))
    if n < 2:
        return rgba
    sizes = np.bincount(labels.ravel())[1:]
    keep = np.concatenate([[False], sizes >= SPECK * sizes.max()])
    near = ndimage.binary_dilation(keep[labels], iterations=3)  # keeps the soft rim of what stays
    out = rgba.copy()
    out[..., 3] = np.where(near, rgba[..., 3], 0)
    return out


def fit(image: Image.Image) -> np.ndarray | None:
    """Crops to the drawn part and scales the longer side to SIDE. uint8 RGBA (h, w, 4); None if nothing is drawn."""
    rgba = without_specks(np.asarray(image.convert("RGBA")))
    ys, xs = np.nonzero(rgba[..., 3] > DRAWN)
    if len(ys) < LEAST:
        return None
    image = Image.fromarray(rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])
    k = SIDE / max(image.size)
    size = (max(1, round(image.width * k)), max(1, round(image.height * k)))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def rasterise(modules: Path, out: Path) -> Counter[str]:
    """Reads the packages of all styles under `modules` (a node_modules folder), writes the cache. Sprites per style."""
    sprites: dict[str, np.ndarray] = {}
    counts: Counter[str] = Counter()
    for style in STYLES:
        find = finder(modules, style)
        for kind in load_kinds():
            for n, name in enumerate(names_of(style, kind)):
                image = find(name)
                sprite = fit(image) if image else None
                if sprite is None:
                    continue
                made = painted(sprite, style.package.split("/")[-1] + name) if style.painted else [sprite]
                sprites |= {f"{style.name}/{kind.key}/{n * len(made) + v}": each for v, each in enumerate(made)}
                counts[style.name] += len(made)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **sprites)
    return counts


def load_sprites(path: Path) -> Sprites:
    """The cache that `rasterise` wrote. Kinds that are gone since are left out."""
    table: Sprites = {}
    with np.load(path) as data:
        for name in sorted(data.files):
            style, key, _ = name.split("/")
            if key in kind_index():
                table.setdefault(style, {}).setdefault(kind_index()[key], []).append(data[name])
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", type=Path, help="the node_modules folder with the packages of drawings/package.json")
    parser.add_argument("out", type=Path, help="the .npz file to write")
    args = parser.parse_args()
    for style, count in rasterise(args.modules, args.out).items():
        print(f"{count:6} {style}")


if __name__ == "__main__":
    main()

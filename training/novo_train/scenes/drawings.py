"""Drawings (RGBA sprites) of every kind in every style, rasterised once from npm packages into one cache file.

Each style is one openly licensed emoji set. Styles of one family share silhouettes (Fluent's flat, gradient and 3D
versions; EmojiOne 1 and 2; Noto's old and new), so a held-out style must be alone in its family or take the family
along.
"""

import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image
from scipy import ndimage

from ..world.kinds import load_kinds

SIDE = 224  # pixels of a cached sprite's longer side


@dataclass(frozen=True)
class Style:
    name: str
    family: str
    package: str
    licence: str
    by: str


STYLES = (
    Style("noto", "noto", "@iconify-json/noto@1.2.9", "Apache-2.0", "Google, noto-emoji"),
    Style("noto-v1", "noto", "@iconify-json/noto-v1@1.2.5", "Apache-2.0", "Google, noto-emoji"),
    Style("fluent-emoji", "fluent", "@iconify-json/fluent-emoji@1.2.7", "MIT", "Microsoft, fluentui-emoji"),
    Style("fluent-emoji-flat", "fluent", "@iconify-json/fluent-emoji-flat@1.2.6", "MIT", "Microsoft, fluentui-emoji"),
    Style("fluent-3d", "fluent", "@lobehub/fluent-emoji-3d@1.1.0", "MIT", "Microsoft, fluentui-emoji"),
    Style("emojione", "emojione", "@iconify-json/emojione@1.2.3", "CC-BY-4.0", "EmojiOne 2 / EmojiTwo"),
    Style("emojione-v1", "emojione", "@iconify-json/emojione-v1@1.2.3", "CC-BY-SA-4.0", "EmojiOne 1"),
    Style("fxemoji", "fxemoji", "@iconify-json/fxemoji@1.2.2", "Apache-2.0", "Mozilla, fxemoji"),
    Style("streamline-emojis", "streamline", "@iconify-json/streamline-emojis@1.2.4", "CC-BY-4.0", "Streamline"),
    Style("openmoji", "openmoji", "@iconify-json/openmoji@1.2.29", "CC-BY-SA-4.0", "OpenMoji"),
    Style("twemoji", "twemoji", "@iconify-json/twemoji@1.2.5", "CC-BY-4.0", "Twitter, jdecked/twemoji"),
)
# Mozilla's set has its own names; only those are listed that plain squashing of the CLDR name misses.
FXEMOJI_NAMES = {
    "person-running": "mensrunner", "person-surfing": "surfer", "person-biking": "bicyclist", "guard": "guardsman",
    "person-golfing": "golfer", "person-lifting-weights": "weightlifter", "soccer-ball": "soccerball",
    "eggplant": "aubergine", "wrapped-gift": "wrappedpresent", "flashlight": "electrictorch",
}


# Drawings that show something else under the same name, or a whole framed scene: (style, kind).
UNFIT = {
    ("streamline-emojis", "turkey"), ("streamline-emojis", "ship"), ("streamline-emojis", "tent"),
    ("streamline-emojis", "fountain"), ("fxemoji", "runner"), ("fxemoji", "sailboat"), ("fxemoji", "ship"),
    ("fxemoji", "tent"), ("fxemoji", "fountain"), ("fxemoji", "chair"),
}


def squash(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _icon_table(folder: Path) -> tuple[dict[str, dict], int]:
    data = json.loads((folder / "icons.json").read_text())
    icons = dict(data["icons"])
    for alias, target in data.get("aliases", {}).items():
        parent = icons.get(target["parent"])
        if parent is not None and not (set(target) - {"parent"}):
            icons.setdefault(alias, parent)
    table: dict[str, dict] = {}
    for name, icon in icons.items():
        table.setdefault(squash(name), icon)
        table.setdefault(squash(re.sub(r"-\d+$", "", name)), icon)  # Streamline numbers its variants
    return table, data.get("width", 16)


def _svg(icon: dict, side: int) -> bytes:
    w, h = icon.get("width", side), icon.get("height", icon.get("width", side))
    left, top = icon.get("left", 0), icon.get("top", 0)
    scale = 288 / max(w, h)  # rasterised larger, cropped to what is drawn, then fitted to SIDE
    text = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{left} {top} {w} {h}" width="{w * scale:.0f}" height="{h * scale:.0f}">{icon["body"]}</svg>')
    return bytes(resvg_py.svg_to_bytes(svg_string=text))


def without_specks(rgba: np.ndarray) -> np.ndarray:
    """Clears loose parts (sparkles, snowflakes, steam) under 6 % of the largest part: no part of the thing itself."""
    labels, n = ndimage.label(rgba[..., 3] > 40, structure=np.ones((3, 3)))
    if n < 2:
        return rgba
    sizes = np.bincount(labels.ravel())[1:]
    keep = np.concatenate([[False], sizes >= 0.06 * sizes.max()])
    near = ndimage.binary_dilation(keep[labels], iterations=3)  # keeps the soft rim of what stays
    out = rgba.copy()
    out[..., 3] = np.where(near, rgba[..., 3], 0)
    return out


def fit(image: Image.Image) -> np.ndarray | None:
    """Crops to the drawn part and scales the longer side to SIDE. RGBA uint8 (h, w, 4); None if nothing is drawn."""
    rgba = without_specks(np.asarray(image.convert("RGBA")))
    ys, xs = np.nonzero(rgba[..., 3] > 40)
    if len(ys) < 200:
        return None
    image = Image.fromarray(rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])
    k = SIDE / max(image.size)
    size = (max(1, round(image.width * k)), max(1, round(image.height * k)))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def _codepoints(modules: Path) -> dict[str, str]:
    """CLDR name squashed -> code points as fluent-3d names its files."""
    chars = json.loads((modules / "@iconify-json/fluent-emoji-flat/chars.json").read_text())
    return {squash(name): code for code, name in chars.items()}


def rasterise(modules: Path, out: Path) -> dict[str, int]:
    """Reads installed npm packages under `modules`, writes the cache. Returns sprites per style."""
    kinds = load_kinds()
    codes = _codepoints(modules)
    blobs: dict[str, np.ndarray] = {}
    counts: dict[str, int] = {}
    for style in STYLES:
        folder = modules / style.package.rsplit("@", 1)[0]
        table, width = ({}, 0) if style.name == "fluent-3d" else _icon_table(folder)
        for kind in kinds:
            if (style.name, kind.key) in UNFIT:
                continue
            for n, name in enumerate(kind.drawings):
                if style.name == "fluent-3d":
                    code = codes.get(squash(name), "")
                    options = [folder / "assets" / f"{c}.webp" for c in (code, f"{code}-fe0f", code.replace("-fe0f", ""))]
                    path = next((p for p in options if code and p.exists()), None)
                    image = Image.open(path) if path else None
                else:
                    key = FXEMOJI_NAMES.get(name, name) if style.name == "fxemoji" else name
                    icon = table.get(squash(key))
                    image = Image.open(io.BytesIO(_svg(icon, width))) if icon else None
                sprite = fit(image) if image else None
                if sprite is not None:
                    blobs[f"{style.name}/{kind.key}/{n}"] = sprite
                    counts[style.name] = counts.get(style.name, 0) + 1
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **blobs)
    return counts


Sprites = dict[str, dict[int, list[np.ndarray]]]  # style -> kind index -> drawings


def load_sprites(path: Path) -> Sprites:
    index = {k.key: i for i, k in enumerate(load_kinds())}
    table: Sprites = {}
    with np.load(path) as data:
        for name in sorted(data.files):
            style, kind, _ = name.split("/")
            if kind in index:
                table.setdefault(style, {}).setdefault(index[kind], []).append(data[name])
    return table


if __name__ == "__main__":
    import sys

    for style, count in rasterise(Path(sys.argv[1]), Path(sys.argv[2])).items():
        print(style, count)

"""Drawings out of installed npm packages: Iconify's JSON of SVG bodies, or WebP files named by code points."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import resvg_py
from PIL import Image

from .styles import Style

RASTER = 288  # longer side of a rasterised SVG: more than a cached sprite, which is cropped to what is drawn
Find = Callable[[str], Image.Image | None]  # CLDR short name with dashes -> picture


def squash(name: str) -> str:
    """Names without case, dashes and dots: sets write them differently."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def draw_svg(text: str) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text)))).convert("RGBA")


def finder(modules: Path, style: Style) -> Find:
    """How to find a drawing of this style under `modules` (a node_modules folder). FileNotFoundError: not installed."""
    folder = modules / style.package
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: run npm install in training/drawings")
    if (folder / "icons.json").exists():
        return _svg_finder(folder, dict(style.names))
    return _webp_finder(folder / "assets", _code_points(modules))


def _svg_finder(folder: Path, names: dict[str, str]) -> Find:
    data = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    icons = dict(data["icons"])
    for alias, target in data.get("aliases", {}).items():
        if set(target) == {"parent"} and target["parent"] in icons:  # others turn or flip their parent
            icons.setdefault(alias, icons[target["parent"]])
    table: dict[str, dict] = {}
    for name, icon in icons.items():
        table.setdefault(squash(name), icon)
        table.setdefault(squash(re.sub(r"-\d+$", "", name)), icon)  # Streamline numbers its variants

    def find(name: str) -> Image.Image | None:
        icon = table.get(squash(names.get(name, name)))
        return draw_svg(_document(icon, data.get("width", 16))) if icon else None

    return find


def _document(icon: dict, side: int) -> str:
    w, h = icon.get("width", side), icon.get("height", icon.get("width", side))
    scale = RASTER / max(w, h)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{icon.get("left", 0)} {icon.get("top", 0)} {w} {h}" '
        f'width="{w * scale:.0f}" height="{h * scale:.0f}">{icon["body"]}</svg>'
    )


def _code_points(modules: Path) -> dict[str, str]:
    """Squashed CLDR name -> code points as the 3D set names its files."""
    chars = modules / "@iconify-json/fluent-emoji-flat/chars.json"
    return {squash(name): code for code, name in json.loads(chars.read_text(encoding="utf-8")).items()}


def _webp_finder(folder: Path, codes: dict[str, str]) -> Find:
    def find(name: str) -> Image.Image | None:
        code = codes.get(squash(name))
        if code is None:
            return None
        paths = [folder / f"{c}.webp" for c in (code, f"{code}-fe0f", code.replace("-fe0f", ""))]
        path = next((p for p in paths if p.exists()), None)
        return Image.open(path) if path else None

    return find

"""Drawings out of installed packages: Iconify's JSON of SVG bodies, WebP files named by code points, SVG files."""

import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import resvg_py
from PIL import Image

from ..world.kinds import Kind
from .clipart import draw_file
from .styles import Style

LISTED = Path(__file__).parent / "data/listed.tsv"
OWN = Path(__file__).parents[2] / "drawings/own"
CLIPART = "usr/share/openclipart/svg"
RASTER = 288  # longer side of a rasterised SVG: more than a cached sprite, which is cropped to what is drawn
Find = Callable[[str], Image.Image | None]  # CLDR short name with dashes, or as the set names it -> picture


def squash(name: str) -> str:
    """Names without case, dashes and dots: sets write them differently."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def draw_svg(text: str) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=text)))).convert("RGBA")


@cache
def listed() -> dict[tuple[str, str], tuple[str, ...]]:
    """(style, key of a kind) -> the set's own names of its drawings: data/listed.tsv, chosen by eye."""
    rows = (line.split("\t") for line in LISTED.read_text(encoding="utf-8").splitlines()[1:])
    return {(style, kind): tuple(names.split()) for style, kind, names in rows}


def names_of(style: Style, kind: Kind) -> tuple[str, ...]:
    """What `finder` takes, for each drawing of a kind."""
    if kind.key in style.unfit:
        return ()
    return listed().get((style.name, kind.key), ()) if style.listed else kind.drawings


def finder(modules: Path, style: Style) -> Find:
    """How to find a drawing of this style under `modules` (a node_modules folder; what comes from Debian lies in
    `debian` beside it). FileNotFoundError: not installed."""
    if style.registry != "npm":
        folder = OWN if style.registry == "own" else modules.parent / "debian" / style.package / CLIPART
        if not folder.is_dir():
            raise FileNotFoundError(f"{folder} is missing: training/README.md says how to unpack {style.package}")
        return lambda name: Image.open(io.BytesIO(draw_file(folder / name)))
    folder = modules / style.package
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: run npm install in training/drawings")
    if (folder / "icons.json").exists():
        return _svg_finder(folder, dict(style.names), style.listed)
    return _webp_finder(folder / "assets", _code_points(modules))


def _svg_finder(folder: Path, names: dict[str, str], exact: bool) -> Find:
    """exact: by the set's own names, letter by letter."""
    data = json.loads((folder / "icons.json").read_text(encoding="utf-8"))
    icons = dict(data["icons"])
    for alias, target in data.get("aliases", {}).items():
        if set(target) == {"parent"} and target["parent"] in icons:  # others turn or flip their parent
            icons.setdefault(alias, icons[target["parent"]])
    if exact:
        return lambda name: draw_svg(_document(icons[name], data.get("width", 16))) if name in icons else None
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

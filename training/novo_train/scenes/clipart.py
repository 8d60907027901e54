"""Drawings of the Open Clip Art Library, as Debian's package openclipart-svg has them: SVG files of many hands, most of
them written by early Inkscape and Sodipodi."""

import re
from pathlib import Path

import resvg_py

WIDTH = 320  # pixels of a rasterised drawing: more than a cached sprite
UNITS = {"mm": 96 / 25.4, "cm": 96 / 2.54, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "px": 1.0, "": 1.0}


def with_view(svg: str) -> str:
    """These files tell their page in millimetres or points and have no viewBox, which resvg wants."""
    head = re.search(r"<svg\b[^>]*>", svg, re.DOTALL)
    if not head or "viewBox" in head[0]:
        return svg
    tag, sides = head[0], []
    for name in ("width", "height"):
        side = re.search(rf'\s{name}="([\d.]+)\s*([a-z]*)"', tag)
        if not side:
            return svg
        sides.append(float(side[1]) * UNITS.get(side[2], 1.0))
        tag = tag.replace(side[0], "", 1)
    w, h = sides
    tag = f'{tag[:-1].rstrip("/")} viewBox="0 0 {w:g} {h:g}" width="{w:g}" height="{h:g}">'
    return svg[: head.start()] + tag + svg[head.end() :]


def draw_file(path: Path) -> bytes:
    """PNG of an SVG file, WIDTH pixels wide."""
    text = path.read_text(encoding="utf-8", errors="ignore")
    return bytes(resvg_py.svg_to_bytes(svg_string=with_view(text), width=WIDTH))

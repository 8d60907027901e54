"""Our own tiny drawings, 3 styles of 4 kinds, so that tests need no package of drawings."""

import json
from functools import cache
from pathlib import Path

from novo_train.scenes.drawings import Sprites, fit
from novo_train.scenes.icons import draw_svg
from novo_train.scenes.styles import Style
from novo_train.world.kinds import kind_index

SHAPES = {  # in a square of 32
    "dog": '<path d="M3 12l5-6 3 6h13l4-5v19h-4v-7h-12v7h-4v-11z"/>',
    "apple": '<path d="M16 9q12-4 11 8-2 12-11 12t-11-12q-1-12 11-8zM15 3h3v6h-3z"/>',
    "car": '<path d="M2 18l5-1 4-7h11l4 7 4 2v6h-28z"/><circle cx="9" cy="25" r="4"/><circle cx="23" cy="25" r="4"/>',
    "cup": '<path d="M5 8h18v3h6v9h-6l-2 6h-14z"/>',
}
STYLES = {
    "flat": 'fill="{0}"',
    "outline": 'fill="{0}" stroke="#222" stroke-width="2"',
    "pale": 'fill="{0}" fill-opacity=".9" stroke="{0}" stroke-width="1"',
}
COLOURS = {"dog": "#a63", "apple": "#d22", "car": "#26c", "cup": "#3a6"}


def body(style: str, kind: str) -> str:
    return f"<g {STYLES[style].format(COLOURS[kind])}>{SHAPES[kind]}</g>"


@cache
def sprites() -> Sprites:
    """As `load_sprites` gives them: style -> class id -> drawings."""

    def sprite(style: str, kind: str):
        head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="288" height="288">'
        return fit(draw_svg(f"{head}{body(style, kind)}</svg>"))

    index = kind_index()
    return {style: {index[kind]: [sprite(style, kind)] for kind in SHAPES} for style in STYLES}


def package(modules: Path, style: str, names: dict[str, str]) -> Style:
    """Writes the drawings of a style as an Iconify package. names: the package's name of each kind's drawing."""
    folder = modules / "@drawn" / style
    folder.mkdir(parents=True)
    icons = {name: {"body": body(style, kind)} for kind, name in names.items()}
    (folder / "icons.json").write_text(json.dumps({"width": 32, "height": 32, "icons": icons}))
    return Style(style, style, f"@drawn/{style}", "1.0.0", "Apache-2.0", "", "us", "")

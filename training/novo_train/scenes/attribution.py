"""Who drew what is drawn here: drawings/ATTRIBUTION.md and the pins of drawings/package.json, both from STYLES.

`python -m novo_train.scenes.attribution` writes both files; a test refuses to let them differ from STYLES.
"""

import json
from pathlib import Path

from .styles import STYLES

FOLDER = Path(__file__).parents[2] / "drawings"
ROLES = {
    "training": "Trained on",
    "held-out": "Held out for testing, and shown in the application's sample pictures",
    "harder": "Also never trained on: farther from all others",
}
HEAD = """# Attribution

Scenes are composed of drawings from these openly licensed sets. But for `own`, which are drawn for this project, they
are not in this repository: `npm install` in this folder brings the packages, and Debian has openclipart-svg
(training/README.md). Pictures made of them are changed: drawings are scaled, turned, bent, recoloured, shaded, partly
covered and put on a background, then blurred, given noise and packed as JPEG or PNG.

| style | used for | drawn by | package | licence |
|---|---|---|---|---|
"""
TAIL = """
Backgrounds are computed and need no attribution. What is made with a style keeps to its licence: pictures with
CC-BY-4.0 drawings name the authors and the licence, pictures with CC-BY-SA-4.0 drawings are CC-BY-SA-4.0 as well.

Written by `python -m novo_train.scenes.attribution` from `novo_train/scenes/styles.py`.
"""


def attribution() -> str:
    rows = [
        f"| {s.name} | {ROLES[s.role]} | [{s.by}]({s.source}) | `{s.package}` {s.version} "
        f"| [{s.licence}]({s.licence_url}) |\n"
        for s in STYLES
    ]
    return HEAD + "".join(rows) + TAIL


def package_json() -> str:
    pins = {s.package: s.version for s in sorted(STYLES, key=lambda s: s.package) if s.registry == "npm"}
    told = {"name": "drawings", "private": True, "license": "SEE LICENSE IN ATTRIBUTION.md", "dependencies": pins}
    return json.dumps(told, indent=2) + "\n"


def credit(style_names: list[str]) -> list[dict[str, str]]:
    """What a picture with drawings of these styles must say."""
    return [
        {"style": s.name, "by": s.by, "source": s.source, "licence": s.licence, "licence_url": s.licence_url}
        for s in STYLES
        if s.name in style_names
    ]


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "ATTRIBUTION.md").write_text(attribution(), encoding="utf-8")
    (FOLDER / "package.json").write_text(package_json(), encoding="utf-8")

"""Writes a data set of rendered scenes with queries and exact masks.

    python -m novo_train.scenes.dataset OUT --sprites cache/sprites.npz --seed S --count N --styles held-out

OUT gets images/*.png; instances.json, one COCO file with the queries, for the application's `evaluate` and for
`novo_train.scenes.score`; requests.jsonl for its `batch --root OUT`; card.json: how it was made, what is in it, and who
drew what. The same arguments and pinned packages give the same bytes. Seeds below 1,000,000 are for testing: training
draws from higher ones.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from ..world.queries import FAMILIES, queries_for
from .attribution import credit
from .compose import make_scene
from .drawings import Sprites, load_sprites
from .records import Records, coco_text, request_text
from .styles import ROLES, styles_for

TESTING = 1_000_000  # seeds below are for testing


def write_dataset(
    out: Path, sprites: Sprites, styles: list[str], seed: int, count: int, side: int, queries: int, test: bool
) -> dict:
    """Writes all files but the command of the card; returns the card. test: queries in held-out wording."""
    (out / "images").mkdir(parents=True, exist_ok=False)
    records = Records()
    for scene_seed in range(seed, seed + count):
        scene = make_scene(scene_seed, sprites, styles, side)
        name = f"images/{scene_seed:06}.png"
        Image.fromarray(scene.image).save(out / name)
        rng = np.random.default_rng((scene_seed, 1))  # not the scene's own stream
        records.add(scene, name, queries_for(scene, rng, queries, test))
    credits = credit(sorted({a["attributes"]["style"] for a in records.annotations}))
    licences = [{"id": i, "name": c["licence"], "url": c["licence_url"]} for i, c in enumerate(credits, 1)]
    description = f"Rendered scenes, seeds {seed} to {seed + count - 1}; drawings by " + ", ".join(
        f"{c['by']} ({c['licence']}, changed)" for c in credits
    )
    (out / "instances.json").write_text(coco_text(records, description, licences), encoding="utf-8")
    (out / "requests.jsonl").write_text(request_text(records), encoding="utf-8")
    families = Counter(query["family"] for query in records.queries)
    return {
        "seed": seed,
        "styles": styles,
        "side": side,
        "wording": "test" if test else "train",
        "images": len(records.images),
        "instances": len(records.annotations),
        "queries": len(records.queries),
        "families": {family: families[family] for family in FAMILIES},
        "drawings": credits,
        "changes": "Drawings were scaled, turned, bent, recoloured, partly covered and put on computed backgrounds.",
    }


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="novo_train.scenes.dataset", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="a folder that is not there yet")
    parser.add_argument("--sprites", type=Path, default=Path("cache/sprites.npz"))
    parser.add_argument("--seed", type=int, required=True, help="of the first scene; the next has the next number")
    parser.add_argument("--count", type=int, required=True, help="scenes")
    parser.add_argument("--styles", choices=ROLES, required=True)
    parser.add_argument("--wording", choices=("train", "test"), default="train", help="test: sentences held out")
    parser.add_argument("--side", type=int, default=768, help="longer side of the pictures in pixels")
    parser.add_argument("--queries", type=int, default=6, help="per scene, at most")
    args = parser.parse_args(arguments)
    if args.out.exists():
        parser.error(f"{args.out} is there already")
    if args.styles != "training" and args.seed + args.count > TESTING:
        parser.error(f"seeds for testing are below {TESTING:,}: training draws from higher ones")
    styles, sprites = styles_for(args.styles), load_sprites(args.sprites)
    card = write_dataset(
        args.out, sprites, styles, args.seed, args.count, args.side, args.queries, args.wording == "test"
    )
    command = f"python -m novo_train.scenes.dataset OUT --seed {args.seed} --count {args.count} --styles {args.styles}"
    command += f" --wording {args.wording} --side {args.side} --queries {args.queries}"
    text = json.dumps({"command": command} | card, indent=2, ensure_ascii=False) + "\n"
    (args.out / "card.json").write_text(text, encoding="utf-8")
    print(f"{card['images']} images, {card['instances']} instances, {card['queries']} queries in {args.out}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The pictures of the application's sample project: held-out scenes with queries to try, true for each of them.

`python -m novo_train.scenes.sample SPRITES.npz OUT` writes scene-1.jpg and so on, scenes.json (title, credit and
suggested queries of each picture) and scene-requests.jsonl (the queries that the sample opens with, with the coarse map
of their answers: docs of the application, "Batch"). The same arguments and versions give the same bytes.

The drawings are of a style that no training sees. The queries were chosen by hand among those that the scenes give, in
training's and in held-out wording, so that they read well, differ in kind, and are answered rightly by the bundled
model: the sample shows what it can do, not how often (its card says that). One that a scene does not give any more
(other scenes, other phrases) is refused, because nothing would say that it is true.
"""

import argparse
import difflib
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..world.queries import FAMILIES, Query, queries_for
from .compose import Scene, make_scene
from .drawings import Sprites, load_sprites
from .styles import STYLES, styles_for

SIDE = 1024  # pixels of the longer side
QUALITY = 88  # of the JPEG files
MAX_BYTES = 150_000
ROUNDS = 400  # of 100 queries of each family about a scene, among which the chosen ones must be


@dataclass(frozen=True)
class Opening:
    """A query that the sample opens with, in the application's words: its form and kind, and what was decided."""

    text: str
    form: str
    reasoning: str
    decided: str


@dataclass(frozen=True)
class Look:
    """A scene that looks good, what it is called, what is suggested; the last one is without a target, where one is."""

    seed: int
    title: str
    texts: tuple[str, ...]
    openings: tuple[Opening, ...] = ()


# Chosen among scenes and queries that the bundled model answers rightly: people begin with what works.
LOOKS = (
    Look(
        41100,
        "Tacos and a bat",
        (
            "where could one eat something ?",
            "to have a snack , what here is of use ?",
            "among the things to eat , find the one nearest to the upper edge",
            "look at the fast food : find the one that is furthest to the right",
            "show me the things that show or measure time",
        ),
        (
            Opening("show me all edible things", "short", "attribute", "open"),
            Opening("look at the fast food : find the one that is furthest down", "long", "spatial", "accepted"),
            Opening("can you point at the things worn in front of the eyes ?", "short", "attribute", "none"),
        ),
    ),
    Look(
        41127,
        "Aubergines and carved pumpkins",
        (
            "where are the things for halloween ?",
            "we need to cook a vegetable soup , so what should we take ?",
            "which of the aubergines is furthest to the left ?",
            "which of the objects is furthest to the left ?",
            "compare the carved pumpkins and show me the tiniest one",
            "what could i use to knit a pullover ?",
        ),
    ),
    Look(
        41131,
        "Ice creams, guards and a cat",
        (
            "which of the objects in this picture are things that can be eaten ?",
            "are there things here which people keep at home as friends ?",
            "i want to eat something sweet and to fill an empty stomach",
            "all pets in the picture , please",
            "which of these are emergency vehicles ?",
        ),
    ),
    Look(
        41130,
        "A boot and three trains",
        (
            "suppose that you are about to get dressed . show me what you need for that",
            "where are the things that are human ?",
            "point out all that are worn on the feet",
            "the boots to the left of the girl",
            "find all things that are awake at night",
        ),
    ),
    Look(
        41120,
        "A chick and scorpions",
        (
            "what can be seen here that people know as things which lay eggs in a nest ?",
            "mark those which have a beak",
            "look carefully at the whole picture and point out all of the farm animals",
            "things that have feathers",
            "where are the things that need snow for their sport ?",
        ),
    ),
    Look(
        41132,
        "A shark and a tomato",
        (
            "find the rescuers",
            "which of the objects in this picture are things that live in the sea ?",
            "which persons are lower than the key ?",
            "find the things to eat on the left side of the shark",
            "where could one fill up the tank of a car ?",
        ),
    ),
    Look(
        41003,
        "Tomatoes and briefcases",
        (
            "of all the edible things , which one is the largest ?",
            "which of the bags is furthest to the right ?",
            "above the carrot , what tomatoes can be seen ?",
            "the lowest of the edible things",
            "where are the things that make a loud sound ?",
        ),
    ),
    Look(
        41052,
        "Pencils, tigers and a boat",
        (
            "which of the animals that hatch from eggs looks biggest ?",
            "right of the penguin , what farm animals can be seen ?",
            "can you point at the swimming animals ?",
            "among the things to write with , find the one on the far right",
            "what helps me to sit in the shade ?",
        ),
    ),
)


def credit(styles: list[str]) -> str:
    (style,) = (s for s in STYLES if s.name in styles)
    return f"Made from drawings by {style.by} ({style.licence}), changed"


def readable(text: str) -> str:
    """As a person writes it; the tokenizer reads both alike."""
    text = re.sub(r"\s+([,.?:])", r"\1", text)
    text = re.sub(r"\bi\b", "I", text)
    return text[0].upper() + text[1:]


def chosen_queries(scene: Scene, texts: tuple[str, ...]) -> list[Query]:
    """Those with these texts, of all that are written about the scene. ValueError for one that never comes."""
    rng = np.random.default_rng(scene.seed)
    known = {q.text: q for held_out in (False, True) for q in queries_for(scene, rng, 1000, held_out)}
    families = {(family, held_out) for family in FAMILIES for held_out in (False, True)}
    for _ in range(ROUNDS):
        if all(text in known for text in texts):
            return [known[text] for text in texts]
        for family, held_out in sorted(families):
            alone = {other: float(other == family) for other in FAMILIES}
            more = {q.text: q for q in queries_for(scene, rng, 100, held_out, alone)}
            if more.keys() <= known.keys():  # all that there are
                families.remove((family, held_out))
            known |= more
    lost = next(text for text in texts if text not in known)
    like = difflib.get_close_matches(lost, known, 3)
    raise ValueError(f"scene {scene.seed} gives no query {lost!r}; some that are like it: {like}")


def coarse_map(scene: Scene, targets: tuple[int, ...], n: int = 24) -> list[float]:
    """n x n values like cosines: -0.2 where no target is seen, 0.6 where nothing else is, over the padded square."""
    seen = np.zeros((n, n), np.float64)
    step = scene.side / n
    rows, columns = (np.minimum((np.arange(k) + 0.5) // step, n - 1).astype(int) for k in scene.ids.shape)
    np.add.at(seen, (rows[:, None], columns[None, :]), np.isin(scene.ids, targets))
    return [round(float(v), 3) for v in (seen / step**2).clip(0, 1).ravel() * 0.8 - 0.2]


def jpeg(image: np.ndarray) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(image).save(packed, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return packed.getvalue()


def opening_lines(scene: Scene, file: str, openings: tuple[Opening, ...]) -> list[dict]:
    lines = []
    for opening, query in zip(openings, chosen_queries(scene, tuple(o.text for o in openings)), strict=True):
        meta = {"form": opening.form, "reasoningType": opening.reasoning, "decided": opening.decided}
        line = {"id": len(lines) + 1, "image": file, "query": readable(query.text), "meta": meta}
        if query.targets:
            line |= {"grid": [24, 24], "activation": coarse_map(scene, query.targets)}
        lines.append(line)
    return lines


def write_sample(sprites: Sprites, out: Path, looks: tuple[Look, ...] = LOOKS, side: int = SIDE) -> None:
    styles = styles_for("held-out")
    out.mkdir(parents=True, exist_ok=True)
    scenes, requests = [], []
    for number, look in enumerate(looks, 1):
        scene, file = make_scene(look.seed, sprites, styles, side), f"scene-{number}.jpg"
        data = jpeg(scene.image)
        if len(data) > MAX_BYTES:
            raise ValueError(f"scene {look.seed} has {len(data)} bytes: choose one with less noise")
        (out / file).write_bytes(data)
        texts = [readable(q.text) for q in chosen_queries(scene, look.texts)]
        scenes.append({"file": file, "title": look.title, "credit": credit(styles), "suggestions": texts})
        requests += opening_lines(scene, file, look.openings)
    (out / "scenes.json").write_text(json.dumps(scenes, indent=2) + "\n")
    (out / "scene-requests.jsonl").write_text("".join(json.dumps(line) + "\n" for line in requests))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sprites", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    write_sample(load_sprites(args.sprites), args.out)


if __name__ == "__main__":
    main()

"""Photos with queries and exact masks, rendered or read from a folder, for the stage with Segment Anything in the
loop.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..scenes.compose import Scene, make_scene
from ..scenes.styles import styles_for
from ..world.queries import queries_for
from .config import Config
from .examples import by_instance, sprites

# LISA's five (utils/utils.py, ANSWER_LIST), for data that brings no answer of its own.
ANSWERS = ("It is <SEG>.", "Sure, <SEG>.", "Sure, it is <SEG>.", "Sure, the segmentation result is <SEG>.", "<SEG>.")
NOTHING = "There is nothing like that in this picture."


@dataclass(frozen=True)
class Ask:
    text: str
    answer: str  # with as many <SEG> as there are masks
    masks: list[np.ndarray]  # bool (h, w)
    family: str  # "none": without a target


@dataclass(frozen=True)
class Shot:
    """key: a file name for what is computed once. ask: (generator, how many, in held-out wording) -> queries."""

    key: str
    picture: np.ndarray  # uint8 (h, w, 3)
    ask: Callable[[np.random.Generator, int, bool], list[Ask]]
    things: Callable[[], list[np.ndarray]]  # bool (h, w) masks of all that is known to be seen


def rendered(config: Config, role: str, first: int, count: int) -> list[Shot]:
    """Scenes first .. first + count - 1 in the drawing styles of a role."""
    run = config.stage.novo
    table, drawn = sprites(config.data.sprites), styles_for(role)
    instances, families = config.data.answers == "instance", config.data.families
    seeds = range(first, first + count)
    return [
        of_scene(make_scene(seed, table, drawn, run.side), f"{role}-{run.side}-{seed}", instances, families)
        for seed in seeds
    ]


def of_scene(scene: Scene, key: str, instances: bool, families: dict[str, float]) -> Shot:
    def ask(rng, count, test):
        found = []
        for q in queries_for(scene, rng, count, test, {} if test else families):
            answer, masks = q.answer, [np.isin(scene.ids, q.targets)]
            if instances and q.targets:
                answer, order = by_instance(q, scene)
                masks = [scene.ids == t for t in order]
            found.append(Ask(q.text, answer, masks if q.targets else [], q.family))
        return found

    return Shot(key, scene.image, ask, lambda: [scene.ids == t for t in range(len(scene.things))])


def decoded(segmentation, height: int, width: int) -> np.ndarray:
    """COCO's polygons or RLE -> bool (h, w)."""
    from pycocotools import mask as coco

    if isinstance(segmentation, list):
        segmentation = coco.merge(coco.frPyObjects(segmentation, height, width))
    elif isinstance(segmentation["counts"], list):
        segmentation = coco.frPyObjects(segmentation, height, width)
    return coco.decode([segmentation])[..., 0].astype(bool)


def of_folder(folder: Path, instances: bool) -> list[Shot]:
    """instances.json in the RISeg-style layout of the application's export, photos beside it (docs/formats.md)."""
    told = json.loads((folder / "instances.json").read_text(encoding="utf-8"))
    things = {a["id"]: a for a in told["annotations"]}
    asked: dict[int, list[dict]] = {}
    for query in told["queries"]:
        asked.setdefault(query["image_id"], []).append(query)
    return [
        of_image(folder, image, asked[image["id"]], things, instances)
        for image in told["images"]
        if image["id"] in asked
    ]


def of_image(folder: Path, image: dict, queries: list[dict], things: dict[int, dict], instances: bool) -> Shot:
    path = next(p for p in (folder / image["file_name"], folder / "images" / image["file_name"]) if p.exists())
    picture = np.asarray(Image.open(path).convert("RGB"))
    h, w = picture.shape[:2]

    def ask(rng, count, test):
        chosen = [queries[i] for i in rng.permutation(len(queries))[:count]]
        found = []
        for q in chosen:
            masks = [decoded(things[i]["segmentation"], h, w) for i in q["annotation_ids"]]
            if not masks:
                found.append(Ask(q["text"], NOTHING, [], "none"))
                continue
            masks = masks if instances else [np.any(masks, 0)]
            answer = ANSWERS[rng.integers(len(ANSWERS))].replace("<SEG>", " ".join(["<SEG>"] * len(masks)))
            found.append(Ask(q["text"], answer, masks, q.get("family", "any")))
        return found

    def known() -> list[np.ndarray]:
        used = sorted({i for q in queries for i in q["annotation_ids"]})
        return [decoded(things[i]["segmentation"], h, w) for i in used]

    return Shot(Path(image["file_name"]).stem, picture, ask, known)

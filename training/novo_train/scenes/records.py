"""Scenes and their queries as records of one COCO file with the application's `queries` beside the annotations
(docs/formats.md), and as request lines of its `batch` (README, "Batch")."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from pycocotools import mask as coco_mask

from ..world.kinds import load_kinds
from ..world.queries import Query
from .compose import Scene

LONG = 12  # words from which a query counts as long
REASONING = {  # family -> RISeg's kind of reasoning (paper, section 3)
    "property": "attribute",
    "compare": "attribute",
    "count": "attribute",
    "several": "attribute",
    "except": "attribute",
    "spatial": "spatial",
    "near": "spatial",
    "beside": "spatial",
    "goal": "context",
    "purpose": "context",
    "none": None,
}


@dataclass
class Records:
    """Grows scene by scene; ids are 1, 2, 3, ... in the order of adding."""

    images: list[dict] = field(default_factory=list)
    annotations: list[dict] = field(default_factory=list)
    queries: list[dict] = field(default_factory=list)

    def add(self, scene: Scene, file_name: str, queries: list[Query]) -> None:
        height, width = scene.ids.shape
        image_id, first, asked = len(self.images) + 1, len(self.annotations) + 1, len(self.queries) + 1
        self.images.append({"id": image_id, "file_name": file_name, "width": width, "height": height})
        made = [query_record(query, image_id, first) | {"id": asked + n} for n, query in enumerate(queries)]
        self.queries += made
        for n, thing in enumerate(scene.things):
            owners = [str(query["id"]) for query in made if first + n in query["annotation_ids"]]
            x0, y0, x1, y1 = thing.box
            self.annotations.append(
                {
                    "id": first + n,
                    "image_id": image_id,
                    "category_id": thing.kind + 1,
                    "iscrowd": 0,
                    "area": thing.area,
                    "bbox": [x0, y0, x1 - x0, y1 - y0],
                    "segmentation": rle(scene.ids == n),
                    "attributes": {"style": thing.style, "source": "import"}
                    | ({"query_ids": ",".join(owners)} if owners else {}),
                }
            )


def rle(mask: np.ndarray) -> dict:
    """bool (h, w) -> COCO's compressed RLE, column-major."""
    packed = coco_mask.encode(np.asfortranarray(mask, np.uint8))
    return {"size": [int(v) for v in packed["size"]], "counts": packed["counts"].decode()}


def query_record(query: Query, image_id: int, first: int) -> dict:
    """The keys of the application's export, and the family and the answer in words. first: id of the scene's first
    annotation."""
    return {
        "id": 0,
        "image_id": image_id,
        "text": query.text,
        "annotation_ids": [first + t for t in query.targets],
        "no_target": not query.targets,
        "exhaustive": True,
        "status": "accepted",
        "form": "long" if len(re.findall("[a-z]+", query.text)) >= LONG else "short",
        "reasoning_type": REASONING[query.family],
        "source": "import",
        "clear": True,
        "correct": True,
        "reviewer": None,
        "note": "",
        "model": None,
        "family": query.family,
        "answer": query.answer,
    }


def categories() -> list[dict]:
    """Every kind, whether it occurs or not: ids are the same in all data sets."""
    return [{"id": i, "name": k.singular, "supercategory": k.supercategory} for i, k in enumerate(load_kinds(), 1)]


def coco_text(records: Records, description: str, licences: list[dict]) -> str:
    """The whole file, one element a line."""
    info = {"description": description, "url": "", "version": "1.0", "contributor": "", "date_created": ""}
    sections = {
        "images": records.images,
        "annotations": records.annotations,
        "categories": categories(),
        "queries": records.queries,
    }
    head = f'{{"info":{json.dumps(info)},\n"licenses":{json.dumps(licences)}'
    return head + "".join(f',\n"{name}":[\n{lines(rows, ",")}]' for name, rows in sections.items()) + "}\n"


def request_text(records: Records) -> str:
    """requests.jsonl: one request a query, image files relative to the data set's folder."""
    names = {image["id"]: image["file_name"] for image in records.images}
    requests = [{"id": q["id"], "image": names[q["image_id"]], "query": q["text"]} for q in records.queries]
    return lines(requests)


def lines(rows: Iterable[dict], separator: str = "") -> str:
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    return f"{separator}\n".join(texts) + "\n" if texts else ""

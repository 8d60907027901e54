"""Scores results of the application's `batch` on a data set of scenes, with no code of the application.

    python -m novo_train.scenes.score instances.json results.jsonl [--json FILE]

A result line is { id, semantic: RLE, refined: RLE, instances: [{ segmentation: RLE, score }], error? }; its id is that
of a query in instances.json. Masks that a line does not have are empty; a query without a line, or whose line has an
error or a damaged mask, scores 0 and is counted as failed. All figures in percent, rounded to 2 digits; by family, of
the queries with a target, and over all.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools import mask as coco_mask

from .measures import Score, average_precision, packed, percent, score_masks, summary


def decode(rle: dict | None, height: int, width: int) -> np.ndarray:
    """COCO RLE, compressed or not -> bool (h, w). ValueError for another size or runs that do not fill it."""
    if rle is None:
        return np.zeros((height, width), bool)
    if list(rle["size"]) != [height, width]:
        raise ValueError(f"the mask is {rle['size']}, the image {[height, width]}")
    if isinstance(rle["counts"], list):
        if sum(rle["counts"]) != height * width:
            raise ValueError(f"the runs cover {sum(rle['counts'])} of {height * width} pixels")
        rle = coco_mask.frPyObjects(rle, height, width)
    return coco_mask.decode(rle).astype(bool)


def answer(result: dict | None, height: int, width: int) -> tuple[dict[str, np.ndarray], list[dict]] | None:
    """Masks by name, and scored instances, of a result line; None if it cannot be used."""
    if result is None or result.get("error"):
        return None
    try:
        masks = {name: decode(result.get(name), height, width) for name in ("semantic", "refined")}
        found = [
            {"rle": packed(decode(each["segmentation"], height, width)), "score": float(each.get("score") or 0)}
            for each in result.get("instances") or []
        ]
    except (ValueError, KeyError, TypeError) as problem:
        print(f"{result['id']}: {problem}", file=sys.stderr)
        return None
    return masks, found


def score(truth: dict[str, Any], results: dict[str, dict]) -> dict[str, Any]:
    """truth: a COCO file with queries. results: lines by the text of their id."""
    images = {image["id"]: image for image in truth["images"]}
    annotations = {annotation["id"]: annotation for annotation in truth["annotations"]}
    rows: list[tuple[str, dict[str, Score], bool]] = []  # family, scores of both masks, whether nothing was found
    matches, failed = [], []
    for query in truth["queries"]:
        image = images[query["image_id"]]
        height, width = image["height"], image["width"]
        targets = [decode(annotations[a]["segmentation"], height, width) for a in query["annotation_ids"]]
        want = np.logical_or.reduce(targets) if targets else np.zeros((height, width), bool)
        given = answer(results.get(str(query["id"])), height, width)
        if given is None:
            failed.append(query["id"])
        masks, found = given or ({}, [])
        scores = {name: score_masks(masks.get(name), want) for name in ("semantic", "refined")}
        recognised = given is not None and not masks["refined"].any()
        rows.append((query.get("family", "all"), scores, recognised))
        matches.append(([packed(mask) for mask in targets], found))
    groups = {"all": range(len(rows)), "with target": [i for i, (targets, _) in enumerate(matches) if targets]}
    for family in dict.fromkeys(row[0] for row in rows):
        groups[family] = [i for i, row in enumerate(rows) if row[0] == family]
    report = {
        name: {
            "n": len(members),
            **{which: summary([rows[i][1][which] for i in members]) for which in ("semantic", "refined")},
            "instances": average_precision([matches[i] for i in members]),
        }
        for name, members in groups.items()
        if members
    }
    says_none = {True: [], False: []}
    for (_, _, recognised), (targets, _) in zip(rows, matches, strict=True):
        says_none[bool(targets)].append(recognised)
    return {
        "failed": failed,
        "unknown": sorted(set(results) - {str(q["id"]) for q in truth["queries"]}),
        "no_target": {"recognised": share(says_none[False]), "false_alarms": share(says_none[True])},
        "groups": report,
    }


def share(values: list[bool]) -> float | None:
    return percent(sum(values) / len(values)) if values else None


def table(report: dict[str, Any]) -> str:
    head = (
        "                   n   semantic gIoU  cIoU  bIoU   bF1   refined gIoU  cIoU  bIoU   bF1   instances AP50    AP"
    )
    out = [head]
    for name, group in report["groups"].items():
        cells = [group[which][key] for which in ("semantic", "refined") for key in ("gIoU", "cIoU", "bIoU", "bF1")]
        cells += [group["instances"]["AP50"], group["instances"]["AP"]]
        text = ["    -" if cell is None else f"{cell:5.1f}" for cell in cells]
        out.append(
            f"{name:12}{group['n']:8}           {' '.join(text[:4])}          {' '.join(text[4:8])}            "
            f"{' '.join(text[8:])}"
        )
    none = report["no_target"]
    told = f"recognised {none['recognised']} % of those without one, said of {none['false_alarms']} % of the others"
    out.append(f"no target: {told}")
    out.append(f"failed: {len(report['failed'])}; results without a query: {len(report['unknown'])}")
    return "\n".join(out)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="novo_train.scenes.score", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--json", type=Path, help="where to write all figures")
    args = parser.parse_args(arguments)
    truth = json.loads(args.truth.read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in args.results.read_text(encoding="utf-8").splitlines() if line.strip()]
    report = score(truth, {str(line["id"]): line for line in lines})
    print(table(report))
    if args.json:
        args.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

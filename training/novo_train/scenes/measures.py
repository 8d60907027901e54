"""Measures of masks, written down from their papers and reference implementations, for `score`.

gIoU and cIoU: LISA (utils/utils.py, train_ds.py). Boundary IoU: Cheng et al. 2021, band of 2 % of the diagonal.
Boundary F1: DAVIS (Perazzi et al. 2016), at 3 pixels. Average precision: pycocotools, class-agnostic, each query one
image.
"""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from scipy import ndimage

BAND, NEAR = 0.02, 3  # of the diagonal; pixels


@dataclass(frozen=True)
class Score:
    """Of one mask: pixels of intersection and union, and ratios from 0 to 1."""

    intersection: int
    union: int
    iou: float
    boundary_iou: float
    boundary_f1: float


def score_masks(got: np.ndarray | None, want: np.ndarray) -> Score:
    """bool (h, w) each. Both empty: all ratios are 1. None (no usable answer): all are 0."""
    if got is None:
        return Score(0, int(want.sum()), 0.0, 0.0, 0.0)
    intersection, union = int((got & want).sum()), int((got | want).sum())
    if union == 0:
        return Score(0, 0, 1.0, 1.0, 1.0)
    # LISA's epsilon; it makes a perfect mask 1 - 1e-5 / union.
    iou = intersection / (union + 1e-5)
    width = max(1, round(BAND * float(np.hypot(*want.shape))))
    return Score(intersection, union, iou, boundary_iou(got, want, width), boundary_f1(got, want))


def band(mask: np.ndarray, width: int) -> np.ndarray:
    """Pixels of the mask within `width` (Chebyshev) of what is not mask; outside of the frame is not mask."""
    core = ndimage.minimum_filter(mask.view(np.uint8), 2 * width + 1, mode="constant", cval=0)
    return mask & (core == 0)


def boundary_iou(got: np.ndarray, want: np.ndarray, width: int) -> float:
    a, b = band(got, width), band(want, width)
    union = (a | b).sum()
    return float((a & b).sum() / union) if union else 1.0


def boundary_f1(got: np.ndarray, want: np.ndarray) -> float:
    """Share of each outline (inner, 1 pixel wide) within NEAR pixels of the other one, as F1."""
    a, b = band(got, 1), band(want, 1)
    if not a.any() or not b.any():
        return float(a.any() == b.any())
    precision = float((ndimage.distance_transform_edt(~b)[a] <= NEAR).mean())
    recall = float((ndimage.distance_transform_edt(~a)[b] <= NEAR).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def summary(scores: list[Score]) -> dict[str, float | None]:
    """In percent. gIoU: mean of the IoUs; cIoU: all intersections over all unions (None where all unions are empty)."""
    union = sum(s.union for s in scores)
    return {
        "gIoU": percent(np.mean([s.iou for s in scores])),
        "cIoU": percent(sum(s.intersection for s in scores) / union) if union else None,
        "bIoU": percent(np.mean([s.boundary_iou for s in scores])),
        "bF1": percent(np.mean([s.boundary_f1 for s in scores])),
    }


def packed(mask: np.ndarray) -> dict:
    """bool (h, w) -> RLE: masks of many queries are held at once."""
    return coco_mask.encode(np.asfortranarray(mask, np.uint8))


def average_precision(queries: list[tuple[list[dict], list[dict]]]) -> dict[str, float | None]:
    """queries: (RLEs of the true masks, [{rle, score}] that were found) each. AP at IoU 0.5 to 0.95, AP50, AP75 in
    percent; None if no query has a target."""
    truths, found = [], []
    for image, (masks, given) in enumerate(queries, 1):
        own = {"image_id": image, "category_id": 1}
        for rle in masks:
            area = float(coco_mask.area(rle))
            truths.append(own | {"segmentation": rle, "id": len(truths) + 1, "area": area, "iscrowd": 0})
        given = [each for each in given if coco_mask.area(each["rle"])]
        found += [own | {"segmentation": each["rle"], "score": each["score"]} for each in given]
    if not truths:
        return {"AP": None, "AP50": None, "AP75": None}
    if not found:
        return {"AP": 0.0, "AP50": 0.0, "AP75": 0.0}
    sizes = {each["image_id"]: each["segmentation"]["size"] for each in (*truths, *found)}
    images = [{"id": i, "height": int(h), "width": int(w)} for i, (h, w) in sizes.items()]
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        categories = [{"id": 1, "name": "thing"}]
        truth.dataset = {"info": {}, "images": images, "annotations": truths, "categories": categories}
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(found), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return {name: percent(v) for name, v in zip(("AP", "AP50", "AP75"), evaluation.stats[:3], strict=True)}


def percent(value: float) -> float:
    return round(100 * float(value), 2)

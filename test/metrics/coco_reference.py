"""COCO's twelve figures by pycocotools for a list of data sets: [{images, annotations, categories, results}] -> [[12]]."""

import contextlib
import io
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def evaluate(data):
    truth = COCO()
    truth.dataset = {key: data[key] for key in ("images", "annotations", "categories")}
    truth.createIndex()
    if data["results"]:
        found = truth.loadRes(data["results"])
    else:
        found = COCO()
        found.dataset = {**truth.dataset, "annotations": []}
        found.createIndex()
    run = COCOeval(truth, found, "segm")
    run.evaluate()
    run.accumulate()
    run.summarize()
    return [float(value) for value in run.stats]


with contextlib.redirect_stdout(io.StringIO()):
    answers = [evaluate(data) for data in json.load(open(sys.argv[1]))]
print(json.dumps(answers))

"""Loads a COCO file with pycocotools and scores it against itself: prints AP, and how many annotations were read."""

import contextlib
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

with contextlib.redirect_stdout(sys.stderr):
    truth = COCO(sys.argv[1])
    results = truth.loadRes(
        [
            {
                "image_id": annotation["image_id"],
                "category_id": annotation["category_id"],
                "segmentation": truth.annToRLE(annotation),
                "score": 1.0,
            }
            for annotation in truth.dataset["annotations"]
        ]
    )
    evaluation = COCOeval(truth, results, "segm")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
print(json.dumps({"ap": evaluation.stats[0], "annotations": len(truth.anns), "images": len(truth.imgs)}))

"""The pycocotools side of bench/coco-eval.ts: seconds from files to the twelve figures, split into reading and evaluating."""

import contextlib
import io
import json
import sys
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

with contextlib.redirect_stdout(io.StringIO()):
    start = time.process_time()
    truth = COCO(sys.argv[1])
    found = truth.loadRes(sys.argv[2])
    read = time.process_time()
    run = COCOeval(truth, found, "segm")
    run.evaluate()
    run.accumulate()
    run.summarize()
    done = time.process_time()
print(json.dumps({"read": read - start, "evaluate": done - read, "stats": [float(value) for value in run.stats]}))

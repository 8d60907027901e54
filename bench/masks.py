"""The pycocotools side of bench/masks.ts: times one operation on one mask pair for every line on stdin.

A line is JSON {"op", "repeat"}, or {"load", "height", "width", "a", "b"} with two files of row-major 0/1 bytes.
The answer is nanoseconds for one call, as the mean of `repeat` calls; for "load" it is the two encoded masks.
"""

import json
import sys
import time

import numpy as np
from pycocotools import mask as coco

rows = columns = first = second = None


def encode_rows():
    return coco.encode(np.asfortranarray(rows))


OPERATIONS = {
    "encode": encode_rows,
    "encode (column-major)": lambda: coco.encode(columns),
    "decode": lambda: np.ascontiguousarray(coco.decode(first)),
    "decode (column-major)": lambda: coco.decode(first),
    "union": lambda: coco.merge([first, second]),
    "IoU": lambda: coco.iou([first], [second], [0]),
}

for line in sys.stdin:
    request = json.loads(line)
    if "load" in request:
        shape = (request["height"], request["width"])
        rows = np.fromfile(request["a"], np.uint8).reshape(shape)
        columns = np.asfortranarray(rows)
        first = coco.encode(columns)
        second = coco.encode(np.asfortranarray(np.fromfile(request["b"], np.uint8).reshape(shape)))
        answer = {
            "a": first["counts"].decode(),
            "b": second["counts"].decode(),
            "union": coco.merge([first, second])["counts"].decode(),
            "iou": float(coco.iou([first], [second], [0])[0][0]),
        }
    else:
        operation = OPERATIONS[request["op"]]
        start = time.perf_counter_ns()
        for _ in range(request["repeat"]):
            operation()
        answer = (time.perf_counter_ns() - start) / request["repeat"]
    print(json.dumps(answer), flush=True)

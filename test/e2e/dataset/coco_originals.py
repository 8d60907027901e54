"""Whether every mask of a COCO file is, pixel by pixel, one of those that the original file has for the same photo and class.

Both are read by pycocotools. Prints how many masks there are, and the ids of those that are nowhere in the original.
"""

import contextlib
import json
import os
import sys

from pycocotools.coco import COCO

with contextlib.redirect_stdout(sys.stderr):
    released, original = COCO(sys.argv[1]), COCO(sys.argv[2])
ids = {os.path.basename(image["file_name"]): image["id"] for image in original.dataset["images"]}
names = {category["id"]: category["name"] for category in original.dataset["categories"]}
ours = {category["id"]: category["name"] for category in released.dataset["categories"]}


def mask_of(coco, annotation):
    # Pixels, not the text of the RLE: that of a filled polygon may have runs of no pixels.
    return coco.annToMask(annotation).tobytes()


known = {}
strange = []
for annotation in released.dataset["annotations"]:
    photo = ids[os.path.basename(released.imgs[annotation["image_id"]]["file_name"])]
    if photo not in known:
        known[photo] = {(names[each["category_id"]], mask_of(original, each)) for each in original.imgToAnns[photo]}
    if (ours[annotation["category_id"]], mask_of(released, annotation)) not in known[photo]:
        strange.append(annotation["id"])
json.dump({"masks": len(released.anns), "strange": strange}, sys.stdout)

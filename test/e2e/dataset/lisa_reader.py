"""Reads a folder of ReasonSeg samples by the rules of LISA's loader, without numpy or OpenCV.

Prints a JSON object by sample: text, is_sentence, width, height, `target` and `ignore`, each the lengths of the runs of a
mask row by row, background first. With --opencv the polygons are filled by OpenCV itself.
"""

import json
import pathlib
import sys


def line(x0, y0, x1, y1):
    """The pixels of a side, both ends included."""
    dx, dy = abs(x1 - x0), -abs(y1 - y0)
    sx, sy = (1 if x0 < x1 else -1), (1 if y0 < y1 else -1)
    error = dx + dy
    while True:
        yield x0, y0
        if (x0, y0) == (x1, y1):
            return
        double = 2 * error
        if double >= dy:
            error, x0 = error + dy, x0 + sx
        if double <= dx:
            error, y0 = error + dx, y0 + sy


def filled(points, width, height):
    """A polygon by the even-odd rule, its sides drawn as well: a bytearray of width * height."""
    mask = bytearray(width * height)
    sides = list(zip(points, points[1:] + points[:1]))
    crossings = [[] for _ in range(height)]
    for (x0, y0), (x1, y1) in sides:
        for x, y in line(x0, y0, x1, y1):
            if 0 <= x < width and 0 <= y < height:
                mask[y * width + x] = 1
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        for y in range(max(y0, 0), min(y1, height)):
            crossings[y].append((x0 * (y1 - y0) + (y - y0) * (x1 - x0), y1 - y0))
    for y, row in enumerate(crossings):
        row.sort(key=lambda crossing: crossing[0] / crossing[1])
        for (a, of_a), (b, of_b) in zip(row[::2], row[1::2]):
            first, last = max(-(-a // of_a), 0), min(b // of_b, width - 1)
            if first <= last:
                mask[y * width + first : y * width + last + 1] = b"\x01" * (last + 1 - first)
    return mask


def filled_by_opencv(points, width, height):
    import cv2
    import numpy

    mask = numpy.zeros((height, width), numpy.uint8)
    corners = numpy.array([points], numpy.int32)
    cv2.polylines(mask, corners, True, 1, 1)
    cv2.fillPoly(mask, corners, 1)
    return bytearray(mask.tobytes())


def painted(shapes, width, height, fill):
    """255 where a pixel is ignored, 1 where it is asked for: the largest shape is painted first, later ones over it."""
    layers = []
    for order, shape in enumerate(shapes):
        if shape["label"].lower() == "flag":
            continue
        corners = [(int(x), int(y)) for x, y in shape["points"]]
        layer = fill(corners, width, height)
        value = 255 if "ignore" in shape["label"].lower() else 1
        layers.append((sum(layer), order, value, layer))
    mask = bytearray(width * height)
    # Of two that are equally large the later one comes first: an ascending order, turned round.
    for _, _, value, layer in sorted(layers, key=lambda each: each[:2], reverse=True):
        at = layer.find(1)
        while at >= 0:
            end = layer.find(0, at)
            end = len(layer) if end < 0 else end
            mask[at:end] = bytes([value]) * (end - at)
            at = layer.find(1, end)
    return mask


def runs(mask, value):
    only = mask.translate(bytes(int(k == value) for k in range(256)))
    lengths, at, wanted = [], 0, 1
    while at < len(only):
        end = only.find(wanted, at)
        end = len(only) if end < 0 else end
        lengths.append(end - at)
        at, wanted = end, 1 - wanted
    return lengths


def read(path):
    data = path.read_bytes()
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return json.loads(data.decode("cp1252"))


def main(folder, *options):
    fill = filled_by_opencv if "--opencv" in options else filled
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        if path.name == "novo-export.json":
            continue
        sample = read(path)
        width, height = sample["width"], sample["height"]
        mask = painted(sample["shapes"], width, height, fill)
        found[path.stem] = {
            "text": sample["text"][0].strip(),
            "is_sentence": sample["is_sentence"],
            "photo": path.with_suffix(".jpg").is_file(),
            "width": width,
            "height": height,
            "target": runs(mask, 1),
            "ignore": runs(mask, 255),
        }
    json.dump(found, sys.stdout)


main(*sys.argv[1:])

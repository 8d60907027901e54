"""Boundary measures straight from their definitions, in numpy, for a list of mask pairs.

Input: [{"size": [h, w], "a": rows of "01" text joined, "b": the same, "void": the same or null}].
Output: for each pair [|bands and|, |bands or|] at 0.02 of the diagonal and at 3 pixels, then DAVIS's precision,
recall and F at 3 pixels and at 0.008 of the diagonal, with void pixels removed from both masks before everything.
"""

import json
import math
import sys

import numpy as np


def erode(mask, times):
    """`times` erosions by 3 x 3 ones; the outside of the image is background."""
    for _ in range(times):
        padded = np.pad(mask, 1)
        h, w = mask.shape
        mask = np.min([padded[y : y + h, x : x + w] for y in range(3) for x in range(3)], axis=0)
    return mask


def band(mask, d):
    return mask - erode(mask, d)


def overlap(a, b):
    return [int(np.sum(a & b)), int(np.sum(a | b))]


def outline(mask):
    mask = mask.astype(bool)
    e, s, se = np.zeros_like(mask), np.zeros_like(mask), np.zeros_like(mask)
    e[:, :-1] = mask[:, 1:]
    s[:-1, :] = mask[1:, :]
    se[:-1, :-1] = mask[1:, 1:]
    edge = (mask ^ e) | (mask ^ s) | (mask ^ se)
    edge[-1, :] = mask[-1, :] ^ e[-1, :]
    edge[:, -1] = mask[:, -1] ^ s[:, -1]
    edge[-1, -1] = False
    return edge


def dilate(mask, radius):
    h, w = mask.shape
    reach = math.floor(radius)
    padded = np.pad(mask, reach)
    out = np.zeros_like(mask)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if dx * dx + dy * dy <= radius * radius:
                out |= padded[reach + dy : reach + dy + h, reach + dx : reach + dx + w]
    return out


def davis(prediction, target, bound):
    radius = bound if bound >= 1 else math.ceil(bound * math.hypot(*prediction.shape))
    a, b = outline(prediction), outline(target)
    na, nb = int(a.sum()), int(b.sum())
    if na == 0 and nb == 0:
        precision = recall = 1.0
    elif na == 0:
        precision, recall = 1.0, 0.0
    elif nb == 0:
        precision, recall = 0.0, 1.0
    else:
        precision = float((a & dilate(b, radius)).sum()) / na
        recall = float((b & dilate(a, radius)).sum()) / nb
    f = 0.0 if precision + recall == 0 else 2 * precision * recall / (precision + recall)
    return f


def measure(pair):
    h, w = pair["size"]
    read = lambda text: np.frombuffer(text.encode(), np.uint8).reshape(h, w) - ord("0")  # noqa: E731
    a, b = read(pair["a"]), read(pair["b"])
    if pair["void"]:
        keep = 1 - read(pair["void"])
        a, b = a * keep, b * keep
    ratio = max(1, int(round(0.02 * np.sqrt(h**2 + w**2))))
    return {
        "ratio": overlap(band(a, ratio), band(b, ratio)),
        "pixels": overlap(band(a, 3), band(b, 3)),
        "f3": davis(a, b, 3),
        "f008": davis(a, b, 0.008),
    }


print(json.dumps([measure(pair) for pair in json.load(open(sys.argv[1]))]))

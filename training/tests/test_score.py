"""The independent scorer: figures that can be checked by hand, and nothing that goes wrong is left out of them."""

import json

import numpy as np
import pytest

from novo_train.scenes import measures
from novo_train.scenes.measures import average_precision, packed, score_masks
from novo_train.scenes.records import rle
from novo_train.scenes.score import decode, main, score, table

H, W = 40, 50


def box(x0, y0, x1, y1) -> np.ndarray:
    mask = np.zeros((H, W), bool)
    mask[y0:y1, x0:x1] = True
    return mask


def truth(*queries: tuple[str, list[np.ndarray]]) -> dict:
    """One image; a query for each (family, masks)."""
    told = {"images": [{"id": 1, "width": W, "height": H}], "annotations": [], "queries": []}
    for number, (family, masks) in enumerate(queries, 1):
        first = len(told["annotations"]) + 1
        told["annotations"] += [{"id": first + i, "segmentation": rle(mask)} for i, mask in enumerate(masks)]
        ids = list(range(first, first + len(masks)))
        told["queries"].append({"id": number, "image_id": 1, "annotation_ids": ids, "family": family})
    return told


def result(number: int, semantic: np.ndarray, refined: np.ndarray, *found: tuple[np.ndarray, float]) -> dict:
    instances = [{"segmentation": rle(mask), "score": s} for mask, s in found]
    return {"id": number, "semantic": rle(semantic), "refined": rle(refined), "instances": instances}


A, B, NONE = box(5, 5, 15, 25), box(25, 10, 45, 30), box(0, 0, 0, 0)  # 200 and 400 pixels


def test_right_answers_score_100():
    told = truth(("property", [A, B]), ("none", []))
    report = score(told, {"1": result(1, A | B, A | B, (A, 0.9), (B, 0.8)), "2": result(2, NONE, NONE)})
    for group in ("all", "with target", "property"):
        figures = report["groups"][group]
        assert figures["refined"] == figures["semantic"] == {"gIoU": 100, "cIoU": 100, "bIoU": 100, "bF1": 100}
        assert figures["instances"] == {"AP": 100, "AP50": 100, "AP75": 100}
    assert report["groups"]["none"]["refined"]["cIoU"] is None
    assert report["no_target"] == {"recognised": 100, "false_alarms": 0}
    assert report["failed"] == report["unknown"] == []
    assert "property" in table(report) and "recognised 100.0 %" in table(report)


def test_mean_and_cumulative_iou():
    told = truth(("a", [A]), ("b", [B]))
    half = box(5, 5, 15, 15)  # half of A
    report = score(told, {"1": result(1, half, NONE), "2": result(2, B, B)})
    semantic = report["groups"]["all"]["semantic"]
    assert semantic["gIoU"] == 75 and semantic["cIoU"] == pytest.approx(100 * 500 / 600, abs=0.01)
    refined = report["groups"]["all"]["refined"]
    assert refined["gIoU"] == 50 and refined["cIoU"] == pytest.approx(100 * 400 / 600, abs=0.01)
    assert report["no_target"] == {"recognised": None, "false_alarms": 50}
    assert report["groups"]["a"]["semantic"]["gIoU"] == 50


def test_what_is_seen_where_nothing_is_asked_for_counts():
    report = score(truth(("none", []), ("none", [])), {"1": result(1, A, A, (A, 0.5)), "2": result(2, NONE, NONE)})
    assert report["groups"]["none"]["refined"]["gIoU"] == 50 and report["groups"]["none"]["refined"]["cIoU"] == 0
    assert report["no_target"]["recognised"] == 50


def test_what_cannot_be_used_is_a_failure_and_scores_nothing(capsys):
    told = truth(*[("none", [])] * 5)
    damaged, small = result(3, NONE, NONE), result(4, NONE, NONE)
    damaged["refined"] = {"size": [H, W], "counts": [3, 4]}
    small["semantic"] = {"size": [H, W - 1], "counts": [H * (W - 1)]}
    results = {
        "2": {"id": 2, "error": {"message": "no"}},
        "3": damaged,
        "4": small,
        "5": result(5, NONE, NONE),
        "9": {},
    }
    report = score(told, results)
    assert report["failed"] == [1, 2, 3, 4] and report["unknown"] == ["9"]
    assert report["groups"]["all"]["refined"]["gIoU"] == 20 and report["no_target"]["recognised"] == 20
    assert "3: the runs cover 7 of 2000 pixels" in capsys.readouterr().err


def test_average_precision_by_hand():
    shifted = box(6, 5, 16, 25)  # IoU with A: 180 / 220 = 0.82
    queries = [([A, B], [(shifted, 0.9), (box(0, 30, 5, 40), 0.8)]), ([A], [(A, 0.7)]), ([], [(B, 0.1)])]
    figures = average_precision(
        [([packed(m) for m in masks], [{"rle": packed(m), "score": s} for m, s in found]) for masks, found in queries]
    )
    # In order of score: hit, miss, hit, miss; recall 1/3, 1/3, 2/3, 2/3 of three. Best precision from each recall on:
    # 1 for the 34 recalls of 0 to 0.33, 2/3 for the 33 from 0.34 to 0.66, else 0.
    expected = 100 * (34 + 33 * 2 / 3) / 101
    assert figures["AP50"] == pytest.approx(expected, abs=0.01) == figures["AP75"]
    assert figures["AP"] < figures["AP50"], "0.82 is no hit at IoU 0.85 to 0.95"
    assert average_precision([([], [])])["AP"] is None and average_precision([([packed(A)], [])])["AP"] == 0


def slow_band(mask: np.ndarray, width: int) -> np.ndarray:
    """By definition: a pixel of the mask with something that is not mask, or the outside, within `width`."""
    out = np.zeros_like(mask)
    for y, x in np.argwhere(mask):
        for v in range(y - width, y + width + 1):
            for u in range(x - width, x + width + 1):
                if not (0 <= v < H and 0 <= u < W) or not mask[v, u]:
                    out[y, x] = True
    return out


def slow_f1(got: np.ndarray, want: np.ndarray) -> float:
    a, b = np.argwhere(slow_band(got, 1)), np.argwhere(slow_band(want, 1))
    near = np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1)) <= measures.NEAR
    precision, recall = near.any(1).mean(), near.any(0).mean()
    return 2 * precision * recall / (precision + recall) if precision + recall else 0


@pytest.mark.parametrize("seed", range(6))
def test_boundaries_by_definition(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 20, 2)
    got, want = box(x, y, x + rng.integers(5, 30), y + rng.integers(5, 20)), A | B if seed % 2 else A
    width = max(1, round(0.02 * float(np.hypot(H, W))))
    a, b = slow_band(got, width), slow_band(want, width)
    made = score_masks(got, want)
    assert np.array_equal(measures.band(got, width), a)
    assert made.boundary_iou == pytest.approx((a & b).sum() / (a | b).sum())
    assert made.boundary_f1 == pytest.approx(slow_f1(got, want))
    assert (made.intersection, made.union) == ((got & want).sum(), (got | want).sum())


def test_empty_masks():
    assert score_masks(NONE, NONE).iou == score_masks(NONE, NONE).boundary_f1 == 1
    one_sided = score_masks(A, NONE), score_masks(NONE, A), score_masks(None, A), score_masks(None, NONE)
    assert all((s.iou, s.boundary_iou, s.boundary_f1) == (0, 0, 0) for s in one_sided)


def test_runs_as_numbers_and_as_text_are_one_mask():
    numbers = {"size": [2, 3], "counts": [1, 2, 3]}  # column by column
    assert decode(numbers, 2, 3).tolist() == [[False, True, False], [True, False, False]]
    assert np.array_equal(decode(rle(decode(numbers, 2, 3)), 2, 3), decode(numbers, 2, 3))
    assert not decode(None, 2, 3).any()


def test_the_command_prints_a_table_and_writes_json(tmp_path, capsys):
    (tmp_path / "t.json").write_text(json.dumps(truth(("goal", [A]))))
    (tmp_path / "r.jsonl").write_text(json.dumps(result(1, A, A, (A, 1.0))) + "\n\n")
    main([str(tmp_path / "t.json"), str(tmp_path / "r.jsonl"), "--json", str(tmp_path / "out.json")])
    assert "goal" in capsys.readouterr().out
    assert json.loads((tmp_path / "out.json").read_text())["groups"]["goal"]["instances"]["AP50"] == 100

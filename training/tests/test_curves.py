"""Curves of a run."""

import json
from xml.etree import ElementTree

from novo_train.stages import curves

SVG = "{http://www.w3.org/2000/svg}"


def test_losses_and_shares_of_a_log_are_drawn(tmp_path):
    rows = [{"cpu": 1.0, "total": 4.0}, {"cpu": 2.0, "total": 2.0, "held-out": {"iou": 0.5}, "told": {"other": 1}}]
    log = tmp_path / "5-layouts.jsonl"
    log.write_text("\n".join(map(json.dumps, rows)))
    curves.main([str(log), str(tmp_path / "out.svg")])
    drawn = ElementTree.fromstring((tmp_path / "out.svg").read_text())
    texts = [each.text for each in drawn.iter(f"{SVG}text")]
    assert texts == ["5-layouts: loss to 4.00, 2 min", "0.50"]
    assert [each.text for each in drawn.iter(f"{SVG}title")][1:] == ["held-out"]


def test_logs_are_drawn_in_rows_of_four(tmp_path):
    log = tmp_path / "1-vision.jsonl"
    log.write_text(json.dumps({"cpu": 1.0, "total": 4.0}))
    drawn = ElementTree.fromstring(curves.drawn([log] * 5))
    assert (drawn.get("width"), drawn.get("height")) == (str(4 * curves.WIDTH), str(2 * curves.HEIGHT))
    last = list(drawn.iter(f"{SVG}g"))[-1]
    assert last.get("transform") == f"translate(0,{curves.HEIGHT})"

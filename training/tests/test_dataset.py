"""Data sets of scenes: the same bytes each time, exact masks, queries that point at their instances, who drew what."""

import filecmp
import json

import numpy as np
import pytest
from drawn import STYLES, sprites
from PIL import Image
from pycocotools.coco import COCO

from novo_train.scenes import dataset
from novo_train.scenes.compose import make_scene
from novo_train.scenes.dataset import write_dataset
from novo_train.scenes.records import lines
from novo_train.world.kinds import SUPERCATEGORIES, load_kinds
from novo_train.world.queries import FAMILIES

SEED, COUNT, SIDE = 700, 6, 160


def write(out, **changes):
    told = {"seed": SEED, "count": COUNT, "side": SIDE, "queries": 8, "test": True} | changes
    return write_dataset(out, sprites(), list(STYLES), **told)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "set"
    return out, write(out)


def test_the_same_arguments_give_the_same_bytes(made, tmp_path):
    out, card = made
    assert write(tmp_path / "again") == card
    names = [str(path.relative_to(out)) for path in sorted(out.rglob("*")) if path.is_file()]
    assert len(names) == COUNT + 2
    assert filecmp.cmpfiles(out, tmp_path / "again", names, shallow=False)[0] == names
    write(tmp_path / "other", seed=SEED + 1)
    assert (tmp_path / "other/instances.json").read_bytes() != (out / "instances.json").read_bytes()


def test_pycocotools_reads_exact_masks(made):
    out, _ = made
    coco = COCO(out / "instances.json")
    for n, image in enumerate(coco.loadImgs(coco.getImgIds())):
        scene = make_scene(SEED + n, sprites(), list(STYLES), SIDE)
        assert np.array_equal(np.asarray(Image.open(out / image["file_name"])), scene.image)
        assert (image["height"], image["width"]) == scene.ids.shape
        annotations = coco.loadAnns(coco.getAnnIds(image["id"]))
        assert [a["category_id"] for a in annotations] == [thing.kind + 1 for thing in scene.things]
        for i, annotation in enumerate(annotations):
            mask = coco.annToMask(annotation)
            assert np.array_equal(mask, scene.ids == i) and mask.sum() == annotation["area"]
            x, y, w, h = annotation["bbox"]
            assert mask[y : y + h, x : x + w].sum() == annotation["area"]


def test_categories_are_the_kinds(made):
    told = json.loads((made[0] / "instances.json").read_text())["categories"]
    assert [c["id"] for c in told] == list(range(1, len(load_kinds()) + 1))
    assert {c["supercategory"] for c in told} == set(SUPERCATEGORIES)


def test_queries_point_at_instances_of_their_image(made):
    out, card = made
    told = json.loads((out / "instances.json").read_text())
    image_of = {a["id"]: a["image_id"] for a in told["annotations"]}
    for query in told["queries"]:
        assert all(image_of[a] == query["image_id"] for a in query["annotation_ids"])
        assert query["no_target"] == (not query["annotation_ids"]) == (query["family"] == "none")
        assert query["family"] in FAMILIES and query["form"] in ("short", "long") and query["status"] == "accepted"
        assert query["reasoning_type"] in ("attribute", "spatial", "context", None)
    for annotation in told["annotations"]:
        asked = {q["id"] for q in told["queries"] if annotation["id"] in q["annotation_ids"]}
        assert annotation["attributes"].get("query_ids", "") == ",".join(map(str, sorted(asked)))
    assert {q["form"] for q in told["queries"]} == {"short", "long"}
    assert card["families"]["none"] == sum(q["no_target"] for q in told["queries"]) > 0
    assert card["queries"] == len(told["queries"]) == sum(card["families"].values())


def test_a_request_a_query(made):
    out, _ = made
    told = json.loads((out / "instances.json").read_text())
    requests = [json.loads(line) for line in (out / "requests.jsonl").read_text().splitlines()]
    assert [(r["id"], r["query"]) for r in requests] == [(q["id"], q["text"]) for q in told["queries"]]
    assert all(set(r) == {"id", "image", "query"} and (out / r["image"]).is_file() for r in requests)


def test_the_command_writes_a_card_and_refuses_what_it_should(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(dataset, "load_sprites", lambda _path: {"twemoji": sprites()["flat"]})
    arguments = ["--seed", "5", "--count", "2", "--styles", "held-out", "--side", "96", "--wording", "test"]
    dataset.main([str(tmp_path / "set"), *arguments])
    card = json.loads((tmp_path / "set/card.json").read_text())
    assert card["styles"] == ["twemoji"] and card["wording"] == "test" and card["images"] == 2
    assert card["command"].endswith("--seed 5 --count 2 --styles held-out --wording test --side 96 --queries 6")
    assert [d["licence"] for d in card["drawings"]] == ["CC-BY-4.0"]
    assert "Twitter" in json.loads((tmp_path / "set/instances.json").read_text())["info"]["description"]
    for wrong, why in (
        ([str(tmp_path / "set"), *arguments], "is there already"),
        ([str(tmp_path / "new"), *arguments, "--seed", "999999"], "training draws from higher ones"),
    ):
        with pytest.raises(SystemExit):
            dataset.main(wrong)
        assert why in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_lines_end_with_a_newline():
    assert lines([{"a": 1}, {"b": "é"}]) == '{"a":1}\n{"b":"é"}\n' and lines([]) == ""

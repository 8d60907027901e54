"""The application's sample pictures: the same bytes each time, and no query that is not true."""

import json

import numpy as np
import pytest
from drawn import sprites as drawn_sprites

from novo_train.scenes import sample
from novo_train.scenes.compose import make_scene
from novo_train.scenes.sample import Look, Opening, chosen_queries, coarse_map, readable, write_sample
from novo_train.scenes.styles import styles_for
from novo_train.world.queries import queries_for

(STYLE,) = styles_for("held-out")
SIDE = 240


@pytest.fixture(scope="module")
def sprites():
    return {STYLE: drawn_sprites()["flat"]}


def scene_of(sprites, seed):
    return make_scene(seed, sprites, [STYLE], SIDE)


def texts_of(scene):
    queries = queries_for(scene, np.random.default_rng(scene.seed), 200)
    target = next(q.text for q in queries if q.targets)
    return target, next(q.text for q in queries if not q.targets)


def test_the_same_looks_give_the_same_files(sprites, tmp_path):
    target, nothing = texts_of(scene_of(sprites, 5))
    openings = (Opening(target, "long", "context", "open"), Opening(nothing, "short", "context", "none"))
    looks = (Look(5, "One", (target, nothing), openings), Look(6, "Two", texts_of(scene_of(sprites, 6))))
    for name in ("a", "b"):
        write_sample(sprites, tmp_path / name, looks, SIDE)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["scene-1.jpg", "scene-2.jpg", "scene-requests.jsonl", "scenes.json"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    scenes = json.loads((tmp_path / "a" / "scenes.json").read_text())
    assert [scene["title"] for scene in scenes] == ["One", "Two"]
    assert scenes[0]["suggestions"] == [readable(target), readable(nothing)]
    assert "CC-BY-4.0" in scenes[0]["credit"]
    opened = [json.loads(line) for line in (tmp_path / "a" / "scene-requests.jsonl").read_text().splitlines()]
    assert [line["meta"]["decided"] for line in opened] == ["open", "none"]
    assert len(opened[0]["activation"]) == 24 * 24 and "activation" not in opened[1]


def test_a_query_that_the_scene_does_not_give_is_refused(sprites, monkeypatch):
    monkeypatch.setattr(sample, "ROUNDS", 2)
    with pytest.raises(ValueError, match="gives no query 'show me the unicorns of this scene'"):
        chosen_queries(scene_of(sprites, 5), ("show me the unicorns of this scene",))


def test_the_coarse_map_is_high_where_the_target_is(sprites):
    scene = scene_of(sprites, 5)
    values = np.array(coarse_map(scene, (0,))).reshape(24, 24)
    ys, xs = np.nonzero(scene.ids == 0)
    cells = values[(ys * 24 // SIDE, xs * 24 // SIDE)]
    assert cells.mean() > 0.2 > -0.19 > np.median(values)
    assert ((values + 0.2) / 0.8).sum() * (SIDE / 24) ** 2 == pytest.approx(len(ys), rel=0.01)


def test_readable():
    assert readable("i have to eat , please help me : what could i take ?") == (
        "I have to eat, please help me: what could I take?"
    )


def test_the_looks_are_eight_with_five_or_six_queries_each():
    assert len(sample.LOOKS) == len({look.seed for look in sample.LOOKS}) == 8
    assert all(5 <= len(set(look.texts)) <= 6 for look in sample.LOOKS)
    assert {opening.decided for opening in sample.LOOKS[0].openings} == {"open", "accepted", "none"}

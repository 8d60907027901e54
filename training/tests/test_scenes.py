"""Scenes: the same seed gives the same picture, masks are what is seen, everything stays visible enough."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from drawn import STYLES, sprites
from PIL import Image

from novo_train.scenes import compose
from novo_train.scenes.compose import Scene, choose_kinds, find_place, make_scene
from novo_train.scenes.grids import boxes, cell_things, cover, pad_square
from novo_train.scenes.layouts import LAYOUT, make_layout
from novo_train.scenes.restyle import restyle
from novo_train.scenes.visibility import MIN_VISIBLE, Visible
from novo_train.world.kinds import load_kinds
from novo_train.world.things import Thing

KINDS = len(load_kinds())
MODES = {"plain": {}, "crowd": {"crowd": True}, "restyled": {"restyled": True}}


def scene(seed: int, side: int = 192, **options) -> Scene:
    return make_scene(seed, sprites(), list(STYLES), side, **options)


def digest(made: Scene) -> str:
    return hashlib.sha256(made.image.tobytes() + made.ids.tobytes() + repr(made.things).encode()).hexdigest()


@pytest.mark.parametrize("options", MODES.values(), ids=MODES)
def test_a_seed_gives_one_scene(options):
    assert digest(scene(3, **options)) == digest(scene(3, **options)) != digest(scene(4, **options))


def test_another_process_gives_the_same_scene():
    code = "import test_scenes as t; print(t.digest(t.scene(11)), t.digest(t.make_layout(11, 191)))"
    here = Path(__file__).parent
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join((str(here), str(here.parent)))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] == f"{digest(scene(11))} {digest(make_layout(11, 191))}\n"


@pytest.mark.parametrize("seed", range(6))
def test_ids_are_what_is_drawn(monkeypatch, seed):
    """With hard edges, one colour a thing, and neither light nor lens, the picture itself is the map of ids."""
    colours: list[tuple[int, int, int]] = []

    def hard(_rng, sprite, longer, _above, _restyled):
        k = longer / max(sprite.shape[:2])
        image = Image.fromarray(sprite).resize([max(4, round(v * k)) for v in (sprite.shape[1], sprite.shape[0])])
        pixels = np.asarray(image).copy()
        colours.append((10 + len(colours), 200, 100))
        pixels[..., :3] = colours[-1]
        pixels[..., 3] = np.where(pixels[..., 3] > 127, 255, 0)
        return Image.fromarray(pixels)

    monkeypatch.setattr(compose, "pose", hard)
    monkeypatch.setattr(compose, "cast_shadow", lambda *_: None)
    monkeypatch.setattr(compose, "background", lambda _rng, h, w, _horizon: np.zeros((h, w, 3), np.float32))
    monkeypatch.setattr(compose, "finish", lambda _rng, canvas: canvas)
    made = scene(seed)
    drawn = np.where(made.image[..., 1] > 0, made.image[..., 0] - 10, -1).astype(int)
    order = sorted({*np.unique(drawn)} - {-1})  # some that were posed found no place
    assert len(order) == len(made.things) > 0
    expected = np.select([drawn == v for v in order], range(len(order)), -1)
    assert np.array_equal(made.ids, expected)


@pytest.mark.parametrize("options", MODES.values(), ids=MODES)
def test_every_thing_stays_visible_enough(monkeypatch, options):
    silhouettes: list[tuple[np.ndarray, tuple[int, int]]] = []
    put = Visible.put

    def watched(self, solid, at, own):
        silhouettes.append((solid.copy(), at))
        put(self, solid, at, own)

    monkeypatch.setattr(Visible, "put", watched)
    for seed in range(12):
        silhouettes.clear()
        made = scene(seed, **options)
        h, w = made.ids.shape
        painted = np.full((3 * h, 3 * w), -1)  # room for what is outside of the frame
        for i, (solid, (x, y)) in enumerate(silhouettes):
            painted[h + y : h + y + solid.shape[0], w + x : w + x + solid.shape[1]][solid] = i
        assert np.array_equal(painted[h : 2 * h, w : 2 * w], made.ids)
        assert len(silhouettes) == len(made.things)
        for i, (solid, _) in enumerate(silhouettes):
            assert (made.ids == i).sum() >= MIN_VISIBLE * solid.sum() > 0


@pytest.mark.parametrize("make", [scene, lambda seed: make_layout(seed, KINDS)], ids=["scene", "layout"])
def test_boxes_and_areas_are_of_visible_pixels(make):
    for made in map(make, range(12)):
        assert made.things and made.ids.max() == len(made.things) - 1
        for i, thing in enumerate(made.things):
            ys, xs = np.where(made.ids == i)
            assert thing.area == len(ys) > 0
            assert thing.box == (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


def test_the_picture_shows_the_things():
    """Pixels of things differ from the same scene's background, which is smooth in comparison."""
    plain = make_scene(
        2, {style: {} for style in STYLES} | {"flat": {0: [np.zeros((8, 8, 4), np.uint8)]}}, ["flat"], 192
    )
    assert not plain.things, "an invisible drawing is no thing"
    made = scene(2)
    assert made.image.dtype == np.uint8 and made.image.shape[:2] == made.ids.shape and max(made.ids.shape) == 192
    inside = [made.image[made.ids == i].mean(0) for i in range(len(made.things))]
    outside = made.image[made.ids < 0].mean(0)
    assert np.mean([np.abs(colour - outside).max() for colour in inside]) > 20


def test_instances_of_the_same_kind_occur_and_12_at_most():
    rng = np.random.default_rng(0)
    drawn = [choose_kinds(rng, list(range(KINDS))) for _ in range(300)]
    assert max(map(len, drawn)) == 12 and min(map(len, drawn)) >= 2
    assert np.mean([len(set(kinds)) < len(kinds) for kinds in drawn]) > 0.5


def test_restyling_keeps_the_size_and_a_silhouette():
    sprite = Image.fromarray(sprites()["flat"][next(iter(sprites()["flat"]))][0])
    made = [restyle(np.random.default_rng(seed), sprite) for seed in range(20)]
    assert all(image.size == sprite.size and image.mode == "RGBA" for image in made)
    full = (np.asarray(sprite)[..., 3] > 127).sum()
    areas = [(np.asarray(image)[..., 3] > 127).sum() / full for image in made]
    assert 0.8 < min(areas) and max(areas) < 1.25
    assert len({image.tobytes() for image in made}) > 15


def test_cells_say_how_much_of_them_each_thing_covers():
    ids = np.full((40, 60), -1, np.int16)
    ids[3:25, 5:31] = 0
    ids[20:40, 28:60] = 1
    made = Scene(
        0, np.full((40, 60, 3), 7, np.uint8), ids, [Thing(4, "", (5, 3, 31, 25)), Thing(9, "", (28, 20, 60, 40))]
    )
    covered = cover(made, 64, 8)
    assert covered.shape == (2, 8, 8) and covered.dtype == np.float32
    for r in range(8):
        for c in range(8):
            cell = ids[8 * r : 8 * r + 8, 8 * c : 8 * c + 8]
            shares = [np.count_nonzero(cell == i) / 64 for i in (0, 1)]
            assert covered[:, r, c] == pytest.approx(shares)
            says = cell_things(covered)[r, c]
            assert says == (int(np.argmax(shares)) if sum(shares) >= 0.4 else -1)
    assert boxes(made, 64).tolist() == [[5 / 64, 3 / 64, 31 / 64, 25 / 64], [28 / 64, 20 / 64, 60 / 64, 40 / 64]]
    assert (
        np.array_equal(pad_square(made.image, 64)[:40, :60], made.image)
        and pad_square(made.image, 64).sum() == 7 * 7200
    )
    empty = Scene(0, made.image, np.full((40, 60), -1, np.int16))
    assert cover(empty, 64, 8).shape == (0, 8, 8) and (cell_things(cover(empty, 64, 8)) == -1).all()


def test_layouts_fit_their_grid():
    for seed in range(20):
        made = make_layout(seed, KINDS)
        assert max(made.ids.shape) == made.side == LAYOUT
        assert digest(made) == digest(make_layout(seed, KINDS)) != digest(make_layout(seed + 1, KINDS))


def test_a_thing_wider_than_the_frame_has_one_place_or_none():
    rng, empty = np.random.default_rng(0), Visible(np.full((40, 60), -1, np.int16))
    fits, too_wide = np.ones((30, 72), bool), np.ones((30, 120), bool)
    assert find_place(rng, fits, empty, None)[0] == int(-0.08 * 72)
    assert find_place(rng, too_wide, empty, None) is None


def test_drawings_cached_before_a_style_came_say_what_to_do():
    with pytest.raises(ValueError, match="lack own: make them anew"):
        make_scene(1, sprites(), [*STYLES, "own"])

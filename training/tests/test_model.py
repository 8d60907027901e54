"""Packing, similarity and prompts are exact: queries packed together compute what they compute alone, from pixels
too, and visual prompts are the application's."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from novo_train.model.concepts import SHARPER, WAVES, agreed, fourier
from novo_train.model.efficientnet import SIZES, EfficientNetLite, taps_of
from novo_train.model.llava import build, picture_features, run
from novo_train.model.losses import mask_losses
from novo_train.model.novo import Novo, Prompts
from novo_train.model.packing import pack
from novo_train.model.prompts import in_mask_frame, points_of
from novo_train.model.refine import candidates, grid_points, groups, refine
from novo_train.model.sam import Sam
from novo_train.model.seeing import Where
from novo_train.model.similarity import Scale, similarity_map
from novo_train.model.tokens import ASSISTANT, EOS, SEG

CELLS, SIDE = 4, 32


def rows_of(rng, n, segs=1):
    side = int(CELLS**0.5)
    return [
        {
            "query": [*rng.integers(8, 60, rng.integers(3, 7)).tolist(), ASSISTANT],
            "answer": [*[SEG] * segs, *rng.integers(8, 60, 3).tolist(), EOS],
            "cover": (rng.random((max(segs, 1), side, side)) < 0.4).astype(np.float32),
            "family": "property",
        }
        for _ in range(n)
    ]


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return build(
        64, {"image_size": SIDE, "hidden_size": 64, "kinds": 5}, layers=2, d=64, heads=2, intermediate=96
    ).eval()


@torch.no_grad()
def test_a_packed_query_computes_what_it_computes_alone(net):
    rng = np.random.default_rng(0)
    features, rows = torch.randn(1, CELLS, 64), rows_of(rng, 2) + rows_of(rng, 1, segs=3) + rows_of(rng, 1, segs=0)
    packed = pack([rows], CELLS)
    together = run(net, features, packed)
    alone = [run(net, features, pack([[q]], CELLS)) for q in rows]
    torch.testing.assert_close(together.map, torch.cat([a.map for a in alone]), atol=1e-5, rtol=1e-4)
    at = 0
    for q, a in zip(rows, alone, strict=True):
        n = len(q["query"]) + len(q["answer"]) - 1
        torch.testing.assert_close(together.logits[0, at : at + n], a.logits[0], atol=1e-5, rtol=1e-4)
        at += n
    assert packed.query.tolist() == [0, 1, 2, 2, 2, 3]
    assert packed.has_target.tolist() == [True] * 5 + [False]


@torch.no_grad()
@pytest.mark.parametrize("state", ["predicting", "at"])
def test_transformers_own_pass_gives_the_same_map(net, state):
    pixels, row = torch.randn(1, 3, SIDE, SIDE), rows_of(np.random.default_rng(1), 1)
    read = run(net, picture_features(net, pixels), pack([row], CELLS), hidden_state=state)
    ids = torch.tensor([[1, 6, *[4] * CELLS, *row[0]["query"], SEG]])
    hidden = net(input_ids=ids, pixel_values=pixels, output_hidden_states=True).hidden_states[-1][0]
    seg = hidden[-1 if state == "at" else -2]
    expected = torch.nn.functional.cosine_similarity(seg[None], hidden[2 : 2 + CELLS])
    torch.testing.assert_close(read.map[0], expected, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_kept_cells_keep_their_places(net):
    rng = np.random.default_rng(2)
    features, packed = torch.randn(2, CELLS, 64), pack([rows_of(rng, 2), rows_of(rng, 2)], CELLS)
    everything = torch.arange(CELLS).expand(2, -1)
    torch.testing.assert_close(run(net, features, packed.keep(everything)).map, run(net, features, packed).map)
    kept = torch.tensor([[0, 2], [1, 3]])
    small = packed.keep(kept)
    assert small.positions[:, 2:4].tolist() == [[2, 4], [3, 5]]
    assert run(net, features.gather(1, kept[..., None].expand(-1, -1, 64)), small).map.shape == (4, 2)
    torch.testing.assert_close(small.cover[2], packed.cover[2].flatten()[kept[1]])


def test_similarity_is_cosine_or_dot():
    seg, cells = torch.tensor([[3.0, 4.0]]), torch.tensor([[[3.0, 4.0], [-4.0, 3.0], [0.0, 0.0]]])
    assert similarity_map(seg, cells).tolist() == [[pytest.approx(1), pytest.approx(0), 0]]
    assert similarity_map(seg, cells, "dot").tolist() == [[25, 0, 0]]
    scale = Scale(20.0, 0.25)
    torch.testing.assert_close(scale(torch.tensor(0.5)), scale.gain * 0.5 + scale.bias)


def test_dice_is_lisas():
    logits, truth = torch.randn(3, 50), (torch.rand(3, 50) > 0.5).float()
    p, scale, eps = logits.sigmoid(), 1000, 1e-6  # model/LISA.py, dice_loss
    expected = 1 - (2 * (p / scale * truth).sum(-1) + eps) / ((p / scale).sum(-1) + (truth / scale).sum(-1) + eps)
    torch.testing.assert_close(mask_losses(logits, truth, smooth=1e-3)[1], expected)


def test_padding_counts_for_no_loss():
    logits, truth, inside = torch.randn(2, 20), torch.rand(2, 20), torch.ones(2, 20)
    inside[:, 12:] = 0
    whole = mask_losses(logits[:, :12], truth[:, :12])
    for cut, expected in zip(mask_losses(logits, truth, inside), whole, strict=True):
        torch.testing.assert_close(cut, expected)


def test_visual_prompts_are_the_applications():
    """Fixture: tests/fixtures/visual_prompts.ts."""
    told = json.loads((Path(__file__).parent / "fixtures/visual_prompts.json").read_text())
    s = told["settings"]
    for case in told["cases"]:
        grid, values = tuple(case["grid"]), torch.tensor([case["values"]])
        mask = s["gain"] * in_mask_frame(values, grid) + s["bias"]
        np.testing.assert_allclose(mask.flatten()[case["probes"]], case["mask"], atol=2e-5)
        points, labels = points_of(values, grid, [(case["width"], case["height"])], s["positive"], s["negative"])
        n = len(case["labels"])
        assert labels[0].tolist() == case["labels"] + [-1] * (s["positive"] + s["negative"] - n)
        np.testing.assert_allclose(points[0, :n].flatten(), case["coords"], atol=1e-3)


def test_refinement_unites_what_overlaps_and_drops_what_leaves_s():
    masks = torch.zeros(4, 8, 8, dtype=torch.bool)
    masks[0, :2], masks[1, 1:3], masks[2, 2:4], masks[3, 6:] = True, True, True, True
    assert groups(masks) == [[0, 1, 2], [3]]
    s = torch.full((256, 256), -1.0)
    s[:64, 128:] = 1
    points = grid_points(s, (400, 300))
    assert len(points) == 8 * 16 and points[:, 0].min() == 528 and points[:, 1].max() == 240
    assert len(grid_points(torch.ones(256, 256), (400, 300))) == 32 * 24  # none in the padding
    torch.manual_seed(0)
    sam = Sam().eval()
    embedding = torch.randn(256, 64, 64)
    s = torch.full((256, 256), -1.0)
    s[:16, :16] = 1
    found = refine(sam, embedding, s, (64, 64))
    assert len(found.logits) == len(found.scores) <= 4
    nowhere = refine(sam, embedding, torch.full((256, 256), -1.0), (64, 64))
    assert nowhere.logits.shape == (0, 256, 256) and len(nowhere.scores) == 0
    with torch.no_grad():
        masks, iou = sam(
            embedding.expand(2, -1, -1, -1), None, torch.tensor([[[40.0, 40]], [[99, 7]]]), torch.ones(2, 1)
        )
        logits, scores = candidates(sam, embedding, torch.tensor([[40.0, 40], [99, 7]]))
    torch.testing.assert_close(scores, iou[:, 1:].amax(1))
    torch.testing.assert_close(logits[0], masks[0, 1 + iou[0, 1:].argmax()])


def test_where_is_lowest_at_the_middle_of_what_is_covered():
    torch.manual_seed(0)
    where, cover = Where(16, 8), torch.zeros(1, 8, 8)
    cover[0, 2:4, 5:8] = 1  # rows 2 and 3, columns 5 to 7: the middle lies in column 6, between rows 2 and 3
    torch.nn.init.zeros_(where.tell.weight)
    told = {}
    for column in range(8):
        for row in range(8):
            torch.nn.init.zeros_(where.tell.bias)
            with torch.no_grad():
                where.tell.bias[column] = where.tell.bias[8 + row] = 4.0
            told[column, row] = where(torch.randn(1, 16), cover).item()
    assert sorted(sorted(told, key=told.get)[:2]) == [(6, 2), (6, 3)]


def test_one_thing_is_told_apart_from_several():
    rng = np.random.default_rng(3)
    one, several = rows_of(rng, 1)[0] | {"single": True}, rows_of(rng, 1)[0]
    assert pack([[one, several]], CELLS).single.tolist() == [True, False]


def test_cells_that_believe_in_one_box_outvote_the_one_that_errs():
    here, there = [0.1, 0.1, 0.3, 0.3], [0.6, 0.5, 0.9, 0.9]
    box = torch.tensor([[here, here, here, there, [0.11, 0.1, 0.3, 0.3]]])
    kind = torch.tensor([[[0.9, 0.1, 0], [0.8, 0.2, 0], [0.3, 0.7, 0], [0.1, 0.9, 0], [0.0, 0.1, 0.9]]])
    kinds, boxes = agreed(kind, box)
    assert kinds[0, :3].argmax(-1).tolist() == [0, 0, 0]
    alone = [0.1**SHARPER, 0.9**SHARPER]
    assert kinds[0, 3, :2].tolist() == pytest.approx([each / sum(alone) for each in alone], abs=1e-4)
    torch.testing.assert_close(kinds.sum(-1), torch.ones(1, 5))
    assert boxes[0, 4, 0].item() == pytest.approx(0.1, abs=5e-3)  # hardly a thing itself, it hears the others
    nothing = torch.zeros(1, 5, 3).index_fill(-1, torch.tensor(2), 1.0)
    torch.testing.assert_close(agreed(nothing, box)[0], nothing)


def test_whether_there_is_something_is_each_cells_own_and_said_firmly():
    doubt = torch.tensor([0.05, 0.3, 0.45, 0.9])
    kind = torch.stack([(1 - doubt) * 0.7, (1 - doubt) * 0.3, doubt], -1)[None]
    said = agreed(kind, torch.tensor([0.1, 0.1, 0.3, 0.3]).expand(1, 4, 4))[0][0, :, -1]
    assert said[0] < 0.01 and said[3] > 0.99
    assert said[1] < 0.5 < said[2]  # from 0.38 on there is rather nothing


def test_a_level_puts_the_zero_at_a_share_of_each_maps_peak_on_the_picture():
    novo = Novo(torch.nn.Module(), Sam(), Prompts(), (4, 4), Scale(30.0, 0.2), level=0.5)
    maps = torch.zeros(2, 16)
    maps[0, 1], maps[1, 2], maps[1, 14] = 0.6, 0.4, 0.9  # the last one lies in the padding of a wide picture
    found = novo.mask_logits(maps, [(100, 100), (100, 50)])
    torch.testing.assert_close(found, 30 * (maps - torch.tensor([[0.3], [0.2]])))
    novo.level = 0.0
    torch.testing.assert_close(novo.mask_logits(maps, []), 30 * (maps - 0.2))


@pytest.mark.parametrize("size", SIZES)
def test_a_trunk_of_any_size_tells_what_it_has_at_strides_8_16_and_32(size):
    taps = EfficientNetLite(size)(torch.zeros(1, 3, 64, 96))
    channels = taps_of(size).values()
    wanted = [(1, c, 64 // stride, 96 // stride) for c, stride in zip(channels, (8, 16, 32), strict=True)]
    assert [tuple(tap.shape) for tap in taps] == wanted


def test_the_nearest_box_is_a_product_away():
    rng = torch.Generator().manual_seed(3)
    corner, size = torch.rand(40, 2, generator=rng) * 0.7, torch.rand(40, 2, generator=rng) * 0.3
    told = fourier(torch.cat([corner, corner + size], -1))
    assert told.shape == (40, WAVES)
    centre, squares = told[:, 4:6], told[:, -2:]
    nearest = (2 * centre @ centre.T - squares.sum(-1)).fill_diagonal_(-torch.inf).argmax(-1)
    middle = corner + size / 2
    assert torch.equal(nearest, torch.cdist(middle, middle).fill_diagonal_(torch.inf).argmin(-1))


def test_a_trunk_keeps_its_statistics_before_anybody_calls_train():
    trunk = EfficientNetLite()
    before = {name: value.clone() for name, value in trunk.named_buffers()}
    trunk(torch.randn(2, 3, 64, 64))
    assert all(torch.equal(value, before[name]) for name, value in trunk.named_buffers())

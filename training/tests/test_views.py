"""Views show the right part of the picture, what they say comes back to its place, and the exported graph says the
same."""

import numpy as np
import onnxruntime
import pytest
import torch

from novo_train.export.graphs import VISION, export_graphs
from novo_train.model.llava import build
from novo_train.model.views import VIEWS, WHOLE, look, looks, merged, places
from novo_train.model.vision import NovoVision, NovoVisionConfig, refit

N, SIDE, KINDS = 24, 384, 3
BLACK = -1.0


def square(x0: int, y0: int, x1: int, y1: int) -> torch.Tensor:
    """A black picture of 768 x 768 with a white rectangle."""
    pixels = torch.full((1, 3, 2 * SIDE, 2 * SIDE), BLACK)
    pixels[..., y0:y1, x0:x1] = 1
    return pixels


def told(view, box: list[float], kind: int, p: float) -> tuple[torch.Tensor, torch.Tensor]:
    """What a tower would say that sees one thing in a view: p for its kind in the cells of its box, else nothing."""
    kinds, boxes = torch.zeros(N * N, KINDS + 1), torch.zeros(N * N, 4)
    kinds[:, -1] = 1
    own = [(v - low) / view.side * view.fills for v, low in zip(box, (view.x, view.y) * 2, strict=True)]
    middle = (torch.arange(N) + 0.5) / N
    rows, columns = (middle > own[1]) & (middle < own[3]), (middle > own[0]) & (middle < own[2])
    on = (rows[:, None] & columns).flatten()
    kinds[on], boxes[on] = 0.0, torch.tensor(own)
    kinds[on, kind], kinds[on, -1] = p, 1 - p
    return kinds, boxes


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shows_its_part_of_the_picture(view):
    seen = look(square(300, 320, 420, 440), view, SIDE, BLACK)[0, 0]
    assert seen.shape == (SIDE, SIDE)
    ys, xs = np.nonzero(seen.numpy() > 0)
    edges = np.array([300, 320, 420, 440]) / (2 * SIDE)
    wanted = (edges - [view.x, view.y, view.x, view.y]) / view.side * view.fills * SIDE
    np.testing.assert_allclose([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], wanted, atol=1)
    outside = round(view.fills * SIDE)
    assert (seen[outside:] == BLACK).all() and (seen[:, outside:] == BLACK).all()


def test_every_cell_is_in_the_whole_picture_and_some_window():
    within = torch.stack([places(view, N)[1] for view in VIEWS])
    assert within[0].all() and within[-1].all() and within[1:-1].any(0).all()
    assert (within[1:-1].sum(0) == 4).sum() == (N // 3) ** 2


def test_the_whole_picture_alone_stays_as_it_is():
    kinds, boxes = torch.rand(1, N * N, KINDS + 1).softmax(-1), torch.rand(1, N * N, 4)
    again = merged(kinds, boxes, (WHOLE,))
    torch.testing.assert_close(again, (kinds, boxes))


def test_a_thing_comes_back_to_its_place():
    box = [0.1, 0.15, 0.25, 0.3]
    kinds, boxes = (torch.stack(each) for each in zip(*[told(view, box, 1, 0.9) for view in VIEWS], strict=True))
    kind, where = merged(kinds, boxes)
    on = kind[0].argmax(-1) == 1
    rows, columns = on.view(N, N).any(1).nonzero()[:, 0], on.view(N, N).any(0).nonzero()[:, 0]
    edges = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    np.testing.assert_allclose(edges, np.array(box) * N, atol=1)
    inside = where[0].view(N, N, 4)[5, 4]  # a cell well within the box
    torch.testing.assert_close(inside, torch.tensor(box), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("box", "believed"), [([0.1, 0.1, 0.2, 0.2], 1), ([0.1, 0.1, 0.9, 0.9], -1)])
def test_a_small_thing_is_told_by_a_window_and_a_large_one_from_afar(box, believed):
    """The view that should be believed says 1, the whole picture 2."""
    views = (WHOLE, VIEWS[believed])
    said = [told(view, box, kind, 0.9) for view, kind in zip(views, (2, 1), strict=True)]
    kinds, boxes = (torch.stack(each) for each in zip(*said, strict=True))
    middle = int((box[1] + box[3]) / 2 * N) * N + int((box[0] + box[2]) / 2 * N)
    assert merged(kinds, boxes, views)[0][0, middle, :-1].argmax() == 1


def test_zoom_needs_kinds():
    with pytest.raises(ValueError, match="needs kinds"):
        NovoVision(NovoVisionConfig(image_size=128, patch_size=32, zoom=True))


@torch.no_grad()
def test_the_exported_graph_says_the_same(tmp_path):
    torch.manual_seed(0)
    vision = {"image_size": 192, "patch_size": 32, "hidden_size": 32, "kinds": KINDS, "zoom": True}
    llava = build(64, vision, layers=1, d=32, heads=2, intermediate=48).eval()
    pixels = torch.rand(2, 3, 192, 192) * 2 - 1
    both = llava.model.vision_tower(pixels).last_hidden_state
    assert both.shape == (2, 36, 32)
    torch.testing.assert_close(llava.model.vision_tower(pixels[1:]).last_hidden_state, both[1:], atol=1e-5, rtol=1e-4)
    wanted = llava.model.multi_modal_projector(both[:1])
    export_graphs(llava, 192, tmp_path, 18, False)
    opened = onnxruntime.InferenceSession(str(tmp_path / VISION), providers=["CPUExecutionProvider"])
    (found,) = opened.run(["features"], {"pixels": pixels[:1].numpy()})
    np.testing.assert_allclose(found, wanted.numpy(), atol=1e-4)
    assert len(looks(pixels[:1], BLACK)) == len(VIEWS)


def test_a_folded_tower_computes_the_same_with_statistics_of_its_own():
    torch.manual_seed(4)
    tower = NovoVision(NovoVisionConfig(image_size=64, hidden_size=32, head_blocks=1)).eval()
    for norm in (tower.fusion.norm, tower.fusion.blocks[0].nb):  # as a pack has them: shifts, and no statistics
        norm.weight.data.fill_(1)
        norm.bias.data.normal_()
    pictures = [torch.randn(3, 3, 64, 64) for _ in range(4)]
    before = tower.see(pictures[0])
    refit(tower, pictures)
    torch.testing.assert_close(tower.see(pictures[0]), before, atol=1e-4, rtol=1e-4)
    assert not tower.training
    tower.train()
    moved = (tower.see(torch.cat(pictures)) - tower.eval().see(torch.cat(pictures))).abs().mean()
    assert moved < 0.05 * before.abs().mean(), "a batch of the same pictures has the same statistics"

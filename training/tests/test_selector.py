import json

import numpy as np
import pytest
import torch

from novo_train.selector import Rows, Selector, fit_one, logits, mean_of, read_rows, told_apart, typescript


def made_rows(n=400, seed=0):
    """The IoU is high where the first feature is above the second one, on scales that differ a thousandfold."""
    rng = np.random.default_rng(seed)
    features = rng.random((n, 3))
    iou = np.where(features[:, 0] > features[:, 1], 0.9, 0.1)
    return Rows(features * [1, 1000, 0.001], iou, np.full(n, 1 / n), np.full(n, "a.jpg"))


def test_it_learns_what_the_features_tell_and_nothing_where_they_tell_nothing():
    rows, others = made_rows(), made_rows(seed=1)
    selector = fit_one(rows, 8, 300, 0.01, seed=0)
    assert told_apart(others, selector) > 0.98
    shuffled = Rows(others.features, np.random.default_rng(2).permutation(others.iou), others.weight, others.images)
    assert told_apart(shuffled, selector) == pytest.approx(0.5, abs=0.1)


def test_the_same_rows_give_the_same_weights():
    a, b = (fit_one(made_rows(), 4, 20, 0.1, seed=3) for _ in range(2))
    assert np.array_equal(a.hidden, b.hidden) and np.array_equal(a.output, b.output) and a.offset == b.offset


def test_the_mean_of_networks_is_one_network():
    rng, x = np.random.default_rng(0), np.random.default_rng(1).random((5, 3))
    all = [Selector(rng.normal(size=(4, 4)), rng.normal(size=4), float(rng.normal())) for _ in range(3)]
    assert np.allclose(logits(mean_of(all), x), np.mean([logits(one, x) for one in all], axis=0))


def test_requests_weigh_alike_and_those_without_masks_are_left_out(tmp_path):
    path = tmp_path / "rows.jsonl"
    lines = [
        {"image": "a.jpg", "rows": [[1, 2, 0.5], [3, 4, 0.75]]},
        {"image": "b.jpg", "rows": []},
        {"image": "c.jpg", "rows": [[5, 6, 1]]},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    rows = read_rows([path])
    assert rows.features.tolist() == [[1, 2], [3, 4], [5, 6]] and rows.iou.tolist() == [0.5, 0.75, 1]
    assert rows.weight.tolist() == [0.5, 0.5, 1] and set(rows.images) == {"a.jpg", "c.jpg"}


def test_what_is_written_are_its_numbers():
    text = typescript(Selector(np.array([[0.123456, -2], [3, 4e-5]]), np.array([1.5, -1]), 0.25), "Made here.")
    assert "[0.1235, -2],\n    [3, 4e-05],\n" in text
    assert "output: [1.5, -1],\n  offset: 0.25,\n" in text and "Made here." in text


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

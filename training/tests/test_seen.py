"""What a tower told of scenes comes back with the scenes' truth, and can be made as doubtful as of unknown drawings."""

import drawn
import numpy as np
import pytest
import small
import torch

from novo_train.model.concepts import agreed
from novo_train.model.tokens import TEMPLATE, load_tokenizer
from novo_train.model.vision import NovoVision, NovoVisionConfig, normalise
from novo_train.scenes.compose import make_scene
from novo_train.scenes.grids import pad_square
from novo_train.stages.doubt import unsure
from novo_train.stages.examples import example
from novo_train.stages.seen import cells_told, collect, seen_example
from novo_train.stages.speech import mini_speech
from novo_train.world.kinds import load_kinds

SIDE, N, KINDS = 192, 6, len(load_kinds())


def scene_of(number: int):
    return make_scene(500 + number, drawn.sprites(), ["flat", "pale"], SIDE), number == 2


@pytest.fixture(scope="module")
def tower() -> NovoVision:
    torch.manual_seed(3)
    told = NovoVisionConfig(image_size=SIDE, patch_size=32, hidden_size=32, head_blocks=1, kinds=KINDS, zoom=True)
    made = NovoVision(told).eval()
    made.head.kind.weight.data.mul_(8)  # not all kinds alike
    return made


@pytest.fixture(scope="module")
def speech(tmp_path_factory):
    return mini_speech(load_tokenizer(small.tokenizer_file(tmp_path_factory.mktemp("seen"))), TEMPLATE, 0.0)


def test_truth_and_queries_are_those_of_the_scene(tower, speech):
    seen = collect(tower, scene_of, 3, SIDE, N)
    assert seen.held_out.tolist() == [False, False, True]
    for number in range(3):
        scene, _ = scene_of(number)
        _, kinds, box, rows = example(scene, SIDE, N, speech, np.random.default_rng(1), 5, False, True)
        _, kinds_kept, box_kept, rows_kept, things = seen_example(
            seen, number, N, speech, np.random.default_rng(1), 5, False
        )
        assert np.array_equal(kinds, kinds_kept) and np.allclose(box, box_kept, atol=1e-6)
        assert np.array_equal(things > 0, kinds >= 0)
        assert [(r["query"], r["answer"], r["targets"]) for r in rows] == [
            (r["query"], r["answer"], r["targets"]) for r in rows_kept
        ]
        assert all(np.allclose(a["cover"], b["cover"], atol=1 / 255) for a, b in zip(rows, rows_kept, strict=True))


def test_what_is_told_is_what_the_language_model_gets_from_the_picture(tower, speech):
    seen = collect(tower, scene_of, 1, SIDE, N)
    says, *_ = seen_example(seen, 0, N, speech, np.random.default_rng(1), 5, False)
    kinds, sides = cells_told([says], KINDS)
    picture = torch.from_numpy(pad_square(scene_of(0)[0].image, SIDE)).permute(2, 0, 1).unsqueeze(0)
    with torch.no_grad():
        whole, box = agreed(*tower.told(normalise(picture)))
        assert torch.allclose(sides, box, atol=2e-3)
        assert torch.equal(kinds.argmax(-1), whole.argmax(-1))
        kept = whole.topk(8, -1)
        told = kinds.gather(2, kept.indices) * kept.values.sum(-1, keepdim=True)
        assert torch.allclose(told, kept.values, atol=1e-3)
        features = tower(normalise(picture)).last_hidden_state
        assert torch.allclose(tower.concepts(whole, box), features, atol=1e-5)


def test_doubt_confuses_whole_things_and_leaves_nothing_alone():
    torch.manual_seed(0)
    told = torch.rand(2, 12, 9).softmax(-1)
    thing = torch.tensor([[0, 1, 1, 1, 2, 2, 2, 0, 0, 3, 3, 3]] * 2)
    same = unsure(told, thing, 0.0, 1.0)
    assert torch.allclose(same, told, atol=1e-6)
    off = unsure(told, thing)
    assert torch.allclose(off.sum(-1), torch.ones(2, 12), atol=1e-6) and torch.equal(off[..., -1], told[..., -1])
    # Of one thing's cells the same kinds gain and lose, whatever each cell had.
    change = off[..., :-1].log() - 0.85 * told[..., :-1].log()
    change = change - change.mean(-1, keepdim=True)
    assert torch.allclose(change[:, 1], change[:, 3], atol=1e-4) and not torch.allclose(
        change[:, 1], change[:, 4], atol=0.1
    )

"""Relations are taught by where layers look: what is rewarded is the model's own attention, at the thing meant."""

import numpy as np
import pytest
import torch

from novo_train.model.llava import build, run
from novo_train.model.looking import look_loss
from novo_train.model.packing import pack
from novo_train.model.tokens import ASSISTANT, EOS, SEG
from novo_train.scenes.layouts import make_layout
from novo_train.stages.examples import asked
from novo_train.world.kinds import load_kinds
from novo_train.world.queries import queries_for

CELLS = 4


def test_looks_are_what_the_layers_attend_to():
    torch.manual_seed(0)
    net = build(64, {"image_size": 32, "hidden_size": 64, "kinds": 5}, layers=4, d=64, heads=2, intermediate=96).eval()
    cover = np.array([[1, 0], [0, 0]], np.float32)
    row = {"query": [9, 10, 11, ASSISTANT], "answer": [SEG, 12, EOS], "cover": cover, "family": "near"}
    packed, features = pack([[row, row | {"query": [20, ASSISTANT]}]], CELLS), torch.randn(1, CELLS, 64)
    with torch.no_grad():
        read = run(net, features, packed, middle=2)
        language = net.model.language_model
        language.set_attn_implementation("eager")
        words = net.get_input_embeddings()(torch.tensor([[1, 6, 9, 10, 11, ASSISTANT]]))
        alone = torch.cat([words[:, :2], features, words[:, 2:]], 1)
        attended = language(inputs_embeds=alone, output_attentions=True).attentions
    for layer, seen in zip((2, 3), read.looks, strict=True):
        torch.testing.assert_close(seen[0], attended[layer][0, :, -1, 2 : 2 + CELLS], atol=1e-5, rtol=1e-4)


def test_a_look_is_rewarded_for_what_falls_on_the_thing():
    seen = torch.tensor([[0.1, 0.6, 0.2]], requires_grad=True)
    loss = look_loss(seen, torch.tensor([[0.0, 1.0, 0.5]]))
    assert loss.item() == pytest.approx(-np.log(0.8), abs=1e-6)
    loss.backward()
    assert seen.grad[0, 0] == 0 and (seen.grad[0, 1:] < 0).all()
    assert torch.isfinite(look_loss(torch.zeros(1, 3), torch.ones(1, 3)))


def test_queries_that_start_from_a_thing_name_it():
    found, speech = set(), type("Words", (), {"query": lambda s, text, rng: [9], "answer": lambda s, text: [SEG]})()
    for seed in range(30):
        scene = make_layout(seed, len(load_kinds()))
        covered = np.arange(len(scene.things), dtype=np.float32)[:, None, None].repeat(2, 1).repeat(2, 2)
        queries = queries_for(scene, np.random.default_rng(seed), 12)
        for query, row in zip(queries, asked(scene, covered, queries, speech, None), strict=True):
            if query.start is None:
                assert query.family not in ("near", "beside") and not row["start"].any()
                continue
            kind = scene.things[query.start].kind
            assert load_kinds()[kind].singular.lower() in query.text and query.start not in query.targets
            assert [t.kind for t in scene.things].count(kind) == 1 and (row["start"] == query.start).all()
            found.add(query.family)
    assert {"near", "beside"} <= found

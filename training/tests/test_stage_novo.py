"""The stage with Segment Anything in the loop, on novo-7b.toml with tiny models of its classes."""

import json
import shutil

import numpy as np
import pytest
import small
import torch
from pycocotools import mask as coco
from tokenizers import Tokenizer
from transformers import LlavaForConditionalGeneration

from novo_train.model.llava import picture_features
from novo_train.model.novo import Novo, Pictures, Prompts, novo_losses
from novo_train.model.packing import pack
from novo_train.stages import novo as stage
from novo_train.stages import predict
from novo_train.stages.config import SamFiles
from novo_train.stages.novo_parts import build_novo, choose_trained, read_result_sam, settings_of
from novo_train.stages.program import told


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """LLaVA, Segment Anything, photos, and the photos' embeddings, which every run would compute anew."""
    folder = tmp_path_factory.mktemp("novo")
    made = small.llava(folder / "llava"), small.segment_anything(folder / "sam"), small.photos(folder / "photos")
    stage.embed(stage.of_folder(made[2], False), SamFiles(checkpoint=str(made[1])), folder / "embeddings", "cpu", 1)
    return *made, folder / "embeddings"


def arguments(files, out, *more: str) -> list[str]:
    llava, sam, folder, embeddings = files
    shutil.copytree(embeddings, out / "embeddings", dirs_exist_ok=True)
    changes = [
        f"llava.checkpoint={llava}",
        f"sam.checkpoint={sam}",
        f"data.folder={folder}",
        "image.size=56",
        "machine.workers=0",
        "machine.threads=1",
        "llava.dtype=float32",
        "prompts.positive=3",
        "prompts.negative=3",
        "stage.novo.loss_side=64",
        "stage.novo.accumulate=1",
        "stage.novo.queries=2",
        "stage.novo.warmup=1",
        *more,
    ]
    told_changes = [part for change in changes for part in ("--set", change)]
    return ["--config", str(small.CONFIGS / "novo-7b.toml"), "--out", str(out), *told_changes]


def batch_of(t, novo, speech, queries=2):
    config = t.config
    shots = stage.of_folder(stage.Path(config.data.folder), config.data.answers == "instance")
    paths = stage.embed(shots, config.sam, t.out / "embeddings", "cpu", 1)
    return stage.gathered(shots, paths, config, speech, novo.grid[0], np.random.default_rng(0), queries, False)


def losses(t, novo, batch):
    read, segmented, packed, truth, inside = stage.look(novo, batch, t.config, "cpu", True)
    return novo_losses(read, segmented, packed, truth, inside, novo.scale, t.config.loss)


def test_gradients_reach_what_is_trained_and_nothing_else(files, tmp_path):
    t = told("novo", "", arguments(files, tmp_path, "machine.precision=fp32"))
    novo, speech = build_novo(t)
    groups = choose_trained(novo, t.config)
    losses(t, novo, batch_of(t, novo, speech)).total.backward()
    moved = {name for name, p in novo.named_parameters() if p.grad is not None and p.grad.abs().sum() > 0}
    expected = {"sam.decoder", "scale.log_gain", "scale.threshold", "lora_B", "embed_tokens", "lm_head"}
    assert {part for part in expected if any(part in name for name in moved)} == expected
    elsewhere = ("sam.decoder.", "scale.", "llava.lm_head", "llava.model.language_model.embed_tokens")
    assert not [name for name in moved if not name.startswith(elsewhere) and ".lora_" not in name]
    on = {id(p) for group in groups for p in group["params"]}
    assert on == {id(p) for p in novo.parameters() if p.requires_grad}


def test_the_map_is_differentiable_through_the_mask_prompt_alone(files, tmp_path):
    """Without points or text loss the language model learns from S."""
    t = told(
        "novo",
        "",
        arguments(
            files, tmp_path, "machine.precision=fp32", "prompts.kind=mask", "loss.text=0", "stage.novo.tokens=false"
        ),
    )
    novo, speech = build_novo(t)
    choose_trained(novo, t.config)
    losses(t, novo, batch_of(t, novo, speech)).total.backward()
    assert (
        sum(float(p.grad.abs().sum()) for n, p in novo.named_parameters() if "lora_B" in n and p.grad is not None) > 0
    )


@pytest.mark.parametrize("kind", ["points", "text-points", "text"])
def test_baselines_leave_their_prompts_out(files, tmp_path, kind):
    t = told("novo", "", arguments(files, tmp_path, f"prompts.kind={kind}", "data.answers=instance"))
    novo, speech = build_novo(t)
    novo.eval()
    batch = batch_of(t, novo, speech)
    packed, embedding, sizes, truth = batch[1:5]
    assert len(truth) == int(packed.has_target.sum()) >= 2  # one <SEG> an instance
    maps, seg, rows = torch.rand(2, 16), torch.randn(2, 48), torch.zeros(2, dtype=torch.long)
    pictures = Pictures(embedding.float(), sizes)
    with torch.no_grad():
        s, other_map, other_seg, same_order = (
            novo.segment(*each, rows, pictures).s
            for each in ((maps, seg), (maps.flip(1), seg), (maps, seg + 1), (maps * 0.5, seg))
        )
    assert torch.equal(s, same_order)  # no mask prompt: values do not matter, only their order
    assert torch.equal(s, other_map) == (kind == "text")
    assert torch.equal(s, other_seg) == (kind == "points")


def test_a_run_resumed_is_the_run_that_never_stopped(files, tmp_path, monkeypatch):
    """The second run is ended after a step; LoRA's dropout and everything random goes on as if it had not been."""
    changes = ("stage.novo.steps=3", "stage.novo.save_minutes=0", "stage.novo.log_steps=1", "machine.precision=fp32")
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    stage.main(arguments(files, whole, *changes))
    calls, real = [], stage.look

    def ends_in_the_third(*args, **more):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args, **more)

    monkeypatch.setattr(stage, "look", ends_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        stage.main(arguments(files, parted, *changes))
    monkeypatch.setattr(stage, "look", real)
    stage.main([*arguments(files, parted, *changes), "--resume"])
    a, b = (torch.load(folder / "novo.pt", weights_only=True) for folder in (whole, parted))
    assert a["progress"]["step"] == b["progress"]["step"] == 3
    assert a["novo"].keys() == b["novo"].keys() and len(a["novo"]) > 50
    assert all(torch.equal(a["novo"][name], b["novo"][name]) for name in a["novo"])
    lines = [
        [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()] for folder in (whole, parted)
    ]
    assert [row["total"] for row in lines[0]] == [row["total"] for row in lines[1]]
    with pytest.raises(SystemExit, match="other settings in stage.lr"):
        stage.main([*arguments(files, parted, *changes, "stage.novo.lr=1e-5"), "--resume"])


def test_what_is_written_is_the_model_that_was_trained(files, tmp_path):
    t = told("novo", "", arguments(files, tmp_path, "machine.precision=fp32"))
    novo, speech = build_novo(t)
    choose_trained(novo, t.config)
    torch.manual_seed(3)
    for name, p in novo.named_parameters():
        if "lora_B" in name or "scale" in name:
            p.data += torch.randn_like(p) * 0.05
    novo.eval()
    batch = batch_of(t, novo, speech)
    with torch.no_grad():
        before = stage.look(novo, batch, t.config, "cpu", False)
        stage.write_result(novo, speech, t.config, tmp_path)
    made = tmp_path / "result"
    settings = json.loads((made / "settings.json").read_text())
    read = LlavaForConditionalGeneration.from_pretrained(made / "llava").eval()
    assert Tokenizer.from_file(str(made / "llava/tokenizer.json")).token_to_id(settings["seg_token"]) == speech.seg
    again = Novo(read, read_result_sam(made), Prompts(positive=3, negative=3), novo.grid, novo.scale)
    with torch.no_grad():
        after = stage.look(again, batch, t.config, "cpu", False)
    torch.testing.assert_close(after[0].map, before[0].map, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(after[1].s, before[1].s, atol=1e-2, rtol=1e-3)
    assert settings["gain"] == pytest.approx(novo.scale.gain.item(), rel=1e-4)
    torch.testing.assert_close(
        novo.scale(torch.tensor(0.3)), torch.tensor(settings["gain"] * 0.3 + settings["bias"]), atol=1e-3, rtol=1e-3
    )


@pytest.mark.parametrize("kind, refine", [("both", "paper"), ("text", "none")])
def test_a_trained_run_answers_requests(files, tmp_path, kind, refine):
    changes = (f"prompts.kind={kind}", "machine.precision=fp32", "pack.max_new_tokens=6")
    stage.main(arguments(files, tmp_path, "stage.novo.steps=1", *changes))
    shutil.copytree(files[2], tmp_path / "data")
    requests = [{"id": i, "image": f"{i % 2}.png", "query": "the cat"} for i in range(2)]
    (tmp_path / "data/requests.jsonl").write_text("\n".join(map(json.dumps, requests)))
    predict.main([*arguments(files, tmp_path, *changes), "--data", str(tmp_path / "data"), "--refine", refine])
    lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [0, 1]
    for line in lines:
        assert coco.decode(line["semantic"]).shape == (line["height"], line["width"])
        assert isinstance(line["answer"], str) and coco.decode(line["refined"]).shape == (line["height"], line["width"])


def test_every_seg_that_is_said_becomes_a_mask(files, tmp_path):
    """A model whose output is made to say <SEG> three times."""
    t = told("novo", "", arguments(files, tmp_path, "pack.max_new_tokens=3", "machine.precision=fp32"))
    novo, speech = build_novo(t)
    novo.eval()
    novo.llava.lm_head = torch.nn.Linear(48, novo.llava.lm_head.out_features)
    novo.llava.lm_head.bias.data.fill_(-100)
    novo.llava.lm_head.bias.data[speech.seg] = 100
    shot = stage.of_folder(files[2], False)[0]
    path = stage.embed([shot], t.config.sam, tmp_path / "embeddings", "cpu", 1)[0]
    embedding = np.load(path).astype(np.float32)
    seen = predict.features_of(novo, t.config, shot.picture), embedding
    line = predict.respond(novo, speech, t.config, shot.picture.shape[1::-1], *seen, "the cat", None, "cpu")
    assert 1 <= len(line["instances"]) <= 3 and all(np.isfinite(each["score"]) for each in line["instances"])
    union = np.any([coco.decode(each["segmentation"]) for each in line["instances"]], 0)
    assert np.array_equal(union, coco.decode(line["semantic"]).astype(bool))


def test_two_photos_are_learned(files, tmp_path):
    t = told("novo", "", arguments(files, tmp_path, "machine.precision=fp32", "stage.novo.language=full"))
    novo, speech = build_novo(t)
    groups, batch = choose_trained(novo, t.config), batch_of(t, novo, speech, 1)
    optimiser = torch.optim.AdamW([{**g, "lr": 2e-3} for g in groups if g["params"]], weight_decay=0.0)
    told_losses = []
    for _ in range(25):
        loss = losses(t, novo, batch).total
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)
        optimiser.step()
        told_losses.append(loss.item())
    assert told_losses[-1] < 0.5 * told_losses[0]


def test_packing_with_another_template(files, tmp_path):
    """LLaVA-1.5's template, several tokens before the picture: transformers' own pass gives the same states."""
    t = told("novo", "", arguments(files, tmp_path))
    novo, speech = build_novo(t)
    novo.eval()
    q = {
        "query": speech.query("the cat"),
        "answer": speech.answer("Sure, <SEG>."),
        "cover": np.zeros((4, 4), np.float32),
        "family": "any",
    }
    pixels = torch.randn(1, 3, 56, 56)
    with torch.no_grad():
        read = novo.read(picture_features(novo.llava, pixels), pack([[q]], 16, speech.before, speech.seg, speech.pad))
        ids = torch.tensor([[*speech.before, *[4] * 16, *q["query"], *q["answer"][:-1]]])
        out = novo.llava(input_ids=ids, pixel_values=pixels)
    torch.testing.assert_close(read.logits[0], out.logits[0, len(speech.before) + 16 :], atol=1e-4, rtol=1e-4)
    assert len(speech.before) > 10


def test_a_pack_may_be_told_its_gain_at_the_learned_threshold(files, tmp_path):
    t = told("novo", "", arguments(files, tmp_path, "pack.gain=12", "mask.threshold=0.25"))
    settings = settings_of(t.config, build_novo(t)[0].scale)
    assert (settings["gain"], settings["bias"]) == (12, pytest.approx(-3))


def test_the_mask_decoder_of_an_earlier_run_is_gone_on_with(files, tmp_path):
    first = tmp_path / "first"
    stage.main(arguments(files, first, "stage.novo.steps=2", "stage.novo.lr=1e-3"))
    t = told("novo", "", arguments(files, tmp_path, f"stage.novo.decoder_from={first / 'novo.pt'}"))
    stock = told("novo", "", arguments(files, tmp_path))
    trained, untrained = (build_novo(each)[0].sam.decoder.state_dict() for each in (t, stock))
    kept = read_result_sam(first / "result").decoder.state_dict()
    assert all(torch.equal(trained[name], kept[name]) for name in kept)
    assert any(not torch.equal(trained[name], untrained[name]) for name in kept)

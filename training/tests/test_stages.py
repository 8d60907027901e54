"""The stages of novo-mini, one after the other at a tiny size, each from the checkpoint of the one before."""

import json

import numpy as np
import pytest
import small
import torch
from transformers import LlavaForConditionalGeneration

from novo_train.model.vision import NovoVision
from novo_train.stages import layouts, lexicon, novo, pair, reason, seen, streams, vision
from novo_train.stages.config import BadConfig, load_config
from novo_train.stages.instances import clicks_on, iou_of
from novo_train.stages.novo_parts import build_novo
from novo_train.stages.parts import with_more_layers
from novo_train.stages.program import told


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mini")
    return small.tokenizer_file(folder), small.sprites(folder / "sprites.npz"), small.segment_anything(folder / "sam")


def arguments(files, out, name: str, *changes: str, more: tuple = ()) -> list[str]:
    tokenizer, sprites, sam = files
    few = ("steps=2", "minutes=0", "wall=0", "batch=2", "evaluate=2", "log_steps=1", "warmup=1")
    limits = [f"stage.{name}.{key}" for key in (("scenes=3", "tests=2") if name == "seen" else few)]
    changes = [
        f"llava.tokenizer={tokenizer}",
        f"data.sprites={sprites}",
        f"sam.checkpoint={sam}",
        "llava.layers=2",
        "llava.d=64",
        "llava.heads=2",
        "llava.intermediate=96",
        "tower.grid=6",
        "tower.weights=",
        "tower.second=lite0",
        "tower.head_blocks=1",
        "image.size=192",
        "machine.precision=fp32",
        "machine.workers=0",
        *limits,
        *changes,
    ]
    told = [part for change in changes for part in ("--set", change)]
    return ["--config", str(small.CONFIGS / "novo-mini.toml"), "--out", str(out), *told, *map(str, more)]


def rows_of(out):
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def test_from_drawings_to_a_folder_for_the_exporter(files, tmp_path):
    at = {name: tmp_path / name for name in ("vision", "lexicon", "layouts", "seen", "asked", "reason", "novo")}
    vision.main(arguments(files, at["vision"], "vision", "stage.vision.pool=4"))
    assert {"training", "held-out", "harder"} <= rows_of(at["vision"])[-1].keys()
    lexicon.main(arguments(files, at["lexicon"], "lexicon"))
    layouts.main(
        arguments(files, at["layouts"], "layouts", "stage.layouts.cells=20", more=("--init", at["lexicon"] / "mini.pt"))
    )
    assert 0 <= rows_of(at["layouts"])[-1]["doubtful"]["free"] <= 1
    card = json.loads((at["layouts"] / "card.json").read_text())
    assert card["steps"] == 2 and card["settings"]["stage"]["seed"] == 50_000_000 and card["trained_parameters"] > 0
    pair.main([str(tmp_path / "pair.pt"), *[str(at["vision"] / "vision.pt")] * 2])
    looked = ("--vision", tmp_path / "pair.pt")
    seen.main(arguments(files, at["seen"], "seen", more=looked))
    scenes = f"stage.layouts.seen={at['seen'] / 'seen.npz'}"
    layouts.main(arguments(files, at["asked"], "layouts", scenes, more=("--init", at["layouts"] / "mini.pt")))
    assert {"layouts", "doubtful", "seen", "seen new words"} <= rows_of(at["asked"])[-1].keys()
    before = ("--init", at["asked"] / "mini.pt", *looked)
    reason.main(
        arguments(
            files,
            at["reason"],
            "reason",
            "stage.reason.cells=30",
            "stage.reason.vision_lr=0",
            more=before,
        )
    )
    trained, kept = (
        torch.load(at[name] / f"{file}.pt", weights_only=True)
        for name, file in (("vision", "vision"), ("reason", "mini"))
    )
    assert torch.equal(
        trained["model"]["fusion.norm.running_mean"], kept["model"]["model.vision_tower.fusion.norm.running_mean"]
    )
    assert torch.equal(trained["head"]["kind.weight"], kept["model"]["model.vision_tower.head.kind.weight"])
    joined, _ = build_novo(told("novo", "", arguments(files, at["novo"], "novo", more=before)))
    tower = joined.llava.model.vision_tower
    assert torch.equal(tower.head.kind.weight, trained["head"]["kind.weight"])
    asked = torch.load(at["asked"] / "mini.pt", weights_only=True)["tower"]
    assert all(torch.equal(tower.concepts.state_dict()[name], value) for name, value in asked.items())
    novo.main(
        arguments(
            files,
            at["novo"],
            "novo",
            "stage.novo.scenes=2",
            "stage.novo.side=128",
            "stage.novo.loss_side=64",
            "stage.novo.evaluate=1",
            "stage.novo.clicks=1",
            more=("--init", at["reason"] / "mini.pt"),
        )
    )
    assert {"iou", "ciou", "none"} <= rows_of(at["novo"])[-1]["S"].keys()
    llava = LlavaForConditionalGeneration.from_pretrained(at["novo"] / "result/llava")
    assert isinstance(llava.model.vision_tower, NovoVision)
    frozen = {name: value for name, value in kept["model"].items() if name.startswith("model.vision_tower.")}
    written = llava.model.vision_tower.state_dict(prefix="model.vision_tower.")  # batch statistics among them
    assert written.keys() == frozen.keys() and all(torch.equal(written[name], frozen[name]) for name in frozen)
    settings = json.loads((at["novo"] / "result/settings.json").read_text())
    assert settings["template"] == "<s>USER: <image> {query} ASSISTANT:" and settings["image"]["padding"] == "black"


@pytest.mark.parametrize("stage", [layouts, lexicon])
def test_a_run_resumed_is_the_run_that_never_stopped(files, tmp_path, stage):
    name = stage.__name__.rsplit(".", 1)[1]
    told = (f"stage.{name}.save_minutes=0", f"stage.{name}.steps=4", f"stage.{name}.evaluate=0", "machine.workers=1")
    stage.main(arguments(files, tmp_path / "whole", name, *told))
    parted, real = [], torch.optim.AdamW.step

    def ends(self, *args, **more):
        parted.append(1)
        if len(parted) == 3:
            raise KeyboardInterrupt
        return real(self, *args, **more)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(torch.optim.AdamW, "step", ends)
        stage.main(arguments(files, tmp_path / "parted", name, *told))
    stage.main(arguments(files, tmp_path / "parted", name, *told, more=("--resume",)))
    a, b = (torch.load(tmp_path / each / "mini.pt", weights_only=True) for each in ("whole", "parted"))
    for part in ("model", "scale"):
        assert all(torch.equal(a[part][key], b[part][key]) for key in a[part])
    assert [row["total"] for row in rows_of(tmp_path / "whole")] == [
        row["total"] for row in rows_of(tmp_path / "parted")
    ]


def test_batches_are_the_same_by_any_way_to_them():
    class Numbers:
        def __init__(self):
            self.scenes = streams.Shuffled(lambda n: n, repeat=3, pool=5)

        def batch(self, number, lane, lanes):
            return [self.scenes(n, lane, lanes) for n in range(number * 2, number * 2 + 2)]

    for workers in (0, 2):
        start = streams.batches_of(Numbers(), workers)
        whole = [batch for batch, _ in zip(start(0, 1), range(20), strict=False)]
        assert [batch for batch, _ in zip(start(7, 1), range(13), strict=False)] == whole[7:]
        for rank in (0, 1):  # of two processes
            assert [batch for batch, _ in zip(start(rank, 2), range(10), strict=False)] == whole[rank::2]
    shown = [n for batch in whole for n in batch]
    assert sorted(shown[:30].count(n) for n in set(shown[:30]))[-1] == 3  # pools of two lanes: each scene three times


def test_new_layers_begin_by_changing_nothing(files):
    from novo_train.model.llava import build

    torch.manual_seed(0)
    sizes = {"d": 64, "heads": 2, "intermediate": 96}
    small_one, large = (build(80, {"image_size": 32, "hidden_size": 64}, layers=n, **sizes).eval() for n in (2, 4))
    large.load_state_dict(with_more_layers(small_one.state_dict(), 2, 4, large.state_dict()))
    ids = torch.arange(8, 20)[None]
    with torch.no_grad():
        torch.testing.assert_close(large(input_ids=ids).logits, small_one(input_ids=ids).logits)


def test_a_configuration_says_what_it_does_not_know(tmp_path):
    mini = small.CONFIGS / "novo-mini.toml"
    with pytest.raises(BadConfig, match="does not know learning_rate"):
        load_config(mini, ["stage.novo.learning_rate=1"])
    with pytest.raises(BadConfig, match="must be one of"):
        load_config(mini, ["prompts.kind=boxes"])
    with pytest.raises(BadConfig, match="must be of type int"):
        load_config(mini, ["stage.novo.batch=1.5"])
    with pytest.raises(BadConfig, match="image.size must be 384 for tower.grid = 24 without tower.zoom, not 768"):
        load_config(mini, ["tower.zoom=false"])
    with pytest.raises(BadConfig, match="image.size must be 640 for tower.grid = 20 with tower.zoom, not 768"):
        load_config(mini, ["tower.grid=20"])
    assert load_config(mini, ["stage.novo.lr=1"]).stage.novo.lr == 1.0
    weights = load_config(small.CONFIGS / "novo-7b.toml").loss
    assert (weights.text, weights.bce, weights.dice) == (1.0, 2.0, 0.5)  # paper, section 6.1


def test_a_click_lies_in_the_thing_that_it_asks_for():
    masks = np.zeros((2, 60, 90), bool)
    masks[0, 5:20, 5:60], masks[1, 40:55, 70:88] = True, True
    clicks = clicks_on([list(masks), [], [masks[1]]], 5, 64, np.random.default_rng(0))
    assert clicks.rows.tolist() == [0, 0, 2]
    for (x, y), truth in zip((clicks.points * 64 / 1024).long().tolist(), clicks.truth, strict=True):
        assert truth[y, x] == 1
    assert clicks.inside[0, : int(64 * 60 / 90)].all() and not clicks.inside[0, 43:].any()
    exact = iou_of(torch.stack([clicks.truth * 2 - 1, 1 - 2 * clicks.truth], 1), clicks.truth.round(), clicks.inside)
    assert exact[:, 0].min() > 0.9 and exact[:, 1].max() == 0


def test_coverage_is_exact_by_area():
    from novo_train.stages.examples import coverage

    mask = np.zeros((30, 50), bool)
    mask[3:17, 11:40] = True
    covered = coverage(mask, 8)
    assert covered.sum() * (50 / 8) ** 2 == pytest.approx(mask.sum(), rel=1e-5)
    assert covered[1, 3] == pytest.approx(1) and covered[5:].max() == 0
    assert covered[0, 3] == pytest.approx((6.25 - 3) / 6.25, rel=1e-5)

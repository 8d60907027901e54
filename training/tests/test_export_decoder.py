"""decoder.onnx against the ONNX file that its weights came from, cut as docs/packs.md says."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from safetensors.torch import save_file
from small import SAM_ONNX as STOCK
from small import needs_sam

from novo_train.export.__main__ import main
from novo_train.export.decoder import INPUTS, OUTPUTS
from novo_train.export.old_layout import segment_anything
from novo_train.export.precision import make_smaller
from novo_train.export.tiny import SETTINGS, tiny_tokenizer
from novo_train.model.llava import build
from novo_train.model.pixels import MINI_SQUARE
from novo_train.model.sam import Sam
from novo_train.model.sam_onnx import read_onnx

REPOSITORY = Path(__file__).parents[2]
CUT = ["/Reshape_9_output_0", "/iou_prediction_head/layers.2/Gemm_output_0"]
pytestmark = needs_sam


def session(model) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def stock() -> onnxruntime.InferenceSession:
    model = onnx.load(STOCK)
    del model.graph.output[:]
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in CUT)
    return session(model.SerializeToString())


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The pack of a folder as the stage novo leaves it: novo-mini's classes, small and random, the stock decoder."""
    result, pack = tmp_path_factory.mktemp("training") / "result", tmp_path_factory.mktemp("export") / "pack"
    tokenizer = tiny_tokenizer()
    vision = {"image_size": 64, "patch_size": 16, "hidden_size": 32, "kinds": 3}
    llava = build(tokenizer.get_vocab_size(), vision, layers=1, d=32, heads=2, intermediate=48)
    llava.save_pretrained(result / "llava")
    tokenizer.save(str(result / "llava" / "tokenizer.json"))
    save_file(Sam().load_onnx(STOCK).decoder.state_dict(), result / "decoder.safetensors")
    about = {"id": "small", "title": "Small", "licence": "CC0-1.0", "source": "Random weights", "domain": "Nothing."}
    told = {"template": SETTINGS.template, "image": asdict(MINI_SQUARE) | {"size": 64}, "gain": 30.0, "bias": -6.0}
    told |= {"thresholds": {"minPredictedIou": 0.6}}
    (result / "settings.json").write_text(json.dumps(about | told))
    main([str(result), str(pack), "--prompt-encoder", str(STOCK)])
    return pack


def prompts(b: int, n: int, has_mask: int, box: bool = False) -> dict[str, np.ndarray]:
    """b prompts of n points each, the last one the pad point or the last two a box's corners."""
    rng = np.random.default_rng(b + n)
    labels = rng.integers(0, 2, (b, n)).astype(np.float32)
    labels[:, -2 if box else -1 :] = [2, 3] if box else -1
    embedding, mask = rng.standard_normal((1, 256, 64, 64)) * 0.1, rng.standard_normal((b, 1, 256, 256)) * 5
    values = [embedding, rng.random((b, n, 2)) * 1024, labels, mask, np.full(1, has_mask)]
    return {name: value.astype(np.float32) for name, value in zip(INPUTS, values, strict=True)}


@pytest.mark.parametrize(("n", "has_mask", "box"), [(11, 1, False), (3, 1, False), (2, 0, False), (4, 1, True)])
def test_it_is_the_decoder_that_its_weights_came_from(folder, stock, n, has_mask, box):
    feeds = prompts(1, n, has_mask, box)
    found = session(folder / "decoder.onnx").run(OUTPUTS, feeds)
    wanted = stock.run(CUT, {**feeds, "orig_im_size": np.array([1024, 1024], np.float32)})
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3)
    assert found[0].shape == (1, 4, 256, 256) and found[0].std() > 0.5


def test_three_prompts_at_once_are_the_three_one_by_one(folder):
    opened, feeds = session(folder / "decoder.onnx"), prompts(3, 6, 1)
    together = opened.run(OUTPUTS, feeds)
    for k in range(3):
        alone = opened.run(
            OUTPUTS, {name: value[k : k + 1] if value.shape[0] == 3 else value for name, value in feeds.items()}
        )
        for a, b in zip(together, alone, strict=True):
            np.testing.assert_allclose(a[k : k + 1], b, atol=1e-3)
    assert not np.allclose(together[0][0], together[0][1], atol=1)


def test_half_the_bytes_and_the_same_masks(folder, tmp_path):
    (tmp_path / "decoder.onnx").write_bytes((folder / "decoder.onnx").read_bytes())
    make_smaller(tmp_path, "fp16-weights", False)
    assert (tmp_path / "decoder.onnx").stat().st_size < 8.5e6
    feeds = prompts(1, 11, 1)
    small, whole = (session(where / "decoder.onnx").run(OUTPUTS, feeds)[0] > 0 for where in (tmp_path, folder))
    assert ((small & whole).sum((2, 3)) / (small | whole).sum((2, 3))).min() > 0.97


def test_the_manifest_names_what_the_graph_has(folder):
    llava = json.loads((folder / "pack.json").read_text())["llava"]
    opened, entry = session(folder / "decoder.onnx"), llava["decoder"]
    assert (entry["segmenter"], llava["grid"], llava["maskPrompt"]) == (
        "mobile-sam",
        [4, 4],
        {"gain": 30.0, "bias": -6.0},
    )
    assert entry["thresholds"] == {"minPredictedIou": 0.6}
    inputs = entry["inputs"]
    named = [*inputs["embeddings"], *(inputs[key] for key in ("pointCoords", "pointLabels", "maskInput", "hasMask"))]
    assert sorted(named) == sorted(each.name for each in opened.get_inputs())
    assert [entry["outputs"]["masks"], entry["outputs"]["scores"]] == [each.name for each in opened.get_outputs()]


def test_segment_anything_inside_an_old_checkpoint():
    """LISA keeps it under Meta's names, as Meta's ONNX export does."""

    class Named(dict):
        get = dict.__getitem__

    weights = {"model.visual_model." + name.removeprefix("model."): value for name, value in read_onnx(STOCK).items()}
    left = set(weights)
    found, wanted = segment_anything(Named(weights), left).state_dict(), Sam().load_onnx(STOCK).state_dict()
    assert left == set()
    for name, value in wanted.items():
        torch.testing.assert_close(found[name], value)

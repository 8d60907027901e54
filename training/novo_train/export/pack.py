"""pack.json: the manifest of a `llava-seg` pack, with sizes and hashes of its files."""

import hashlib
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import LlavaForConditionalGeneration

from novo_train.model.sam import Sam

from .decoder import decoder_entry, export_decoder
from .graphs import DECODER, EMBED, LANGUAGE, VISION, CacheShape, cache_shape, export_graphs
from .modules import projected_size
from .precision import make_smaller
from .settings import ExportSettings

TOKENIZER, TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"


def export_pack(
    llava: LlavaForConditionalGeneration,
    tokenizer: Tokenizer,
    settings: ExportSettings,
    folder: Path,
    tokenizer_config: dict | None = None,
    sam: Sam | None = None,
    projection: nn.Module | None = None,
) -> dict:
    """Writes the whole pack to `folder` and answers its manifest. Changes the dtype of what it is given: half where
    fp16 was asked for, else single. sam: with the decoder that was trained with the model. projection: d -> k, see
    settings.project.
    """
    check(tokenizer, settings, llava.config.image_token_id)
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(
            f"{folder} is not empty: give a new folder, so that no file of another export stays in the pack."
        )
    if settings.project and projection is None:
        raise ValueError("project: the checkpoint has no text_hidden_fcs to apply to the hidden states.")
    projection = projection if settings.project else None
    for part in (llava, projection):
        if part is not None:
            part.to(torch.float16 if settings.precision == "fp16" else torch.float32)
    export_graphs(llava, settings.image.size, folder, settings.opset, settings.external_data, projection)
    if sam is not None:
        export_decoder(sam, folder, settings.opset)
    make_smaller(folder, settings.precision, settings.external_data)
    tokenizer.save(str(folder / TOKENIZER))
    (folder / TOKENIZER_CONFIG).write_text(json.dumps(tokenizer_config or {}, indent=2) + "\n")
    manifest = manifest_of(llava, tokenizer, settings, cache_shape(llava), folder, projection)
    (folder / "pack.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    return manifest


def check(tokenizer: Tokenizer, settings: ExportSettings, image_id: int) -> None:
    if getattr(tokenizer.model, "continuing_subword_prefix", None):
        raise ValueError(
            "The application's tokenizer library ignores BPE's continuing_subword_prefix: mark the start of words "
            "instead (Metaspace), and train the tokenizer anew."
        )
    image = tokenizer.id_to_token(image_id)
    if tokenizer.token_to_id(settings.seg_token) is None:
        raise ValueError(f"The tokenizer has no token {settings.seg_token}: add it and train it before the export.")
    if image is None:
        raise ValueError(f"The tokenizer has no token for the image (id {image_id} of the model's configuration).")
    for part in ("{query}", image):
        if settings.template.count(part) != 1:
            raise ValueError(f"The template must hold {part} once: {settings.template!r}")
    if not settings.template.split(image)[1].strip():
        raise ValueError("Text must follow the image in the template.")


def manifest_of(
    llava: LlavaForConditionalGeneration,
    tokenizer: Tokenizer,
    settings: ExportSettings,
    cache: CacheShape,
    folder: Path,
    projection: nn.Module | None = None,
) -> dict:
    config, rule = llava.config, settings.image
    patch = config.vision_config.patch_size
    rows = rule.size // patch
    ends = llava.generation_config.eos_token_id
    ends = config.text_config.eos_token_id if ends is None else ends
    image_text = tokenizer.id_to_token(config.image_token_id)
    seg = {"text": settings.seg_token, "id": tokenizer.token_to_id(settings.seg_token)}
    seg |= {"bias": settings.seg_bias} if settings.seg_bias else {}
    spec = {
        "domain": settings.domain,
        "tokenizer": {"file": TOKENIZER, "config": TOKENIZER_CONFIG, "addSpecialTokens": settings.add_special_tokens},
        "template": settings.template,
        "imageToken": {"text": image_text, "id": config.image_token_id},
        "segToken": seg,
        "endTokens": ends if isinstance(ends, list) else [ends],
        "contextLength": config.text_config.max_position_embeddings,
        "maxNewTokens": settings.max_new_tokens,
        "hiddenSize": config.text_config.hidden_size,
        "image": {
            "size": rule.size,
            "channels": "RGB",
            "range": 255,
            "normalise": {"mean": rule.mean, "std": rule.std},
            "resample": "bilinear",
            "padding": rule.padding,
        },
        "grid": [rows, rows],
        "vision": {"file": VISION, "input": "pixels", "output": "features"},
        "embedTokens": {"file": EMBED, "input": "input_ids", "output": "embeds"},
        "languageModel": {
            "file": LANGUAGE,
            "inputs": {"embeddings": "inputs_embeds", "positionIds": "position_ids", "attentionMask": None},
            "outputs": {"logits": "logits", "hidden": "hidden"},
            "cache": {
                "layers": cache.layers,
                "heads": cache.heads,
                "headSize": cache.head_size,
                "dtype": cache.dtype,
                "past": {"key": "past.{layer}.key", "value": "past.{layer}.value"},
                "present": {"key": "present.{layer}.key", "value": "present.{layer}.value"},
            },
        },
        "similarity": settings.similarity,
        "hiddenState": settings.hidden_state,
        "maskPrompt": {
            "gain": settings.gain,
            "bias": settings.bias,
            **({"level": settings.level} if settings.level else {}),
        },
        "points": {"positive": settings.positive, "negative": settings.negative},
    }
    if projection is not None:
        spec["stateSize"] = projected_size(projection, config.text_config.hidden_size)
    if settings.confidence:
        spec["confidence"] = settings.confidence
    if (folder / DECODER).exists():
        spec["decoder"] = decoder_entry(settings.segmenter)
        if settings.thresholds:
            spec["decoder"]["thresholds"] = settings.thresholds
    return {
        "schema": 1,
        "id": settings.id,
        "title": settings.title,
        "licence": settings.licence,
        "source": settings.source,
        "kind": "llava-seg",
        "files": [described(path) for path in sorted(folder.iterdir()) if path.name != "pack.json"],
        "llava": spec,
    }


def described(path: Path) -> dict:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return {"path": path.name, "size": path.stat().st_size, "sha256": digest.hexdigest()}

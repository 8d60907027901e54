"""The whole model of a configuration: which weights it begins with, what is trained, and the folder that the exporter
reads.
"""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken
from transformers import LlavaForConditionalGeneration, SamModel

from ..model.lora import add_lora, is_adapter, merge_lora
from ..model.novo import Novo
from ..model.sam import Sam
from ..model.similarity import Scale
from ..model.tokens import load_tokenizer, twins, with_marked_words
from ..world.kinds import load_kinds
from .config import Config
from .parts import build_mini, read_stage, speech_of, take, take_language, take_tower
from .program import Told
from .speech import Speech

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def tokenizer_file(config: Config) -> Path:
    if config.llava.tokenizer:
        return Path(config.llava.tokenizer)
    beside = Path(config.llava.checkpoint) / "tokenizer.json"
    if beside.exists():
        return beside
    from huggingface_hub import hf_hub_download

    return Path(hf_hub_download(config.llava.checkpoint, "tokenizer.json"))


def pretrained(config: Config) -> tuple[LlavaForConditionalGeneration, Speech]:
    """A checkpoint in the layout of transformers. Its tokenizer gets the <SEG> token, and the embeddings a row, where
    they lack it.
    """
    c = config.llava
    llava = LlavaForConditionalGeneration.from_pretrained(c.checkpoint, dtype=DTYPES[c.dtype])
    tokenizer = load_tokenizer(tokenizer_file(config))
    if tokenizer.token_to_id(c.seg_token) is None:
        tokenizer.add_special_tokens([AddedToken(c.seg_token, special=True)])
    if tokenizer.get_vocab_size() > llava.get_input_embeddings().num_embeddings:
        llava.resize_token_embeddings(tokenizer.get_vocab_size())
    text = llava.config.text_config
    end = text.eos_token_id[0] if isinstance(text.eos_token_id, list) else text.eos_token_id
    pad = end if text.pad_token_id is None or text.pad_token_id < 0 else text.pad_token_id
    return llava, Speech(tokenizer, c.template, llava.config.image_token_id, end, pad, c.seg_token)


def segment_anything(config: Config) -> Sam:
    if config.sam.checkpoint:
        return Sam().load_transformers(SamModel.from_pretrained(config.sam.checkpoint))
    return Sam().load_onnx(Path(config.sam.decoder))


def decoder_of(file: Path) -> dict[str, torch.Tensor]:
    """The mask decoder in novo.pt, the checkpoint of the stage novo."""
    saved, start = read_stage(file)["novo"], "sam.decoder."
    return {name.removeprefix(start): value for name, value in saved.items() if name.startswith(start)}


def build_novo(t: Told) -> tuple[Novo, Speech]:
    """Everything frozen. For a model without `llava.checkpoint`, --init: mini.pt of the stage reason, or of layouts and
    --vision its tower."""
    c, scale = t.config, Scale(t.config.mask.gain, t.config.mask.threshold)
    if c.llava.checkpoint:
        llava, speech = pretrained(c)
    else:
        speech = speech_of(c, c.data.dropout)
        llava = build_mini(c, speech.tokenizer.get_vocab_size(), len(load_kinds()))
        if t.init:
            saved = read_stage(t.init)
            take_language(llava, saved, c, True)
            take(scale, saved, "scale")
            take_tower(llava.model.vision_tower, saved, t.vision)
    vision = llava.config.vision_config
    rows = c.image.size // vision.patch_size
    novo = Novo(llava, segment_anything(c), c.prompts, (rows, rows), scale, c.pack.level)
    if c.stage.novo.decoder_from:
        novo.sam.decoder.load_state_dict(decoder_of(Path(c.stage.novo.decoder_from)))
    return novo.requires_grad_(False).to(t.device), speech


def choose_trained(novo: Novo, config: Config) -> list[dict]:
    """Switches on what the stage trains, in single precision, and answers AdamW's groups. Segment Anything's prompt
    encoder and the vision tower stay frozen (paper, section 6.1)."""
    run, language = config.stage.novo, novo.llava.model.language_model
    taught = []
    if run.language == "lora":
        add_lora(novo.llava, config.lora)
        taught = [p for name, p in language.named_parameters() if is_adapter(name)]
    elif run.language == "full":
        taught = list(language.parameters())
    if run.tokens:
        words = [novo.llava.get_input_embeddings().weight, novo.llava.lm_head.weight]
        taught += [p for p in {id(p): p for p in words}.values() if not any(p is other for other in taught)]
    decoder = [*(novo.sam.decoder.parameters() if run.decoder else ()), *(novo.text.parameters() if novo.text else ())]
    scales = list(novo.scale.parameters()) if run.scale_lr and config.prompts.kind in ("both", "mask") else []
    groups = [
        {"params": decoder, "lr": run.lr},
        {"params": taught, "lr": run.language_lr},
        {"params": scales, "lr": run.scale_lr, "weight_decay": 0.0},
    ]
    for p in (p for group in groups for p in group["params"]):
        p.requires_grad_(True)
        p.data = p.data.float()
    device = next(novo.sam.parameters()).device
    novo.to(device)
    return groups


def settings_of(config: Config, scale: Scale) -> dict:
    """settings.json: the fields of export.settings.ExportSettings that a checkpoint does not say."""
    p, pack = config.prompts, asdict(config.pack)
    gain = pack.pop("gain") or scale.gain.item()
    points = p.kind in ("both", "points", "text-points")
    return {
        **pack,
        "template": config.llava.template, "seg_token": config.llava.seg_token, "image": asdict(config.image),
        "segmenter": config.sam.segmenter, "similarity": p.similarity, "hidden_state": p.hidden_state,
        "gain": round(gain, 6), "bias": round(-gain * scale.threshold.item(), 6),
        "positive": p.positive if points else 0, "negative": p.negative if points else 0,
    }  # fmt: skip


def write_result(novo: Novo, speech: Speech, config: Config, out: Path) -> None:
    """llava/ (save_pretrained and tokenizer.json), decoder.safetensors, prompt_encoder.safetensors (frozen, as it
    was) and settings.json, all of them or none. Merges LoRA's adapters into the model."""
    made, old = out / ".result", out / "result"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    merge_lora(novo.llava.model.language_model)
    tokenizer = with_marked_words(speech.tokenizer)
    have = novo.llava.get_input_embeddings().num_embeddings
    if tokenizer.get_vocab_size() > have:
        novo.llava.resize_token_embeddings(tokenizer.get_vocab_size(), mean_resizing=False)
        # input and output embeddings of such models are one matrix
        table = novo.llava.get_input_embeddings().weight.data
        table[have:] = table[twins(tokenizer, have)]
    novo.llava.to(DTYPES[config.llava.dtype]).save_pretrained(made / "llava")
    tokenizer.save(str(made / "llava" / "tokenizer.json"))
    save_file(
        {name: value.detach().float().cpu().contiguous() for name, value in novo.sam.decoder.state_dict().items()},
        made / "decoder.safetensors",
    )
    save_file(
        {name: value.detach().float().cpu().contiguous() for name, value in novo.sam.prompt.state_dict().items()},
        made / "prompt_encoder.safetensors",
    )
    (made / "settings.json").write_text(json.dumps(settings_of(config, novo.scale), indent=2) + "\n")
    if old.exists():
        shutil.rmtree(old)
    os.replace(made, old)


def read_result_sam(folder: Path) -> Sam:
    """Prompt encoder and trained decoder of write_result's folder."""
    sam = Sam()
    sam.prompt.load_state_dict(load_file(folder / "prompt_encoder.safetensors"))
    sam.decoder.load_state_dict(load_file(folder / "decoder.safetensors"))
    return sam

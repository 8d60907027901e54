"""A checkpoint as LISA and READ write it, with tiny random weights, against a plain forward pass of the same
modules."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn
from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaModel, LlamaPreTrainedModel

from novo_train.export.checkpoint import load
from novo_train.export.pack import export_pack
from novo_train.export.settings import ExportSettings, ImageRule

D, SIDE, PATCH, OUT = 32, 28, 7, 24
TEXTS = ["what holds tea?", "Sure, it is [SEG].", "what can fly?"]
SPECIAL = ["<unk>", "<s>", "</s>", "[SEG]", "<im_start>", "<im_end>"]
SETTINGS = ExportSettings(
    id="tiny-lisa",
    title="Tiny LISA",
    licence="CC0-1.0",
    source="Random weights",
    domain="Nothing: it exists for tests.",
    template="<s>USER: <im_start><image><im_end>\n{query} ASSISTANT:",
    image=ImageRule(size=SIDE),
    seg_token="[SEG]",
    similarity="dot",
    max_new_tokens=8,
)


class Inside(LlamaModel):
    """`model.` of the layout. The names of attributes are the names in the checkpoint."""

    def __init__(self, config: LlamaConfig, projector: nn.Module):
        super().__init__(config)
        self.mm_projector = projector
        self.text_hidden_fcs = nn.ModuleList(
            [nn.Sequential(nn.Linear(D, D), nn.ReLU(), nn.Linear(D, OUT), nn.Dropout(0.0))]
        )
        self.vision_tower = nn.Module()
        self.vision_tower.vision_tower = CLIPVisionModel(
            CLIPVisionConfig(
                hidden_size=D,
                intermediate_size=48,
                num_hidden_layers=3,
                num_attention_heads=2,
                image_size=SIDE,
                patch_size=PATCH,
            )
        )


class Original(LlamaPreTrainedModel):
    def __init__(self, vocabulary: int, projector: nn.Module):
        super().__init__(
            LlamaConfig(
                vocab_size=vocabulary,
                hidden_size=D,
                intermediate_size=64,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=4,
                max_position_embeddings=128,
            )
        )
        self.model, self.lm_head = Inside(self.config, projector), nn.Linear(D, vocabulary, bias=False)

    def forward(self, before, pixels, after):
        """ids (1, a), pixels (1, 3, side, side), ids (1, b) -> logits of the last position, states, projected
        states."""
        model = self.model
        seen = model.vision_tower.vision_tower(pixels, output_hidden_states=True).hidden_states[-2][:, 1:]
        x = torch.cat([model.embed_tokens(before), model.mm_projector(seen), model.embed_tokens(after)], 1)
        hidden = model(inputs_embeds=x).last_hidden_state
        return self.lm_head(hidden)[0, -1], hidden[0], model.text_hidden_fcs[0](hidden)[0]


def tokenizer_without_image() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    tokenizer.train_from_iterator(
        TEXTS, trainers.BpeTrainer(vocab_size=90, special_tokens=SPECIAL, show_progress=False)
    )
    return tokenizer


def projectors() -> dict[str, nn.Module]:
    return {"linear": nn.Linear(D, D), "mlp2x_gelu": nn.Sequential(nn.Linear(D, D), nn.GELU(), nn.Linear(D, D))}


def make(kind: str) -> tuple[Original, Tokenizer]:
    torch.manual_seed(0)
    tokenizer = tokenizer_without_image()
    original = Original(tokenizer.get_vocab_size(), projectors()[kind])
    for name, parameter in original.named_parameters():
        if "norm" not in name:
            nn.init.normal_(parameter, std=0.2)
    return original.eval(), tokenizer


def with_adapters(original: Original) -> nn.Module:
    """As LISA sets them: on the language model's layers, named one by one. Not merged, and not zero."""
    targets = [
        name
        for name, _ in original.named_modules()
        if name.startswith("model.layers") and name.endswith(("q_proj", "v_proj"))
    ]
    wrapped = get_peft_model(
        original, LoraConfig(r=4, lora_alpha=16, lora_dropout=0.05, target_modules=targets, bias="none")
    )
    for name, parameter in wrapped.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(parameter, std=0.2)
    return wrapped.eval()


def write(folder: Path, original: Original, tokenizer: Tokenizer, state: dict, kind: str, suffix: str) -> Path:
    """Two shards with an index, config.json with LISA's fields, tokenizer.json, and CLIP in clip/. Answers clip/."""
    folder.mkdir()
    state = {name: value.clone() for name, value in state.items() if "vision_tower" not in name}
    stem, names, weight_map = "model" if suffix == "safetensors" else "pytorch_model", sorted(state), {}
    for at, part in enumerate((names[::2], names[1::2]), 1):
        file = f"{stem}-0000{at}-of-00002.{suffix}"
        shard = {name: state[name] for name in part}
        save_file(shard, folder / file) if suffix == "safetensors" else torch.save(shard, folder / file)
        weight_map.update(dict.fromkeys(part, file))
    (folder / f"{stem}.{suffix}.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))
    config = {
        **original.config.to_dict(),
        "model_type": "llava",
        "architectures": ["LISAForCausalLM"],
        "mm_hidden_size": D,
        "mm_projector_type": kind,
        "mm_vision_tower": "openai/clip-vit-large-patch14",
        "mm_vision_select_layer": -2,
        "mm_vision_select_feature": "patch",
        "mm_use_im_start_end": True,
        "out_dim": OUT,
        "train_mask_decoder": True,
    }
    (folder / "config.json").write_text(json.dumps(config))
    tokenizer.save(str(folder / "tokenizer.json"))
    original.model.vision_tower.vision_tower.save_pretrained(folder / "clip")
    return folder / "clip"


def inputs(tokenizer: Tokenizer) -> Iterator[torch.Tensor]:
    """Ids before the picture, pixels, ids after it."""
    before, after = SETTINGS.template.replace("{query}", TEXTS[0]).split("<image>")

    def encode(text):
        return torch.tensor([tokenizer.encode(text, add_special_tokens=False).ids])

    return encode(before), torch.randn(1, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1)), encode(after)


def run_pack(folder: Path, manifest: dict, before, pixels, after):
    """Logits of the last position and all `hidden` of one pass."""
    spec = manifest["llava"]

    def session(part):
        return onnxruntime.InferenceSession(folder / spec[part]["file"])

    def embed(ids):
        return session("embedTokens").run(None, {"input_ids": ids.numpy()})[0]

    features = session("vision").run(None, {"pixels": pixels.numpy()})[0]
    x = np.concatenate([embed(before), features, embed(after)], 1)
    cache = spec["languageModel"]["cache"]
    past = {
        f"past.{layer}.{part}": np.zeros((1, cache["heads"], 0, cache["headSize"]), np.float32)
        for layer in range(cache["layers"])
        for part in ("key", "value")
    }
    feeds = {"inputs_embeds": x, "position_ids": np.arange(x.shape[1])[None], **past}
    logits, hidden = session("languageModel").run(["logits", "hidden"], feeds)
    return logits[0, -1], hidden[0]


@pytest.mark.parametrize(
    ("kind", "suffix", "adapters"), [("linear", "safetensors", False), ("mlp2x_gelu", "bin", True)]
)
def test_the_pack_of_an_old_checkpoint_equals_its_forward_pass(tmp_path, kind, suffix, adapters):
    original, tokenizer = make(kind)
    merged_nowhere = with_adapters(original) if adapters else original
    state = merged_nowhere.state_dict()
    assert any(name.startswith("base_model.model.model.layers.0.self_attn.q_proj.lora_A") for name in state) == adapters
    clip = write(tmp_path / "old", original, tokenizer, state, kind, suffix)
    loaded = load(tmp_path / "old", vision_tower=clip, lora_alpha=16 if adapters else None)
    settings = ExportSettings(**{**vars(SETTINGS), "project": not adapters})
    manifest = export_pack(
        loaded.llava, loaded.tokenizer, settings, tmp_path / "pack", None, loaded.sam, loaded.projection
    )
    parts = inputs(tokenizer)
    with torch.no_grad():
        logits, hidden, projected = merged_nowhere(*parts)
    found_logits, found_hidden = run_pack(tmp_path / "pack", manifest, *parts)
    vocabulary = tokenizer.get_vocab_size()
    np.testing.assert_allclose(found_logits[:vocabulary], logits, atol=1e-4)
    np.testing.assert_allclose(found_hidden, hidden if adapters else projected, atol=1e-4)
    assert manifest["llava"].get("stateSize") == (None if adapters else OUT)
    # The image got a token of its own, which can never be said: it is as likely as <unk>, which comes first.
    assert manifest["llava"]["imageToken"] == {"text": "<image>", "id": vocabulary}
    assert found_logits[vocabulary] == pytest.approx(found_logits[0], abs=1e-5)
    assert found_logits.argmax() != vocabulary


def test_an_adapter_beside_its_base_model(tmp_path):
    """adapter_model.safetensors with adapter_config.json, as peft writes it, and the model under it in another
    folder."""
    original, tokenizer = make("linear")
    clip = write(tmp_path / "base", original, tokenizer, original.state_dict(), "linear", "bin")
    wrapped = with_adapters(original)
    wrapped.save_pretrained(tmp_path / "adapter")
    loaded = load(tmp_path / "adapter", vision_tower=clip, base=tmp_path / "base")
    merged = wrapped.merge_and_unload().state_dict()
    changed = "model.layers.1.self_attn.v_proj.weight"
    found = loaded.llava.model.language_model.layers[1].self_attn.v_proj.weight
    torch.testing.assert_close(found.data, merged[changed])


def test_what_does_not_fit_is_said(tmp_path):
    original, tokenizer = make("linear")
    state = original.state_dict()
    clip = write(
        tmp_path / "more", original, tokenizer, {**state, "model.layers.0.odd.weight": torch.zeros(2)}, "linear", "bin"
    )
    with pytest.raises(ValueError, match="1 weights have no place here, such as model.layers.0.odd.weight"):
        load(tmp_path / "more", vision_tower=clip)
    less = {name: value for name, value in state.items() if name != "model.norm.weight"}
    write(tmp_path / "less", original, tokenizer, less, "linear", "bin")
    with pytest.raises(ValueError, match="model.norm.weight is missing"):
        load(tmp_path / "less", vision_tower=clip)
    write(tmp_path / "alone", original, tokenizer, with_adapters(original).state_dict(), "linear", "bin")
    with pytest.raises(ValueError, match="--lora-alpha"):
        load(tmp_path / "alone", vision_tower=clip)
    with pytest.raises(FileNotFoundError, match="openai/clip-vit-large-patch14.*--vision-tower"):
        load(tmp_path / "more")

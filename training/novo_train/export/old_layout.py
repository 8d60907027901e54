"""The checkpoints of LISA, READ and their kin (dvlab-research/LISA, rui-qian/READ:
merge_lora_weights_and_save_hf_model.py).

The language model is LLaVA's of before transformers had one (haotian-liu/LLaVA), and the rest stands inside it:

model.{embed_tokens,layers,norm}.*, lm_head      Llama
model.mm_projector.*                             one linear layer (LISA), or linear, GELU, linear (LLaVA-1.5, READ)
model.text_hidden_fcs.0.{0,2}.*                  linear, ReLU, linear: <SEG>'s state -> a prompt of Segment Anything
model.visual_model.*                             Segment Anything under Meta's names
model.vision_tower.vision_tower.*                CLIP, where it was kept; else only its name, config's `mm_vision_tower`

With adapters that were not merged all names begin with base_model.model. (stored.py). The image has no token of its own
there (index -200): it gets one here.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer
from torch import nn
from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

from novo_train.model.sam import Sam
from novo_train.model.sam_onnx import RENAMES

from .stored import Stored

IMAGE = "<image>"
TOWER = "model.vision_tower.vision_tower."
SKIPPED = re.compile(r"rotary_emb\.inv_freq$|\.position_ids$|visual_model\.(image_encoder|pixel_)|vision_tower\.")
SAM_PARTS = ("model.visual_model.prompt_encoder.", "model.visual_model.mask_decoder.")


@dataclass
class Old:
    llava: LlavaForConditionalGeneration
    sam: Sam | None
    projection: nn.Module | None

    def with_image_token(self, tokenizer: Tokenizer) -> LlavaForConditionalGeneration:
        """Gives the image a token, last in tokenizer and model, where it has none.

        It must never be said: its row of the head is that of the first token, <unk>, and of equals the first is taken.
        """
        if tokenizer.token_to_id(IMAGE) is None:
            tokenizer.add_special_tokens([AddedToken(IMAGE, normalized=False)])
        at = tokenizer.token_to_id(IMAGE)
        table, head = self.llava.get_input_embeddings(), self.llava.lm_head
        for layer in (table, head):
            rows = layer.weight.data
            layer.weight.data = torch.cat([rows, rows[:1].expand(max(0, at + 1 - len(rows)), -1)])
        table.num_embeddings = head.out_features = len(head.weight)
        self.llava.config.image_token_id = at
        self.llava.config.text_config.vocab_size = len(head.weight)
        return self.llava


def read_old_layout(
    folder: Path, config: dict, vision_tower: Path | None, base: Path | None = None, alpha: float | None = None
) -> Old:
    """config: the model's config.json. vision_tower: folder of the CLIP that `mm_vision_tower` names."""
    stored = Stored(folder, base, alpha)
    stored.check()
    config = {
        **config,
        "vocab_size": stored.get("model.embed_tokens.weight").shape[0],
    }  # resized after the config, perhaps
    left = {name for name in stored.names() if not SKIPPED.search(name)}
    tower = clip(stored, config, vision_tower)
    with torch.device("meta"):
        llava = LlavaForConditionalGeneration(llava_config(config, tower.config))
    llava.model.vision_tower = tower
    llava.model.multi_modal_projector = layers(stored, "model.mm_projector", nn.GELU, left)
    language = llava.model.language_model
    language.rotary_emb = type(language.rotary_emb)(language.config)  # made of buffers that no checkpoint holds
    for name, parameter in [*language.named_parameters(prefix="model"), ("lm_head.weight", llava.lm_head.weight)]:
        if name not in left:
            raise ValueError(f"{folder}: {name} is missing.")
        assign(
            llava if name.startswith("lm_head") else language,
            name.removeprefix("model."),
            stored.get(name),
            parameter.shape,
        )
        left.discard(name)
    projection = (
        layers(stored, "model.text_hidden_fcs.0", nn.ReLU, left)
        if any("text_hidden_fcs" in name for name in left)
        else None
    )
    sam = segment_anything(stored, left)
    if left:
        raise ValueError(f"{folder}: {len(left)} weights have no place here, such as {sorted(left)[0]}.")
    return Old(llava.eval(), sam, projection)


def llava_config(config: dict, tower: CLIPVisionConfig) -> LlavaConfig:
    known = LlamaConfig().to_dict().keys() | {"rope_theta", "rope_scaling"}
    text = LlamaConfig(
        **{key: value for key, value in config.items() if key in known and key not in ("model_type", "architectures")}
    )
    text.tie_word_embeddings = False
    if config.get("mm_vision_select_feature", "patch") != "patch":
        raise ValueError("mm_vision_select_feature: the class token has no place in the grid of a similarity map.")
    return LlavaConfig(
        vision_config=tower,
        text_config=text,
        image_token_id=text.vocab_size,
        tie_word_embeddings=False,
        vision_feature_layer=config.get("mm_vision_select_layer", -2),
        vision_feature_select_strategy="default",
    )


def clip(stored: Stored, config: dict, folder: Path | None) -> CLIPVisionModel:
    folder = folder or Path(config["mm_vision_tower"])
    if not (folder / "config.json").exists():
        raise FileNotFoundError(
            f"The vision tower {config['mm_vision_tower']} is not in the checkpoint: give its folder (--vision-tower)."
        )
    tower = CLIPVisionModel.from_pretrained(folder, dtype="auto").eval()
    own = [name for name in stored.names() if name.startswith(TOWER) and not name.endswith("position_ids")]
    if own:  # trained on, perhaps; transformers 5 has no "vision_model." before the names
        prefix = "vision_model." if any(name.startswith("vision_model.") for name in tower.state_dict()) else ""
        tower.load_state_dict(
            {prefix + name.removeprefix(TOWER).removeprefix("vision_model."): stored.get(name) for name in own}
        )
    return tower


def layers(stored: Stored, prefix: str, activation: type[nn.Module], left: set[str]) -> nn.Module:
    """Linear layers with an activation between them, as the names say: `prefix.weight`, or `prefix.0.weight`,
    `prefix.2.weight`, ..."""
    names = [name for name in left if name.startswith(f"{prefix}.")]
    places = sorted({int(part) for name in names if (part := name.removeprefix(f"{prefix}.").split(".")[0]).isdigit()})
    made: list[nn.Module] = []
    for place in [f"{prefix}.{at}" for at in places] or [prefix]:
        weight, bias = stored.get(f"{place}.weight"), stored.get(f"{place}.bias")
        linear = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
        linear.load_state_dict({"weight": weight, "bias": bias}, assign=True)
        made += [*([activation()] if made else []), linear]
        left -= {f"{place}.weight", f"{place}.bias"}
    return nn.Sequential(*made)


def assign(module: nn.Module, name: str, value: torch.Tensor, shape: torch.Size) -> None:
    if value.shape != shape:
        raise ValueError(f"{name} is {tuple(value.shape)}; the configuration says {tuple(shape)}.")
    path, _, last = name.rpartition(".")
    setattr(module.get_submodule(path), last, nn.Parameter(value, requires_grad=False))


def segment_anything(stored: Stored, left: set[str]) -> Sam | None:
    """Prompt encoder and mask decoder; the image encoder is that of the segmenter's pack."""
    state = {}
    for name in [name for name in left if name.startswith(SAM_PARTS)]:
        meta = name.removeprefix("model.visual_model.").replace("prompt_encoder.", "model.prompt_encoder.", 1)
        pattern, replacement = next((p, r) for p, r in RENAMES if re.match(p, meta))
        state[re.sub(pattern, replacement, meta)] = stored.get(name).float()
        left.discard(name)
    if not state:
        return None
    sam = Sam()
    sam.load_state_dict(state)
    return sam.eval()

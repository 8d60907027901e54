"""LLaVA with a <SEG> token: building one at a laptop's size, and one pass over packed queries."""

from typing import Literal, NamedTuple

import torch
from transformers import LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

from .looking import attention
from .packing import Packed
from .similarity import Similarity, similarity_map
from .tokens import BOS, EOS, IMAGE, PAD
from .vision import NovoVisionConfig

HiddenState = Literal["predicting", "at"]


def build(vocabulary: int, vision: dict, layers: int = 4, d: int = 256, heads: int = 4, intermediate: int = 704):
    """vision: fields of NovoVisionConfig, others are ignored. Input and output embeddings are one matrix."""
    text = LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=d,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=heads,
        max_position_embeddings=1024,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=PAD,
    )
    config = LlavaConfig(
        vision_config=NovoVisionConfig(**vision),
        text_config=text,
        image_token_id=IMAGE,
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        tie_word_embeddings=True,
    )
    return LlavaForConditionalGeneration(config)


def picture_features(llava: LlavaForConditionalGeneration, pixels: torch.Tensor) -> torch.Tensor:
    """pixels (b, 3, side, side), normalised as the tower wants it -> (b, cells, d) after the projector."""
    return torch.stack(list(llava.get_image_features(pixel_values=pixels).pooler_output))


class Read(NamedTuple):
    """What one pass gives. States are those after the final norm."""

    logits: torch.Tensor  # (b, t, vocabulary)
    map: torch.Tensor  # (targets, cells) float32
    picture: torch.Tensor  # (b, cells, d)
    seg: torch.Tensor  # (targets, d)
    early: torch.Tensor | None = None  # (b, cells, d): the picture as a middle layer has it
    guide: torch.Tensor | None = None  # (targets, cells): the map of a middle layer's states
    # (targets, heads, cells): what <SEG> looks at in the middle layer and in the next one
    looks: tuple[torch.Tensor, torch.Tensor] | None = None
    found: torch.Tensor | None = None  # (targets, d): its state between the two


def run(
    llava: LlavaForConditionalGeneration,
    features: torch.Tensor,
    packed: Packed,
    similarity: Similarity = "cosine",
    hidden_state: HiddenState = "predicting",
    middle: int = 0,
) -> Read:
    """features: (b, cells, d) after the projector. hidden_state: which state stands for <SEG>, the one that predicts
    it (LISA, READ) or its own."""
    table = llava.get_input_embeddings()
    b, cells, _ = features.shape
    before = table(packed.before.expand(b, -1))
    x = torch.cat([before, features.to(before.dtype), table(packed.ids)], 1)
    out = llava.model.language_model(
        inputs_embeds=x,
        attention_mask=packed.mask,
        position_ids=packed.positions,
        use_cache=False,
        output_hidden_states=middle > 0,
    )
    hidden = out.last_hidden_state
    start = len(packed.before)
    picture, text = hidden[:, start : start + cells], hidden[:, start + cells :]
    rows, places = packed.seg_at.T
    seg = text[rows, places + (hidden_state == "at")]
    early = guide = looks = found = None
    if middle:
        states = out.hidden_states[middle]
        early = states[:, start : start + cells]
        guide = similarity_map(states[rows, start + cells + places], early[rows], similarity)
        where = (packed.positions, packed.mask, rows, start + cells + places)
        looks = tuple(
            attention(llava.model.language_model, layer, out.hidden_states[layer], *where)[..., start : start + cells]
            for layer in (middle, min(middle + 1, len(out.hidden_states) - 2))
        )
        found = out.hidden_states[middle + 1][rows, start + cells + places]
    found_map = similarity_map(seg, picture[rows], similarity)
    return Read(llava.lm_head(text), found_map, picture, seg, early, guide, looks, found)

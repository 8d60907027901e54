"""The three graphs of a pack as modules, cut out of a LlavaForConditionalGeneration. Inputs and outputs are float32
whatever the weights are, except the key/value cache, which keeps the type of the weights.
"""

import torch
from torch import nn
from transformers import DynamicCache, LlavaForConditionalGeneration


class Vision(nn.Module):
    """pixels (1, 3, side, side) -> features (1, cells, d): tower, chosen layers without the class token, projector."""

    def __init__(self, llava: LlavaForConditionalGeneration):
        super().__init__()
        self.tower, self.projector = llava.model.vision_tower, llava.model.multi_modal_projector
        layers = llava.config.vision_feature_layer
        self.layers = [layers] if isinstance(layers, int) else list(layers)
        self.skip = 1 if llava.config.vision_feature_select_strategy == "default" else 0
        self.dtype = next(self.projector.parameters()).dtype

    def forward(self, pixels):
        states = self.tower(pixels.to(self.dtype), output_hidden_states=True, return_dict=True).hidden_states
        chosen = torch.cat([states[layer][:, self.skip :] for layer in self.layers], dim=-1)
        return self.projector(chosen).float()


class EmbedTokens(nn.Module):
    """ids (1, t) int64 -> embeddings (1, t, d)."""

    def __init__(self, llava: LlavaForConditionalGeneration):
        super().__init__()
        self.table = llava.get_input_embeddings()

    def forward(self, input_ids):
        return self.table(input_ids).float()


class Language(nn.Module):
    """(1, t, d) embeddings, (1, t) positions and the cache (per layer keys and values (1, heads, past, size)) -> logits
    after the last position (1, 1, vocabulary), hidden states after the final norm (1, t, d), and the longer cache. With
    a projection (LISA's text_hidden_fcs, d -> k) the hidden states come out projected, (1, t, k).

    Causal over past + t tokens: the token at position p sees those at 0..p, so positions must count from 0 without
    gaps.
    """

    def __init__(self, llava: LlavaForConditionalGeneration, projection: nn.Module | None = None):
        super().__init__()
        self.projection = projection or nn.Identity()
        self.model, self.head = llava.model.language_model, llava.lm_head
        self.dtype = self.head.weight.dtype

    def forward(self, inputs_embeds, position_ids, *past):
        cache = DynamicCache(list(zip(past[::2], past[1::2], strict=True)))
        total = past[0].shape[2] + inputs_embeds.shape[1]
        places = torch.arange(total, device=inputs_embeds.device)
        sees = places[None, None, None, :] <= position_ids[:, None, :, None]
        lowest = torch.finfo(self.dtype).min
        mask = torch.where(sees, 0.0, lowest).to(self.dtype)
        hidden = self.model(
            inputs_embeds=inputs_embeds.to(self.dtype),
            attention_mask=mask,  # four dimensions: taken as it is
            position_ids=position_ids,
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state
        logits = self.head(hidden[:, -1:])
        presents = [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]
        return (logits.float(), self.projection(hidden).float(), *presents)


def projected_size(projection: nn.Module, d: int) -> int:
    """k of a projection d -> k."""
    weight = next(projection.parameters())
    return projection(torch.zeros(1, d, dtype=weight.dtype)).shape[-1]

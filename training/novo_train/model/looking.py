"""Where the state that predicts <SEG> looks, while training only: relations are taught a step at a time.

"Nearest to the child" takes two steps: find the child, then what is next to it. The similarity map rewards only the end
of both, and neither is found without the other. So a head of one layer must look at the thing that a query starts from,
and one of the next layer at what is meant.
"""

import torch
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb


def attention(
    language, layer: int, states: torch.Tensor, positions: torch.Tensor, mask: torch.Tensor, rows, places
) -> torch.Tensor:
    """float32 (k, heads, l): what a layer's attention gives the l tokens, seen from k of them.

    language: a LlamaModel; states (b, l, d) before the layer; positions (b, l); mask bool (b, 1, l, l), True: may look;
    rows, places (k,): picture of the batch and token.
    """
    block = language.layers[layer]
    x = block.input_layernorm(states)
    cos, sin = language.rotary_emb(x, positions)
    split = (*x.shape[:2], -1, block.self_attn.head_dim)
    q, k = (part(x).view(split).transpose(1, 2) for part in (block.self_attn.q_proj, block.self_attn.k_proj))
    q, k = apply_rotary_pos_emb(q, k, cos, sin)
    scores = torch.einsum("khd,khld->khl", q[rows, :, places].float(), k[rows].float()) * block.self_attn.scaling
    return scores.masked_fill(~mask[rows, 0, places].unsqueeze(1), float("-inf")).softmax(-1)


def look_loss(seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """seen (k, cells): a head's attention to the picture's tokens; wanted (k, cells), the share of each that counts.
    Mean cross entropy."""
    return -(seen * (wanted > 0.3)).sum(-1).clamp(min=1e-6).log().mean()

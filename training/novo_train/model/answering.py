"""What the model says to a query by itself, greedily, and the map of each <SEG> that it says."""

from dataclasses import dataclass

import torch
from transformers import LlavaForConditionalGeneration

from .llava import HiddenState
from .similarity import Similarity, similarity_map


@dataclass(frozen=True)
class Answer:
    ids: list[int]  # without the token that ends
    maps: torch.Tensor  # (<SEG>s, cells)
    seg: torch.Tensor  # (<SEG>s, d)


@torch.no_grad()
def answer(
    llava: LlavaForConditionalGeneration,
    pixels: torch.Tensor,
    before: list[int],
    after: list[int],
    cells: int,
    seg: int,
    most: int,
    similarity: Similarity,
    hidden_state: HiddenState,
    seg_bias: float = 0.0,
) -> Answer:
    """pixels (1, 3, side, side); before and after: the prompt's ids around the picture; most: tokens said at most;
    seg_bias: added to the logit of <SEG>.
    """
    image, device = llava.config.image_token_id, pixels.device
    prompt = torch.tensor([[*before, *[image] * cells, *after]], device=device)
    whole = llava.generate(
        input_ids=prompt,
        attention_mask=torch.ones_like(prompt),
        pixel_values=pixels,
        do_sample=False,
        num_beams=1,
        max_new_tokens=most,
        sequence_bias={(seg,): seg_bias} if seg_bias else None,
    )
    said = whole[0, prompt.shape[1] :].tolist()
    hidden = llava.model(input_ids=whole, attention_mask=torch.ones_like(whole), pixel_values=pixels).last_hidden_state[
        0
    ]
    shift = 1 if hidden_state == "predicting" else 0
    places = [prompt.shape[1] + k - shift for k, token in enumerate(said) if token == seg]
    states, picture = hidden[places], hidden[len(before) : len(before) + cells]
    ends = llava.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    maps = similarity_map(states, picture.expand(len(states), -1, -1), similarity)
    return Answer([token for token in said if token not in ends], maps, states)

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
    features: torch.Tensor,
    before: list[int],
    after: list[int],
    seg: int,
    most: int,
    similarity: Similarity,
    hidden_state: HiddenState,
    seg_bias: float = 0.0,
) -> Answer:
    """features (cells, d) of the picture, after the projector; before and after: the prompt's ids around it; most:
    tokens said at most; seg_bias: added to the logit of <SEG>.
    """
    table = llava.get_input_embeddings()
    words = [table(torch.tensor(ids, device=features.device)) for ids in (before, after)]
    prompt = torch.cat([words[0], features.to(words[0].dtype), words[1]])[None]
    said = llava.generate(
        inputs_embeds=prompt,
        attention_mask=torch.ones(prompt.shape[:2], dtype=torch.long, device=prompt.device),
        do_sample=False,
        num_beams=1,
        max_new_tokens=most,
        sequence_bias={(seg,): seg_bias} if seg_bias else None,
    )[0]
    whole = torch.cat([prompt, table(said)[None]], 1)
    hidden = llava.model.language_model(inputs_embeds=whole).last_hidden_state[0]
    shift = 1 if hidden_state == "predicting" else 0
    said = said.tolist()
    places = [prompt.shape[1] + k - shift for k, token in enumerate(said) if token == seg]
    states, picture = hidden[places], hidden[len(before) : len(before) + len(features)]
    ends = llava.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [ends]
    maps = similarity_map(states, picture.expand(len(states), -1, -1), similarity)
    return Answer([token for token in said if token not in ends], maps, states)

"""Queries and answers as ids, for the tokenizer and template of a configuration."""

from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from ..model.tokens import SEG, Dropout, prompt_ids


@dataclass
class Speech:
    tokenizer: Tokenizer
    template: str
    image: int  # ids of single tokens
    end: int
    pad: int
    seg_token: str = "<SEG>"
    dropout: float = 0.0
    before: tuple[int, ...] = field(init=False)  # ids before the picture

    def __post_init__(self):
        self.seg = self.tokenizer.token_to_id(self.seg_token)
        self.before = tuple(prompt_ids(self.tokenizer, self.template, "", self.image)[0])
        if self.dropout:
            head, _, tail = self.template.partition("{query}")
            self.head, self.tail = self.ids(head)[len(self.before) + 1 :], self.ids(tail)
            self.dropped = Dropout(self.tokenizer, self.dropout)

    def ids(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def query(self, text: str, rng: np.random.Generator | None = None) -> list[int]:
        """What follows the picture, up to where the answer begins. rng: with dropout, for training."""
        if rng is not None and self.dropout:
            return [*self.head, *self.dropped.ids(text, rng), *self.tail]
        return prompt_ids(self.tokenizer, self.template, text, self.image)[1]

    def answer(self, text: str) -> list[int]:
        """Answers of scenes say "<SEG>"; the model's own token takes its place."""
        return [*self.ids(text.replace("<SEG>", self.seg_token)), self.end]


def mini_speech(tokenizer: Tokenizer, template: str, dropout: float = 0.0) -> Speech:
    """For tokenizers of model.tokens."""
    from ..model.tokens import EOS, IMAGE, PAD

    made = Speech(tokenizer, template, IMAGE, EOS, PAD, dropout=dropout)
    if made.seg != SEG:
        raise ValueError(f"The tokenizer's <SEG> is {made.seg}, not {SEG}.")
    return made

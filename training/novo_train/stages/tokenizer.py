"""Trains novo-mini's tokenizer on its own queries and answers: python -m novo_train.stages.tokenizer OUT.json"""

import sys
from collections.abc import Iterable

import numpy as np

from ..model.tokens import train_tokenizer
from ..scenes.layouts import make_layout
from ..world.kinds import load_kinds
from ..world.queries import queries_for


def corpus(n: int = 60_000, seed: int = 5) -> Iterable[str]:
    """Training queries and answers about layouts, n of each."""
    rng, done = np.random.default_rng(seed), 0
    while done < n:
        for q in queries_for(make_layout(int(rng.integers(1 << 40)), len(load_kinds())), rng, 12):
            done += 1
            yield q.text
            yield q.answer


if __name__ == "__main__":
    made = train_tokenizer(corpus())
    made.save(sys.argv[1])
    print(made.get_vocab_size(), made.encode("Which of the aubergines is nearest to the fire engine? <SEG>").tokens)

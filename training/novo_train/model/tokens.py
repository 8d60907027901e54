"""The tokenizer: byte-pair encoding over lower-cased words, and how prompts and answers become ids.

Rendered text is `<s>USER: <image> {query} ASSISTANT: {answer}</s>`; the roles in SPECIAL are single tokens.
"""

import itertools
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>", "<image>", "<SEG>", "USER:", "ASSISTANT:"]
PAD, BOS, EOS, UNK, IMAGE, SEG, USER, ASSISTANT = range(8)
TEMPLATE = "<s>USER: <image> {query} ASSISTANT:"
MARK = "▁"  # stands before each word and punctuation mark
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789.,:;?!'-"


def marked_words(tokenizer: Tokenizer) -> Tokenizer:
    """Normaliser, word splitter and decoder of a tokenizer that marks the start of words, as Llama's does."""
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Punctuation(),
            pre_tokenizers.Metaspace(prepend_scheme="always"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def train_tokenizer(texts: Iterable[str], vocabulary: int = 1600) -> Tokenizer:
    tokenizer = marked_words(Tokenizer(models.BPE(unk_token="<unk>")))
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=list(MARK + ALPHABET),
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def with_marked_words(tokenizer: Tokenizer) -> Tokenizer:
    """A tokenizer that marks the inside of words ("##") as one that marks their start, which is what the application
    reads.

    Every word of the known alphabet keeps its ids. The mark, and letters that only ever began a word, are new tokens
    after all others: embeddings must be resized to the new vocabulary (see twins).
    """
    told = json.loads(tokenizer.to_str())
    model, inside = told["model"], told["model"].get("continuing_subword_prefix")
    if not inside:
        return tokenizer
    special = {each["content"] for each in told["added_tokens"]}

    def rename(piece: str) -> str:
        return piece.removeprefix(inside) if piece.startswith(inside) else MARK + piece

    vocabulary = {piece if piece in special else rename(piece): at for piece, at in model["vocab"].items()}
    pairs = [pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"]]
    letters = [piece for piece in model["vocab"] if len(piece) == 1]
    for piece in [MARK, *letters]:
        vocabulary.setdefault(piece, max(vocabulary.values()) + 1)
    # The mark joins a word's first letter before all else.
    merges = [(MARK, letter) for letter in letters] + [(rename(a), rename(b)) for a, b in pairs]
    made = marked_words(Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>")))
    made.add_special_tokens(SPECIAL)
    return made


def twins(tokenizer: Tokenizer, first: int) -> list[int]:
    """For each token from id `first` on the one whose embedding it shares: the same letter at the start of a word, or
    <unk>.
    """
    added = [tokenizer.id_to_token(at) for at in range(first, tokenizer.get_vocab_size())]
    return [
        UNK if tokenizer.token_to_id(MARK + piece) is None else tokenizer.token_to_id(MARK + piece) for piece in added
    ]


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def prompt_ids(tokenizer: Tokenizer, template: str, query: str, image: int = IMAGE) -> tuple[list[int], list[int]]:
    """Ids before the picture (the same for every query) and after it, up to where the answer begins."""
    ids = tokenizer.encode(template.replace("{query}", query), add_special_tokens=False).ids
    at = ids.index(image)
    return ids[:at], ids[at + 1 :]


def query_ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """What follows the picture under TEMPLATE: the query and the assistant's turn."""
    return tokenizer.encode(text, add_special_tokens=False).ids + [ASSISTANT]


def answer_ids(tokenizer: Tokenizer, answer: str, end: int = EOS) -> list[int]:
    return tokenizer.encode(answer, add_special_tokens=False).ids + [end]


@cache
def _rules(text: str) -> tuple[dict, dict, str, int]:
    model = json.loads(text)["model"]
    pairs = [tuple(pair) if isinstance(pair, list) else tuple(pair.split(" ")) for pair in model["merges"]]
    return (
        {pair: rank for rank, pair in enumerate(pairs)},
        model["vocab"],
        model.get("continuing_subword_prefix") or "",
        len(pairs),
    )


class Dropout:
    """BPE-dropout (Provilkov et al. 2020, algorithm 1) from a given random generator: each possible merge is left out
    with probability `share`, so that pieces of words are learned too. The library's own dropout cannot be seeded."""

    def __init__(self, tokenizer: Tokenizer, share: float):
        self.tokenizer, self.share = tokenizer, share
        self.rank, self.vocabulary, self.inside, self.none = _rules(tokenizer.to_str())

    def ids(self, text: str, rng: np.random.Generator) -> list[int]:
        """Ids of plain text: special tokens are not recognised."""
        found = []
        for word, _ in self.tokenizer.pre_tokenizer.pre_tokenize_str(self.tokenizer.normalizer.normalize_str(text)):
            found += [self.vocabulary.get(piece, UNK) for piece in self.pieces(word, rng)]
        return found

    def pieces(self, word: str, rng: np.random.Generator) -> list[str]:
        parts = [word[0], *(self.inside + letter for letter in word[1:])]
        while len(parts) > 1:
            ranks = [self.rank.get(pair, self.none) for pair in itertools.pairwise(parts)]
            if self.share:
                ranks = [
                    self.none if out else r for r, out in zip(ranks, rng.random(len(ranks)) < self.share, strict=True)
                ]
            at = int(np.argmin(ranks))
            if ranks[at] == self.none:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1].removeprefix(self.inside)]
        return parts

"""The tokenizer: seeded dropout, and old files in the form that the application reads, with the same ids."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from novo_train.model.tokens import (
    ALPHABET,
    BOS,
    SEG,
    SPECIAL,
    Dropout,
    prompt_ids,
    train_tokenizer,
    twins,
    with_marked_words,
)
from novo_train.stages.speech import mini_speech
from novo_train.stages.tokenizer import corpus

TEXTS = [
    "which of the dogs is nearest to the fire engine ?",
    "things that people sit on",
    "the cat's mat, please!",
    "xylophones",
]


@pytest.fixture(scope="module")
def said():
    return list(corpus(300))


@pytest.fixture(scope="module")
def tokenizer(said):
    return train_tokenizer(said, 400)


def test_roles_are_single_tokens(tokenizer):
    before, after = prompt_ids(tokenizer, "<s>USER: <image> {query} ASSISTANT:", "the cat")
    assert before == [BOS, SPECIAL.index("USER:")]
    assert after[-1] == SPECIAL.index("ASSISTANT:")
    assert tokenizer.decode(after[:-1]) == "the cat"
    assert tokenizer.encode("<SEG> the cat").ids[0] == SEG


@pytest.mark.parametrize("text", TEXTS)
def test_without_dropout_it_is_the_librarys_encoding(tokenizer, text):
    assert (
        Dropout(tokenizer, 0.0).ids(text, np.random.default_rng(0))
        == tokenizer.encode(text, add_special_tokens=False).ids
    )


def test_dropout_is_seeded_and_says_the_same_words(tokenizer):
    dropped = Dropout(tokenizer, 0.3)
    once, again, other = (dropped.ids(TEXTS[0], np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert once == again != other
    assert len(once) > len(tokenizer.encode(TEXTS[0]).ids)
    assert tokenizer.decode(once) == tokenizer.decode(other) == tokenizer.decode(tokenizer.encode(TEXTS[0]).ids)


def test_a_query_with_dropout_ends_like_one_without(tokenizer):
    speech = mini_speech(tokenizer, "<s>USER: <image> {query} ASSISTANT:", dropout=0.2)
    plain, dropped = speech.query(TEXTS[0]), speech.query(TEXTS[0], np.random.default_rng(0))
    assert plain[-1] == dropped[-1] == SPECIAL.index("ASSISTANT:")
    assert speech.answer("<SEG> the cat .")[0] == SEG


def test_word_insides_become_word_starts_with_the_same_ids(said):
    old = Tokenizer(models.BPE(unk_token="<unk>", continuing_subword_prefix="##"))
    old.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    old.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    old.train_from_iterator(
        said,
        trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=SPECIAL,
            initial_alphabet=list(ALPHABET),
            continuing_subword_prefix="##",
            min_frequency=2,
            show_progress=False,
        ),
    )
    new = with_marked_words(old)
    assert old.get_vocab_size() < new.get_vocab_size() < old.get_vocab_size() + 60
    for text in [*TEXTS, *said[:300], "<s>USER: <image> Where is it? ASSISTANT: <SEG>."]:
        assert new.encode(text).ids == old.encode(text).ids
    assert new.decode(new.encode("the cat sat").ids) == "the cat sat"
    added = range(old.get_vocab_size(), new.get_vocab_size())
    for at, twin in zip(added, twins(new, added[0]), strict=True):
        assert new.id_to_token(twin) in (f"▁{new.id_to_token(at)}", "<unk>")
    assert with_marked_words(new).to_str() == new.to_str()

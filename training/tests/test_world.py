"""What exists and how people ask for it: enough kinds, words with one meaning, sentences that are held out."""

import re
from collections import Counter, defaultdict

import pytest

from novo_train.world import phrases
from novo_train.world.kinds import SUPERCATEGORIES, load_kinds
from novo_train.world.knowledge import load_properties


def all_frames() -> list[phrases.Frames]:
    dicts = (phrases.FRAMES, phrases.EDGES, phrases.SIZES, phrases.BESIDE)
    single = [phrases.NEAR, phrases.COUNT, phrases.BOTH, phrases.BOTH_GOALS, phrases.EXCEPT]
    return [frames for d in dicts for frames in d.values()] + single


def words(text: str) -> set[str]:
    return set(re.findall("[a-z]+", re.sub(r"\{.\}", "", text.lower())))


def test_at_least_120_kinds_in_six_supercategories():
    kinds = load_kinds()
    assert len(kinds) >= 120
    assert min(Counter(kind.supercategory for kind in kinds)[name] for name in SUPERCATEGORIES) >= 15


def test_a_name_means_one_set_of_kinds():
    meanings = defaultdict(set)
    for i, kind in enumerate(load_kinds()):
        meanings[kind.plural.lower()].add(frozenset([i]))
    for p in load_properties():
        for text in (*p.names, *p.relative, *p.goals):
            meanings[text.lower()].add(p.kinds)
    assert {name: sets for name, sets in meanings.items() if len(sets) > 1} == {}


def test_properties_never_name_their_kinds():
    kinds = load_kinds()
    for p in load_properties():
        texts = [text.lower() for text in (*p.names, *p.relative, *p.goals)]
        assert p.kinds, p.id
        for kind in (kinds[i] for i in p.kinds):
            for name in (kind.singular.lower(), kind.plural.lower()):
                assert not [text for text in texts if re.search(rf"\b{re.escape(name)}\b", text)], (p.id, name)


def test_groups_are_made_of_groups():
    by_id = {p.id: p.kinds for p in load_properties()}
    assert by_id["fruit"] | by_id["sweet"] | by_id["fast_food"] < by_id["food"]
    assert by_id["animal"] == {i for i, kind in enumerate(load_kinds()) if kind.supercategory == "animal"}


@pytest.mark.parametrize("frames", all_frames())
def test_held_out_frames_are_no_training_frames(frames):
    train, test = frames
    assert train and test and not set(train) & set(test)
    slots = {tuple(sorted(set(re.findall(r"\{(.)\}", text)))) for text in (*train, *test)}
    assert len(slots) == 1, "frames of one kind take the same words"


def test_held_out_frames_use_words_that_training_knows():
    known = set().union(*(words(text) for train, _ in all_frames() for text in train))
    known |= set().union(*(words(text) for p in load_properties() for text in (*p.names, *p.relative, *p.goals)))
    held_out = set().union(*(words(text) for _, test in all_frames() for text in test))
    assert held_out - known == set(phrases.FILLERS)

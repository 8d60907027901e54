"""Queries are true of their scenes: every answer is computed again from the text and the pixels, by other means."""

import math
import re

import numpy as np
import pytest

from novo_train.scenes.compose import Scene
from novo_train.scenes.layouts import make_layout
from novo_train.world import phrases
from novo_train.world.kinds import load_kinds
from novo_train.world.knowledge import load_properties
from novo_train.world.phrases import NOTHING, PREFIXES
from novo_train.world.queries import FAMILIES, NAMELESS, Query, queries_for

KINDS = load_kinds()
EVERY = frozenset(range(len(KINDS)))
Meaning = frozenset[int]


def meanings(field: str) -> dict[str, Meaning]:
    return {text.lower(): p.kinds for p in load_properties() for text in getattr(p, field)}


GROUPS = {k.plural.lower(): frozenset([i]) for i, k in enumerate(KINDS)} | {"things": EVERY, "objects": EVERY}
WORDS = {  # slot -> what may stand there -> kinds
    "n": GROUPS | meanings("names"),
    "m": GROUPS | meanings("names"),
    "r": meanings("relative"),
    "v": meanings("goals"),
    "w": meanings("goals"),
    "x": {k.singular.lower(): frozenset([i]) for i, k in enumerate(KINDS)},
    "c": {text: n for n, texts in phrases.COUNT_WORDS.items() for text in texts},
}
FRAMES = (
    [(("all",), frames) for frames in phrases.FRAMES.values()]
    + [(("edge", side), frames) for side, frames in phrases.EDGES.items()]
    + [(("size", size), frames) for size, frames in phrases.SIZES.items()]
    + [(("beside", side), frames) for side, frames in phrases.BESIDE.items()]
    + [(("near",), phrases.NEAR), (("count",), phrases.COUNT), (("except",), phrases.EXCEPT)]
    + [(("union",), phrases.BOTH), (("union",), phrases.BOTH_GOALS)]
)


def pattern(frame: str) -> re.Pattern:
    return re.compile(
        "".join(f"(?P<{p[1]}>.+)" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{.\})", frame))
    )


PATTERNS = [[(what, pattern(frame)) for what, frames in FRAMES for frame in frames[side]] for side in (0, 1)]


def readings(text: str, test: bool) -> list[tuple[tuple[str, ...], dict]]:
    """All ways to understand a query: what to do with which kinds."""
    text = text.removeprefix(next(p for p in sorted(PREFIXES, key=len, reverse=True) if text.startswith(p)))
    found = []
    for what, regex in PATTERNS[test]:
        match = regex.fullmatch(text)
        if match and all(words in WORDS[slot] for slot, words in match.groupdict().items()):
            found.append((what, {slot: WORDS[slot][words] for slot, words in match.groupdict().items()}))
    return found


def measured(scene: Scene) -> list[dict]:
    """Each thing from its pixels alone: kind, area, and the centre of the box around them in fractions of the side."""
    rows, side = [], max(scene.ids.shape)
    for i, thing in enumerate(scene.things):
        ys, xs = np.where(scene.ids == i)
        x, y = (xs.min() + xs.max() + 1) / 2 / side, (ys.min() + ys.max() + 1) / 2 / side
        rows.append({"kind": thing.kind, "area": len(xs), "x": x, "y": y})
    return rows


def lead(things: list[dict], members: list[int], value) -> list[int]:
    """The member with the highest value; nobody where two are about equal."""
    order = sorted(members, key=lambda i: value(things[i]), reverse=True)
    return order[:1] if value(things[order[0]]) - value(things[order[1]]) > 0.05 else []


def expected(things: list[dict], what: tuple[str, ...], said: dict) -> set[int]:
    def of(kinds: Meaning) -> list[int]:
        return [i for i, thing in enumerate(things) if thing["kind"] in kinds]

    if what[0] == "all":
        return set(of(next(iter(said.values()))))
    if what[0] == "union":
        return {i for kinds in said.values() for i in of(kinds)}
    if what[0] == "except":
        return {i for i in of(said["n"]) if things[i]["kind"] not in said["m"]}
    if what[0] == "edge":
        sign, axis = {"left": (-1, "x"), "right": (1, "x"), "top": (-1, "y"), "bottom": (1, "y")}[what[1]]
        return set(lead(things, of(said["n"]), lambda t: sign * t[axis]))
    if what[0] == "size":
        return set(lead(things, of(said["n"]), lambda t: math.log(t["area"]) * (1 if what[1] == "large" else -1)))
    if what[0] == "count":
        seen = [things[i]["kind"] for i in of(said["n"])]
        hits = {kind for kind in seen if seen.count(kind) == said["c"]}
        return set(of(hits)) if len(hits) == 1 else set()
    (anchor,) = of(said["x"])  # there is one of it
    others = [i for i in of(said["n"]) if i != anchor]
    x, y = things[anchor]["x"], things[anchor]["y"]
    if what[0] == "near":
        return set(lead(things, others, lambda t: -math.hypot(t["x"] - x, t["y"] - y)))
    side = {"left": lambda t: t["x"] < x, "right": lambda t: t["x"] > x, "above": lambda t: t["y"] < y}
    return {i for i in others if side.get(what[1], lambda t: t["y"] > y)(things[i])}


Pool = list[tuple[Scene, Query]]


@pytest.fixture(scope="module", params=[False, True], ids=["training frames", "held-out frames"])
def pool(request) -> tuple[bool, Pool]:
    found: Pool = []
    for seed in range(120):
        scene = make_layout(seed, len(KINDS))
        found += [(scene, query) for query in queries_for(scene, np.random.default_rng(seed), 12, request.param)]
    return request.param, found


def test_every_answer_is_what_its_text_says(pool):
    test, pairs = pool
    assert len(pairs) > 1000
    for scene, query in pairs:
        things, ways = measured(scene), readings(query.text, test)
        assert ways, query.text
        for what, said in ways:
            assert expected(things, what, said) == set(query.targets), (query, what)


def test_every_family_occurs(pool):
    assert {query.family for _, query in pool[1]} == set(FAMILIES)


def test_a_family_that_promises_it_never_names_what_it_means(pool):
    for scene, query in pool[1]:
        if query.family in NAMELESS:
            for target in query.targets:
                kind = KINDS[scene.things[target].kind]
                for name in (kind.singular.lower(), kind.plural.lower()):
                    # A kind's own name may be asked for only where it is the name of no target.
                    assert not re.search(rf"\b{re.escape(name)}\b", query.text), query


def test_the_answer_says_seg_and_what_it_is_or_that_nothing_is(pool):
    for scene, query in pool[1]:
        assert (query.family == "none") == (not query.targets) == (query.answer == NOTHING)
        assert query.answer.startswith("<SEG> the ") or query.answer == NOTHING
        assert query.answer.count("<SEG>") == (1 if query.targets else 0)
        for kind in {scene.things[target].kind for target in query.targets}:
            n = sum(scene.things[target].kind == kind for target in query.targets)
            name = KINDS[kind].singular if n == 1 else KINDS[kind].plural
            assert re.search(rf"\bthe {re.escape(name.lower())}\b", query.answer), query


def test_a_fair_share_of_queries_has_no_target(pool):
    share = sum(query.family == "none" for _, query in pool[1]) / len(pool[1])
    assert 0.1 < share < 0.3


def test_held_out_sentences_are_in_no_training_sentence():
    for seed in range(40):
        scene = make_layout(seed, len(KINDS))
        train = {q.text for s in range(3) for q in queries_for(scene, np.random.default_rng(s), 40)}
        test = {q.text for s in range(3) for q in queries_for(scene, np.random.default_rng(s), 40, True)}
        assert not train & test
        assert not [text for text in test if readings(text, False)], "training understands no test sentence"


def test_the_same_state_gives_the_same_queries():
    scene = make_layout(7, len(KINDS))
    one, again, other = (queries_for(scene, np.random.default_rng(s), 10) for s in (1, 1, 2))
    assert one == again != other
    assert len({query.text for query in one}) == len(one) == 10


def test_a_scene_without_things_has_no_queries():
    empty = Scene(0, np.zeros((96, 96, 3), np.uint8), np.full((96, 96), -1, np.int16))
    assert queries_for(empty, np.random.default_rng(0), 5) == []

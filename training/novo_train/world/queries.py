"""Queries that need reasoning, with exact answers, for a scene: how many of which family, in full sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .families import MAKERS, asker_for
from .kinds import load_kinds
from .phrases import NOTHING, PREFIXES
from .things import Situation, Thing

FAMILIES = tuple(MAKERS)
NAMELESS = ("property", "goal", "purpose")  # families that never say the name of what they mean
WEIGHTS = {
    "property": 4,
    "goal": 2.5,
    "spatial": 2,
    "near": 1.3,
    "beside": 1.3,
    "compare": 1.5,
    "count": 1,
    "several": 1.2,
    "purpose": 1,
    "except": 0.8,
    "none": 2.4,
}
TRIES = 12  # drafts for each query that is wanted: many are refused by their families


@dataclass(frozen=True)
class Query:
    """targets: ascending indices into the scene's things; empty: no target, and then the family is "none".
    answer: "<SEG>" first, then what it is; NOTHING without a target. among: the things that the targets are chosen
    from. start: the thing that they are sought from, where there is one."""

    text: str
    family: str
    targets: tuple[int, ...]
    answer: str
    among: tuple[int, ...] = ()
    start: int | None = None


def queries_for(
    scene: Situation,
    rng: np.random.Generator,
    n: int,
    test: bool = False,
    weights: Mapping[str, float] = MappingProxyType({}),
) -> list[Query]:
    """n queries with different texts about the scene; fewer only when the scene gives no more.

    test: in the held-out frames. weights: in place of WEIGHTS, for some families. Deterministic from the scene and
    the generator's state.
    """
    if not scene.things:
        return []
    asker, found = asker_for(scene, rng, test), {}
    shares = np.array([weights.get(family, WEIGHTS[family]) for family in FAMILIES])
    for _ in range(n * TRIES):
        family = str(rng.choice(FAMILIES, p=shares / shares.sum()))
        draft = MAKERS[family](asker)
        if draft is None:
            continue
        text, targets = f"{asker.pick(PREFIXES)}{draft.text}".lower(), tuple(sorted(draft.targets))
        among = targets if draft.among is None else tuple(sorted(draft.among))
        query = Query(
            text, family if targets else "none", targets, answer_for(scene.things, targets), among, draft.start
        )
        found.setdefault(text, query)
        if len(found) == n:
            break
    return list(found.values())


def answer_for(things: list[Thing], targets: tuple[int, ...]) -> str:
    """What the model is taught to say: "<SEG> the dog and the apples ."."""
    if not targets:
        return NOTHING
    kinds, seen = load_kinds(), [things[t].kind for t in targets]
    names = [f"the {kinds[k].singular if seen.count(k) == 1 else kinds[k].plural}" for k in sorted(set(seen))]
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"<SEG> {text.lower()} ."

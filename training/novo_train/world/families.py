"""The families of queries. Each is a function from a scene's facts to a text and the things that it means.

A family gives None where the scene has no such query, or only one whose answer would be a matter of opinion (things too
near to each other, or of about the same size).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from . import phrases
from .kinds import load_kinds
from .knowledge import Property, load_properties
from .things import Situation

T = TypeVar("T")
# Margins below which an answer is a matter of opinion; lengths in fractions of the frame's longer side.
EDGE_MARGIN, NEAR_MARGIN, BESIDE_MARGIN = 0.07, 0.08, 0.06
SIZE_MARGIN = 0.4  # of the logarithm of the area: about 1.5 times as large


@dataclass(frozen=True)
class Asker:
    """What a query is written from. x, y: float32 (things,), centres of the boxes in fractions of the frame's longer
    side; area: float32, visible pixels; kind: class ids. held_out: take the frames that training never sees."""

    x: np.ndarray
    y: np.ndarray
    area: np.ndarray
    kind: list[int]
    rng: np.random.Generator
    held_out: bool

    def pick(self, options: Sequence[T]) -> T:
        return options[self.rng.integers(len(options))]

    def frame(self, frames: phrases.Frames) -> str:
        return self.pick(frames[self.held_out])

    def having(self, kinds: Collection[int]) -> list[int]:
        """The things of these kinds."""
        return [i for i, k in enumerate(self.kind) if k in kinds]


class Draft(NamedTuple):
    """targets: indices of the things meant; among: of those that they are chosen from, where that is not the same;
    start: of the thing that they are sought from."""

    text: str
    targets: Iterable[int]
    among: Iterable[int] | None = None
    start: int | None = None


@dataclass(frozen=True)
class Group:
    name: str
    members: list[int]
    kinds: frozenset[int]


def asker_for(situation: Situation, rng: np.random.Generator, held_out: bool) -> Asker:
    things = situation.things
    box = np.array([t.box for t in things], np.float32).reshape(-1, 4) / situation.side
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    return Asker(x, y, np.array([t.area for t in things], np.float32), [t.kind for t in things], rng, held_out)


def group(a: Asker, least: int) -> Group | None:
    """A named group with at least `least` members here: of a property, of one kind, or simply "things"."""
    counts = {kind: a.kind.count(kind) for kind in a.kind}
    options = [(p.names, p.kinds) for p in load_properties() if p.names]
    options += [((load_kinds()[kind].plural,), frozenset([kind])) for kind in counts]
    if least > 1 or a.rng.random() < 0.3:
        options.append((("things", "objects"), frozenset(range(len(load_kinds())))))
    options = [option for option in options if len(a.having(option[1])) >= least]
    if not options:
        return None
    names, kinds = a.pick(options)
    return Group(a.pick(names), a.having(kinds), kinds)


def anchor(a: Asker) -> int | None:
    """A thing that can be named without doubt: the only one of its kind."""
    once = [i for i, kind in enumerate(a.kind) if a.kind.count(kind) == 1]
    return a.pick(once) if once else None


def named(a: Asker, thing: int) -> str:
    return load_kinds()[a.kind[thing]].singular


def best(a: Asker, members: list[int], value: np.ndarray, margin: float) -> int | None:
    """The member with the highest value, if it leads by the margin."""
    first, second = sorted(members, key=lambda i: -value[i])[:2]
    return first if value[first] - value[second] >= margin else None


def about_property(a: Asker, p: Property) -> Draft | None:
    forms = [form for form, words in (("names", p.names), ("relative", p.relative)) if words]
    if not forms:
        return None
    form = a.pick(forms)
    words = {"n": a.pick(p.names)} if form == "names" else {"r": a.pick(p.relative)}
    return Draft(a.frame(phrases.FRAMES[form]).format(**words), a.having(p.kinds))


def about_goal(a: Asker, p: Property) -> Draft | None:
    if not p.goals:
        return None
    return Draft(a.frame(phrases.FRAMES["goal"]).format(v=a.pick(p.goals)), a.having(p.kinds))


def property_(a: Asker) -> Draft | None:
    options = [p for p in load_properties() if a.having(p.kinds) and (p.names or p.relative)]
    return about_property(a, a.pick(options)) if options else None


def goal(a: Asker) -> Draft | None:
    options = [p for p in load_properties() if a.having(p.kinds) and p.goals]
    return about_goal(a, a.pick(options)) if options else None


def spatial(a: Asker) -> Draft | None:
    side = a.pick(list(phrases.EDGES))
    among = group(a, 2)
    if among is None:
        return None
    value = {"left": -a.x, "right": a.x, "top": -a.y, "bottom": a.y}[side]
    text = a.frame(phrases.EDGES[side]).format(n=among.name)
    target = best(a, among.members, value, EDGE_MARGIN)
    return None if target is None else Draft(text, [target], among.members)


def compare(a: Asker) -> Draft | None:
    size = a.pick(list(phrases.SIZES))
    among = group(a, 2)
    if among is None:
        return None
    text = a.frame(phrases.SIZES[size]).format(n=among.name)
    target = best(a, among.members, np.log(a.area) * (1 if size == "large" else -1), SIZE_MARGIN)
    return None if target is None else Draft(text, [target], among.members)


def near(a: Asker) -> Draft | None:
    start, among = anchor(a), group(a, 3)
    if start is None or among is None:
        return None
    members = [m for m in among.members if m != start]
    text = a.frame(phrases.NEAR).format(n=among.name, x=named(a, start))
    target = best(a, members, -np.hypot(a.x - a.x[start], a.y - a.y[start]), NEAR_MARGIN)
    return None if target is None else Draft(text, [target], members, start)


def beside(a: Asker) -> Draft | None:
    """All of a group on one side of a thing; now and then none is there."""
    start, among = anchor(a), group(a, 1)
    if start is None or among is None:
        return None
    side = a.pick(list(phrases.BESIDE))
    dx, dy = a.x - a.x[start], a.y - a.y[start]
    value = {"left": -dx, "right": dx, "above": -dy, "below": dy}[side]
    members = [m for m in among.members if m != start]
    if any(abs(value[m]) < BESIDE_MARGIN for m in members):
        return None
    targets = [m for m in members if value[m] > 0]
    text = a.frame(phrases.BESIDE[side]).format(n=among.name, x=named(a, start))
    return Draft(text, targets, members, start) if targets or a.rng.random() < 0.15 else None


def count(a: Asker) -> Draft | None:
    among = group(a, 3)
    if among is None:
        return None
    counts = {a.kind[m]: a.kind.count(a.kind[m]) for m in among.members}
    n = a.pick(list(counts.values()))
    hits = [kind for kind, c in counts.items() if c == n]
    if len(counts) < 2 or len(hits) != 1 or n not in phrases.COUNT_WORDS:
        return None
    text = a.frame(phrases.COUNT).format(n=among.name, c=a.pick(phrases.COUNT_WORDS[n]))
    return Draft(text, a.having(hits), among.members)


def several(a: Asker) -> Draft | None:
    one, other = group(a, 1), group(a, 1)
    if one is None or other is None or one.kinds & other.kinds:
        return None
    return Draft(a.frame(phrases.BOTH).format(n=one.name, m=other.name), {*one.members, *other.members})


def purpose(a: Asker) -> Draft | None:
    here = [p for p in load_properties() if p.goals and a.having(p.kinds)]
    if len(here) < 2:
        return None
    one, other = (here[i] for i in a.rng.choice(len(here), 2, replace=False))
    text = a.frame(phrases.BOTH_GOALS).format(v=a.pick(one.goals), w=a.pick(other.goals))
    return Draft(text, a.having(one.kinds | other.kinds))


def except_(a: Asker) -> Draft | None:
    whole = group(a, 2)
    if whole is None:
        return None
    parts = [p for p in load_properties() if p.names and p.kinds < whole.kinds]
    parts = [p for p in parts if 0 < len(a.having(p.kinds)) < len(whole.members)]
    if not parts:
        return None
    part = a.pick(parts)
    text = a.frame(phrases.EXCEPT).format(n=whole.name, m=a.pick(part.names))
    return Draft(text, {*whole.members} - {*a.having(part.kinds)}, whole.members)


def none(a: Asker) -> Draft | None:
    """About a property that nothing here has."""
    away = [p for p in load_properties() if not a.having(p.kinds)]
    if not away:
        return None
    p = a.pick(away)
    return about_goal(a, p) if p.goals and a.rng.random() < 0.5 else about_property(a, p)


MAKERS: dict[str, Callable[[Asker], Draft | None]] = {
    "property": property_,
    "goal": goal,
    "spatial": spatial,
    "near": near,
    "beside": beside,
    "compare": compare,
    "count": count,
    "several": several,
    "purpose": purpose,
    "except": except_,
    "none": none,
}

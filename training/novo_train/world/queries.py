"""Queries that need reasoning, with exact answers, for a scene. Every family turns facts about the scene into text."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .kinds import load_kinds
from .knowledge import Property, load_properties
from .phrases import BESIDE, BOTH, BOTH_GOALS, COUNT, COUNT_WORDS, EDGES, EXCEPT, FRAMES, NEAR, NOTHING, PREFIXES, SIZES

FAMILIES = ("property", "goal", "spatial", "near", "beside", "compare", "count", "several", "purpose", "except", "none")


class Situation(Protocol):
    """What a query is asked about. side: the longer side of the picture in pixels."""

    things: list
    side: int


@dataclass(frozen=True)
class Query:
    text: str
    family: str
    targets: tuple[int, ...]  # indices into scene.things; empty: no target
    answer: str  # "<SEG>" first, then what it is


def answer_for(scene: Situation, targets: tuple[int, ...]) -> str:
    if not targets:
        return NOTHING
    kinds, names = load_kinds(), []
    for k in sorted({scene.things[t].kind for t in targets}):
        n = sum(scene.things[t].kind == k for t in targets)
        names.append(f"the {kinds[k].singular if n == 1 else kinds[k].plural}")
    text = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    return f"<SEG> {text.lower()} ."


class Writer:
    """Writes queries about one scene. `test` takes the held-out frames."""

    def __init__(self, scene: Situation, rng: np.random.Generator, test: bool):
        self.scene, self.rng, self.test = scene, rng, test
        self.side = scene.side
        b = np.array([t.box for t in scene.things], np.float32).reshape(-1, 4) / self.side
        self.x, self.y = (b[:, 0] + b[:, 2]) / 2, (b[:, 1] + b[:, 3]) / 2
        self.area = np.array([t.area for t in scene.things], np.float32)
        self.kind = np.array([t.kind for t in scene.things], int)

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def frame(self, pair) -> str:
        return self.pick(pair[1] if self.test else pair[0])

    def query(self, text: str, family: str, targets) -> Query:
        targets = tuple(int(t) for t in sorted(targets))
        text = self.pick(PREFIXES) + text
        return Query(text.lower(), family if targets else "none", targets, answer_for(self.scene, targets))

    def having(self, kinds) -> list[int]:
        return [i for i, k in enumerate(self.kind) if int(k) in kinds]

    def group(self, least: int, names_only: bool = False) -> tuple[str, list[int], frozenset[int]] | None:
        """A named group with at least `least` members here: its name, its members, its kinds."""
        options = [(p.names, p.kinds) for p in load_properties() if p.names and len(self.having(p.kinds)) >= least]
        options += [((load_kinds()[k].plural,), frozenset([int(k)])) for k in set(self.kind) if (self.kind == k).sum() >= least]
        if least > 1 or self.rng.random() < 0.3:
            options.append((("things", "objects"), frozenset(range(len(load_kinds())))))
        if not options or len(self.having(options[-1][1])) < least:
            options = [o for o in options if len(self.having(o[1])) >= least]
        if not options:
            return None
        names, kinds = self.pick(options)
        return self.pick(names), self.having(kinds), kinds

    def property(self, p: Property, family: str = "property") -> Query | None:
        forms = [f for f, have in (("names", p.names), ("relative", p.relative)) if have]
        if not forms:
            return None
        form = self.pick(forms)
        words = {"n": self.pick(p.names)} if form == "names" else {"r": self.pick(p.relative)}
        return self.query(self.frame(FRAMES[form]).format(**words), family, self.having(p.kinds))

    def goal(self, p: Property, family: str = "goal") -> Query | None:
        return self.query(self.frame(FRAMES["goal"]).format(v=self.pick(p.goals)), family, self.having(p.kinds)) if p.goals else None

    def spatial(self) -> Query | None:
        side = self.pick(list(EDGES))
        group = self.group(2)
        if group is None:
            return None
        name, members, _ = group
        value = {"left": -self.x, "right": self.x, "top": -self.y, "bottom": self.y}[side]
        return self._best(self.frame(EDGES[side]).format(n=name), "spatial", members, value, 0.07)

    def _best(self, text, family, members, value, margin) -> Query | None:
        order = sorted(members, key=lambda i: -value[i])
        return self.query(text, family, order[:1]) if value[order[0]] - value[order[1]] >= margin else None

    def compare(self) -> Query | None:
        size = self.pick(list(SIZES))
        group = self.group(2)
        if group is None:
            return None
        name, members, _ = group
        value = np.log(self.area) * (1 if size == "large" else -1)
        return self._best(self.frame(SIZES[size]).format(n=name), "compare", members, value, 0.4)

    def anchor(self) -> int | None:
        once = [i for i, k in enumerate(self.kind) if (self.kind == k).sum() == 1]
        return self.pick(once) if once else None

    def near(self) -> Query | None:
        a, group = self.anchor(), self.group(3)
        if a is None or group is None:
            return None
        name, members, _ = group
        members = [m for m in members if m != a]
        if len(members) < 2:
            return None
        text = self.frame(NEAR).format(n=name, x=load_kinds()[self.kind[a]].singular)
        return self._best(text, "near", members, -np.hypot(self.x - self.x[a], self.y - self.y[a]), 0.08)

    def beside(self) -> Query | None:
        a, group = self.anchor(), self.group(1)
        if a is None or group is None:
            return None
        name, members, _ = group
        side = self.pick(list(BESIDE))
        value = {"left": self.x[a] - self.x, "right": self.x - self.x[a], "above": self.y[a] - self.y, "below": self.y - self.y[a]}[side]
        members = [m for m in members if m != a]
        if any(abs(value[m]) < 0.06 for m in members):
            return None
        targets = [m for m in members if value[m] > 0]
        text = self.frame(BESIDE[side]).format(n=name, x=load_kinds()[self.kind[a]].singular)
        return self.query(text, "beside", targets) if targets or self.rng.random() < 0.15 else None

    def count(self) -> Query | None:
        group = self.group(3)
        if group is None:
            return None
        name, members, kinds = group
        counts = {int(k): int((self.kind == k).sum()) for k in set(self.kind[members])}
        n = self.pick(list(counts.values()))
        hits = [k for k, c in counts.items() if c == n]
        if len(counts) < 2 or len(hits) != 1 or n not in COUNT_WORDS:
            return None
        return self.query(self.frame(COUNT).format(n=name, c=self.pick(COUNT_WORDS[n])), "count", self.having(hits))

    def several(self) -> Query | None:
        a, b = self.group(1), self.group(1)
        if a is None or b is None or a[2] & b[2]:
            return None
        return self.query(self.frame(BOTH).format(n=a[0], m=b[0]), "several", set(a[1]) | set(b[1]))

    def purpose(self) -> Query | None:
        here = [p for p in load_properties() if p.goals and self.having(p.kinds)]
        if len(here) < 2:
            return None
        a, b = self.rng.choice(len(here), 2, replace=False)
        text = self.frame(BOTH_GOALS).format(v=self.pick(here[a].goals), w=self.pick(here[b].goals))
        return self.query(text, "purpose", self.having(here[a].kinds | here[b].kinds))

    def exclude(self) -> Query | None:
        big = self.group(2)
        if big is None:
            return None
        subs = [p for p in load_properties() if p.names and p.kinds < big[2] and 0 < len(self.having(p.kinds)) < len(big[1])]
        if not subs:
            return None
        sub = self.pick(subs)
        return self.query(self.frame(EXCEPT).format(n=big[0], m=self.pick(sub.names)), "except", set(big[1]) - set(self.having(sub.kinds)))

    def absent(self) -> Query | None:
        away = [p for p in load_properties() if not self.having(p.kinds)]
        if not away:
            return None
        p = self.pick(away)
        return self.goal(p) if p.goals and self.rng.random() < 0.5 else self.property(p)

    def present(self, attribute: str) -> list[Property]:
        return [p for p in load_properties() if self.having(p.kinds) and (p.goals if attribute == "goal" else p.names or p.relative)]

    def write(self, family: str) -> Query | None:
        if family in ("property", "goal"):
            options = self.present(family)
            p = self.pick(options) if options else None
            return None if p is None else getattr(self, family)(p)
        maker = {"except": self.exclude, "none": self.absent}.get(family) or getattr(self, family)
        return maker()


WEIGHTS = {"property": 4, "goal": 2.5, "spatial": 2, "near": 1.3, "beside": 1.3, "compare": 1.5, "count": 1, "several": 1.2,
           "purpose": 1, "except": 0.8, "none": 2.4}


def queries_for(scene: Situation, rng: np.random.Generator, n: int, test: bool = False) -> list[Query]:
    """n queries with different texts about the scene; fewer only when the scene gives no more."""
    if not scene.things:
        return []
    writer, found = Writer(scene, rng, test), {}
    weights = np.array([WEIGHTS[f] for f in FAMILIES])
    for _ in range(n * 12):
        q = writer.write(str(rng.choice(FAMILIES, p=weights / weights.sum())))
        if q is not None:
            found.setdefault(q.text, q)
        if len(found) == n:
            break
    return list(found.values())

"""Properties of the kinds (data/properties.txt): which kinds have them and how people put them into words."""

from dataclasses import dataclass
from functools import cache

from .kinds import DATA, SUPERCATEGORIES, kind_index, load_kinds


@dataclass(frozen=True)
class Property:
    id: str
    kinds: frozenset[int]
    names: tuple[str, ...]  # N: plural names of the group
    relative: tuple[str, ...]  # R: "things that ..."
    goals: tuple[str, ...]  # V: "I want to ..."


def _members(words: list[str], known: dict[str, frozenset[int]]) -> frozenset[int]:
    index = kind_index()
    found: set[int] = set()
    for word in words:
        if word.startswith("-"):
            found.discard(index[word[1:]])
        elif word.endswith("*") and word[:-1] in known:
            found |= known[word[:-1]]
        elif word.endswith("*") and word[:-1] in SUPERCATEGORIES:
            found |= {i for i, k in enumerate(load_kinds()) if k.supercategory == word[:-1]}
        elif word in known:
            found |= known[word]
        else:
            found.add(index[word])
    return frozenset(found)


@cache
def load_properties() -> tuple[Property, ...]:
    blocks: list[dict[str, str]] = []
    for line in (DATA / "properties.txt").read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        key, value = line.split(":", 1)
        if key in "NRV":
            blocks[-1][key] = value.strip()
        else:
            blocks.append({"id": key, "kinds": value.strip()})
    known: dict[str, frozenset[int]] = {}
    waiting = list(blocks)
    while waiting:  # groups may be named before they are defined
        left = []
        for block in waiting:
            try:
                known[block["id"]] = _members(block["kinds"].split(), known)
            except KeyError:
                left.append(block)
        if len(left) == len(waiting):
            raise ValueError(f"properties.txt: unknown kind or group in {[b['id'] for b in left]}")
        waiting = left
    split = lambda block, key: tuple(v.strip() for v in block.get(key, "").split("|") if v.strip())  # noqa: E731
    return tuple(Property(b["id"], known[b["id"]], split(b, "N"), split(b, "R"), split(b, "V")) for b in blocks)

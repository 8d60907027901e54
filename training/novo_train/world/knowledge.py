"""Properties of the kinds (data/properties.txt): which kinds have them and how people put them into words."""

from dataclasses import dataclass
from functools import cache

from .kinds import DATA, SUPERCATEGORIES, kind_index, load_kinds


@dataclass(frozen=True)
class Property:
    """names: plural names of the group. relative: ends of "things that ...". goals: ends of "I want to ..."."""

    id: str
    kinds: frozenset[int]
    names: tuple[str, ...]
    relative: tuple[str, ...]
    goals: tuple[str, ...]


@cache
def load_properties() -> tuple[Property, ...]:
    """All properties in file order."""
    blocks = _blocks((DATA / "properties.txt").read_text(encoding="utf-8"))
    kinds = _resolve(blocks)
    return tuple(Property(b["id"], kinds[b["id"]], *(_variants(b.get(field, "")) for field in "NRV")) for b in blocks)


def _blocks(text: str) -> list[dict[str, str]]:
    """The file's blocks: id and kinds of the first line, then N, R and V."""
    blocks: list[dict[str, str]] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        key, value = (part.strip() for part in line.split(":", 1))
        if key in ("N", "R", "V"):
            blocks[-1][key] = value
        else:
            blocks.append({"id": key, "kinds": value})
    return blocks


def _variants(text: str) -> tuple[str, ...]:
    return tuple(v.strip() for v in text.split("|") if v.strip())


def _resolve(blocks: list[dict[str, str]]) -> dict[str, frozenset[int]]:
    """The kinds of every property. A group may be used above the line that defines it."""
    known: dict[str, frozenset[int]] = {}
    waiting = blocks
    while waiting:
        left = []
        for block in waiting:
            try:
                known[block["id"]] = _members(block["kinds"].split(), known)
            except KeyError:
                left.append(block)
        if len(left) == len(waiting):
            raise ValueError(f"properties.txt: unknown kind or group in {[b['id'] for b in left]}")
        waiting = left
    return known


def _members(words: list[str], known: dict[str, frozenset[int]]) -> frozenset[int]:
    """`group*` takes all kinds of a property or a supercategory, `-kind` takes one out, anything else is a kind."""
    index, found = kind_index(), set()
    for word in words:
        name = word.removesuffix("*")
        if word.startswith("-"):
            found.discard(index[word[1:]])
        elif not word.endswith("*"):
            found.add(index[word])
        elif name in known:
            found |= known[name]
        elif name in SUPERCATEGORIES:
            found |= {i for i, kind in enumerate(load_kinds()) if kind.supercategory == name}
        else:
            raise KeyError(name)
    return frozenset(found)

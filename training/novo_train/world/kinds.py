"""The kinds of things that scenes are made of: names, supercategory, drawings. Data: data/kinds.tsv."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
SUPERCATEGORIES = (
    "person", "animal", "food & kitchenware", "object & furniture", "transport & outdoor", "others",
)  # RISeg's six (paper, section 5)


@dataclass(frozen=True)
class Kind:
    key: str
    supercategory: str
    singular: str
    plural: str
    drawings: tuple[str, ...]  # CLDR short names, dashes for spaces


@cache
def load_kinds() -> tuple[Kind, ...]:
    """All kinds in file order; a kind's index in this tuple is its class id everywhere."""
    rows = []
    for line in (DATA / "kinds.tsv").read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        key, sup, one, many, drawings = line.split("\t")
        if sup not in SUPERCATEGORIES:
            raise ValueError(f"kinds.tsv: {key}: unknown supercategory {sup!r}")
        rows.append(Kind(key, sup, one, many, tuple(drawings.split())))
    keys = [k.key for k in rows]
    if len(set(keys)) != len(keys):
        raise ValueError("kinds.tsv: a key occurs twice")
    return tuple(rows)


@cache
def kind_index() -> dict[str, int]:
    return {k.key: i for i, k in enumerate(load_kinds())}

"""The kinds of things that scenes are made of: names, supercategory, drawings. Data: data/kinds.tsv."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
SUPERCATEGORIES = (  # RISeg's six (paper, section 5)
    "person",
    "animal",
    "food & kitchenware",
    "object & furniture",
    "transport & outdoor",
    "others",
)


@dataclass(frozen=True)
class Kind:
    """drawings: CLDR short names of the emoji that show it, with dashes for spaces."""

    key: str
    supercategory: str
    singular: str
    plural: str
    drawings: tuple[str, ...]


@cache
def load_kinds() -> tuple[Kind, ...]:
    """All kinds in file order; a kind's index in this tuple is its class id everywhere."""
    kinds = []
    for line in (DATA / "kinds.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        key, supercategory, singular, plural, drawings = line.split("\t")
        if supercategory not in SUPERCATEGORIES:
            raise ValueError(f"kinds.tsv: {key}: unknown supercategory {supercategory!r}")
        kinds.append(Kind(key, supercategory, singular, plural, tuple(drawings.split())))
    if len({kind.key for kind in kinds}) != len(kinds):
        raise ValueError("kinds.tsv: a key occurs twice")
    return tuple(kinds)


@cache
def kind_index() -> dict[str, int]:
    """Key of a kind -> its class id."""
    return {kind.key: i for i, kind in enumerate(load_kinds())}

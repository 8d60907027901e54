"""What a query can be asked about: things at places, whether they come from a picture or from a layout."""

from dataclasses import dataclass
from typing import Protocol


@dataclass
class Thing:
    """One instance. kind: class id; style: of its drawing; box: x0, y0, x1, y1 of its visible pixels, x1 and y1
    exclusive; area: visible pixels."""

    kind: int
    style: str
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    area: int = 0


class Situation(Protocol):
    """Things in a frame. side: the longer side of the frame in pixels."""

    @property
    def things(self) -> list[Thing]: ...

    @property
    def side(self) -> int: ...

"""Who hides whom: the map of what is seen where, and the rule that every thing stays visible enough."""

from dataclasses import dataclass, field

import numpy as np

from ..world.things import Thing

MIN_VISIBLE = 0.5  # of a thing's own pixels stay visible, else a thing before it is refused
MAX_COVERING = 0.3  # of a new thing's pixels may hide others: "lies before", not "lies on top of"


@dataclass
class Visible:
    """ids: int16 (h, w), which thing is seen at each pixel, -1 for none. seen, full: pixels of each thing that are
    visible now, and that it has, also outside of the frame."""

    ids: np.ndarray
    seen: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    full: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def hidden_by(self, solid: np.ndarray, at: tuple[int, int]) -> np.ndarray:
        """Visible pixels of each thing under a silhouette, bool (h, w), whose corner is at x, y of the frame."""
        part, window = self._window(solid, at)
        return np.bincount(window[part] + 1, minlength=len(self.seen) + 1)[1:]

    def allows(self, solid: np.ndarray, at: tuple[int, int], own: int) -> bool:
        """Whether a silhouette of `own` pixels in all may be put there."""
        hidden = self.hidden_by(solid, at)
        return bool((self.seen - hidden >= MIN_VISIBLE * self.full).all() and hidden.sum() < MAX_COVERING * own)

    def put(self, solid: np.ndarray, at: tuple[int, int], own: int) -> None:
        """A new thing before all others."""
        hidden = self.hidden_by(solid, at)
        part, window = self._window(solid, at)
        window[part] = len(self.seen)
        self.seen = np.append(self.seen - hidden, part.sum())
        self.full = np.append(self.full, own)

    def inside(self, solid: np.ndarray, at: tuple[int, int]) -> int:
        """Pixels of the silhouette that are within the frame."""
        return int(self._window(solid, at)[0].sum())

    def measure(self, things: list[Thing]) -> None:
        """Writes area and box of what is visible into the things."""
        for i, thing in enumerate(things):
            ys, xs = np.nonzero(self.ids == i)
            thing.area = len(ys)
            thing.box = (int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)

    def _window(self, solid: np.ndarray, at: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        rows, columns, part = window(solid.shape, at, self.ids.shape)
        return solid[part], self.ids[rows, columns]


def window(
    size: tuple[int, ...], at: tuple[int, int], frame: tuple[int, ...]
) -> tuple[slice, slice, tuple[slice, slice]]:
    """Rows and columns of the frame that a picture of this size (h, w, ...) at x, y lies on, and which of its own."""
    x, y = at
    y0, y1, x0, x1 = max(y, 0), min(y + size[0], frame[0]), max(x, 0), min(x + size[1], frame[1])
    y1, x1 = max(y0, y1), max(x0, x1)
    return slice(y0, y1), slice(x0, x1), (slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))

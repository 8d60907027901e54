"""Batches by their number: batch j is the same whenever and by whichever process it is made."""

import signal
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Source(Protocol):
    def batch(self, number: int, lane: int, lanes: int) -> Any:
        """The number-th batch of one of `lanes` separate streams."""


class Lane(IterableDataset):
    """Batches first, first + step ... ; each worker process makes one lane of them."""

    def __init__(self, source: Source, first: int, step: int, lanes: int):
        self.source, self.first, self.step, self.lanes = source, first, step, lanes

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        if info:
            torch.set_num_threads(1)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the training's own, which waits for a step's end
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        at, skip = (info.id, info.num_workers) if info else (0, 1)
        number = self.first + at * self.step
        while True:
            yield self.source.batch(number // self.lanes, number % self.lanes, self.lanes)
            number += skip * self.step


def batches_of(source: Source, workers: int) -> Callable[[int, int], Iterator[Any]]:
    """For Job.batches. The number of workers decides which examples a batch holds."""

    def start(first: int, step: int) -> Iterator[Any]:
        made = Lane(source, first, step, max(1, workers))
        return iter(DataLoader(made, batch_size=None, num_workers=workers, prefetch_factor=6 if workers else None))

    return start


class Shuffled:
    """Which scene the n-th sample shows: scenes come in pools, each is used `repeat` times, far apart; drawn once a
    pool.
    """

    def __init__(self, draw: Callable[[int], Any], repeat: int, pool: int):
        self.draw, self.repeat, self.pool = draw, repeat, pool
        self.kept: dict[int, Any] = {}
        self.block, self.order = -1, np.zeros(0, int)

    def __call__(self, n: int, lane: int, lanes: int) -> Any:
        block, place = divmod(n, self.repeat * self.pool)
        if block != self.block:
            self.kept, self.block = {}, block
            self.order = np.random.default_rng((block, lane)).permutation(self.repeat * self.pool) % self.pool
        number = (block * self.pool + int(self.order[place])) * lanes + lane
        if number not in self.kept:
            self.kept[number] = self.draw(number)
        return self.kept[number]

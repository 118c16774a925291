"""Rare garbage collection while hundreds of thousands of small things are made that hold no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_USUAL = gc.get_threshold()


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for cycles rarely: many small things without any take a third longer otherwise.

    The threshold is the process's. Two such works at once may end this early for each other, which costs time and
    nothing else.
    """
    gc.set_threshold(100_000, *_USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)

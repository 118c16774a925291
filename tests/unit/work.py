"""How much was done, told without a clock."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(work: Callable[[], object]) -> Counter[str]:
    """The calls that some work makes, by the name of what is called."""
    found = Counter[str]()

    def count(frame: FrameType, event: str, what: Any) -> None:
        if event in ("call", "c_call"):
            found[frame.f_code.co_name if event == "call" else what.__name__] += 1

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(former)
    return found

"""How often an address may be asked: every one has a budget (agreement §3.2(5), ASVS 2.4.1).

A budget is a bucket of requests that fills up again evenly. Who is logged in has buckets of his own, a stranger those
of his network address. They are kept in the memory of each web process, at the price of a look into a dictionary: a
limit against floods need not be exact. What must be exact (attempts at passwords and codes, identity numbers asked
about in a day) is counted in the database by the functions that answer.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

MOST_BUCKETS = 50_000
MINUTE = 60.0
QUIET = 600.0


@dataclass(frozen=True, slots=True)
class Budget:
    """So many requests a minute, and as many at once."""

    a_minute: int


PAGES, FORMS = Budget(240), Budget(60)
STRANGERS_PAGES, STRANGERS_FORMS = Budget(600), Budget(600)  # an office, or a town, may stand behind one address
PAPERS, WORKBOOKS, UPLOADS = Budget(60), Budget(20), Budget(20)

ORDINARY: dict[tuple[str, bool], Budget] = {
    ("public", True): STRANGERS_PAGES,
    ("public", False): STRANGERS_FORMS,
    ("portal", True): PAGES,
    ("portal", False): FORMS,
    ("counter", True): PAGES,
    ("counter", False): FORMS,
}
"""Side, and whether it is only read: the budget of every address that the next table does not name."""

BUDGETS: dict[str, Budget] = {
    "portal:upload": UPLOADS,
    "portal:roster-workbook": WORKBOOKS,
    "portal:records-workbook": WORKBOOKS,
    "portal:sheet-lines-workbook": WORKBOOKS,
    "portal:marked": WORKBOOKS,
    "portal:template": WORKBOOKS,
    "portal:notice": PAPERS,
    "portal:slip": PAPERS,
    "portal:statement": PAPERS,
    "portal:sheet-lines-paper": PAPERS,
    "agreement-certificate": PAPERS,
    "counter:agreement-certificate": PAPERS,
    "counter:termination-paper": PAPERS,
    "counter:letters-paper": PAPERS,
    "counter:restriction-paper": PAPERS,
    "portal:restriction-paper": PAPERS,
    "counter:restriction-new": UPLOADS,
    "counter:agreement-new": UPLOADS,
    "counter:agreement-edit": UPLOADS,
    "counter:statements": UPLOADS,
    "counter:register": UPLOADS,
    "counter:attach-scans": UPLOADS,
    "blank-form": PAPERS,
}
"""URL name: the budget of an address that costs more than a page. Reading and writing draw on the same one."""


def budget_of(name: str, side: str, *, reads: bool) -> Budget:
    """The budget of an address. Every one has one."""
    return BUDGETS.get(name) or ORDINARY[side, reads]


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told_at: float | None = None
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """``wait`` seconds before another request, 0 if this one may pass.

    ``is_news`` for the first who is told, and again after ten minutes: a flood does not flood the event log.
    ``refused`` counts those who were told since the last news, this one included.
    """

    wait: int
    is_news: bool = False
    refused: int = 0


class Limits:
    """Buckets by address and by who asks. Safe between threads; the longest untouched are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_BUCKETS) -> None:
        self.clock, self._most = clock, most
        self._buckets: OrderedDict[tuple[str, bool, str], _Bucket] = OrderedDict()
        self._lock = Lock()
        self._lifted = False

    def spend(self, name: str, side: str, who: str, *, reads: bool) -> Answer:
        """Take one request out of the bucket of ``who`` for an address, if there is one left."""
        budget, now = budget_of(name, side, reads=reads), self.clock()
        if self._lifted:
            return Answer(0)
        a_second = budget.a_minute / MINUTE
        key = (name, reads or name in BUDGETS, who)
        with self._lock:
            bucket = self._buckets.pop(key, None) or _Bucket(float(budget.a_minute), now)
            bucket.left = min(float(budget.a_minute), bucket.left + (now - bucket.at) * a_second)
            bucket.at = now
            self._buckets[key] = bucket
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            if bucket.left >= 1:
                bucket.left -= 1
                return Answer(0)
            return _told(bucket, now, int((1 - bucket.left) / a_second) + 1)

    def lift(self) -> None:
        """Let nobody wait from now on: for the server that benchmarks measure."""
        self._lifted = True

    def forget(self) -> None:
        """Let everybody begin anew."""
        with self._lock:
            self._buckets.clear()


def _told(bucket: _Bucket, now: float, wait: int) -> Answer:
    bucket.refused += 1
    if bucket.told_at is not None and now - bucket.told_at < QUIET:
        return Answer(wait)
    bucket.told_at, refused, bucket.refused = now, bucket.refused, 0
    return Answer(wait, is_news=True, refused=refused)


limits = Limits()
"""Those of this process."""

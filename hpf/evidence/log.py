"""Reading the event log (审计): who did what, when, from where. Read only; the log itself is never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.storage import Statements

statements = Statements(__package__)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event as an auditor sees it."""

    number: int
    at: datetime
    business_day: date
    act: str
    actor_kind: str
    actor_name: str
    channel: str
    address: str
    employer_id: int | None
    subject: str
    detail: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogSearch:
    """Which events are asked for: business days from the first to the last, both included; ``""`` asks for all."""

    starts_on: date
    ends_on: date
    act: str = ""
    actor_name: str = ""
    subject: str = ""

    def after(self, number: int, limit: int) -> list[LogLine]:
        """Events older than one, newest first; the newest of all after 0."""
        return self._lines("log_after", after=number, limit=limit)

    def before(self, number: int, limit: int) -> list[LogLine]:
        """The nearest events newer than one, newest first."""
        return self._lines("log_before", before=number, limit=limit)

    def _lines(self, query: str, **where: int) -> list[LogLine]:
        params = {name: getattr(self, name) for name in self.__dataclass_fields__}
        rows = statements(query, **params, **where).rows()
        return [_line(row) for row in rows]


def line_of(number: int) -> LogLine | None:
    """One event by its number, with all that the log keeps of it."""
    return next((_line(row) for row in statements("log_line", number=number).rows()), None)


@dataclass(frozen=True, slots=True)
class RefusedLogins:
    """How many logins from one address were refused, to how many different accounts that there are, and the latest."""

    address: str
    refused: int
    accounts: int
    last_at: datetime


def refused_logins(since: datetime) -> list[RefusedLogins]:
    """The addresses with refused logins since a moment, those with the most first."""
    return [RefusedLogins(*row) for row in statements("refused_logins", since=since).rows()]


def _line(row: tuple[Any, ...]) -> LogLine:
    values = dict(zip(LogLine.__dataclass_fields__, row, strict=True))
    return LogLine(**{**values, "detail": json.loads(values["detail"]), "result": json.loads(values["result"])})

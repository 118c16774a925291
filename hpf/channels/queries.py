"""What is closed, and what will be."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from hpf.channels.hours import Timetable
from hpf.channels.rules import Standing
from hpf.kernel import Channel
from hpf.registry.codes import HallFunction
from hpf.storage import Statements

statements = Statements(__package__)


def standing(now: datetime) -> tuple[Standing, ...]:
    """What is closed at the hall's moment, and what is announced for the week to come."""
    return read_standing(statements("standing", now=now).row()[0], now)


def read_standing(value: str | list[list[Any]], now: datetime) -> tuple[Standing, ...]:
    """The value of ``channels_standing``, with its moments on the clock of ``now``."""
    rows = json.loads(value) if isinstance(value, str) else value
    return tuple(
        Standing(id_, tuple(channels), function, reason, _moment(starts, now), _moment(ends, now) if ends else None)
        for id_, channels, function, reason, starts, ends in rows
    )


def read_timetables(value: str | list[list[Any]]) -> tuple[Timetable, ...]:
    """The value of ``channels_timetables``: what is in force and what is to come, in the order of its beginning."""
    rows = json.loads(value) if isinstance(value, str) else value
    return tuple(
        Timetable(Channel(channel), HallFunction(function), date.fromisoformat(starts_on), *rest)
        for channel, function, starts_on, *rest in rows
    )


def holding(today: date) -> frozenset[int]:
    """The timetables in force on a day, one of each function of a channel."""
    return frozenset(number for (number,) in statements("holding", today=today).rows())


def _moment(text: str, now: datetime) -> datetime:
    return datetime.fromisoformat(text).astimezone(now.tzinfo)

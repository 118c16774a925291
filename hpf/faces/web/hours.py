"""When each channel takes acts, as pages list it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from hpf.channels.hours import Timetable, in_force
from hpf.channels.rules import CLOSABLE
from hpf.faces.web.shapes.channels import ChannelHours, FunctionHours
from hpf.kernel import Channel
from hpf.registry.codes import HallFunction

Offered = Mapping[Channel, Sequence[HallFunction]]


def hours_of(tables: Sequence[Timetable], day: date, offered: Offered, always: str) -> tuple[ChannelHours, ...]:
    """What holds on a day for the functions ``offered`` by each channel; ``always`` is said where nothing was set."""
    return tuple(
        ChannelHours(CLOSABLE[channel], tuple(_functions(tables, channel, functions, day, always)))
        for channel, functions in offered.items()
    )


def _functions(
    tables: Sequence[Timetable], channel: Channel, functions: Sequence[HallFunction], day: date, always: str
) -> Iterator[FunctionHours]:
    for function in functions:
        table = in_force(tables, channel, function, day)
        yield FunctionHours(function.label, table.sentence if table else always)

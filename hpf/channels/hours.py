"""Rules of service hours (办理时间): when a function takes acts, how often a day, and when it opens next. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hpf.channels.rules import BASIS, ClosureState, Standing, said_function
from hpf.kernel import Channel, Refusal
from hpf.registry.codes import HallFunction

COUNTED: dict[HallFunction, tuple[str, str]] = {
    HallFunction.OPENING: ("upload_roster", "上传花名册"),
    HallFunction.SEALING: ("seal_members", "提交封存"),
    HallFunction.REMITTANCE: ("submit_sheet", "提交汇缴核定"),
    HallFunction.INQUIRIES: ("ask_inquiry", "提交咨询建议"),
}
"""The act of a function of the portal that is counted, by its name in the event log, and how people call it."""

ALL_DAY, NEVER = "00:00-24:00", ""
_SHAPE = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９：－—–～~至", "0123456789:------")
_SEARCHED = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Timetable:
    """From a day on, when a function of a channel takes acts, and how often a day an employer may do its counted act.

    Hours are texts as `read_hours` gives them, ``""`` where the function rests all day; ``most`` is ``None`` without
    limit.
    """

    channel: Channel
    function: HallFunction
    starts_on: date
    working_hours: str
    resting_hours: str
    most: int | None

    @property
    def what(self) -> str:
        """The function as notices call it."""
        return said_function((self.channel.value,), self.function)

    @property
    def counted_act(self) -> str:
        """The act that is counted, ``""`` where none is."""
        return COUNTED[self.function][0] if self.channel is Channel.PORTAL and self.function in COUNTED else ""

    @property
    def sentence(self) -> str:
        """Hours and limit as they stand on pages: 工作日08:30至17:30办理，休息日不办理；提交封存每天最多5次."""
        if self.working_hours == self.resting_hours == ALL_DAY:
            hours = "每天全天办理"
        elif self.working_hours == self.resting_hours:
            hours = f"每天{said_hours(self.working_hours)}"
        else:
            hours = f"工作日{said_hours(self.working_hours)}，休息日{said_hours(self.resting_hours)}"
        return hours if self.most is None else f"{hours}；{COUNTED[self.function][1]}每个单位每天最多{self.most}次"


def read_hours(text: str) -> str:
    """Hours as somebody writes them (``8:30-17:30``, ``全天``, ``不办理``) in the one form that is kept.

    Raises ``ValueError``.

    >>> read_hours("8：30—17：30")
    '08:30-17:30'
    """
    plain = re.sub(r"\s+", "", text).translate(_HALF_WIDTH)
    if plain in ("全天", "不办理"):
        return ALL_DAY if plain == "全天" else NEVER
    found = _SHAPE.fullmatch(plain)
    if found is None:
        raise ValueError(f"not hours: {text}")
    hour, minute, end_hour, end_minute = (int(one) for one in found.groups())
    opens, closes = hour * 60 + minute, end_hour * 60 + end_minute
    if max(minute, end_minute) > 59 or not 0 <= opens < closes <= 24 * 60:
        raise ValueError(f"not hours: {text}")
    return f"{hour:02}:{minute:02}-{end_hour:02}:{end_minute:02}"


def said_hours(hours: str) -> str:
    """``08:30至17:30办理``, ``全天办理``, ``不办理``."""
    if hours in (ALL_DAY, NEVER):
        return "全天办理" if hours else "不办理"
    return f"{hours.replace('-', '至')}办理"


def written_hours(hours: str) -> str:
    """Hours as `read_hours` takes them, for a form."""
    return {ALL_DAY: "全天", NEVER: "不办理"}.get(hours, hours)


def against(plan: Timetable, reason: str, today: date) -> list[Refusal]:
    """Everything that keeps a timetable from being proposed. ``where`` is the field's name."""
    refusals = []
    if plan.starts_on <= today:
        refusals.append(TOO_LATE)
    if plan.working_hours == plan.resting_hours == NEVER:
        refusals.append(
            Refusal(
                "TIMETABLE-NEVER",
                "工作日和休息日都不办理",
                "这样的业务不会再开放",
                "请填写办理时间；要停办的，请安排停办",
                where="working_hours",
            )
        )
    if plan.most is not None and not plan.counted_act:
        refusals.append(Refusal("TIMETABLE-UNCOUNTED", f"{plan.what}没有次数限制", remedy="请留空", where="most"))
    if plan.most == 0:
        refusals.append(
            Refusal("TIMETABLE-NONE", "每天最多0次等于停办", remedy="请填写1以上；要停办的，请安排停办", where="most")
        )
    if not reason.strip():
        refusals.append(Refusal("TIMETABLE-REASON", "未填写原因", remedy="请写明原因，公告时一并说明", where="reason"))
    return refusals


TOO_LATE = Refusal(
    "TIMETABLE-LATE",
    "开始执行的日期已到",
    "办理时间最早从明天起变更，须事先公告",
    "请改为以后的日期，重新提出",
    BASIS,
    where="starts_on",
)
LATE_TO_APPROVE = replace(TOO_LATE, remedy="请退回，由提出人改为以后的日期重新提出", where="")
"""The same, as it is said to the second person."""


def in_force(tables: Sequence[Timetable], channel: Channel, function: str, day: date) -> Timetable | None:
    """The timetable of a channel's function on a day; ``tables`` in the order in which they begin and were made."""
    found = (one for one in reversed(tables) if (one.channel, one.function) == (channel, function))
    return next((one for one in found if one.starts_on <= day), None)


class TimetableStanding(StrEnum):
    """How a timetable stands on a day, in a word."""

    PROPOSED = "待复核"
    LATE = "逾期未复核"
    REFUSED = "未采用"
    ANNOUNCED = "已公告"
    IN_FORCE = "现行"
    REPLACED = "已更换"


def how_stands(state: ClosureState, starts_on: date, today: date, *, holds: bool) -> TimetableStanding:
    """How a timetable stands: it ``holds`` from its day on until another of the same function does."""
    if state is ClosureState.REFUSED:
        return TimetableStanding.REFUSED
    if state is ClosureState.PROPOSED:
        return TimetableStanding.PROPOSED if today < starts_on else TimetableStanding.LATE
    if holds:
        return TimetableStanding.IN_FORCE
    return TimetableStanding.ANNOUNCED if today < starts_on else TimetableStanding.REPLACED


def outside(tables: Sequence[Timetable], now: datetime, is_working: Callable[[date], bool]) -> tuple[Standing, ...]:
    """The functions that take nothing at a moment because it lies outside their hours, each until it opens next."""
    asked = dict.fromkeys((one.channel, one.function) for one in tables)
    found = ((in_force(tables, *one, now.date()), _opens_next(tables, *one, now, is_working)) for one in asked)
    return tuple(
        Standing(0, (table.channel.value,), table.function, table.sentence, now, opens, outside_hours=True)
        for table, opens in found
        if table is not None and opens is not None
    )


def _opens_next(
    tables: Sequence[Timetable], channel: Channel, function: str, now: datetime, is_working: Callable[[date], bool]
) -> datetime | None:
    """When a channel's function opens next; ``None`` if it is open now."""
    day = now.date()
    while day - now.date() < _SEARCHED:
        table = in_force(tables, channel, function, day)
        hours = ALL_DAY if table is None else table.working_hours if is_working(day) else table.resting_hours
        if hours:
            opens, closes = (_moment(day, text, now) for text in hours.split("-"))
            if opens <= now < closes:
                return None
            if now < opens:
                return opens
        day += timedelta(days=1)
    raise ValueError(f"{function} opens on no day of a year")


def _moment(day: date, text: str, now: datetime) -> datetime:
    if text == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), now.tzinfo)
    return datetime.combine(day, time.fromisoformat(text), now.tzinfo)

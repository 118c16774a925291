"""Rules of closing: what has to be said beforehand, what a closure stops, and how it is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hpf.kernel import Channel, Refusal
from hpf.registry.codes import HallFunction

BASIS = "《单位公积金缴存网上业务大厅服务协议》2.7(4)"
NOTICE = timedelta(hours=1)
"""So long beforehand a planned closure is announced at least."""
LONGEST = timedelta(days=7)
ANNOUNCED_WITHIN = timedelta(days=7)
_ALL_DAY = timedelta(days=1)


CLOSABLE = {
    Channel.PORTAL: "单位网厅",
    Channel.PUBLIC: "公众页面",
    Channel.COUNTER: "柜面",
    Channel.BATCH: "后台入账和开户",
}
"""The channels that a closure may name, as people say them."""

OFFERED: dict[Channel, tuple[HallFunction, ...]] = {
    Channel.PORTAL: (HallFunction.OPENING, HallFunction.SEALING, HallFunction.REMITTANCE, HallFunction.INQUIRIES),
    Channel.PUBLIC: (HallFunction.REGISTRATION, HallFunction.RECOVERY),
    Channel.COUNTER: (HallFunction.REGISTRATION, HallFunction.ACCESS, HallFunction.MONEY, HallFunction.INQUIRIES),
}
"""What of each channel is closed and has hours by itself; the worker is closed as a whole."""

FOR_EMPLOYERS: dict[Channel, tuple[HallFunction, ...]] = {
    **OFFERED,
    Channel.COUNTER: (HallFunction.REGISTRATION, HallFunction.ACCESS),
}
"""What employers themselves come to a channel for, and are told of; the rest is the center's own work."""


def said_function(channels: Iterable[str], function: str) -> str:
    """A function as notices call it, all of them where it is ``""``: that of the portal goes without saying."""
    label = HallFunction(function).label if function else "全部业务"
    named = [word for channel, word in CLOSABLE.items() if channel.value in channels]
    return label if Channel.PORTAL.value in channels else f"{'、'.join(named)}{label}"


class ClosureState(StrEnum):
    """Where a closure or a timetable stands on its way."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {"proposed": "待复核", "approved": "已公告", "refused": "未采用"}[self.value]


class ClosureStanding(StrEnum):
    """How a closure stands at a moment, in a word."""

    PROPOSED = "待复核"
    LATE = "逾期未复核"
    REFUSED = "未采用"
    ANNOUNCED = "已公告"
    IN_FORCE = "停办中"
    OVER = "已结束"
    LIFTED = "已恢复"
    CALLED_OFF = "已取消"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be closed: which channels, which function (``""`` for all), why, and from when to when."""

    channels: tuple[Channel, ...]
    function: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A closure that is announced or in force, or, with ``outside_hours``, the time until a function opens next."""

    id: int
    channels: tuple[str, ...]
    function: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    outside_hours: bool = False

    @property
    def what(self) -> str:
        """What is closed, in a word."""
        return said_function(self.channels, self.function)

    @property
    def is_maintenance(self) -> bool:
        """Whether all is closed, and not one function alone."""
        return not self.function

    def in_force(self, now: datetime) -> bool:
        """Whether it has begun and not ended."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def stops(self, channel: Channel, function: str, now: datetime) -> bool:
        """Whether it stops a function of a channel now."""
        return channel.value in self.channels and self.function in ("", function) and self.in_force(now)


def how_stands(state: ClosureState, window: Standing, lifted_at: datetime | None, now: datetime) -> ClosureStanding:
    """How a closure stands: it begins and ends by itself, unless it was lifted or, before it began, called off.

    What is proposed is late from when it cannot be announced in time any more: it will not come.
    """
    if state is ClosureState.PROPOSED and against_approving(window.starts_at, now):
        return ClosureStanding.LATE
    if state is not ClosureState.APPROVED:
        return ClosureStanding[state.name]
    if lifted_at is not None:
        return ClosureStanding.CALLED_OFF if lifted_at < window.starts_at else ClosureStanding.LIFTED
    if window.in_force(now):
        return ClosureStanding.IN_FORCE
    return ClosureStanding.ANNOUNCED if now < window.starts_at else ClosureStanding.OVER


NOT_STANDING = Refusal(
    "CLOSURE-NOT-STANDING",
    "这次停办不在公告或进行中",
    "已经结束、已经恢复或尚未通过复核",
    "请刷新页面，按现在的状态办理",
)


def against(plan: Plan, now: datetime, *, urgent: bool) -> list[Refusal]:
    """Everything that keeps a closure from being proposed. ``where`` is the field's name in `Plan`."""
    return [*_against_what(plan), *_against_window(plan, now, urgent=urgent)]


def against_approving(starts_at: datetime, now: datetime) -> list[Refusal]:
    """What keeps a planned closure from being approved by now: it would come before anybody has read of it."""
    if starts_at >= now + NOTICE:
        return []
    begins = said(starts_at.astimezone(now.tzinfo))
    return [
        Refusal(
            "CLOSURE-TOO-LATE",
            "现在通过已来不及公告",
            f"停办须至少提前{NOTICE // timedelta(hours=1)}小时公告，这次停办定在{begins}开始",
            "请退回，由提出人改期后重新提出；遇突发情况由系统管理员立即停办",
            BASIS,
        )
    ]


def _against_what(plan: Plan) -> list[Refusal]:
    refusals = []
    if not plan.reason.strip():
        refusals.append(
            Refusal("CLOSURE-REASON", "未填写停办原因", remedy="请写明原因，公告时一并说明", where="reason")
        )
    if not plan.channels:
        refusals.append(Refusal("CLOSURE-CHANNELS", "未选择渠道", remedy="请选择停办的渠道", where="channels"))
    if strangers := [one for one in plan.channels if plan.function and plan.function not in OFFERED.get(one, ())]:
        label = HallFunction(plan.function).label
        offering = "、".join(CLOSABLE[one] for one, functions in OFFERED.items() if plan.function in functions)
        refusals.append(
            Refusal(
                "CLOSURE-FUNCTION-CHANNEL",
                f"{'、'.join(CLOSABLE[one] for one in strangers)}没有“{label}”这项业务",
                f"“{label}”在{offering}办理",
                f"请只选择{offering}，或改为全部业务",
                where="channels",
            )
        )
    return refusals


def _against_window(plan: Plan, now: datetime, *, urgent: bool) -> list[Refusal]:
    refusals = []
    if not urgent and plan.starts_at < now + NOTICE:
        refusals.append(
            Refusal(
                "CLOSURE-NOTICE",
                "开始时间太近",
                f"停办须至少提前{NOTICE // timedelta(hours=1)}小时公告",
                "请推后开始时间；遇突发情况由系统管理员立即停办",
                BASIS,
                where="starts_at",
            )
        )
    if plan.ends_at is None:
        if not plan.function:
            refusals.append(
                Refusal("CLOSURE-END", "全部业务停办须有结束时间", remedy="请填写预计恢复的时间", where="ends_at")
            )
    elif plan.ends_at <= plan.starts_at:
        refusals.append(Refusal("CLOSURE-END", "结束时间不晚于开始时间", remedy="请改正时间", where="ends_at"))
    elif not plan.function and plan.ends_at - plan.starts_at > LONGEST:
        refusals.append(
            Refusal(
                "CLOSURE-LONG", f"全部业务停办超过{LONGEST.days}天", remedy="请分次安排，或缩短时间", where="ends_at"
            )
        )
    return refusals


def refusal_of(closure: Standing) -> Refusal:
    """What a closed function answers; the same sentence stands beside its greyed button."""
    if closure.outside_hours:
        return Refusal(
            "CLOSED-OUTSIDE-HOURS",
            f"现在不在{closure.what}的办理时间",
            closure.reason,
            f"{said(closure.ends_at)}起可以办理，现在可以查询" if closure.ends_at else "现在可以查询",
            BASIS,
        )
    until = f"预计{said(closure.ends_at)}恢复" if closure.ends_at else "恢复时间另行公告"
    return Refusal(
        "CLOSED-FOR-MAINTENANCE" if closure.is_maintenance else "CLOSED-FUNCTION",
        f"{closure.what}现在停办",
        f"{closure.reason.rstrip('。')}，{said(closure.starts_at)}起停办，{until}",
        "现在可以查询，不能办理；请在恢复后再办",
        BASIS,
    )


def stopping(closures: Iterable[Standing], channel: Channel, function: str, now: datetime) -> Standing | None:
    """The closure that stops a function of a channel now: of several, the one that lasts longest."""
    found = [one for one in closures if one.stops(channel, function, now)]
    return max(found, key=lambda one: one.ends_at or datetime.max.replace(tzinfo=now.tzinfo), default=None)


def said(moment: datetime) -> str:
    """``8月10日22:00``."""
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"


def left(until: datetime, now: datetime) -> str:
    """How long until a moment, as it is said: ``2天3小时``, ``1小时5分``, ``不到1分``.

    >>> left(datetime(2026, 8, 10, 22, 5), datetime(2026, 8, 10, 21))
    '1小时5分'
    """
    days, rest = divmod(until - now, _ALL_DAY)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes = rest // timedelta(minutes=1)
    if days > 0:
        return f"{days}天{hours}小时"
    if hours > 0:
        return f"{hours}小时{minutes}分"
    return f"{minutes}分" if minutes > 0 else "不到1分"

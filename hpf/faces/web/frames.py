"""The frame around a page: center, day, who is here, menu. Asked once a request, inside its transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import resolve, reverse

from hpf.channels.hours import Timetable, outside
from hpf.channels.queries import read_standing, read_timetables
from hpf.channels.rules import Standing, left, said
from hpf.faces.web import done
from hpf.faces.web.environment import address, moment
from hpf.faces.web.manual import help_for
from hpf.faces.web.pages import LARGE_PRINT_COOKIE
from hpf.faces.web.shapes.frame import (
    Center,
    ClosureNotice,
    Frame,
    HandlerBadge,
    MenuGroup,
    MenuItem,
    SessionClock,
    StaffBadge,
)
from hpf.hall_access.rules import Stage
from hpf.kernel import Actor, Channel
from hpf.policy import is_working_day
from hpf.registry import models
from hpf.registry.codes import Duty, Role
from hpf.storage import Statements

statements = Statements(__package__)

# Menus: group label, then (label, URL name). Staff see what they may open.
_Menu = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
PORTAL_MENU: _Menu = (
    ("", (("首页", "portal:home"),)),
    ("职工", (("花名册", "portal:roster"), ("开户", "portal:upload"), ("封存", "portal:seal"))),
    ("缴存", (("汇缴", "portal:declare"), ("暂存款", "portal:unallocated"), ("缴存记录", "portal:records"))),
    ("单位", (("服务协议", "agreement"), ("联系方式", "portal:contact"), ("登录安全", "portal:sessions"))),
    ("服务", (("消息", "portal:messages"), ("咨询建议", "portal:inquiries"), ("公告与指南", "publications"))),
)
COUNTER_MENU: _Menu = (
    ("", (("工作台", "counter:home"), ("待复核", "counter:reviews"))),
    (
        "单位",
        (
            ("单位查询", "counter:employers"),
            ("单位登记", "counter:applications"),
            ("办件", "counter:cases"),
            ("限制与申诉", "counter:restrictions"),
        ),
    ),
    ("资金", (("银行流水", "counter:statements"), ("待认领款项", "counter:money"))),
    (
        "公布",
        (("协议版本", "counter:agreements"), ("信息发布", "counter:publications"), ("网点和页脚", "counter:details")),
    ),
    ("服务", (("咨询建议", "counter:inquiries"),)),
    (
        "消息",
        (
            ("消息送达", "counter:deliveries"),
            ("写消息", "counter:write"),
            ("信函", "counter:letters"),
            ("消息模板", "counter:templates"),
        ),
    ),
    (
        "渠道",
        (
            ("停办与维护", "counter:closures"),
            ("办理时间", "counter:timetables"),
            ("立即停办", "counter:closure-at-once"),
        ),
    ),
    (
        "管理",
        (
            ("工作人员", "counter:staff"),
            ("短信用量", "counter:sms-usage"),
            ("登录预警", "counter:staff-attempts"),
            ("查询预警", "counter:staff-looking"),
            ("查询限额", "counter:staff-looks"),
            ("事件日志", "counter:events"),
            ("追溯", "counter:events-trace"),
        ),
    ),
    ("本人", (("登录安全", "counter:security"),)),
)


_WITHOUT_MENU = frozenset((Stage.MUST_CHOOSE, Stage.SUSPENDED))
"""The stages at which nothing of the menu opens."""
LOST = "lost"
"""In the address of a page that comes first: what was sent was not taken."""
_COUNTER = frozenset((Channel.COUNTER.value,))
_OUTSIDE = frozenset((Channel.PORTAL.value, Channel.PUBLIC.value))
"""Of which channels' closures the staff read, and everybody else."""


def frame_for(request: HttpRequest, side: str) -> Frame:
    """The frame of a side: public, portal or counter."""
    actor = request.actor  # type: ignore[attr-defined]
    here, match = request.get_full_path(), request.resolver_match
    visit = request.visit  # type: ignore[attr-defined]
    present = visit.moment
    around = _around(actor if side == "portal" else None, present)
    staff = _staff_badge(actor.id) if side == "counter" else None
    principal = getattr(request, "principal", None)
    stage = principal.stage if principal is not None else Stage.OPEN
    if stage is Stage.MUST_CHOOSE:
        around = _before_the_choice(around)
    read_here = _COUNTER if side == "counter" else _OUTSIDE
    return Frame(
        center=around.center,
        day=request.today,  # type: ignore[attr-defined]
        demo=settings.HALL.is_demonstration,
        large=bool(request.COOKIES.get(LARGE_PRINT_COOKIE)),
        here=here,
        said=done.sentences(request.GET, visit.now) if side != "public" else (),
        lost=principal is not None and LOST in request.GET,
        session=_clock(request, side),
        handler=around.handler,
        staff=staff,
        must_acknowledge=around.must_acknowledge,
        unread=around.unread if stage is not Stage.SUSPENDED else 0,
        prompt=around.prompt,
        closures=(*around.closures, *outside(around.timetables, present, is_working_day)),
        notices=tuple(_notice(one, present) for one in around.closures if read_here & set(one.channels)),
        timetables=around.timetables,
        watermark=_watermark(request, around.handler or staff),
        watch=address(settings.ROOT_URLCONF, "closures") if side != "counter" else "",
        help=help_for(match.view_name) if match else None,
        menu=() if stage in _WITHOUT_MENU else _menu_of(side, here, around.unread, actor),
    )


def _clock(request: HttpRequest, side: str) -> SessionClock | None:
    """When the session ends, for the warning before; nobody is warned on the way in."""
    principal = getattr(request, "principal", None)
    if principal is None or principal.stage is not Stage.OPEN or side == "public":
        return None
    now = request.visit.now  # type: ignore[attr-defined]
    idle, left = (round((moment - now).total_seconds()) for moment in (principal.idle_at, principal.expires_at))
    who = f"{principal.actor.kind.value}:{principal.actor.id}"
    return SessionClock(idle, left, reverse(f"{side}:keep"), who)


def _watermark(request: HttpRequest, badge: HandlerBadge | StaffBadge | None) -> str:
    """Who looks at a page, when, and the number of his login, which the audit can look up."""
    principal = getattr(request, "principal", None)
    if principal is None or badge is None:
        return ""
    now = request.visit.now  # type: ignore[attr-defined]
    return f"{badge.user_name}　{moment(now)}　登录号 {principal.session_id}"


@dataclass(frozen=True, slots=True)
class _Around:
    """What one statement says for every page."""

    center: Center = field(default_factory=Center)
    handler: HandlerBadge | None = None
    must_acknowledge: bool = False
    unread: int = 0
    prompt: int = 0
    closures: tuple[Standing, ...] = ()
    timetables: tuple[Timetable, ...] = ()


def _around(handler: Actor | None, moment: datetime) -> _Around:
    """One statement on every page; a center that is still being built has no name yet."""
    if handler is None:
        rows = statements("center", now=moment).rows()
        return _Around(_center(rows[0]), **_open(rows[0], moment)) if rows else _Around()
    given = {"employer_id": handler.employer_id, "handler_id": handler.id}
    row = statements("center_and_employer", **given, now=moment).row()
    employer, number, user_name, must_acknowledge, unread, prompt = row[8:]
    duty = next((one for one in Duty if one in handler.roles), Duty.HANDLER)
    chooses = "chooses" in handler.roles
    badge = HandlerBadge(employer, number, handler.name, user_name, duty.label, handler.in_two_steps, chooses)
    return _Around(_center(row), badge, must_acknowledge, unread, prompt, **_open(row, moment))


def _before_the_choice(around: _Around) -> _Around:
    """Before an agent has chosen for whom he acts no employer stands above the page, not even his own."""
    badge = around.handler and replace(around.handler, employer="", unit_account_no="", duty="")
    return replace(around, handler=badge, unread=0)


def _open(row: tuple[Any, ...], moment: datetime) -> dict[str, Any]:
    """What is closed, and when the rest is open."""
    return {"closures": read_standing(row[5], moment), "timetables": read_timetables(row[6])}


def _center(row: tuple[Any, ...]) -> Center:
    """The first columns of both statements: name, hotline, registrations, what is closed and open, whether there is a
    statement."""
    name, hotline, icp, police, site, _, _, has_privacy = row[:8]
    records = ((icp, icp), (police, police), (site, f"网站标识码 {site}"))
    return Center(
        name,
        hotline=hotline,
        records=tuple(said for given, said in records if given),
        privacy=reverse("privacy") if has_privacy else "",
    )


def _notice(closure: Standing, moment: datetime) -> ClosureNotice:
    """A closure in a sentence, with the time left until it begins or ends."""
    until = f"预计{said(closure.ends_at)}恢复" if closure.ends_at else "恢复时间另行公告"
    if closure.in_force(moment):
        countdown = left(closure.ends_at, moment) if closure.ends_at else ""
        return ClosureNotice(
            f"{closure.what}正在停办：{closure.reason.rstrip('。')}，{until}。现在可以查询，不能办理。", countdown, True
        )
    sentence = f"{said(closure.starts_at)}起{closure.what}停办：{closure.reason.rstrip('。')}，{until}。"
    return ClosureNotice(sentence, left(closure.starts_at, moment), in_force=False)


def _staff_badge(staff_id: int) -> StaffBadge:
    person = models.Staff.objects.select_related("branch").get(pk=staff_id)
    roles = "、".join(Role(role).label for role in person.roles)
    return StaffBadge(person.name, person.branch.name, roles, person.user_name)


def _menu_of(side: str, here: str, unread: int, actor: Actor) -> tuple[MenuGroup, ...]:
    """The portal's, with the list of prepared acts where one prepares and another approves; the counter's."""
    if side == "portal":
        two_steps = (("复核", (("内部复核", "portal:prepared"),)),) if actor.in_two_steps else ()
        return _menu((PORTAL_MENU[0], *two_steps, *PORTAL_MENU[1:]), here, unread)
    if side != "counter":
        return ()
    roles = actor.roles
    open_to = ((label, tuple(item for item in items if _may_open(item[1], roles))) for label, items in COUNTER_MENU)
    return _menu(tuple((label, items) for label, items in open_to if items), here)


def _menu(groups: _Menu, here: str, unread: int = 0) -> tuple[MenuGroup, ...]:
    """The groups, with the item marked under which the page stands: of several, the one that says most."""
    hrefs = _hrefs(settings.ROOT_URLCONF, groups)
    above = [href for name, href in hrefs.items() if _stands_under(here, href, home=name.endswith(":home"))]
    return _menu_at(settings.ROOT_URLCONF, groups, max(above, key=len, default=""), unread)


@lru_cache(maxsize=1_000)
def _menu_at(urlconf: str, groups: _Menu, current: str, unread: int) -> tuple[MenuGroup, ...]:
    hrefs = _hrefs(urlconf, groups)
    counts = {"portal:messages": unread}
    return tuple(
        MenuGroup(
            tuple(MenuItem(text, hrefs[name], hrefs[name] == current, counts.get(name, 0)) for text, name in items),
            label,
        )
        for label, items in groups
    )


@lru_cache(maxsize=1_000)
def _hrefs(urlconf: str, groups: _Menu) -> dict[str, str]:
    return {name: address(urlconf, name) for _, items in groups for _, name in items}


def _stands_under(here: str, href: str, *, home: bool) -> bool:
    return here.split("?")[0] == href if home else here.startswith(href)


def _may_open(name: str, roles: frozenset[str]) -> bool:
    """Whether the door of an address lets someone with these roles in."""
    needed = _needed(settings.ROOT_URLCONF, name)
    return not needed or bool(needed & roles)


@cache
def _needed(urlconf: str, name: str) -> frozenset[str]:
    return frozenset(resolve(address(urlconf, name), urlconf).func.who.roles)  # type: ignore[attr-defined]

"""The pages of the three administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hpf.casework.review import ReviewState
from hpf.evidence.log import LogSearch
from hpf.faces.counter.reviews import Decision
from hpf.faces.counter.staff_looks import LooksForm
from hpf.faces.web import forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import staff
from hpf.faces.web.shapes.counter import ReviewTurn, ReviewView
from hpf.faces.web.shapes.frame import Link, Pager
from hpf.hall_access.models import LookingState
from hpf.hall_access.rules import ABOUT_ONESELF, ROLES_APART, Unreleased
from hpf.registry.codes import Role
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PROBE, PUBLIC_FRAME, TODAY, Sample

LONG_AGO = date(2026, 8, 10)


@dataclass(frozen=True, slots=True)
class Proposal:
    branch: str = ask("管理部", forms.choice([("1", "市中区管理部")]))
    roles: tuple[str, ...] = ask("岗位", forms.choice(Role.choices, kind="ticks"), many=True)


@dataclass(frozen=True, slots=True)
class NewStaff(Proposal):
    user_name: str = ask("用户名", forms.text(30))
    name: str = ask("姓名", forms.name())


@dataclass(frozen=True, slots=True)
class Note:
    note: str | None = ask("复核意见", forms.text(500, kind="textarea"), required=False)


UNRELEASED = Unreleased(9, 7, NOW, "048213", 3)


@dataclass(frozen=True, slots=True)
class Release:
    met: bool = ask("已当面核对本人证件，本人页面上的核对号与上面一致", forms.tick())


def member(*, proposes: bool, secures: bool, active: bool = True, has_roles: bool = True) -> staff.StaffMemberPage:
    """One of the staff, as an administrator sees him."""
    turn = ReviewTurn(ReviewState.PENDING, "程序", NOW, "", None, "")
    refusals = (ABOUT_ONESELF,) if secures else ()
    return staff.StaffMemberPage(
        id=7,
        name=PROBE,
        active=active,
        has_roles=has_roles,
        details=(("用户名", "lin"), ("管理部", "市中区管理部"), ("岗位", "柜员")),
        proposed="沙湾管理部，柜员、资金",
        review=ReviewView(
            (turn,), "/counter/staff/7/decide/" if secures else "", proposes, forms.inputs(Note)["note"], KEY
        ),
        inputs=forms.inputs(Proposal) if proposes else {},
        secures=secures,
        key=KEY,
        refusals=refusals,
        unreleased=UNRELEASED if secures else None,
        release=forms.inputs(Release),
    )


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str = ask("核实情况", forms.text(200), hint="例如：已电话核实，本人在准备审计材料")


ROWS = (
    staff.StaffRow(1, "林小满", "clerk", "市中区管理部", "柜员", active=True, waits=False),
    staff.StaffRow(2, PROBE, "treasurer", "市中区管理部", "资金、会计", active=True, waits=True),
    staff.StaffRow(4, PROBE, "clerk2", "沙湾管理部", "柜员", active=True, waits=False, unreleased_since=NOW),
    staff.StaffRow(3, "高远", "manager", "市中区管理部", "（无）", active=False, waits=False),
)
EVENTS = (
    staff.EventRow(4711, NOW, TODAY, "登录", PROBE, "网厅", "203.0.113.7", Link("", ""), "", Link(PROBE, ""), ()),
    staff.EventRow(
        number=4710,
        at=NOW,
        business_day=LONG_AGO,
        act="审批岗位",
        actor="安平",
        channel="柜面",
        address="203.0.113.8",
        subject=Link(f"工作人员 {PROBE}", "/counter/staff/7/"),
        related="/counter/events/?subject=staff%3A7",
        employer=None,
        content=(("复核结论", "复核通过"), ("意见", PROBE)),
    ),
)
SAMPLES: dict[str, Sample] = {
    "staff": Sample("counter/staff.html", staff.StaffPage(ROWS, can_create=True), COUNTER_FRAME),
    "staff-new": Sample(
        "counter/staff_new.html",
        staff.NewStaffPage(forms.inputs(NewStaff, None, (ROLES_APART,)), KEY, (ROLES_APART,)),
        COUNTER_FRAME,
    ),
    "staff-member-without-roles": Sample(
        "counter/staff_member.html", member(proposes=True, secures=False, has_roles=False), COUNTER_FRAME
    ),
    "staff-member-of-system": Sample("counter/staff_member.html", member(proposes=True, secures=False), COUNTER_FRAME),
    "staff-member-of-security": Sample(
        "counter/staff_member.html", member(proposes=False, secures=True, active=False), COUNTER_FRAME
    ),
    "unreleased": Sample(
        "public/unreleased.html", staff.UnreleasedPage("048213", NOW, PROBE, ("安平", "严审")), PUBLIC_FRAME
    ),
    "unreleased-with-nobody": Sample(
        "public/unreleased.html", staff.UnreleasedPage("048213", NOW, PROBE, ()), PUBLIC_FRAME
    ),
    "unreleased-alone": Sample(
        "public/unreleased.html", staff.UnreleasedPage("048213", NOW, PROBE, (), of_security=True), PUBLIC_FRAME
    ),
    "staff-password": Sample(
        "counter/staff_password.html",
        staff.StaffPasswordPage(7, PROBE, "lin", "Kq7mWd3xTz9p", NOW),
        COUNTER_FRAME,
    ),
    "staff-looking": Sample(
        "counter/staff_looking.html",
        staff.HeldBackPage(
            (
                staff.HeldBackRow(
                    1, PROBE, "chen", "示范建材有限公司", LookingState.STOPPED, 1402, 2210, NOW, "核对全年缴存"
                ),
                staff.HeldBackRow(2, "李静", "lijing", "中心工作人员", LookingState.ASKED, 121, 300, NOW),
            ),
            forms.inputs(Reason),
            KEY,
        ),
        COUNTER_FRAME,
    ),
    "staff-attempts": Sample(
        "counter/staff_attempts.html",
        staff.AttemptsPage(
            (staff.AttemptsRow("2001:db8:85a3:8d3:1319:8a2e:370:7348", 1200, 34, NOW, True),), 30, 1234, True
        ),
        COUNTER_FRAME,
    ),
    "staff-looks": Sample(
        "counter/staff_looks.html",
        staff.LooksPage(
            (("200名职工的单位，经办人", "每小时220条，每天660条"),),
            (staff.LooksLine("/counter/staff/looks/7/", PROBE, PROBE, NOW, None),),
            forms.inputs(LooksForm, {"looks_an_hour": 200}),
            KEY,
        ),
        COUNTER_FRAME,
    ),
    "staff-looks-change": Sample(
        "counter/staff_looks_change.html",
        staff.LooksChangePage(
            (("中心工作人员", "每小时120条，每天500条", "每小时60条，每天300条"),),
            PROBE,
            f"{PROBE} 2026-11-10 09:12 提出",
            None,
            ReviewView((), "", own=False, turn=0, note=forms.inputs(Decision)["note"], key=KEY),
        ),
        COUNTER_FRAME,
    ),
    "staff-looking-nobody": Sample(
        "counter/staff_looking.html", staff.HeldBackPage((), forms.inputs(Reason), KEY), COUNTER_FRAME
    ),
    "trace": Sample(
        "counter/trace.html",
        staff.TracePage("7F3A-92C4-KP2M", (("导出、打印的内容", "花名册"), ("办理人", PROBE), ("行数", "1,204 行"))),
        COUNTER_FRAME,
    ),
    "trace-nothing": Sample("counter/trace.html", staff.TracePage("7F3A", ()), COUNTER_FRAME),
    "events": Sample(
        "counter/events.html",
        staff.EventsPage(
            EVENTS,
            Pager(1, 2, None),
            (("", "全部"), ("login", "登录")),
            LogSearch(TODAY, TODAY, actor_name=PROBE, subject="staff:7"),
            KEY,
            about=f"工作人员 {PROBE}",
        ),
        COUNTER_FRAME,
        regions=("event-rows",),
    ),
}

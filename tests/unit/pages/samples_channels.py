"""What is closed: for everybody, and at the counter."""

from __future__ import annotations

from dataclasses import replace

from hpf.channels.hours import TimetableStanding
from hpf.channels.rules import ClosureStanding
from hpf.faces.counter.closures import PlanForm, UrgentForm
from hpf.faces.counter.timetables import TimetableForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import channels as shapes
from hpf.faces.web.shapes import errors
from hpf.faces.web.shapes.frame import ClosureNotice
from hpf.kernel import Refusal
from tests.unit.pages.ground import COUNTER_FRAME, KEY, NOW, PROBE, PUBLIC_FRAME, Sample
from tests.unit.pages.samples_publications import REVIEW as ON_TIME

REVIEW = replace(ON_TIME, too_late=f"现在通过已来不及公告。{PROBE}")
NOTICES = (
    ClosureNotice(f"全部业务正在停办：{PROBE}，预计8月10日22:00恢复。现在可以查询，不能办理。", "1小时5分", True),
    ClosureNotice("8月12日9:00起汇缴停办：核对，恢复时间另行公告。", "2天3小时", in_force=False),
)
ROW = shapes.ClosureRow(
    "/counter/closures/7/",
    "全部业务",
    "单位网厅、柜面",
    PROBE,
    NOW,
    NOW,
    ClosureStanding.LIFTED,
    f"{PROBE} 2026-11-10 09:12",
)
WRONG = Refusal("CLOSURE-NOTICE", "开始时间太近", "停办须提前公告", "请推后开始时间", where="starts_at")
CLOSED = Refusal("CLOSED-FOR-MAINTENANCE", "全部业务现在停办", f"{PROBE}，8月10日22:00起停办", "请在恢复后再办")
LINE = shapes.TimetableLine(
    "/counter/hours/7/",
    "开户",
    "工作日08:30至17:30办理，休息日不办理；上传花名册每个单位每天最多5次",
    NOW.date(),
    PROBE,
    TimetableStanding.PROPOSED,
)
HOURS = (
    shapes.ChannelHours("单位网厅", (shapes.FunctionHours("开户", LINE.sentence),)),
    shapes.ChannelHours("柜面", (shapes.FunctionHours("单位登记", "每天全天办理，不限次数"),)),
)
LATE = Refusal("TIMETABLE-LATE", "开始执行的日期已到", remedy="请改为以后的日期", where="starts_on")

SAMPLES: dict[str, Sample] = {
    "closures": Sample(
        "public/closures.html",
        shapes.ClosuresPage(),
        replace(PUBLIC_FRAME, notices=NOTICES, watch="/closures/"),
        ("closure-notices",),
    ),
    "closures-none": Sample("public/closures.html", shapes.ClosuresPage(HOURS), PUBLIC_FRAME),
    "counter-closures": Sample(
        "counter/closures.html",
        shapes.ClosureDeskPage(
            (ROW,), forms.inputs(PlanForm, None, (WRONG,)), "/counter/closures/", False, KEY, NOW, (WRONG,)
        ),
        replace(COUNTER_FRAME, notices=NOTICES),
    ),
    "counter-closure-at-once": Sample(
        "counter/closures.html",
        shapes.ClosureDeskPage((), forms.inputs(UrgentForm), "/counter/closures/at-once/", True, KEY, NOW),
        COUNTER_FRAME,
    ),
    "counter-closure": Sample(
        "counter/closure.html",
        shapes.ClosurePage(ROW, f"{PROBE} 2026-11-10 09:12 提出", REVIEW, "/counter/closures/7/lift/", KEY),
        COUNTER_FRAME,
    ),
    "counter-timetables": Sample(
        "counter/timetables.html",
        shapes.TimetableDeskPage(
            HOURS,
            (LINE,),
            forms.inputs(TimetableForm, None, (LATE,)),
            KEY,
            (LATE,),
        ),
        COUNTER_FRAME,
    ),
    "counter-timetable": Sample(
        "counter/timetable.html",
        shapes.TimetablePage(LINE, "每天全天办理，不限次数", f"{PROBE} 2026-11-10 09:12 提出", REVIEW),
        COUNTER_FRAME,
    ),
    "closed": Sample(
        "errors/closed.html",
        errors.ErrorPage("全部业务现在停办", "您刚才的操作没有办理。", "请在恢复后再办。", "7F3A-92C4", "/", (CLOSED,)),
        PUBLIC_FRAME,
    ),
}

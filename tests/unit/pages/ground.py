"""What samples stand on: names that try to be markup, frames, refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.http import QueryDict

from hpf.faces.web import forms
from hpf.faces.web.shapes.frame import (
    Center,
    Frame,
    HandlerBadge,
    Link,
    MenuGroup,
    MenuItem,
    StaffBadge,
)
from hpf.kernel import Fen, Key, Month, Refusal, Refused, Severity

PROBE = '"><img src=x onerror=alert(1)>'

NAMES = ("陈思远", "阿依古丽·买买提", "欧阳建国", "㐂田𠮷", PROBE)

KEY = Key("sample-key-0001")

NOW = datetime(2026, 11, 10, 1, 12, tzinfo=UTC)

TODAY = date(2026, 11, 10)

MONTH = Month(2026, 11)

YUAN = Fen.from_yuan

CENTER = Center("乐山市住房公积金管理中心", "公积金单位网厅", "0833-12345")


def portal_menu(current: str) -> tuple[MenuGroup, ...]:
    def group(label: str, *items: tuple[str, str]) -> MenuGroup:
        return MenuGroup(tuple(MenuItem(name, href, name == current) for name, href in items), label)

    return (
        group("", ("首页", "/")),
        group("职工", ("花名册", "/roster/"), ("上传花名册", "/upload/"), ("开户", "/open/"), ("封存", "/seal/")),
        group("缴存", ("汇缴", "/declare/"), ("暂存款", "/unallocated/"), ("缴存记录", "/records/")),
        group("单位", ("服务协议", "/agreement/")),
    )


COUNTER_MENU = (
    MenuGroup((MenuItem("工作台", "/counter/", current=True),)),
    MenuGroup((MenuItem("单位", "/counter/employers/"), MenuItem("办件", "/counter/cases/")), "柜面"),
    MenuGroup(
        (MenuItem("银行流水", "/counter/statements/"), MenuItem("待认领款项", "/counter/money/", count=3)), "资金"
    ),
)

PORTAL_FRAME = Frame(
    CENTER,
    TODAY,
    demo=True,
    handler=HandlerBadge("示范建材有限公司", "511100000214", "陈思远", "chensiyuan"),
    watermark="chensiyuan　2026-08-10 09:12　登录号 1024",
    menu=portal_menu("首页"),
)

COUNTER_FRAME = Frame(
    CENTER,
    TODAY,
    staff=StaffBadge("李静", "市中区管理部", "柜员", "lijing"),
    watermark="lijing　2026-08-10 09:12　登录号 1025",
    menu=COUNTER_MENU,
    said=("已登记示范建材有限公司。",),
)

PUBLIC_FRAME = Frame(
    Center(CENTER.name, CENTER.hall, CENTER.hotline, ("某ICP备00000000号", "网站标识码 0000000000"), "/privacy/"),
    TODAY,
    demo=True,
    help=Link("帮助", "/manual/first-login/"),
)

GAP = Refusal(
    "REMIT-MONTH-GAP",
    "2026年11月暂不能汇缴",
    "10月尚未入账，汇缴须逐月办理",
    "请先办理10月汇缴",
    "中心缴存业务规则，逐月汇缴",
    case_no=26101400007,
)

AT_FLOOR = Refusal(
    "BASE-AT-FLOOR", "1 人的基数等于下限 2,200.00 元", remedy="请核对月平均工资", severity=Severity.CHECK
)

BAD_DIGIT = Refusal(
    "ROSTER-IDENTITY", "身份证号码校验位不符", "多为录入错误", "请核对身份证原件", "GB 11643-1999", "证件号码"
)

SPACES = Refusal("ROSTER-SPACES", "姓名中有空格", severity=Severity.MEND, where="姓名", proposal="欧阳建国")


def refusals_of(form: type, data: QueryDict) -> tuple[Refusal, ...]:
    try:
        forms.read(form, data)
    except Refused as refused:
        return refused.refusals
    raise AssertionError(f"{data} was meant to be refused")


@dataclass(frozen=True, slots=True)
class Sample:
    template: str
    page: object
    frame: Frame = PORTAL_FRAME
    regions: tuple[str, ...] = field(default=())

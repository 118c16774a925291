"""One page with every component in every state: to look at, to run axe over, to copy from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, QueryDict

from hpf.casework.review import ReviewState
from hpf.faces.web import forms
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.pages import page
from hpf.faces.web.shapes.counter import ReviewTurn, ReviewView
from hpf.faces.web.shapes.frame import Download, Fact, Pager, Progress, Step
from hpf.faces.web.states import TONES, State
from hpf.kernel import Fen, Key, Month, Rate, Refusal, Refused, Severity
from hpf.registry.codes import AccountState


@dataclass(frozen=True, slots=True)
class EveryField:
    """A form with a field of every kind."""

    name: str = ask("姓名", forms.name(), hint="与身份证一致，少数民族姓名的间隔号写“·”")
    mobile: str = ask("手机号码", forms.mobile(), autocomplete="tel")
    wage: Fen = ask("月平均工资（元）", forms.amount())
    unit_rate: Rate = ask("单位缴存比例（%）", forms.rate())
    people: int = ask("缴存职工人数", forms.number())
    first_month: Month = ask("起缴年月", forms.month())
    founded_on: object = ask("设立日期", forms.day())
    nature: str = ask("单位性质", forms.choice([("10", "国家机关"), ("30", "国有企业")]))
    department: str = ask("公积金经办部门", forms.choice([("finance", "财务"), ("hr", "人事")], kind="radio"))
    password: str = ask("密码", forms.password(), autocomplete="current-password")
    file: object = ask("花名册", forms.file(), hint="Excel 工作簿（.xlsx），最多 10 万行")
    accepted: bool = ask("我已阅读并接受", forms.tick())
    note: str | None = ask("备注", forms.text(200, kind="textarea"), required=False)


@dataclass(frozen=True, slots=True)
class ComponentsPage:
    """``components.html``."""

    key: Key
    amount: Fen
    states: tuple[State, ...]
    steps: tuple[tuple[Step, ...], ...]
    facts: tuple[Fact, ...]
    rows: tuple[tuple[str, str, Fen, State], ...]
    pager: Pager
    blank: dict[str, Input]
    wrong: dict[str, Input]
    refusals: tuple[Refusal, ...]
    findings: tuple[Refusal, ...]
    progress: Progress
    downloads: tuple[Download, ...]
    review: ReviewView


def components(request: HttpRequest) -> HttpResponse:
    """The page of components; shows nothing of any employer."""
    return page(request, "components.html", sample())


def sample() -> ComponentsPage:
    """The components' sample data. The errors are those that the reader really makes of a wrong form."""
    typed = QueryDict("mobile=1380000&wage=abc&unit_rate=8.555&people=many&first_month=2026-13&founded_on=2026-02-30")
    refusals = _refusals_of(typed)
    blank = forms.inputs(EveryField)
    return ComponentsPage(
        key=Key.fresh(),
        amount=Fen.from_yuan("415902.40"),
        states=tuple(state for states in TONES.values() for state in states),
        steps=(
            (
                Step("人员变动", "增 3 · 减 2", "done"),
                Step("核定", "待提交", "now"),
                Step("缴款"),
                Step("到账"),
                Step("入账"),
            ),
            (
                Step("人员变动", "", "done"),
                Step("核定", "11月10日", "done"),
                Step("缴款", "已逾期", "late"),
                Step("到账"),
                Step("入账"),
            ),
        ),
        facts=(
            Fact("正常缴存", "215", "人", "#"),
            Fact("缴至年月", "2026-10"),
            Fact("暂存款", "1,204.00", "元", "#"),
            Fact("缴存比例", "8% + 8%"),
        ),
        rows=(
            ("阿依古丽·买买提", "992608100001", Fen(96000), AccountState.ACTIVE),
            ("张伟", "992608100002", Fen(423928), AccountState.SEALED),
        ),
        pager=Pager(51, 100, 214, "#", "#"),
        blank={f"blank_{name}": replace(one, name=f"blank_{name}") for name, one in blank.items()},
        wrong=forms.inputs(EveryField, typed, refusals),
        refusals=refusals,
        findings=_findings(),
        progress=Progress("正在检查 花名册.xlsx", 42_000, 100_000, 6),
        downloads=(Download("汇缴通知单", "#", "PDF", "2 页"), Download("汇缴清册", "#", "Excel")),
        review=_review(),
    )


def _review() -> ReviewView:
    """Returned once, submitted again, open to somebody who may decide."""
    made = datetime(2026, 8, 10, 9, 30, tzinfo=UTC)
    turns = (
        ReviewTurn(ReviewState.PENDING, "孙桂", made, "", None, "", by_command=True),
        ReviewTurn(ReviewState.RETURNED, "孙桂", made, "何复", made, "介绍信未盖章"),
    )
    note = Input("review_note", "复核意见", "textarea", required=False)
    return ReviewView(turns, "#", own=False, note=note, key=Key.fresh())


def _refusals_of(typed: QueryDict) -> tuple[Refusal, ...]:
    try:
        forms.read(EveryField, typed)
    except Refused as refused:
        return refused.refusals
    raise AssertionError("the sample form is wrong on purpose")


def _findings() -> tuple[Refusal, ...]:
    return (
        Refusal(
            "REMIT-MONTH-GAP",
            "2026年9月暂不能汇缴",
            "8月尚未入账，汇缴须逐月办理",
            "请先办理8月汇缴",
            "中心缴存业务规则，逐月汇缴",
            case_no=26081000007,
        ),
        Refusal(
            "ROSTER-NAME-SPACES",
            "姓名中有空格",
            severity=Severity.MEND,
            where="第 17 行",
            proposal="欧阳建国",
        ),
        Refusal(
            "BASE-AT-FLOOR",
            "基数等于下限 2,200.00 元",
            remedy="请核对月平均工资",
            severity=Severity.CHECK,
            where="第 21 行",
        ),
    )

"""The staff's pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from hpf.casework.models import CaseState
from hpf.employer_registration.models import ApplicationState, Material
from hpf.faces.web import components_page, forms
from hpf.faces.web.forms import Input, ask
from hpf.faces.web.shapes import counter
from hpf.faces.web.shapes.frame import (
    Download,
    Fact,
    FieldGroup,
    Link,
    Pager,
    Progress,
)
from hpf.faces.web.states import Access
from hpf.kernel import Fen, Month, Rate, Refusal
from hpf.registry.codes import UnitState
from hpf.treasury.rules import LineState
from tests.unit.pages.ground import (
    AT_FLOOR,
    COUNTER_FRAME,
    KEY,
    MONTH,
    NOW,
    PROBE,
    TODAY,
    YUAN,
    Sample,
    refusals_of,
)


@dataclass(frozen=True, slots=True)
class Register:
    name: str = ask("单位全称", forms.name())
    credit_code: str = ask("统一社会信用代码", forms.pattern("[0-9A-Z]{18}", "应为18位", max_length=18))
    post_code: str = ask("邮政编码", forms.digits(6))
    address: str = ask("单位地址", forms.text())
    legal_person: str = ask("法定代表人姓名", forms.name())
    legal_phone: str = ask("法定代表人电话", forms.telephone())
    economy: str = ask("单位经济类型", forms.choice([("173", "私营有限责任公司"), ("110", "国有全资")]))
    affiliation: str = ask("隶属关系", forms.choice([("10", "中央"), ("20", "省"), ("40", "市、地区"), ("50", "县")]))
    authority: str | None = ask("主管部门", forms.text(), required=False)
    nature: str = ask("单位性质", forms.choice([("10", "国家机关"), ("20", "事业单位"), ("33", "城镇私营企业")]))
    people: int = ask("缴存职工人数", forms.number())
    bank: str = ask("开户银行", forms.text())
    bank_account: str = ask("开户银行账号", forms.pattern(r"\d{8,30}", "应为8至30位数字", inputmode="numeric"))
    department: str = ask("公积金经办部门", forms.choice([("1", "财务"), ("2", "劳资"), ("3", "人事")], kind="radio"))
    handler: str = ask("经办人姓名", forms.name())
    mobile: str = ask("经办人手机", forms.mobile(), hint="登录验证码发到这个号码，以后只能到柜台变更")
    personal_rate: Rate = ask("个人缴存比例（%）", forms.rate())
    unit_rate: Rate = ask("单位缴存比例（%）", forms.rate())


@dataclass(frozen=True, slots=True)
class Statement:
    file: object = ask("选择银行流水文件，或拖到这里", forms.file(), hint="CSV，UTF-8 或 GB18030 编码")
    opening: Fen | None = ask("期初余额（元）", forms.amount(), required=False)
    closing: Fen | None = ask("期末余额（元）", forms.amount(), required=False)
    count: int | None = ask("笔数", forms.number(), required=False)
    gap: bool = ask("与前后对账单之间确有缺口，缺的一份稍后补导入", forms.tick(), required=False)


@dataclass(frozen=True, slots=True)
class HandOver:
    seen: bool = ask("已核对经办人身份证原件，当面发放", forms.tick())


@dataclass(frozen=True, slots=True)
class Materials:
    materials: tuple[str, ...] = ask("已收到并核对", forms.choice(Material.choices), many=True)
    waiver: str | None = ask("没有附扫描件的原因", forms.text(200), required=False)


@dataclass(frozen=True, slots=True)
class Scans:
    letter: tuple[UploadedFile, ...] = ask("单位介绍信", forms.file(), required=False, many=True)


_MONEY = {"bank", "bank_account", "unit_rate", "personal_rate"}

_HANDLER = {"department", "handler", "mobile"}

REGISTER_GROUPS = (
    FieldGroup(
        "单位",
        tuple(name for name in forms.questions(Register) if name not in _HANDLER | _MONEY),
        ("name",),
    ),
    FieldGroup("账户与比例", tuple(sorted(_MONEY))),
    FieldGroup("经办人", tuple(sorted(_HANDLER))),
)

CASE_ROWS = (
    counter.CaseRow("26111000012", NOW, "汇缴", PROBE, "2026-11 · 215 人", YUAN("415902.40"), CaseState.DONE),
    counter.CaseRow("26111000011", NOW, "封存", "示范商贸", "", None, CaseState.AWAITING_PAYMENT),
)


SCAN = Download(f"{PROBE}.pdf", "/counter/applications/scans/3/", "PDF")


def registration(inputs: dict[str, Input], refusals: tuple[Refusal, ...] = ()) -> counter.RegisterEmployerPage:
    back = Link("取消", "/counter/applications/")
    return counter.RegisterEmployerPage(
        "受理单位登记", inputs, REGISTER_GROUPS, "/counter/applications/new/", back, "受理", KEY, refusals
    )


def application() -> counter.ApplicationPage:
    """One that a clerk has before him."""
    may = frozenset({"print", "open", "withdraw", "attach", "take_off", "submit"})
    return counter.ApplicationPage(
        id=1,
        number="700000000063",
        name=PROBE,
        state=ApplicationState.ACCEPTED,
        accepted="2026-11-10 李静 受理",
        groups=(
            ("单位", (("单位全称", PROBE), ("统一社会信用代码", "91511100MA6280003F"))),
            ("经办人", (("经办人姓名", "陈思远"), ("经办人手机号码", "138****1234"))),
        ),
        findings=(AT_FLOOR,),
        passed=("2026-11-01 设立，登记期限至 2026-12-01（设立后 30 日内）",),
        materials_seen=(),
        inputs=forms.inputs(Materials),
        may=may,
        keys=dict.fromkeys((*may, "take_back"), KEY),
        review=replace(components_page.sample().review, turns=(), decide="", own=False),
        papers=(counter.PaperRow("单位介绍信", ((3, SCAN),)), counter.PaperRow("单位开户登记申请表", ())),
        uploads=forms.inputs(Scans),
    )


SAMPLES: dict[str, Sample] = {
    "counter-home": Sample(
        "counter/home.html",
        counter.CounterHomePage(
            (Fact("待认领款项", "3", "笔", "/counter/money/"),),
            (Link("3 笔款项待认领", "/counter/money/"),),
            to_hand_out=tuple(
                Link(f"待发放用户名和初始密码：乐山市第{number}公司 张三", f"/counter/employers/{number}/")
                for number in range(12)
            ),
            finds_employers=True,
        ),
        COUNTER_FRAME,
    ),
    "register": Sample("counter/register_employer.html", registration(forms.inputs(Register)), COUNTER_FRAME),
    "register-refused": Sample(
        "counter/register_employer.html",
        registration(
            forms.inputs(Register, QueryDict("people=x"), refusals_of(Register, QueryDict("people=x"))),
            refusals_of(Register, QueryDict("people=x")),
        ),
        COUNTER_FRAME,
    ),
    "applications": Sample(
        "counter/applications.html",
        counter.ApplicationsPage(
            (
                counter.ApplicationRow(
                    1, "700000000063", PROBE, "91511100MA6280003F", "峨眉山", "", NOW, ApplicationState.PREFILLED
                ),
                counter.ApplicationRow(
                    2,
                    "700000000160",
                    "示范建材",
                    "91511100MA6280003F",
                    "市中区",
                    "李静",
                    NOW,
                    ApplicationState.UNDER_REVIEW,
                ),
            ),
            Pager(1, 2, 2),
            can_register=True,
            q="",
            state="",
            states=(("", "全部"), *ApplicationState.choices),
        ),
        COUNTER_FRAME,
        ("application-rows",),
    ),
    "application": Sample("counter/application.html", application(), COUNTER_FRAME),
    "application-review": Sample(
        "counter/application.html",
        replace(
            application(),
            state=ApplicationState.UNDER_REVIEW,
            findings=(),
            materials_seen=("身份证复印件 1 份", "单位介绍信，已盖章"),
            inputs={},
            may=frozenset({"print", "take_back"}),
            uploads={},
            waived=PROBE,
            review=components_page.sample().review,
        ),
        COUNTER_FRAME,
    ),
    "application-registered": Sample(
        "counter/application.html",
        replace(
            application(),
            state=ApplicationState.REGISTERED,
            inputs={},
            uploads={},
            may=frozenset(),
            employer=Link("发放用户名和初始密码", "/counter/employers/1/"),
        ),
        COUNTER_FRAME,
    ),
    "employers": Sample(
        "counter/employers.html",
        counter.EmployersPage(
            (
                counter.EmployerRow(
                    1,
                    "示范建材有限公司",
                    "91511100MA6280003F",
                    "511100000214",
                    "市中区",
                    215,
                    Month(2026, 10),
                    UnitState.ACTIVE,
                ),
                counter.EmployerRow(
                    2, PROBE, "91511100MA6280003F", "511100000399", "峨眉山", 0, None, UnitState.OPENED
                ),
            ),
            Pager(1, 2, 2),
            can_register=True,
            states=(("", "全部"), ("01", "正常")),
        ),
        COUNTER_FRAME,
        ("employer-rows",),
    ),
    "employer": Sample(
        "counter/employer.html",
        counter.EmployerPage(
            1,
            "示范建材有限公司",
            (
                counter.UnitRow(
                    "511100000214", UnitState.ACTIVE, Rate(800), Rate(850), 10, MONTH, None, 215, 6, YUAN("1204")
                ),
            ),
            (("统一社会信用代码", "91511100MA6280003F"), ("单位地址", PROBE), ("发薪日", "每月 10 日")),
            (("经办人", "陈思远"), ("手机", "138****1234"), ("用户名", "LS000214")),
            Access.INITIAL,
            CASE_ROWS,
            forms.inputs(HandOver),
            False,
            KEY,
            bound="林小满于2026-08-10 17:00办理手机号码变更",
            acceptances=(
                counter.AcceptanceRow(7, "服务协议", "2026-1", "陈思远", NOW, None),
                counter.AcceptanceRow(3, "单位内部复核专项规则", PROBE, PROBE, NOW, TODAY),
            ),
            scans=(SCAN,),
        ),
        COUNTER_FRAME,
    ),
    "statements": Sample(
        "counter/statements.html",
        counter.StatementsPage(
            forms.inputs(Statement),
            KEY,
            (counter.StatementRow(1, NOW, "建设银行 ****0001", "2026-11-10", 120, YUAN("5000000"), 3, CaseState.DONE),),
        ),
        COUNTER_FRAME,
    ),
    "statement": Sample(
        "counter/statement.html",
        counter.StatementPage(
            "2026-11-10 银行流水",
            "建设银行 ****0001",
            "2026-11-10",
            YUAN("1000"),
            YUAN("421902.40"),
            YUAN("420902.40"),
            Fen(0),
            YUAN("-52.62"),
            3,
            Progress("正在入账", 2, 3),
            (("matched", "自动入账", 1, YUAN("415902.40")), ("unidentified", "待认领", 1, YUAN("5000"))),
            "",
            (
                counter.LineRow(
                    "F20261110-0001",
                    TODAY,
                    "示范建材有限公司",
                    "2611100001279",
                    YUAN("415902.40"),
                    LineState.BOOKED,
                    "缴款码、金额、付款户都相符",
                    Link("汇缴", "/"),
                ),
                counter.LineRow(
                    "F20261110-0002", TODAY, PROBE, "", YUAN("5000"), LineState.UNIDENTIFIED, "附言没有缴款码"
                ),
            ),
            Pager(1, 2, 2),
        ),
        COUNTER_FRAME,
        ("statement", "statement-rows"),
    ),
    "reviews": Sample(
        "counter/reviews.html",
        counter.ReviewsPage(
            (
                counter.ReviewRow("/counter/", "单位登记", PROBE, "市中区管理部", "孙桂", NOW, own=False),
                counter.ReviewRow("/counter/", "限制网厅使用", PROBE, "", PROBE, NOW, own=True),
            )
        ),
        COUNTER_FRAME,
    ),
    "reviews-none": Sample("counter/reviews.html", counter.ReviewsPage(()), COUNTER_FRAME),
    "cases": Sample(
        "counter/cases.html",
        counter.CasesPage(
            CASE_ROWS,
            Pager(1, 2, 2),
            (("", "全部"), ("remittance", "汇缴")),
            (("", "全部"), ("done", "已办结")),
            q=PROBE,
        ),
        COUNTER_FRAME,
        ("case-rows",),
    ),
    "case": Sample(
        "counter/case.html",
        counter.CasePage(
            "26111000012",
            "2026年11月汇缴",
            CaseState.AWAITING_PAYMENT,
            Link(PROBE, "/counter/employers/1/"),
            (("事项", "汇缴"), ("人数", "215 人")),
            (
                counter.LineRow(
                    "F20261110-0002",
                    TODAY,
                    PROBE,
                    "",
                    YUAN("5000"),
                    LineState.COUNTED,
                    "到账金额不足",
                    Link("办件", "/"),
                ),
            ),
        ),
        COUNTER_FRAME,
    ),
}

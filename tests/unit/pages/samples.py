"""Every page with data as it may come: long names, rare characters, and names that try to be markup."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from django.http import QueryDict

from hpf.casework.models import CaseState
from hpf.faces.web import components_page, forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import counter, errors, portal, public
from hpf.faces.web.shapes.frame import (
    Center,
    Download,
    Fact,
    Frame,
    HandlerBadge,
    Link,
    MenuGroup,
    MenuItem,
    Pager,
    Progress,
    StaffBadge,
    Step,
)
from hpf.faces.web.states import Access, Verdict
from hpf.hall_access.rules import SessionLine
from hpf.kernel import Fen, Key, Month, Rate, Refusal, Refused, Severity
from hpf.registry.codes import AccountState, UnitState
from hpf.treasury.rules import LineState

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
    handler=HandlerBadge("示范建材有限公司", "511100000214", "陈思远"),
    menu=portal_menu("首页"),
)
COUNTER_FRAME = Frame(
    CENTER,
    TODAY,
    staff=StaffBadge("李静", "市中区管理部", "柜员"),
    menu=COUNTER_MENU,
    said=("已登记示范建材有限公司。",),
)
PUBLIC_FRAME = Frame(CENTER, TODAY, demo=True)

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


@dataclass(frozen=True, slots=True)
class Login:
    user_name: str = ask("用户名", forms.text(40), autocomplete="username")
    password: str = ask("密码", forms.password(), autocomplete="current-password")


@dataclass(frozen=True, slots=True)
class Code:
    code: str = ask("6 位验证码", forms.digits(6), autocomplete="one-time-code")


@dataclass(frozen=True, slots=True)
class NewPassword:
    password: str = ask("新密码", forms.password(), autocomplete="new-password")
    again: str = ask("再输入一次", forms.password(), autocomplete="new-password")


@dataclass(frozen=True, slots=True)
class Accept:
    accepted: bool = ask("我已阅读并代表本单位接受以上协议，特别注意到免除或限制责任的条款", forms.tick())


@dataclass(frozen=True, slots=True)
class Upload:
    file: object = ask("选择填好的花名册，或拖到这里", forms.file(), hint="Excel 工作簿（.xlsx），不超过 20 MB")


@dataclass(frozen=True, slots=True)
class Mode:
    mode: str = ask("怎么办", forms.choice([("good_rows", ""), ("all_or_nothing", "")], kind="radio"))
    accept_mended: bool = ask("需要更正的行，按建议更正后一并开户", forms.tick(), required=False)


@dataclass(frozen=True, slots=True)
class OpenPerson:
    name: str = ask("姓名", forms.name(), hint="与证件一致")
    identity_kind: str = ask("证件类型", forms.choice([("01", "居民身份证"), ("03", "护照")]))
    identity: str = ask("证件号码", forms.pattern(r"[0-9A-Z]{6,18}", "的格式不符", max_length=18))
    mobile: str = ask("手机号码", forms.mobile())
    wage: Fen = ask("月平均工资（元）", forms.amount(), hint="按原数填写，限额由系统处理")
    first_month: Month = ask("起缴年月", forms.month())


@dataclass(frozen=True, slots=True)
class Seal:
    reason: str = ask("封存原因", forms.choice([("01", "终止（解除）劳动合同"), ("02", "退休")]))
    effective_month: Month = ask("生效年月", forms.month(), hint="从这个月起不再汇缴")


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


@dataclass(frozen=True, slots=True)
class Reissue:
    seen: bool = ask("已核对经办人身份证原件", forms.tick())


@dataclass(frozen=True, slots=True)
class Claim:
    number: str = ask("单位账号", forms.digits(12))


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


HOME = portal.HomePage(
    card=portal.MonthCard(
        MONTH,
        (
            Step("人员变动", "增 3 · 减 2", "done"),
            Step("核定", "待提交", "now"),
            Step("缴款"),
            Step("到账"),
            Step("入账"),
        ),
        YUAN("415902.40"),
        215,
        YUAN("3556.80"),
        "已自动检查，没有需要处理的问题。",
        Link("核对并提交", "/declare/"),
        (Link("还有人员变动", "/roster/"),),
        date(2026, 11, 15),
        5,
    ),
    waiting=(
        portal.Waiting("花名册“11月新增.xlsx”已检查完，等您确认开户", Link("去确认", "/upload/1/")),
        portal.Waiting("10月到账金额不足，还差 52.62 元", Link("查看", "/sheet/1/"), urgent=True),
    ),
    facts=(
        Fact("正常缴存", "215", "人", "/roster/"),
        Fact("缴至年月", "2026-10", "", "/records/"),
        Fact("暂存款", "1,204.00", "元", "/unallocated/"),
        Fact("缴存比例", "8% + 8%"),
    ),
    recent=(
        portal.RecentCase(NOW, "个人账户设立", "3 人，11月起缴", YUAN("5760.00"), CaseState.DONE, Link("回执", "/")),
        portal.RecentCase(NOW, "封存", f"{PROBE} 等 2 人", YUAN("2203.20"), CaseState.DONE, Link("回执", "/")),
        portal.RecentCase(NOW, "汇缴 2026-10", "214 人", YUAN("412345.60"), CaseState.BOOKED, Link("回单", "/")),
        portal.RecentCase(NOW, "汇缴 2026-10", "214 人", None, CaseState.WITHDRAWN),
    ),
    last_login="上次登录 2026-11-09 16:21，乐山市。若不是您本人，请立即修改密码并拨打热线。",
)

ROSTER = portal.RosterPage(
    rows=tuple(
        portal.RosterRow(
            f"9926081000{number:02d}",
            NAMES[number % len(NAMES)],
            "511102********1235",
            YUAN("6000.00"),
            YUAN("480.00"),
            YUAN("480.00"),
            Month(2026, 7),
            AccountState.SEALED if number % 9 == 8 else AccountState.ACTIVE,
            can_seal=number % 9 != 8,
        )
        for number in range(50)
    ),
    counts=(("", "全部", 221), ("01", "正常", 215), ("02", "封存", 6)),
    pager=Pager(51, 100, 221, "/roster/?before=1", "/roster/?after=2"),
    export_href="/roster/export",
)

ACCOUNT = portal.AccountPage(
    account_no="992608100001",
    name=PROBE,
    identity_masked="511102********1235",
    mobile_masked="138****1234",
    state=AccountState.ACTIVE,
    base_fen=YUAN("26495.50"),
    wage_fen=YUAN("40000"),
    unit_rate=Rate(800),
    personal_rate=Rate(800),
    unit_fen=YUAN("2119.64"),
    personal_fen=YUAN("2119.64"),
    opened_on=date(2026, 7, 3),
    first_month=Month(2026, 7),
    paid_through=Month(2026, 8),
    balance_fen=YUAN("8478.56"),
    carried_fen=Fen(0),
    current_fen=YUAN("8478.56"),
    timeline=(portal.TimelineRow(Month(2026, 7), "设立", "月平均工资 40,000.00 元，基数按上限 26,495.50 元", TODAY),),
    movements=(
        portal.MovementRow(date(2026, 9, 12), "汇缴", Month(2026, 8), YUAN("4239.28"), YUAN("8478.56"), "R-2"),
        portal.MovementRow(date(2026, 8, 9), "汇缴", Month(2026, 7), YUAN("4239.28"), YUAN("4239.28"), "R-1"),
    ),
    pager=Pager(1, 2, 2),
    can_seal=True,
    downloads=(Download("个人缴存明细", "/x.pdf", "PDF"),),
)

UPLOAD = portal.UploadPage(
    inputs=forms.inputs(Upload),
    key=KEY,
    template=Download("花名册模板", "/template.xlsx", "Excel"),
    limit=100_000,
    earlier=(portal.UploadRow(NOW, f"{PROBE}.xlsx", 214, None, CaseState.READY, "/upload/1/"),),
)

PREVIEW = portal.PreviewPage(
    upload_no="26111000001",
    file_name="11月新增.xlsx",
    uploaded_at=NOW,
    state=CaseState.READY,
    progress=None,
    totals=portal.PreviewTotals(214, 210, 3, 1, 2, YUAN("401760.00")),
    opened=None,
    groups=(
        portal.FindingGroup(BAD_DIGIT, 3, "?show=ROSTER-IDENTITY"),
        portal.FindingGroup(SPACES, 1, "?show=ROSTER-SPACES"),
        portal.FindingGroup(AT_FLOOR, 2, "?show=BASE-AT-FLOOR"),
    ),
    rows=tuple(
        portal.PreviewRow(
            number + 2,
            NAMES[number % len(NAMES)],
            "511102********1235",
            YUAN("6000.00"),
            YUAN("6000.00") if number % 5 else None,
            MONTH if number % 5 else None,
            Verdict.REFUSED if number % 5 == 0 else Verdict.MEND if number % 5 == 1 else Verdict.GOOD,
            (BAD_DIGIT,) if number % 5 == 0 else (SPACES,) if number % 5 == 1 else (),
        )
        for number in range(50)
    ),
    pager=Pager(1, 50, 214, "", "?after=50"),
    filters=(("", "全部", 214), ("refused", "不能办理", 3), ("mend", "需要更正", 1), ("check", "请核对", 2)),
    filter="",
    finding="",
    inputs=forms.inputs(Mode, {"mode": "good_rows"}),
    key=KEY,
    marked=Download("下载标注好的工作簿", "/marked.xlsx", "Excel"),
)

OPEN_PERSON = portal.OpenPersonPage(
    inputs=forms.inputs(OpenPerson, {"identity_kind": "01", "first_month": MONTH}),
    key=KEY,
    floor_fen=YUAN("2200"),
    cap_fen=YUAN("26495.50"),
    limits_basis="乐山市住房公积金管理中心 2026-07-15 通知",
    unit_rate=Rate(800),
    personal_rate=Rate(800),
)
_WRONG_PERSON = QueryDict(mutable=True)
_WRONG_PERSON.update(
    {"name": PROBE, "mobile": "1380000", "wage": "六千", "first_month": "2026-11", "identity_kind": "01"}
)
OPEN_REFUSALS = (*refusals_of(OpenPerson, _WRONG_PERSON), GAP)

SEAL = portal.SealPage(
    people=(
        portal.SealRow("992608100003", "王芳", "511102********1235", YUAN("2200"), YUAN("352.00"), AccountState.ACTIVE),
        portal.SealRow("992608100004", PROBE, "511102********1235", YUAN("2200"), YUAN("352.00"), AccountState.SEALED),
    ),
    monthly_fen=YUAN("704.00"),
    inputs=forms.inputs(Seal, {"effective_month": MONTH}),
    key=KEY,
)

DECLARE = portal.DeclarePage(
    month=MONTH,
    bridge=(
        portal.BridgeRow("上月汇缴 2026-10", 214, YUAN("412345.60"), Link("清册", "/sheet/1/"), first=True),
        portal.BridgeRow("新开户", 3, YUAN("5760.00"), Link("3 人", "?part=opened"), "11月起缴"),
        portal.BridgeRow("启封", 0, Fen(0)),
        portal.BridgeRow("封存", -2, YUAN("-2203.20"), Link("2 人", "?part=sealed"), "解除合同"),
        portal.BridgeRow("基数变更", None, Fen(0)),
        portal.BridgeRow("比例变更", None, Fen(0)),
    ),
    people=215,
    due_fen=YUAN("415902.40"),
    unit_fen=YUAN("207951.20"),
    personal_fen=YUAN("207951.20"),
    lines_href="/sheet/1/lines",
    checks=(AT_FLOOR,),
    ways=(
        portal.PayChoice("transfer", "转账 415,902.40 元", "提交后给您缴款码，写在附言里", chosen=True),
        portal.PayChoice("mixed", "先用暂存款 1,204.00 元，再转账 414,698.40 元"),
        portal.PayChoice("unallocated", "全部用暂存款", blocked="暂存款只有 1,204.00 元，不够"),
    ),
    dry_run="7f3a92c1" * 8,
    basis="条例（2026）第十六条、第十九条",
    key=KEY,
)

SHEET = portal.SheetPage(
    case_no="26111000012",
    month=MONTH,
    state=CaseState.AWAITING_PAYMENT,
    steps=(
        Step("人员变动", "增 3 · 减 2", "done"),
        Step("核定", "11-10 09:12", "done"),
        Step("缴款", "待转账", "now"),
        Step("到账"),
        Step("入账"),
    ),
    people=215,
    due_fen=YUAN("415902.40"),
    reserved_fen=YUAN("1204.00"),
    missing_fen=YUAN("414698.40"),
    notice=portal.Notice(
        "2611100001279",
        YUAN("414698.40"),
        "乐山市住房公积金管理中心",
        "51001638008059000001",
        "建设银行乐山分行",
        date(2026, 11, 15),
        5,
    ),
    arrivals=(),
    declared_at=NOW,
    declared_by="陈思远",
    dry_run="7f3a92c1" * 8,
    lines_href="/sheet/1/lines",
    downloads=(Download("汇缴通知单", "/n.pdf", "PDF"), Download("汇缴清册", "/l.xlsx", "Excel", "215 人")),
    key=KEY,
    can_withdraw=True,
)
SHORT_SHEET = replace(
    SHEET,
    state=CaseState.AWAITING_REST,
    missing_fen=YUAN("52.62"),
    arrivals=(portal.ArrivalRow(TODAY, f"转账 {PROBE}", YUAN("6000"), "比应缴少 52.62 元，已转入暂存款"),),
    can_withdraw=False,
)
BOOKED_SHEET = replace(
    SHEET,
    state=CaseState.BOOKED,
    notice=None,
    booked_at=NOW,
    entry_no="2611-000045",
    steps=tuple(replace(step, state="done") for step in SHEET.steps),
    arrivals=(
        portal.ArrivalRow(TODAY, "转账 示范建材有限公司", YUAN("415902.40"), "缴款码、金额、付款户相符，自动入账"),
    ),
    can_withdraw=False,
    missing_fen=Fen(0),
)

_MONEY = {"bank", "bank_account", "unit_rate", "personal_rate"}
_HANDLER = {"department", "handler", "mobile"}
REGISTER_GROUPS = (
    counter.FieldGroup(
        "单位",
        tuple(name for name in forms.questions(Register) if name not in _HANDLER | _MONEY),
        ("name",),
    ),
    counter.FieldGroup("账户与比例", tuple(sorted(_MONEY))),
    counter.FieldGroup("经办人", tuple(sorted(_HANDLER))),
)

OPEN_LINE = counter.OpenLine(
    7,
    "F20261110-0007",
    TODAY,
    PROBE,
    "5100 **** **** 0021",
    "工商银行乐山分行",
    "公积金",
    YUAN("20000.00"),
    "附言没有缴款码，付款户名不在单位名册中",
    (
        counter.Candidate(
            "511100000214",
            "示范建材有限公司",
            "11月待缴 20,000.00 元",
            ("金额与待缴的通知单相等", "付款户名与单位名称只差“乐山”二字", "付款账号未登记"),
        ),
        counter.Candidate("511100000399", "示范商贸有限公司", "没有待缴", ("付款户名前四个字相同",)),
    ),
)

CASE_ROWS = (
    counter.CaseRow("26111000012", NOW, "汇缴", PROBE, "2026-11 · 215 人", YUAN("415902.40"), CaseState.DONE),
    counter.CaseRow("26111000011", NOW, "封存", "示范商贸", "", None, CaseState.AWAITING_PAYMENT),
)

SAMPLES: dict[str, Sample] = {
    "login": Sample("public/login.html", public.LoginPage(forms.inputs(Login), "/roster/"), PUBLIC_FRAME),
    "login-staff-refused": Sample(
        "public/login.html",
        public.LoginPage(
            forms.inputs(Login, QueryDict("user_name=5111")),
            staff=True,
            refusals=(Refusal("ACCESS-DENIED", "用户名或密码不对", remedy="请核对后再试"),),
        ),
        PUBLIC_FRAME,
    ),
    "login-code": Sample(
        "public/login_code.html", public.LoginCodePage(forms.inputs(Code), "138****1234", 5, 60), PUBLIC_FRAME
    ),
    "login-code-none": Sample(
        "public/login_code.html", public.LoginCodePage(forms.inputs(Code), "138****1234", 0, 42, "/x/"), PUBLIC_FRAME
    ),
    "sessions": Sample(
        "public/sessions.html",
        public.SessionsPage(
            (
                SessionLine(3, NOW, NOW, None, "", "203.0.113.7", PROBE, is_this=True),
                SessionLine(2, NOW, NOW, None, "", "203.0.113.8", "", is_this=False),
                SessionLine(1, NOW, NOW, NOW, "长时间未操作", "203.0.113.7", "Firefox/140", is_this=False),
            )
        ),
    ),
    "first-password": Sample(
        "public/first_password.html",
        public.PasswordPage(forms.inputs(NewPassword), KEY, ("至少 12 个字符", "不含单位名称、信用代码和用户名")),
        PUBLIC_FRAME,
    ),
    "agreement": Sample(
        "public/agreement.html",
        public.AgreementPage(
            forms.inputs(Accept),
            KEY,
            "单位公积金缴存网上业务大厅服务协议",
            "1",
            date(2026, 7, 1),
            "首次公布",
            "66c7f0f4" * 8,
            tuple(
                public.Clause(f"{number}、协议的范围", ("用户应当阅读并遵守本协议。" * 12,) * 4) for number in "一二三"
            ),
        ),
        PUBLIC_FRAME,
    ),
    "agreement-accepted": Sample(
        "public/agreement.html",
        public.AgreementPage(
            {},
            KEY,
            "服务协议",
            "1",
            date(2026, 7, 1),
            "",
            "66c7f0f4" * 8,
            (
                public.Clause("", ("前言",)),
                public.Clause("一、协议的范围", ("用户应当遵守本协议。",)),
            ),
            accepted_at=NOW,
            accepted_by="陈思远",
        ),
        PUBLIC_FRAME,
    ),
    "demo-codes": Sample(
        "public/demo_codes.html",
        public.DemoCodesPage(
            (public.DemoCode(NOW, "138****1234", "登录验证码 123456，5 分钟内有效，请勿告知他人。", "123456", NOW),),
            (public.DemoUser(f"{PROBE} 经办人", "/login/", "511100000001", "correct horse"),),
        ),
        PUBLIC_FRAME,
    ),
    "home": Sample("portal/home.html", HOME),
    "home-new": Sample("portal/home.html", portal.HomePage(None, (), HOME.facts, ())),
    "home-late": Sample(
        "portal/home.html",
        replace(HOME, card=replace(HOME.card, days_left=-3, difference_fen=Fen(-5)) if HOME.card else None),
        replace(PORTAL_FRAME, large=True),
    ),
    "roster": Sample("portal/roster.html", ROSTER, regions=("roster-rows",)),
    "roster-none": Sample("portal/roster.html", replace(ROSTER, rows=(), q=PROBE, state="01", pager=Pager(0, 0, 0))),
    "account": Sample("portal/account.html", ACCOUNT, regions=("movements",)),
    "upload": Sample("portal/upload.html", UPLOAD),
    "upload-refused": Sample(
        "portal/upload.html",
        replace(
            UPLOAD,
            inputs=forms.inputs(Upload, None, refusals_of(Upload, QueryDict())),
            refusals=refusals_of(Upload, QueryDict()),
        ),
    ),
    "preview-working": Sample(
        "portal/preview.html",
        replace(PREVIEW, state=CaseState.CHECKING, progress=Progress("正在检查", 42_000, 100_000, 6)),
        regions=("preview",),
    ),
    "preview": Sample("portal/preview.html", PREVIEW, regions=("preview", "preview-rows")),
    "preview-no-workbook": Sample(
        "portal/preview.html",
        replace(PREVIEW, state=CaseState.REFUSED, file_refusals=(Refusal("FILE-ZIP", "这不是 Excel 工作簿"),)),
    ),
    "preview-outdated": Sample(
        "portal/preview.html", replace(PREVIEW, notes=(Refusal("ROSTER-OUTDATED", "核对结果已经过时"),), outdated=True)
    ),
    "preview-done": Sample("portal/preview.html", replace(PREVIEW, state=CaseState.DONE, opened=210)),
    "preview-withdrawn": Sample("portal/preview.html", replace(PREVIEW, state=CaseState.WITHDRAWN, rows=(), groups=())),
    "open-person": Sample("portal/open_person.html", OPEN_PERSON),
    "open-person-refused": Sample(
        "portal/open_person.html",
        replace(OPEN_PERSON, inputs=forms.inputs(OpenPerson, _WRONG_PERSON, OPEN_REFUSALS), refusals=OPEN_REFUSALS),
    ),
    "seal": Sample("portal/seal.html", SEAL),
    "seal-nobody": Sample("portal/seal.html", replace(SEAL, people=(), monthly_fen=Fen(0))),
    "receipt": Sample(
        "portal/receipt.html",
        portal.ReceiptPage(
            "已为 210 人开户",
            "210 人已开户，从 2026年11月 起缴。",
            "26111000011",
            NOW,
            "陈思远",
            "66c7f0f4" * 8,
            (("人数", "210 人"), ("月缴存额", "401,760.00 元")),
            Link("去核定本月汇缴", "/declare/"),
            (Link("看花名册", "/roster/"),),
            (Download("设立清册", "/x.pdf", "PDF"),),
        ),
    ),
    "declare": Sample("portal/declare.html", DECLARE),
    "declare-refused": Sample("portal/declare.html", replace(DECLARE, refusals=(GAP,))),
    "declare-blocked": Sample("portal/declare.html", replace(DECLARE, refusals=(GAP,), blocked=True)),
    "sheet-lines": Sample(
        "portal/sheet_lines.html",
        portal.SheetLinesPage(
            MONTH,
            Link("2026年11月汇缴", "/sheet/1/"),
            "",
            (("", "全部"), ("opened", "新开户"), ("sealed", "封存")),
            tuple(
                portal.SheetLine(f"99260810{n:04d}", NAMES[n % 5], YUAN("6000"), YUAN("480"), YUAN("480"))
                for n in range(50)
            ),
            215,
            YUAN("207951.20"),
            YUAN("207951.20"),
            Pager(1, 50, 215, "", "?after=50"),
            "/x.xlsx",
        ),
        regions=("sheet-rows",),
    ),
    "sheet": Sample("portal/sheet.html", SHEET, regions=("arrivals",)),
    "sheet-overdue": Sample(
        "portal/sheet.html", replace(SHEET, notice=None, overdue=True, waits_because=GAP.sentence, poll_seconds=15)
    ),
    "sheet-working": Sample("portal/sheet.html", replace(SHEET, state=CaseState.WORKING, notice=None, poll_seconds=2)),
    "sheet-short": Sample("portal/sheet.html", SHORT_SHEET),
    "sheet-payable": Sample("portal/sheet.html", replace(SHORT_SHEET, notice=None, payable_fen=YUAN("6052.62"))),
    "sheet-booked": Sample("portal/sheet.html", BOOKED_SHEET),
    "unallocated": Sample(
        "portal/unallocated.html",
        portal.UnallocatedPage(
            YUAN("6052.62"),
            Fen(0),
            YUAN("6052.62"),
            (Link("付 2026年8月汇缴", "/sheet/1/"),),
            (
                portal.UnallocatedRow(TODAY, "转账到账", "比应缴少 52.62 元", YUAN("6000"), YUAN("6000")),
                portal.UnallocatedRow(TODAY, PROBE, "付汇缴", YUAN("-52.62"), YUAN("5947.38"), Link("汇缴", "/")),
            ),
            Pager(1, 2, 2),
        ),
        regions=("unallocated-rows",),
    ),
    "records": Sample(
        "portal/records.html",
        portal.RecordsPage(
            2026,
            (2026, 2025),
            (
                portal.RecordRow("1", MONTH, 215, YUAN("415902.40"), TODAY, None, "转账", CaseState.AWAITING_PAYMENT),
                portal.RecordRow(
                    "2", Month(2026, 10), 214, YUAN("412345.60"), TODAY, TODAY, "转账", CaseState.BOOKED, "/x.pdf"
                ),
            ),
            YUAN("412345.60"),
            "/x.xlsx",
        ),
        regions=("records",),
    ),
    "counter-home": Sample(
        "counter/home.html",
        counter.CounterHomePage(
            (Fact("待认领款项", "3", "笔", "/counter/money/"),), (Link("3 笔款项待认领", "/counter/money/"),)
        ),
        COUNTER_FRAME,
    ),
    "register": Sample(
        "counter/register_employer.html",
        counter.RegisterEmployerPage(forms.inputs(Register), REGISTER_GROUPS, KEY),
        COUNTER_FRAME,
    ),
    "register-refused": Sample(
        "counter/register_employer.html",
        counter.RegisterEmployerPage(
            forms.inputs(Register, QueryDict("people=x"), refusals_of(Register, QueryDict("people=x"))),
            REGISTER_GROUPS,
            KEY,
            refusals_of(Register, QueryDict("people=x")),
        ),
        COUNTER_FRAME,
    ),
    "registered": Sample(
        "counter/registered.html",
        counter.RegisteredPage(
            "登记办结，网厅已开通",
            PROBE,
            "91511100MA6280003F",
            "511100000214",
            "陈思远",
            "138****1234",
            "LS000214",
            "Kq7m-Vt3x-Pz8d",
            date(2026, 11, 25),
            "https://hall.example",
            "26111000001",
            Link("查看单位", "/counter/employers/1/"),
            letter="sealed",
            hints=(AT_FLOOR,),
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
            forms.inputs(Reissue),
            KEY,
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
    "money-desk": Sample(
        "counter/money_desk.html",
        counter.MoneyDeskPage(
            (
                counter.WaitingLine(7, TODAY, PROBE, YUAN("20000"), "附言没有缴款码"),
                counter.WaitingLine(8, TODAY, "王某", YUAN("300"), "付款人是个人"),
            ),
            2,
            YUAN("20300"),
            OPEN_LINE,
            forms.inputs(Claim),
            KEY,
        ),
        COUNTER_FRAME,
    ),
    "money-desk-empty": Sample(
        "counter/money_desk.html", counter.MoneyDeskPage((), 0, Fen(0), None, {}, KEY), COUNTER_FRAME
    ),
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
    "components": Sample("components.html", components_page.sample()),
    "refused": Sample(
        "errors/422.html",
        errors.ErrorPage("这项业务现在不能办理", "", "", "7F3A-92C4", "/", (GAP, BAD_DIGIT)),
        PUBLIC_FRAME,
    ),
    **{
        f"error-{status}": Sample(
            f"errors/{status}.html",
            errors.ErrorPage("抱歉，我们这里出了问题", "这一步没有办成。", "请稍后再试。", "7F3A-92C4", "/"),
            Frame(),
        )
        for status in (400, 403, 404, 500, 503)
    },
}

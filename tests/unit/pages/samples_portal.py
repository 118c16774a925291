"""The handler's pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from hpf.casework.models import CaseState
from hpf.faces.web import forms
from hpf.faces.web.forms import ask
from hpf.faces.web.shapes import portal
from hpf.faces.web.shapes.frame import (
    ClosureNotice,
    Download,
    Fact,
    Link,
    Pager,
    Progress,
    Step,
)
from hpf.faces.web.states import Verdict
from hpf.hall_access.rules import SessionLine
from hpf.kernel import Fen, Month, Rate, Refusal
from hpf.registry.codes import AccountState
from hpf.registry.queries import MemberRow
from hpf.remittance.rules import Funds
from tests.unit.pages.ground import (
    AT_FLOOR,
    BAD_DIGIT,
    GAP,
    KEY,
    MONTH,
    NAMES,
    NOW,
    PORTAL_FRAME,
    PROBE,
    SPACES,
    TODAY,
    YUAN,
    Sample,
    refusals_of,
)


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
        portal.RecentCase(TODAY, "个人账户设立", "3 人，11月起缴", YUAN("5760.00"), CaseState.DONE, Link("回执", "/")),
        portal.RecentCase(TODAY, "封存", f"{PROBE} 等 2 人", YUAN("2203.20"), CaseState.DONE, Link("回执", "/")),
        portal.RecentCase(TODAY, "汇缴 2026-10", "214 人", YUAN("412345.60"), CaseState.BOOKED, Link("回单", "/")),
        portal.RecentCase(TODAY, "汇缴 2026-10", "214 人", None, CaseState.WITHDRAWN),
    ),
    last_login=SessionLine(1, NOW, NOW, None, "", "203.0.113.7", PROBE, is_this=False),
)

ROSTER = portal.RosterPage(
    rows=tuple(
        MemberRow(
            number,
            f"9926081000{number:02d}",
            NAMES[number % len(NAMES)],
            "511102********1235",
            AccountState.SEALED if number % 9 == 8 else AccountState.ACTIVE,
            None,
            YUAN("6000.00"),
            YUAN("480.00"),
            YUAN("480.00"),
            Month(2026, 7),
            TODAY,
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
    totals=portal.PreviewTotals(214, 210, 3, 1, 2, YUAN("401760.00"), YUAN("402720.00")),
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
    declared_on=TODAY,
    declared_by="陈思远",
    dry_run="7f3a92c1" * 8,
    funds=Funds(YUAN("415902.40"), YUAN("414698.40"), YUAN("1204"), Fen(0)),
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

OVER_SHEET = replace(
    SHEET,
    notice=None,
    over=portal.ArrivalRow(TODAY, f"转账 {PROBE}", YUAN("420000"), "到账金额多于应缴，款项已全部记入贵单位暂存款"),
    funds=Funds(YUAN("415902.40"), YUAN("414698.40"), YUAN("421204"), YUAN("420000")),
)

BESIDE_SHEET = replace(
    SHEET,
    notice=replace(SHEET.notice, amount_fen=YUAN("414398.40")) if SHEET.notice else None,
    funds=Funds(YUAN("415902.40"), YUAN("414698.40"), YUAN("1504"), YUAN("300")),
    missing_fen=YUAN("414398.40"),
    is_unclaimed=True,
)

BOOKED_SHEET = replace(
    SHEET,
    state=CaseState.BOOKED,
    notice=None,
    booked_on=TODAY,
    entry_no="2611-000045",
    steps=tuple(replace(step, state="done") for step in SHEET.steps),
    arrivals=(
        portal.ArrivalRow(TODAY, "转账 示范建材有限公司", YUAN("415902.40"), "缴款码、金额、付款户相符，自动入账"),
    ),
    can_withdraw=False,
    missing_fen=Fen(0),
)

_CLOSED_FRAME = replace(PORTAL_FRAME, notices=(ClosureNotice("汇缴正在停办：系统升级。", "1小时5分", True),))

SAMPLES: dict[str, Sample] = {
    "home": Sample("portal/home.html", HOME),
    "home-stopped": Sample("portal/home.html", replace(HOME, stopped=GAP, stopped_more="/restriction/")),
    "home-closed": Sample("portal/home.html", replace(HOME, closed=True), _CLOSED_FRAME),
    "home-new-closed": Sample(
        "portal/home.html", portal.HomePage(None, (), HOME.facts, (), closed=True), _CLOSED_FRAME
    ),
    "home-new": Sample("portal/home.html", portal.HomePage(None, (), HOME.facts, (), open_by=TODAY)),
    "home-new-late": Sample("portal/home.html", portal.HomePage(None, (), HOME.facts, (), open_by=TODAY, days_left=-3)),
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
    "sheet-payable": Sample(
        "portal/sheet.html",
        replace(SHORT_SHEET, funds=Funds(YUAN("6052.62"), YUAN("52.62"), YUAN("7000"), Fen(0))),
    ),
    "sheet-over": Sample("portal/sheet.html", OVER_SHEET),
    "sheet-beside": Sample("portal/sheet.html", BESIDE_SHEET),
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
}

"""The money desk: what waits for its owner, and one line with what two persons do."""

from __future__ import annotations

from dataclasses import replace

from hpf.faces.counter.bank_lines import CorrectionForm, TakenBackForm
from hpf.faces.counter.money import ClaimForm
from hpf.faces.web import forms
from hpf.faces.web.shapes import money
from hpf.faces.web.shapes.frame import Download, Link
from hpf.kernel import Fen
from hpf.treasury.rules import LineState
from tests.unit.pages.ground import COUNTER_FRAME, KEY, PROBE, TODAY, YUAN, Sample
from tests.unit.pages.samples_publications import REVIEW

OPEN_LINE = money.OpenLine(
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
        money.Candidate(
            "511100000214",
            "示范建材有限公司",
            "11月待缴 20,000.00 元",
            ("金额与待缴的通知单相等", "付款户名与单位名称只差“乐山”二字", "付款账号未登记"),
        ),
        money.Candidate("511100000399", "示范商贸有限公司", "没有待缴", ("付款户名前四个字相同",)),
    ),
)
IN_REVIEW = replace(OPEN_LINE, waiting=Link(f"认领待复核，由{PROBE}提出", "/counter/money/proposals/3/"))
DESK = money.MoneyDeskPage(
    (
        money.WaitingLine(7, TODAY, PROBE, YUAN("20000"), "附言没有缴款码"),
        money.WaitingLine(8, TODAY, "王某", YUAN("300"), "付款人是个人", in_review=True),
    ),
    2,
    YUAN("20300"),
    OPEN_LINE,
    forms.inputs(ClaimForm),
    KEY,
    taken_back=(money.WaitingLine(9, TODAY, PROBE, YUAN("500"), "疑为冲正", in_review=True),),
)
DECIDED = replace(REVIEW, decide="")
PROPOSAL = money.ProposalView(
    3,
    "更正认领",
    Link(f"从{PROBE}（511100000214）转回未识别款", "/counter/employers/3/"),
    PROBE,
    f"{PROBE} 2026-11-10 提出",
    (Download(PROBE, "/counter/scans/5/", "PDF"),),
    REVIEW,
    can_withdraw=True,
)
LINE = money.BankLinePage(
    7,
    f"{PROBE} 20,000.00 元",
    LineState.ASSIGNED,
    f"附言和摘要中没有缴款码。已认领到{PROBE}。",
    (("银行流水号", "F20261110-0007"), ("付款账号", "5100 **** **** 0021"), ("认领到", PROBE)),
    (PROPOSAL, replace(PROPOSAL, id=2, title="认领", papers=(), review=DECIDED, can_withdraw=False)),
    (),
    {},
    {},
    (("2026-11-10 09:12", "提出款项认领或更正", PROBE),),
    KEY,
)
RECEIPTS = (
    money.ReceiptRow("F20261109-0001", TODAY, PROBE, PROBE, LineState.UNALLOCATED, "", "/counter/money/5/"),
    money.ReceiptRow(
        "F20261109-0002", TODAY, PROBE, PROBE, LineState.BOOKED, f"不能直接冲正。{PROBE}", "/counter/money/6/"
    ),
)
TAKING_BACK = forms.inputs(TakenBackForm)
TAKING_BACK["receipt"] = replace(
    TAKING_BACK["receipt"],
    kind="radio",
    options=(("5", "冲正流水号F20261109-0001的到账"), ("0", "不是冲正，是本中心的付款")),
)
HANDED_IN = money.HandedInPage(
    4,
    "2026-11-10 至 2026-11-10 对账单",
    (f"余额由两人核对：{PROBE}", "文件没有完整的文件头"),
    (("账号", "5100100000000001"), ("期初余额", "1,000.00 元")),
    Download(PROBE, "/counter/statements/handed-in/4/file/", "CSV"),
    (money.HandedInLine("F20261110-0007", TODAY, PROBE, PROBE, YUAN("20000.00")),),
    200,
    REVIEW,
    can_withdraw=True,
    statement_id=0,
    key=KEY,
    came_besides=7,
)

SAMPLES: dict[str, Sample] = {
    "handed-in": Sample("counter/handed_in.html", HANDED_IN, COUNTER_FRAME),
    "handed-in-behind-another": Sample(
        "counter/handed_in.html",
        replace(
            HANDED_IN,
            follows=Link(PROBE, "/counter/statements/handed-in/3/"),
            came_besides=0,
            same_days=(Link(PROBE, "/counter/statements/7/"),),
        ),
        COUNTER_FRAME,
    ),
    "money-desk": Sample("counter/money_desk.html", DESK, COUNTER_FRAME),
    "money-desk-in-review": Sample("counter/money_desk.html", replace(DESK, line=IN_REVIEW), COUNTER_FRAME),
    "money-desk-empty": Sample(
        "counter/money_desk.html", money.MoneyDeskPage((), 0, Fen(0), None, {}, KEY), COUNTER_FRAME
    ),
    "bank-line": Sample("counter/bank_line.html", LINE, COUNTER_FRAME),
    "bank-line-to-correct": Sample(
        "counter/bank_line.html",
        replace(LINE, proposals=(), history=(), correcting=forms.inputs(CorrectionForm)),
        COUNTER_FRAME,
    ),
    "bank-line-taken-back": Sample(
        "counter/bank_line.html",
        replace(LINE, state=LineState.TAKEN_BACK, proposals=(), receipts=RECEIPTS, taking_back=TAKING_BACK),
        COUNTER_FRAME,
    ),
}

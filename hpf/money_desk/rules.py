"""What two persons do with a bank line's money: who may propose what, and what speaks against it. Pure."""

from __future__ import annotations

from enum import StrEnum

from hpf.kernel import Fen, Refusal
from hpf.treasury.rules import LineState

REVIEW_KIND = "bank_line"
"""Under this kind the second person's review of a proposal is kept, its attachments too."""

STATEMENT_REVIEW_KIND = "bank_statement"
"""The same for a statement that two persons hand in."""

REASON_LENGTH = 500
_BASIS = "中心业务规则，款项认领与更正由两人办理"


class Act(StrEnum):
    """What is proposed for a line. The value is the act of the log when it is carried out."""

    ASSIGN = "assign_line"
    UNASSIGN = "unassign_line"
    REVERSE = "reverse_line"
    PAY_OUT = "pay_out_line"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _ACTS[self]


_ACTS = {
    Act.ASSIGN: "认领",
    Act.UNASSIGN: "更正认领",
    Act.REVERSE: "冲正到账",
    Act.PAY_OUT: "确认为付款",
}


class ProposalState(StrEnum):
    """Where a proposal stands. A returned one is over as a refused one is: it is proposed anew."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


UNIT_UNKNOWN = Refusal(
    "TREASURY-UNIT-UNKNOWN",
    "所选的单位账户不存在",
    "款项只能认领到已登记的单位账户",
    "请先查询单位，核对单位账号后再认领",
)
UNDER_REVIEW = Refusal(
    "TREASURY-LINE-UNDER-REVIEW",
    "这笔款项已有人提出办理，正在等待复核",
    "一笔款项同时只有一项办理",
    "请等待复核；不对的，由复核人退回或由提出人撤回",
    _BASIS,
)


def against_reason(reason: str) -> list[Refusal]:
    """What speaks against the reason given."""
    if not reason.strip():
        why = "复核人凭原因和凭证判断"
        return [Refusal("TREASURY-REASON", "未填写原因", why, "请写明依据，例如付款凭证、与谁核实", _BASIS, "reason")]
    if len(reason) > REASON_LENGTH:
        return [Refusal("TREASURY-REASON", f"原因超过{REASON_LENGTH}字", remedy="请精简", where="reason")]
    return []


def not_waiting(flow_no: str, state: LineState) -> Refusal:
    """A line that waits for nobody cannot be given to anybody."""
    return _moved("TREASURY-LINE-NOT-WAITING", flow_no, state, "不在待认领之列", "只有待认领的款项可以认领")


def not_assigned(flow_no: str, state: LineState) -> Refusal:
    """Only what was assigned can be corrected."""
    return _moved("TREASURY-LINE-NOT-ASSIGNED", flow_no, state, "没有可以更正的认领", "更正只针对已认领的款项")


def money_gone(amount: Fen, free: Fen) -> Refusal:
    """The money, or a part of it, does not lie in the unit account's 暂存款 any more, or is kept for a month."""
    return Refusal(
        "TREASURY-MONEY-GONE",
        f"该单位暂存款可动用{max(free, Fen(0)).yuan}元，不足这笔款项的{amount.yuan}元",
        "款项已用于汇缴，或已留给已核定的月份；更正只能退回仍在暂存款里的钱",
        "已核定未入账的，请单位撤回核定后再更正；已入账到职工的，先由单位办理错缴更正，钱回到暂存款后再更正",
        _BASIS,
    )


PROPOSER_GONE = Refusal(
    "TREASURY-PROPOSER-GONE",
    "提出人已不在资金岗位",
    "两人办理须两人都在岗；提出人已离岗、调岗或停用，他的话不再作数",
    "请退回，由现在资金岗位的工作人员核对后重新提出",
    _BASIS,
)
MONEY_MOVED = Refusal(
    "TREASURY-MONEY-MOVED",
    "款项已不在提出时所在的地方",
    "提出以后，这笔到账又认领给了别的单位，或退回了未识别款；提出的人没有看到",
    "请退回，由提出人按现在的状态重新提出",
    _BASIS,
)
NO_RECEIPT = Refusal(
    "TREASURY-RECEIPT-UNLIKE",
    "没有选择冲正哪一笔到账，或所选的一笔与本笔的金额、付款人不同",
    "银行冲正的是同一付款人、同一金额、此前的一笔到账",
    "请从所列的到账中选择；都不是的，与银行核对",
    _BASIS,
    where="receipt",
)


def not_taken_back(flow_no: str, state: LineState) -> Refusal:
    """Only what seems to be taken back is decided upon."""
    return _moved("TREASURY-LINE-NOT-TAKEN-BACK", flow_no, state, "不在待核对的支出之列", "每笔支出只核对一次")


def _moved(code: str, flow_no: str, state: LineState, not_there: str, why: str) -> Refusal:
    """A line does not stand any more where an act finds it."""
    return Refusal(code, f"流水号{flow_no}的款项现为“{state.label}”，{not_there}", why, "请刷新页面，按现在的状态办理")


def beyond_reach(flow_no: str, state: LineState, *, covered: bool) -> Refusal | None:
    """Why a receipt can not be reversed where its money lies now; ``None`` if it can.

    A booked one can where its unit account has as much free money (``covered``): that pays the month instead, or paid
    it already in the moment in which the receipt came.
    """
    if state in (LineState.UNIDENTIFIED, LineState.UNALLOCATED, LineState.ASSIGNED):
        return None
    if state is LineState.BOOKED and covered:
        return None
    where, remedy = {
        LineState.MATCHED: ("正在入账", "请稍后再办理"),
        LineState.SHORT: ("正在登记", "请稍后再办理"),
        LineState.COUNTED: (
            "已计入待补足的办件",
            "待该汇缴通知单过期、款项回到暂存款后再办理；已补足入账的，须等退款和错缴更正功能开放后办理",
        ),
        LineState.BOOKED: (
            "已入账到职工个人账户，单位暂存款也不够支付",
            "须由退款或错缴更正功能办理，本系统尚未开放该功能；开放以前本笔保持待办，请联系单位补款",
        ),
    }.get(state, (f"现为“{state.label}”", "请刷新页面，按现在的状态办理"))
    return Refusal(
        "TREASURY-RECEIPT-BEYOND",
        f"流水号{flow_no}的到账{where}，不能直接冲正",
        "冲正只能收回仍在未识别款或单位暂存款里的钱",
        remedy,
        _BASIS,
    )


HANDED_IN_ALREADY = Refusal(
    "STATEMENT-HANDED-IN",
    "这份对账单已提交复核，尚未办结",
    "同一份对账单不能重复提交",
    "请等待复核，或先撤回",
)
FOLLOWS = Refusal(
    "STATEMENT-FOLLOWS",
    "它接续的对账单还在等待复核",
    "前一份导入以后，这一份的期初余额才有依据",
    "请先复核前一份，再复核这一份",
)
BY_NOBODY = Refusal(
    "STATEMENT-BY-NOBODY",
    "有付款、确认缺口、手工填写文件头的，账户的第一份、补导入更早流水的，以及接续待复核的对账单，须由两人办理",
    "这样的对账单不能由余额和文件本身证明",
    "请以--by写明提交人的工号，再由另一人在网厅“银行流水”中复核",
    _BASIS,
)

"""What a line of the bank's statement pays, or why a person must look and where the money lies meanwhile. Pure.

A line books a case by itself only when the payment reference is right, the sum is exact, and the payer is the employer,
its registered account, its paymaster or its agent (settled 4). Names alone book nothing: they make candidates, see
`hpf.treasury.candidates`. Money whose unit account is certain lies in that unit account's 暂存款, all other money in
未识别款; nothing is ever nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from hpf.kernel import Fen, Refusal, normalise_name
from hpf.treasury.references import mistyped_reference, reference_numbers
from hpf.treasury.statement import Side, StatementLine

_BASIS = "中心缴存业务规则，到账入账"
_TAKES_BACK = re.compile("冲正|冲账|抹账|退汇|退票|撤销|错账")


class Standing(StrEnum):
    """Where the case behind a reference stands, as far as money asks. The values are those of the case desk."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_REST = "awaiting_rest"
    WORKING = "working"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

    @property
    def is_payable(self) -> bool:
        return self in (Standing.AWAITING_PAYMENT, Standing.AWAITING_REST)


class Destination(StrEnum):
    """Where money lies that books nothing by itself."""

    UNALLOCATED = "暂存款"
    UNIDENTIFIED = "未识别款"
    NONE = "不入账"


class LineState(StrEnum):
    """What became of a line. MATCHED and SHORT lines are on their way to their case: the batch takes them there.

    By a line that is TAKEN_BACK the bank seems to take back a receipt, or one person alone had taken a payment; once
    two persons said which receipt, it is OFFSET, and that receipt REVERSED.
    """

    MATCHED = "matched"
    BOOKED = "booked"
    SHORT = "short"
    COUNTED = "counted"
    UNALLOCATED = "unallocated"
    UNIDENTIFIED = "unidentified"
    ASSIGNED = "assigned"
    REPEATED = "repeated"
    OUTGOING = "outgoing"
    TAKEN_BACK = "taken_back"
    OFFSET = "offset"
    REVERSED = "reversed"

    @property
    def label(self) -> str:
        """The word on pages."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    LineState.MATCHED: "正在入账",
    LineState.BOOKED: "已入账",
    LineState.SHORT: "正在登记",
    LineState.COUNTED: "待补足",
    LineState.UNALLOCATED: "已入暂存款",
    LineState.UNIDENTIFIED: "待认领",
    LineState.ASSIGNED: "已认领",
    LineState.REPEATED: "重复",
    LineState.OUTGOING: "付款",
    LineState.TAKEN_BACK: "支出待核对",
    LineState.OFFSET: "冲正已办",
    LineState.REVERSED: "已冲正",
}


class Reason(StrEnum):
    """Why a line does not book by itself. The value is the refusal's code."""

    SHORT = "TREASURY-SHORT"
    OVER = "TREASURY-OVER"
    EARLY = "TREASURY-EARLY"
    LATE = "TREASURY-LATE"
    SHEET_CHANGED = "TREASURY-SHEET-CHANGED"
    CASE_NOT_PAYABLE = "TREASURY-CASE-NOT-PAYABLE"
    WRONG_PAYER = "TREASURY-WRONG-PAYER"
    UNKNOWN_REFERENCE = "TREASURY-UNKNOWN-REFERENCE"
    NO_REFERENCE = "TREASURY-NO-REFERENCE"
    SEVERAL_REFERENCES = "TREASURY-SEVERAL-REFERENCES"
    REPEATED = "TREASURY-REPEATED"
    OUTGOING = "TREASURY-OUTGOING"
    TAKEN_BACK = "TREASURY-TAKEN-BACK"
    PAID_ALONE = "TREASURY-PAID-ALONE"  # of lines from before payments were taken by two
    NOT_BOOKED = "TREASURY-NOT-BOOKED"


@dataclass(frozen=True, slots=True)
class CaseShape:
    """A case that money can pay.

    ``due`` is what the bank is still to bring: the sheet's sum less reserved 暂存款. ``first_day`` is the day on which
    its reference was given, ``last_day`` the notice's last, both included. ``employer_names`` and ``payer_accounts``
    are those of the employer, its paymaster and its agent.
    ``sheet_changed``: the sheet would come out differently from what was submitted (settled 5).
    """

    case_no: int
    unit_account_id: int
    due: Fen
    standing: Standing
    first_day: date
    last_day: date
    employer_names: frozenset[str]
    payer_accounts: frozenset[str]
    unit_account_no: str = ""
    sheet_changed: bool = False

    def after(self, came: Fen) -> CaseShape:
        """The case when a part of its sum has come: the rest is due."""
        return replace(self, due=self.due - came)

    def is_known_on(self, day: date) -> bool:
        """Whether anybody could write its reference on a day: before it was given, nobody knew it."""
        return self.first_day <= day

    def is_paid_by(self, line: StatementLine) -> bool:
        """Whether the payer is one of those who may pay: the same name, written out, or the same account."""
        name, account = plain_name(line.payer_name), plain_account(line.payer_account)
        return (bool(name) and name in {plain_name(known) for known in self.employer_names}) or (
            bool(account) and account in {plain_account(known) for known in self.payer_accounts}
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, with what it means to the treasurer and what to the handler."""

    reason: Reason
    what: str
    why: str
    treasurer_remedy: str
    handler_remedy: str
    case_no: int | None = None

    @property
    def for_treasurer(self) -> Refusal:
        return self._refusal(self.treasurer_remedy)

    @property
    def for_handler(self) -> Refusal:
        return self._refusal(self.handler_remedy)

    def to_json(self) -> dict[str, str | int | None]:
        """The finding as it is kept with its line; ``Finding(**…)`` reads it back."""
        return {name: getattr(self, name) for name in self.__slots__}

    def _refusal(self, remedy: str) -> Refusal:
        return Refusal(self.reason.value, self.what, self.why, remedy, _BASIS, case_no=self.case_no)


@dataclass(frozen=True, slots=True)
class Matched:
    """The line pays the case: reference, sum and payer are right, in time. The caller books it."""

    line: StatementLine
    case: CaseShape

    @property
    def case_no(self) -> int:
        return self.case.case_no

    @property
    def state(self) -> LineState:
        return LineState.MATCHED

    @property
    def unit_account_id(self) -> int:
        """The unit account in whose 暂存款 the money lies until the case is booked."""
        return self.case.unit_account_id

    @property
    def findings(self) -> tuple[Finding, ...]:
        return ()

    @property
    def named(self) -> tuple[CaseShape, ...]:
        return (self.case,)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The line books nothing by itself. ``named`` are the cases that its references name, certain or not."""

    line: StatementLine
    findings: tuple[Finding, ...]
    destination: Destination
    named: tuple[CaseShape, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return tuple([finding.reason for finding in self.findings])

    @property
    def unit_account_id(self) -> int | None:
        """The unit account in whose 暂存款 the money lies; ``None`` if it lies elsewhere."""
        return self.named[0].unit_account_id if self.destination is Destination.UNALLOCATED else None

    @property
    def case_no(self) -> int | None:
        """The one case that the references name, ``None`` for none or several."""
        return self.named[0].case_no if len(self.named) == 1 else None

    @property
    def state(self) -> LineState:
        return _STATES_BY_REASONS.get(self.reasons) or _STATES_BY_DESTINATION[self.destination]


Verdict = Matched | Waiting
_STATES_BY_REASONS: Mapping[tuple[Reason, ...], LineState] = {
    (Reason.REPEATED,): LineState.REPEATED,
    (Reason.SHORT,): LineState.SHORT,
    (Reason.TAKEN_BACK,): LineState.TAKEN_BACK,
}
_STATES_BY_DESTINATION: Mapping[Destination, LineState] = {
    Destination.UNALLOCATED: LineState.UNALLOCATED,
    Destination.UNIDENTIFIED: LineState.UNIDENTIFIED,
    Destination.NONE: LineState.OUTGOING,
}


def standing_findings(state: LineState, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The reasons that still hold of a line: a booked one has none, and an item's answer outdates the judgement."""
    if state is LineState.BOOKED:
        return ()
    answers = [at for at, finding in enumerate(findings) if finding.reason is Reason.NOT_BOOKED]
    return findings[answers[-1] :] if answers else findings


def told_to_handler(state: LineState, findings: tuple[Finding, ...]) -> str:
    """What became of a line, as its employer is told: the truth of this moment, not of the day on which it came."""
    if state is LineState.COUNTED:
        return "金额不足，已记入贵单位暂存款，待补足后入账"
    if state is LineState.ASSIGNED:
        return "已认领，记入贵单位暂存款"
    if state is LineState.REVERSED:
        return "该笔款项已被银行冲正，不再记在贵单位名下"
    return "".join(finding.for_handler.sentence for finding in standing_findings(state, findings)) or state.label


def told_to_treasurer(state: LineState, findings: tuple[Finding, ...]) -> str:
    """Why a line did not book by itself and what is to be done with it now; empty if all was right."""
    if state in (LineState.BOOKED, LineState.ASSIGNED, LineState.OFFSET, LineState.REVERSED):
        return "".join(f"{finding.what}。" for finding in findings)
    holding = standing_findings(state, findings)
    if state is LineState.OUTGOING and any(finding.reason in _ASKED_ABOUT for finding in holding):
        return "已由两人核对，确认为付款。"
    return "".join(f"{finding.what}。{finding.treasurer_remedy}。" for finding in holding)


_ASKED_ABOUT = (Reason.TAKEN_BACK, Reason.PAID_ALONE)


def judge(
    line: StatementLine, cases: Mapping[int, CaseShape], *, repeated: bool = False, taken_back: bool = False
) -> Verdict:
    """What a line pays. ``cases`` by number: those that can be paid, and those that could, to say why not any more.

    ``repeated``: a line of the same identity was taken before (H-13). ``taken_back``: an earlier receipt has the sum
    and the payer of this one, should it be money that goes out. Nothing is guessed: without a reference that
    names exactly one known case the line waits for a person.
    """
    if repeated:
        return Waiting(line, (_repeated(line),), Destination.NONE)
    if line.side is Side.DEBIT:
        return Waiting(line, (seems_taken_back(line) if taken_back else _outgoing(line),), Destination.NONE)
    numbers = reference_numbers(line)
    named = tuple(cases[number] for number in numbers if number in cases)
    if not named:
        finding = _unknown_reference() if numbers else _no_reference(line)
        return Waiting(line, (finding,), Destination.UNIDENTIFIED)
    if len(named) > 1:
        return _several(line, named)
    if not named[0].is_paid_by(line):
        return Waiting(line, (_wrong_payer(named[0]),), Destination.UNIDENTIFIED, named)
    if not named[0].is_known_on(line.booked_on):
        return Waiting(line, (_early(line, named[0]),), Destination.UNIDENTIFIED, named)
    if findings := tuple(_findings(line, named[0])):
        return Waiting(line, findings, Destination.UNALLOCATED, named)
    return Matched(line, named[0])


PayerMark = tuple[int, str]
"""By what a receipt and what takes it back are known to each other: the sum, and the payer's name or account if any."""


def payer_marks(line: StatementLine) -> tuple[PayerMark, ...]:
    """The marks of a receipt, or those by which money that goes out would take one back.

    Of the latter the sum alone is one, where no payer is named or the bank says in words what it does.
    """
    names = (plain_account(line.payer_account), plain_name(line.payer_name))
    marks = tuple((int(line.amount), name) for name in names if name)
    by_sum = line.side is Side.CREDIT or not marks or _TAKES_BACK.search(f"{line.summary}{line.remark}")
    return (*marks, (int(line.amount), "")) if by_sum else marks


def first_came(lines: Iterable[StatementLine]) -> dict[PayerMark, date]:
    """Since which day money of each mark has come."""
    came: dict[PayerMark, date] = {}
    for line in lines:
        for mark in payer_marks(line) if line.side is Side.CREDIT else ():
            came[mark] = min(line.booked_on, came.get(mark, date.max))
    return came


def takes_back(line: StatementLine, came: Mapping[PayerMark, date]) -> bool:
    """Whether money that goes out may be a receipt that the bank takes back: one that had come by then."""
    return any(came.get(mark, date.max) <= line.booked_on for mark in payer_marks(line))


def judge_all(
    lines: Iterable[StatementLine],
    cases: Mapping[int, CaseShape],
    taken: Set[tuple[str, date]] = frozenset(),
    came: Mapping[PayerMark, date] = MappingProxyType({}),
) -> Iterator[Verdict]:
    """Judge lines in the order in which the money came; ``taken`` are the flow numbers and days of earlier files.

    ``came`` says by its marks since which day money is known to have come, from other files and this one.

    A case is paid once: a second payment finds it booked. What falls short leaves less to come: a second payment of
    exactly the rest is exact.
    """
    now = dict(cases)
    for line in lines:
        repeated = (line.flow_no, line.booked_on) in taken
        taken_back = line.side is Side.DEBIT and takes_back(line, came)
        verdict = judge(line, now, repeated=repeated, taken_back=taken_back)
        if isinstance(verdict, Matched):
            now[verdict.case_no] = replace(verdict.case, standing=Standing.BOOKED)
        elif verdict.state is LineState.SHORT:
            case = verdict.named[0]
            now[case.case_no] = case.after(line.amount)
        yield verdict


@lru_cache(maxsize=65_536)
def plain_name(name: str) -> str:
    """An employer's name as it is compared: half-width, without spaces."""
    return normalise_name(name).replace(" ", "")


def plain_account(account: str) -> str:
    """A bank account's number as it is compared: without spaces and hyphens."""
    return account.replace(" ", "").replace("-", "")


def _several(line: StatementLine, named: tuple[CaseShape, ...]) -> Waiting:
    """Several right references: nobody knows which is meant, but the unit account may be certain all the same."""
    one_unit = len({case.unit_account_id for case in named}) == 1
    certain = one_unit and all(case.is_paid_by(line) and case.is_known_on(line.booked_on) for case in named)
    destination = Destination.UNALLOCATED if certain else Destination.UNIDENTIFIED
    return Waiting(line, (_several_references(named, destination),), destination, named)


def _findings(line: StatementLine, case: CaseShape) -> Iterator[Finding]:
    """Everything that keeps a line with the right reference and payer from booking its case."""
    if case.standing in (Standing.BOOKED, Standing.WITHDRAWN, Standing.WORKING):
        yield _not_payable(case)
        return
    if line.booked_on > case.last_day:
        yield _late(line, case)
    elif case.standing is Standing.LAPSED:
        yield _not_payable(case)
    if not case.standing.is_payable:
        return
    if line.amount != case.due:
        yield _short(line, case) if line.amount < case.due else _over(line, case)
    if case.sheet_changed:
        yield _sheet_changed(case)


def not_booked(refusal: Refusal, case_no: int) -> Finding:
    """The item's own refusal, given when the money was handed to it: the money stays in the unit account's 暂存款."""
    return Finding(
        Reason.NOT_BOOKED,
        f"款项已到账，但未能入账：{refusal.what}",
        refusal.why,
        "款项留在该单位暂存款，待单位处理后用暂存款缴纳",
        f"款项已记入贵单位暂存款。{refusal.remedy or '请查看办件的现状后办理'}",
        case_no,
    )


def _short(line: StatementLine, case: CaseShape) -> Finding:
    missing = case.due - line.amount
    return Finding(
        Reason.SHORT,
        f"到账{line.amount}元，不足应缴{case.due}元，还差{missing}元",
        "到账金额与应缴金额一致才能入账",
        "款项记入该单位暂存款，办件待补足；补足后自动入账",
        f"款项已记入贵单位暂存款，请用同一缴款码再汇入{missing}元，到账后自动入账",
        case.case_no,
    )


def _over(line: StatementLine, case: CaseShape) -> Finding:
    surplus = line.amount - case.due
    return Finding(
        Reason.OVER,
        f"到账{line.amount}元，比应缴{case.due}元多{surplus}元",
        "到账金额与应缴金额一致才能自动入账",
        "款项全部记入该单位暂存款，由单位用暂存款缴纳",
        f"款项已全部记入贵单位暂存款，请选择用暂存款缴纳；多出的{surplus}元留在暂存款，可用于下次汇缴；需要退款的，请到网点柜台办理",
        case.case_no,
    )


def _early(line: StatementLine, case: CaseShape) -> Finding:
    return Finding(
        Reason.EARLY,
        f"到账日期{line.booked_on}早于缴款码的核定日期{case.first_day}（办件号{case.case_no}）",
        "款项到账时还没有这个缴款码，附言不可能写明它",
        "款项记入未识别款，请与银行和付款单位核对后认领",
        "收到一笔注明贵单位缴款码的款项，但到账日期早于核定日期，请持付款凭证到中心认领",
        case.case_no,
    )


def _late(line: StatementLine, case: CaseShape) -> Finding:
    return Finding(
        Reason.LATE,
        f"到账日期{line.booked_on}晚于汇缴通知单最后缴款日{case.last_day}",
        "汇缴通知单过期后不再自动入账，以银行到账日期为准",
        "款项记入该单位暂存款，由单位用暂存款缴纳；通知单已失效的，待单位重新核定",
        "款项已记入贵单位暂存款，请在该月汇缴页面用暂存款缴款；汇缴已过期的，请重新核定后用暂存款缴款",
        case.case_no,
    )


def _not_payable(case: CaseShape) -> Finding:
    state = {
        Standing.BOOKED: "已入账",
        Standing.WORKING: "正在用暂存款入账",
        Standing.WITHDRAWN: "已撤回",
        Standing.LAPSED: "已过期",
    }[case.standing]
    return Finding(
        Reason.CASE_NOT_PAYABLE,
        f"该缴款码对应的汇缴（办件号{case.case_no}）{state}",
        "一次汇缴只入账一次，已撤回或已过期的汇缴不再入账",
        "款项记入该单位暂存款，由单位使用，或到柜台办理退款",
        "款项已记入贵单位暂存款，可用于其他月份的汇缴；需要退款的，请到网点柜台办理",
        case.case_no,
    )


def _sheet_changed(case: CaseShape) -> Finding:
    return Finding(
        Reason.SHEET_CHANGED,
        "提交后缴存清册发生变化，与提交时不一致",
        "清册与提交时一致才能入账",
        "款项记入该单位暂存款，差异已列给单位经办人，待其确认",
        "款项已记入贵单位暂存款，请查看清册差异，重新核定后用暂存款缴纳",
        case.case_no,
    )


def _wrong_payer(case: CaseShape) -> Finding:
    return Finding(
        Reason.WRONG_PAYER,
        f"缴款码正确，但付款人不是该单位（办件号{case.case_no}）",
        "付款人须为缴存单位、其登记的银行账户、代发单位或受托代理单位",
        "款项记入未识别款，请核对付款人后认领",
        "收到一笔注明贵单位缴款码的款项，但付款人不是贵单位登记的付款人，请持付款凭证到中心认领",
        case.case_no,
    )


def _unknown_reference() -> Finding:
    return Finding(
        Reason.UNKNOWN_REFERENCE,
        "附言中的缴款码没有对应的汇缴",
        "缴款码须为中心汇缴通知单上的编号",
        "款项记入未识别款，请按候选单位核对后认领",
        "请持付款凭证到中心认领",
    )


def _no_reference(line: StatementLine) -> Finding:
    mistyped = mistyped_reference(line)
    return Finding(
        Reason.NO_REFERENCE,
        f"附言中的缴款码{mistyped}校验不符，可能有错字" if mistyped else "附言和摘要中没有缴款码",
        "没有正确的缴款码时，不能仅凭户名入账",
        "款项记入未识别款，请按候选单位核对后认领",
        "请持付款凭证到中心认领；下次汇款时请在附言中填写缴款码",
    )


def _several_references(named: tuple[CaseShape, ...], destination: Destination) -> Finding:
    numbers = "、".join(str(case.case_no) for case in named)
    return Finding(
        Reason.SEVERAL_REFERENCES,
        f"附言中有多个缴款码（办件号{numbers}）",
        "一笔款项对应一个缴款码才能自动入账",
        f"款项记入{destination}，请与单位核对缴纳哪几项",
        f"款项已记入{destination}，请确认缴纳哪几项；下次汇款时请按缴款码分笔汇款",
    )


def _repeated(line: StatementLine) -> Finding:
    return Finding(
        Reason.REPEATED,
        f"流水号{line.flow_no}（{line.booked_on}）此前已经导入",
        "同一账号、同一日期、同一流水号的款项只入账一次",
        "本次不再入账，无需处理",
        "该笔款项此前已处理，无需再办理",
    )


def seems_taken_back(line: StatementLine) -> Finding:
    """What is said of money that goes out and may be a receipt that the bank takes back."""
    same = "金额、户名或账号" if all(name for _, name in payer_marks(line)) else "金额"
    return Finding(
        Reason.TAKEN_BACK,
        f"流水号{line.flow_no}为借方{line.amount}元，{same}与一笔到账相同，可能是银行冲正或退汇",
        "银行收回的款项不能留在账上",
        "请核对后提出冲正那一笔到账；确属本中心付款的，提出确认为付款",
        "该笔由中心与银行核对",
    )


def _outgoing(line: StatementLine) -> Finding:
    return Finding(
        Reason.OUTGOING,
        f"流水号{line.flow_no}为付款{line.amount}元",
        "只有收款才与汇缴核对",
        "请与退款、划转或银行冲正核对",
        "该笔为中心付款，无需办理",
    )

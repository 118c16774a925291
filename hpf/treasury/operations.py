"""Taking a bank's statement, and noting what became of its lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from hpf import evidence, ledger
from hpf.evidence import Receipt
from hpf.kernel import Actor, Fen, Key, Refusal, Refused
from hpf.kernel.collection import few_collections
from hpf.kernel.identity import mask_account
from hpf.ledger import EntryDraft, EntryKind, EntryReceipt, Line
from hpf.notices.messages import Told, tell_each
from hpf.registry.codes import Role
from hpf.registry.models import BankAccount, Center
from hpf.registry.roles import require
from hpf.storage import durable, keyring, lock_key, sm3
from hpf.storage.incoming import load_incoming
from hpf.storage.queue import defer
from hpf.treasury import cases
from hpf.treasury.apart import PartOfDay, apart
from hpf.treasury.cases import Payer, statements
from hpf.treasury.gaps import Gap, confirm_gaps
from hpf.treasury.order import Part, in_order
from hpf.treasury.references import reference_numbers
from hpf.treasury.rules import (
    LineState,
    Reason,
    Verdict,
    judge_all,
    not_booked,
    plain_account,
    told_to_handler,
)
from hpf.treasury.statement import Side, Statement, StatementLine, read_statement, write_statement
from hpf.treasury.table import refusal
from hpf.treasury.taking_back import came_before, look_again

MAX_FILE_BYTES = 64 * 1024 * 1024
_ALL_STATEMENTS = 2**63 - 1
PAID_OUT = (LineState.OUTGOING, LineState.TAKEN_BACK)
_NAMED = 20  # refusals of one kind that are written out
_COLUMNS = {
    "line_no": "int4",
    "flow_no": "text",
    "booked_on": "date",
    "side": "text",
    "amount_fen": "int8",
    "payer_name": "text",
    "payer_account": "bytea",
    "payer_account_digest": "bytea",
    "payer_bank": "text",
    "summary": "text",
    "remark": "text",
    "state": "text",
    "findings": "text",
    "case_no": "int8",
    "employer_id": "int8",
    "unit_account_id": "int8",
    "entry_id": "int8",
    "own_payer_name": "text",
    "own_payer_account": "text",
}


def read_file(path: Path) -> bytes:
    """The content of a file on disk. Raises ``Refused`` if it cannot be read or is larger than 64 MB."""
    try:
        refuse_too_large(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        fault = refusal("UNREADABLE", f"文件不能读取（{error.strerror}）", remedy="请核对路径", where=str(path))
        raise Refused(fault) from error


def refuse_too_large(size_bytes: int) -> None:
    """Raises ``Refused`` for a file that is not even to be read into memory."""
    if size_bytes > MAX_FILE_BYTES:
        raise Refused(refusal("TOO-LARGE", "文件超过64MB", remedy="请按日期分成几份导入"))


@few_collections()
def import_statement(*, content: bytes, by: Actor, today: date, key: Key) -> Receipt:
    """Take a bank's statement (导入对账单): judge every line and book all money in, each line once.

    Money whose unit account is certain goes to its 暂存款, all other to 未识别款; the task ``settle_statement`` then
    takes matched lines to their cases. The receipt's result holds ``statement_id``, ``lines``, ``gap_fen`` to its
    neighbours and the lines in each state. What a statement does not prove by itself, two persons are asked by
    ``hpf.money_desk.handing_in`` (ADR 18).

    Raises ``Refused`` with every reason: file faulty or ahead of today, account not ours, the same statement
    taken before, lines that contradict an earlier file, balances that do not join the neighbours', day closed;
    ``PaysOut`` where money goes out of the center's account. Then nothing of the file is kept.
    Basis: domain H-11…H-13, §4.2; settled 2–5, 30.
    """
    require(by, Role.TREASURER)
    statement = read_statement(content, today=today)
    digest = statement_digest(statement)
    asked = {"statement": digest.hex()}
    with durable(by):
        if done := evidence.receipt(key, asked, by, "import_statement"):
            return done
        receipt = take_statement(statement, digest, content=asked, by=by, today=today, key=key)
        if paid := sum(receipt.result.get(state.value, 0) for state in PAID_OUT):
            raise PaysOut(paid)
        return receipt


class PaysOut(Refused):
    """Lines that no earlier statement had take money out of the center's account: two persons take such a statement.

    What goes out is in no balance that the hall knows, so a receipt that nobody paid, and a payment of its sum beside
    it, would prove each other.
    """

    def __init__(self, lines: int) -> None:
        super().__init__(
            refusal(
                "PAYS-OUT",
                f"对账单里有{lines}笔付款，须由两人办理",
                why="从中心账户付出的钱，须由另一人与银行和付款凭证核对",
                remedy="请提交复核，由另一人核对后导入",
            )
        )


def statement_digest(statement: Statement) -> bytes:
    """What a statement is known by, in whatever encoding it came."""
    return sm3(write_statement(statement, encoding="utf-8"))


def take_statement(
    statement: Statement,
    digest: bytes,
    *,
    content: dict[str, Any],
    by: Actor,
    today: date,
    key: Key,
    gaps: Sequence[Gap] = (),
    handed_in_id: int | None = None,
    handed_in_by: str = "",
) -> Receipt:
    """Take a statement inside the operation's transaction, as ``import_statement`` says; with its event.

    ``digest`` is what `statement_digest` says of it, ``handed_in_id`` the number under which two persons handed it in
    and ``handed_in_by`` who began it, ``gaps`` what they were told is missing beside it: exactly that, or it is
    refused (STATEMENT-GAP-CHANGED).
    """
    lock_key("treasury.statements")  # one after the other: each finds what the one before it took
    bank = _bank_account(statement.account_no)
    _refuse_repetition(statement, bank, digest)
    judged = _judge(statement, bank)
    by_two = {
        "head_typed": statement.head_typed,
        "handed_in_id": handed_in_id,
        "imported_by": f"{handed_in_by}提交、{by.name}复核" if handed_in_by else by.name,
    }
    statement_id = _keep(judged, digest, _post(judged, by, today), today, by_two)
    look_again(judged.new, bank.pk)
    statements("mark_contained", statement_id=statement_id, bank_account_id=bank.pk).execute()
    _put_in_order(bank, statement)
    gap_fen = confirm_gaps(statement_id, bank.pk, gaps)
    _tell_of_unallocated(judged, by, today)
    defer("settle_statement", lock="treasury", statement_id=statement_id)
    counts = Counter(verdict.state.value for verdict in judged.verdicts.values())
    return evidence.record(
        "import_statement",
        by=by,
        today=today,
        subject=f"statement:{statement_id}",
        key=key,
        content=content,
        detail={"account": statement.account_no, "starts_on": statement.starts_on, "ends_on": statement.ends_on},
        result={"statement_id": statement_id, "lines": len(statement.lines), "gap_fen": gap_fen, **counts},
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an item answered when a case's money was handed to it; ``refusal`` is ``None`` when all went well."""

    case_no: int
    refusal: Refusal | None = None


def note_counted(outcomes: Iterable[Outcome], *, through: int, by: Actor, today: date) -> int:
    """Note that items have counted what came short for their cases; returns how many lines moved. Safe to repeat."""
    return _move(outcomes, LineState.SHORT, LineState.SHORT, LineState.COUNTED, through, by, today)


def note_booked(outcomes: Iterable[Outcome], *, through: int, by: Actor, today: date) -> int:
    """Note which cases are booked, and which could not be: there the money stays in 暂存款 with the reason.

    Returns how many lines moved. Safe to repeat.
    """
    return _move(outcomes, LineState.MATCHED, LineState.COUNTED, LineState.BOOKED, through, by, today)


def note_ended(outcomes: Iterable[Outcome], *, by: Actor, today: date) -> int:
    """Note how cases ended for which money had been counted: booked, or the money stays in 暂存款 with the reason.

    Returns how many lines moved. Safe to repeat.
    """
    return _move(outcomes, LineState.COUNTED, LineState.COUNTED, LineState.BOOKED, _ALL_STATEMENTS, by, today)


def _bank_account(number: str) -> BankAccount:
    for account in BankAccount.objects.filter(collects=True):
        if plain_account(account.number) == plain_account(number):
            return account
    raise Refused(
        refusal(
            "ACCOUNT",
            f"账号{number}不是本中心的归集账户",
            why="只导入本中心归集账户的对账单",
            remedy="请核对所选文件，或先登记该账户",
            where="账号",
        )
    )


class Repeated(Refused):
    """The very statement was taken before, under ``statement_id``."""

    def __init__(self, refusal: Refusal, statement_id: int) -> None:
        super().__init__(refusal)
        self.statement_id = statement_id


def _refuse_repetition(statement: Statement, bank: BankAccount, digest: bytes) -> None:
    for statement_id, imported_on, imported_by in statements(
        "same_statement", bank_account_id=bank.pk, digest=digest
    ).rows():
        raise Repeated(
            refusal(
                "REPEATED",
                f"{statement.starts_on}至{statement.ends_on}的这份对账单已于{imported_on}由{imported_by}导入"
                f"（导入编号{statement_id}）",
                why="同一份对账单只导入一次",
                remedy="无需再次导入，请直接查看该次导入的结果",
            ),
            statement_id,
        )


def _known_lines(statement: Statement, bank: BankAccount) -> set[tuple[str, date]]:
    """Identities that earlier files brought. A line that says something else than its first file is refused.

    So is one that only one of two files has of a day that both tell of.
    """
    days = {"bank_account_id": bank.pk, "starts_on": statement.starts_on, "ends_on": statement.ends_on}
    rows = statements("known_lines", **days).rows()
    known = {(flow_no, day): (side, amount) for flow_no, day, side, amount in rows}
    refusals = [
        _contradicts(line, *known[line.flow_no, line.booked_on])
        for line in statement.lines
        if known.get((line.flow_no, line.booked_on), (line.side, line.amount)) != (line.side, line.amount)
    ]
    refusals += [
        _only_in_one(flow_no, day, is_known=(flow_no, day) in known)
        for flow_no, day in apart(statement, known, statements("known_periods", **days).rows(), _parts(bank, statement))
    ]
    if refusals:
        raise Refused(refusals[:_NAMED])
    return set(known)


def _parts(bank: BankAccount, statement: Statement) -> list[PartOfDay]:
    rows = statements("parts_of_day", bank_account_id=bank.pk, day=statement.ends_on).rows()
    return [PartOfDay(Fen(opening_fen), frozenset(flow_nos)) for opening_fen, flow_nos in rows]


def _contradicts(line: StatementLine, side: str, amount: int) -> Refusal:
    return refusal(
        "LINE-DIFFERS",
        f"流水号{line.flow_no}（{line.booked_on}）为{line.side}{line.amount}元，此前导入的是{side}{Fen(amount)}元",
        why="同一账号、同一日期、同一流水号只能是同一笔",
        remedy="请向银行核对后重新取得对账单",
        where=f"第{line.line_no}行",
    )


def _only_in_one(flow_no: str, day: date, *, is_known: bool) -> Refusal:
    one, other = ("此前导入的对账单", "本文件") if is_known else ("本文件", "此前导入的对账单")
    return refusal(
        "LINE-APART",
        f"流水号{flow_no}（{day}）见于{one}，而{other}同一天没有这一笔",
        why="两份对账单都包含这一天，所载流水应当相同；不同的，可能是同一笔款项换了流水号，或有一份不完整",
        remedy="请向银行核对，以原来的流水号重新取得对账单；只取了一天中一部分的，请改用包含整天的对账单",
        where="银行结算流水号",
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """A statement about to be kept: a verdict for every line with the key that books it, and the payers of the unit
    accounts named, by id."""

    statement: Statement
    bank: BankAccount
    verdicts: Mapping[Key, Verdict]
    payers: Mapping[int, Payer]

    @property
    def new(self) -> list[StatementLine]:
        """The lines that no earlier file had."""
        return [verdict.line for verdict in self.verdicts.values() if verdict.state is not LineState.REPEATED]

    def payer(self, verdict: Verdict) -> Payer | None:
        """The payer in whose 暂存款 the line's money lies."""
        return None if verdict.unit_account_id is None else self.payers[verdict.unit_account_id]

    def told(self, verdict: Verdict) -> int | None:
        """The employer that is told of a line: the one that all of its references name."""
        employers = {self.payers[case.unit_account_id].employer_id for case in verdict.named}
        return employers.pop() if len(employers) == 1 else None

    def is_own(self, verdict: Verdict) -> bool:
        """Whether the employer that is told of a line paid it itself. Only then is it told who paid."""
        return self.told(verdict) is not None and all(case.is_paid_by(verdict.line) for case in verdict.named)


def _judge(statement: Statement, bank: BankAccount) -> _Judged:
    taken = _known_lines(statement, bank)
    numbers = {number for line in statement.lines for number in reference_numbers(line)}
    shapes, payers = cases.named(sorted(numbers))
    verdicts = judge_all(statement.lines, shapes, taken, came_before(statement, bank.pk))
    return _Judged(statement, bank, {one.line.key(statement.account_no): one for one in verdicts}, payers)


def _post(judged: _Judged, by: Actor, today: date) -> Mapping[Key, EntryReceipt]:
    """One entry for every new line of money in: debit 101, credit 219 of the unit account or unidentified."""
    unidentified = Center.objects.get().unidentified_account_id
    drafts, lines = [], []
    for key, verdict in judged.verdicts.items():
        if verdict.state is LineState.REPEATED or verdict.state in PAID_OUT:
            continue
        payer = judged.payer(verdict)
        drafts.append(
            EntryDraft(
                key,
                EntryKind.MONEY_IN,
                f"银行到账，流水号{verdict.line.flow_no}",
                about=verdict.case_no if payer else None,
                employer_id=payer.employer_id if payer else None,
                unit_account_id=payer.unit_account_id if payer else None,
            )
        )
        to = payer.unallocated_account_id if payer else unidentified
        lines.append(_lines(judged.bank.ledger_account_id, to, verdict.line.amount))
    return ledger.post(drafts, ledger.lines_query(lines), on=today, by=by) if drafts else {}


def _keep(
    judged: _Judged,
    digest: bytes,
    posted: Mapping[Key, EntryReceipt],
    today: date,
    by_two: Mapping[str, int | str | None],
) -> int:
    statement, bank, new = judged.statement, judged.bank, judged.new
    (statement_id,) = statements(
        "insert_statement",
        bank_account_id=bank.pk,
        starts_on=statement.starts_on,
        ends_on=statement.ends_on,
        opening_fen=int(statement.opening),
        closing_fen=int(statement.closing),
        line_count=len(statement.lines),
        new_count=len(new),
        new_fen=sum(int(line.amount) if line.side is Side.CREDIT else -int(line.amount) for line in new),
        digest=digest,
        today=today,
        **by_two,
    ).row()
    load_incoming(
        "incoming_line", _COLUMNS, (_row(judged, one, posted.get(key)) for key, one in judged.verdicts.items())
    )
    statements("take_incoming", statement_id=statement_id, bank_account_id=bank.pk).execute()
    return int(statement_id)


def _put_in_order(bank: BankAccount, new: Statement) -> None:
    """Let statements that end on the same day stand as their balances continue each other, whatever came first.

    A new one may move those of every day on which one ends that tells of its days too, and those of the next day on
    which one ends, for they continue what is before them; where these move, those of the one after.
    """
    span = {"bank_account_id": bank.pk, "starts_on": new.starts_on, "ends_on": new.ends_on}
    is_next = False
    for day, is_shared, tells_of_it in statements("ending_days", **span).rows():
        has_moved = is_shared and (tells_of_it or is_next) and _put_day_in_order(bank, day)
        is_next = tells_of_it or has_moved


def _put_day_in_order(bank: BankAccount, ends_on: date) -> bool:
    """Put the statements that end on a day in order; whether any of them moved."""
    day = {"bank_account_id": bank.pk, "ends_on": ends_on}
    parts: dict[int, Part] = {}
    for statement_id, base_fen, holders, fen in statements("ending_together", **day).rows():
        part = parts.get(statement_id, Part(statement_id, base_fen))
        if holders is None:
            part = replace(part, base_fen=part.base_fen - fen)
        else:
            part = replace(part, beside=(*part.beside, (frozenset(holders), fen)))
        parts[statement_id] = part
    before = statements("base_before", **day).rows()
    ids = in_order(list(parts.values()), before[0][0] if before else None)
    return statements("put_in_order", ids=ids).execute() > 0


def _tell_of_unallocated(judged: _Judged, by: Actor, today: date) -> None:
    """Tell employers where their money lies now that booked nothing: more than a month's notice asks for, and money
    for a month that can no longer be paid by it."""
    surplus, rest, held = [], [], set()
    for verdict in judged.verdicts.values():
        payer = judged.payer(verdict)
        if payer is None or verdict.state is not LineState.UNALLOCATED:
            continue
        held.add(payer.unit_account_id)
        case, amount = verdict.named[0], verdict.line.amount
        if any(finding.reason is Reason.OVER for finding in verdict.findings):
            over = Fen(amount - case.due).yuan
            values = {"case_no": case.case_no, "due": case.due.yuan, "received": amount.yuan, "over": over}
            surplus.append(Told(payer.employer_id, values))
        else:
            values = {"amount": amount.yuan, "reason": told_to_handler(verdict.state, verdict.findings)}
            rest.append(Told(payer.employer_id, values))
    tell_each("over-payment", surplus, by=by, today=today)
    tell_each("money-unallocated", rest, by=by, today=today)
    cases.say_missing(held, by=by, today=today)


def _row(judged: _Judged, verdict: Verdict, entry: EntryReceipt | None) -> tuple[Any, ...]:
    """A line in the order of ``_COLUMNS``."""
    line, account = verdict.line, plain_account(verdict.line.payer_account)
    own = judged.is_own(verdict)
    return (
        line.line_no,
        line.flow_no,
        line.booked_on,
        line.side.value,
        int(line.amount),
        line.payer_name,
        keyring().encrypt("bank_account", account) if account else None,
        keyring().digest("bank_account", account) if account else None,
        line.payer_bank,
        line.summary,
        line.remark,
        verdict.state.value,
        json.dumps([finding.to_json() for finding in verdict.findings], ensure_ascii=False),
        verdict.case_no,
        judged.told(verdict),
        verdict.unit_account_id,
        entry.entry_id if entry else None,
        line.payer_name if own else None,
        mask_account(account) if own and account else None,
    )


def _move(
    outcomes: Iterable[Outcome],
    origin: LineState,
    beside: LineState,
    to: LineState,
    through: int,
    by: Actor,
    today: date,
) -> int:
    """Move lines to where their cases are; employers are told of money that an item did not take."""
    findings = {
        outcome.case_no: not_booked(outcome.refusal, outcome.case_no) if outcome.refusal else None
        for outcome in outcomes
    }
    told = [{"case_no": case_no, "finding": one.to_json() if one else None} for case_no, one in findings.items()]
    with durable(by):
        moved = statements(
            "move_lines",
            outcomes=json.dumps(told, ensure_ascii=False),
            origin=origin.value,
            beside=beside.value,
            to=to.value,
            through=through,
        ).rows()
        left = [
            Told(
                employer_id, {"amount": Fen(amount_fen).yuan, "reason": told_to_handler(LineState.UNALLOCATED, (why,))}
            )
            for case_no, employer_id, amount_fen in moved
            if (why := findings[case_no])
        ]
        tell_each("money-unallocated", left, by=by, today=today)
    return len(moved)


def _lines(debit: int, credit: int, amount: Fen) -> tuple[Line, Line]:
    return Line(debit, "D", amount), Line(credit, "C", amount)

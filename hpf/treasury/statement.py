"""A bank's statement: its shape, and reading and writing it as a file.

The file is a table of text (CSV) with the fields of JGJ/T 320-2014, 9.0.2, under Chinese titles. Six lines of head come
first, one title and one value each; then the line of titles; then one line per movement, in any order of columns::

    账号,5111001000123456
    起始日期,2026-08-10
    截止日期,2026-08-10
    期初余额,1000000.00
    期末余额,1005551.28
    笔数,1
    银行结算流水号,交易日期,借贷标志,发生额,对方户名,对方账号,对方开户行,摘要,附言
    F20260810-7,2026-08-10,贷,5551.28,测试单位,51110001,某某银行,转账,公积金汇缴 1000 0000 0190

贷 is money in, as the bank writes it; 发生额 is always positive. Columns with other titles are left aside. A file
without the head is taken with the same six values typed in beside it (settled 30).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hpf.kernel import BOUND_FEN, Fen, Key, Refusal, Refused
from hpf.treasury.cells import CellFault, account_no, amount, code, count, day, flow_no, positive_amount, side, words
from hpf.treasury.faults import Faults
from hpf.treasury.table import Table, read_table, refusal

MAX_LINES = 100_000


class Side(StrEnum):
    """The side of the bank's book: 贷 brings money into the account, 借 takes it out."""

    CREDIT = "贷"
    DEBIT = "借"


@dataclass(frozen=True, slots=True)
class StatementHead:
    """What a statement says about itself: the account, its days (both included), its balances, its number of lines."""

    account_no: str
    starts_on: date
    ends_on: date
    opening: Fen
    closing: Fen
    line_count: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement. ``line_no`` is its line in the file; ``booked_on`` the bank's transaction date, which decides.

    The other side's name and account are called the payer's: only money in is matched.
    """

    line_no: int
    flow_no: str
    booked_on: date
    side: Side
    amount: Fen
    payer_name: str
    payer_account: str
    payer_bank: str
    summary: str
    remark: str

    def key(self, account_no: str) -> Key:
        """The line's identity: account, the bank's flow number and date. The same line again has the same key."""
        return Key.of("bank-line", account_no, self.flow_no, self.booked_on)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that adds up: ``opening`` + money in − money out = ``closing``. Both days are included.

    ``head_typed``: a person typed in what the file does not say of itself.
    """

    account_no: str
    starts_on: date
    ends_on: date
    opening: Fen
    closing: Fen
    lines: tuple[StatementLine, ...]
    head_typed: bool = False

    @property
    def money_in(self) -> Fen:
        return _total(self.lines, Side.CREDIT)

    @property
    def money_out(self) -> Fen:
        return _total(self.lines, Side.DEBIT)


_HEAD: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "账号": ("account_no", account_no),
    "起始日期": ("starts_on", day),
    "截止日期": ("ends_on", day),
    "期初余额": ("opening", amount),
    "期末余额": ("closing", amount),
    "笔数": ("line_count", count),
}
_COLUMNS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "银行结算流水号": ("flow_no", flow_no),
    "交易日期": ("booked_on", day),
    "借贷标志": ("side", side),
    "发生额": ("amount", positive_amount),
    "对方户名": ("payer_name", words),
    "对方账号": ("payer_account", code),
    "对方开户行": ("payer_bank", words),
    "摘要": ("summary", words),
    "附言": ("remark", words),
}
HEAD_TITLES, COLUMN_TITLES = tuple(_HEAD), tuple(_COLUMNS)
_OPTIONAL = frozenset({"对方开户行"})
_ALSO_CALLED = {
    "银行流水号": "银行结算流水号",
    "结算发生日期": "交易日期",
    "备注": "附言",
    "附言(备注)": "附言",
    "附言（备注）": "附言",
}


def read_statement(content: bytes, typed: StatementHead | None = None, *, today: date = date.max) -> Statement:
    """Read a statement's file: UTF-8 or GB18030; comma, tab or semicolon.

    ``typed`` are the totals typed in beside a file that has no head; a file that has one must agree with them. No bank
    can tell of days after ``today``.
    Raises ``Refused`` with everything that is wrong, by line; nothing is taken from a file with a fault.
    """
    table = read_table(content, titles=_COLUMNS.keys(), optional=_OPTIONAL, also_called=_ALSO_CALLED, most=MAX_LINES)
    faults = table.faults
    head = _head(table, typed, faults)
    if (count := len(table.rows) + table.left_off) > MAX_LINES:
        raise Refused([*faults.refusals(), _too_long(count)])
    lines = list(_lines(table, faults))
    _look_for_repeated(lines, faults)
    if head is not None:
        _look_at_days(head, lines, faults)
        for one in _disagreements(head, lines, complete=len(lines) == len(table.rows), rows=len(table.rows)):
            faults.add(one)
    _look_ahead(head, lines, today, faults)
    if faults or head is None:
        raise Refused(faults.refusals())
    head_typed = any(title not in table.head for title in _HEAD)
    return Statement(
        head.account_no, head.starts_on, head.ends_on, head.opening, head.closing, tuple(lines), head_typed
    )


def write_statement(statement: Statement, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Write a statement as a bank would: the file that `read_statement` reads. For the demonstration's bank."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    head = (
        statement.account_no,
        statement.starts_on,
        statement.ends_on,
        statement.opening.plain_yuan,
        statement.closing.plain_yuan,
        len(statement.lines),
    )
    writer.writerows(zip(_HEAD, head, strict=True))
    writer.writerow(_COLUMNS)
    for line in statement.lines:
        values = (getattr(line, field) for field, _ in _COLUMNS.values())
        writer.writerow([value.plain_yuan if isinstance(value, Fen) else value for value in values])
    return out.getvalue().encode(encoding)


def _head(table: Table, typed: StatementHead | None, faults: Faults) -> StatementHead | None:
    """The head that counts. Adds to ``faults``; ``None`` if there is none or it cannot be read."""
    values: dict[str, Any] = {}
    readable = True
    for title, (field, read) in _HEAD.items():
        if title not in table.head:
            continue
        try:
            values[field] = read(table.head[title].text)
        except CellFault as fault:
            readable = False
            faults.at(table.head[title].line_no, _unread(f"文件头“{title}”{fault}"), title)
    for title, field in _conflicts(values, typed):
        faults.add(_head_differs(title, values[field], getattr(typed, field)))
    missing = [title for title in _HEAD if title not in table.head]
    if typed is not None:
        return typed
    if missing:
        faults.add(_head_missing(missing))
    return StatementHead(**values) if readable and not missing else None


def _conflicts(values: Mapping[str, Any], typed: StatementHead | None) -> Iterator[tuple[str, str]]:
    for title, (field, _) in _HEAD.items():
        if typed is not None and field in values and values[field] != getattr(typed, field):
            yield title, field


def _lines(table: Table, faults: Faults) -> Iterator[StatementLine]:
    """The lines that can be read; adds a fault for every cell that cannot."""
    columns = [(title, *_COLUMNS[title], position) for title, position in table.columns.items()]
    for row in table.rows:
        values: dict[str, Any] = {"payer_bank": ""}
        wrong = False
        for title, field, read, position in columns:
            try:
                values[field] = read(row.cells[position])
            except CellFault as fault:
                wrong = True
                faults.at(row.line_no, _unread(f"“{title}”{fault}"), f"{title} {fault.kind}")
        if not wrong:
            values["side"] = Side(values["side"])
            yield StatementLine(line_no=row.line_no, **values)


def _look_for_repeated(lines: Sequence[StatementLine], faults: Faults) -> None:
    first: dict[tuple[str, date], int] = {}
    for line in lines:
        earlier = first.setdefault((line.flow_no, line.booked_on), line.line_no)
        if earlier != line.line_no:
            found = refusal(
                "REPEATED-LINE",
                f"流水号{line.flow_no}（{line.booked_on}）与第{earlier}行重复",
                why="同一账号、同一日期、同一流水号只能有一笔",
                remedy="请向银行重新取得对账单",
            )
            faults.at(line.line_no, found)


def _look_at_days(head: StatementHead, lines: Sequence[StatementLine], faults: Faults) -> None:
    if head.starts_on > head.ends_on:
        faults.add(refusal("PERIOD", f"起始日期{head.starts_on}晚于截止日期{head.ends_on}", remedy="请改正日期"))
        return
    for line in lines:
        if not head.starts_on <= line.booked_on <= head.ends_on:
            found = refusal(
                "OUTSIDE-PERIOD",
                f"交易日期{line.booked_on}不在对账单期间{head.starts_on}至{head.ends_on}内",
                why="对账单只能有其期间内的流水",
                remedy="请向银行核对起止日期后重新取得对账单",
            )
            faults.at(line.line_no, found)


def _disagreements(
    head: StatementHead, lines: Sequence[StatementLine], *, complete: bool, rows: int
) -> Iterator[Refusal]:
    """Where the lines do not give what the head says. The sum is judged only if every line could be read."""
    if rows != head.line_count:
        yield _count_differs(head.line_count, rows)
    yield from (_too_much(way, total) for way in Side if (total := _total(lines, way)) >= BOUND_FEN)
    if complete and (difference := _computed(head, lines) - head.closing):
        yield _sum_differs(head, lines, difference)


def _look_ahead(head: StatementHead | None, lines: Sequence[StatementLine], today: date, faults: Faults) -> None:
    """Days that have not come: told as if they were whole, they would shut out every line that they bring."""
    if head is not None and head.ends_on > today:
        faults.add(_not_yet(f"截止日期{head.ends_on}", today, "截止日期"))
    for line in lines:
        if line.booked_on > today:
            faults.at(line.line_no, _not_yet(f"交易日期{line.booked_on}", today))


def _computed(head: StatementHead, lines: Sequence[StatementLine]) -> Fen:
    return head.opening + _total(lines, Side.CREDIT) - _total(lines, Side.DEBIT)


def _total(lines: Sequence[StatementLine], side: Side) -> Fen:
    return Fen(sum(int(line.amount) for line in lines if line.side is side))


def _unread(what: str) -> Refusal:
    return refusal(
        "CELL",
        what,
        why="每一栏都读得出，才能核对余额、记入款项",
        remedy="请核对表头与各列是否对应；文件被改动过的，请用网银原始文件上传",
    )


def _too_long(rows: int) -> Refusal:
    return refusal("TOO-LONG", f"文件有{rows}笔，超过每份{MAX_LINES}笔", remedy="请按日期分成几份上传")


def _head_missing(missing: Sequence[str]) -> Refusal:
    return refusal(
        "NO-HEAD",
        f"文件头缺少{'、'.join(missing)}",
        why="没有账号、期间、余额和笔数，就无法核对文件是否完整",
        remedy="请将这六项逐项填入后再导入，或向银行取得带文件头的对账单",
    )


def _head_differs(title: str, in_file: object, typed: object) -> Refusal:
    return refusal(
        "HEAD-DIFFERS",
        f"填入的{title}为{typed}，文件头中为{in_file}",
        remedy="请核对所选文件与填入的数据",
        where=title,
    )


def _not_yet(what: str, today: date, where: str = "") -> Refusal:
    return refusal(
        "AHEAD",
        f"{what}晚于今天{today}",
        why="尚未到来的日期没有流水，对账单最晚只能截止到导入当日",
        remedy="请改正日期，或向银行取得截止到今天以前的对账单",
        where=where,
    )


def _count_differs(stated: int, rows: int) -> Refusal:
    what = f"文件头写明{stated}笔，文件中有{rows}笔，"
    if rows < stated:
        return refusal(
            "CUT-OFF",
            f"{what}缺{stated - rows}笔",
            why="文件不完整，可能在传送中被截断",
            remedy="请向银行重新取得对账单",
        )
    return refusal("COUNT", f"{what}多{rows - stated}笔", remedy="请向银行核对笔数")


def _too_much(way: Side, total: Fen) -> Refusal:
    return refusal(
        "TOO-MUCH",
        f"{way}方合计{total}元，超出一份对账单的金额上限",
        why="一份对账单的收入或付出合计应小于1万亿元，更大的金额无法记账",
        remedy="请向银行核对各笔发生额；确实无误的，请分成几份导入",
        where="发生额",
    )


def _sum_differs(head: StatementHead, lines: Sequence[StatementLine], difference: Fen) -> Refusal:
    return refusal(
        "SUM",
        f"期初余额{head.opening}＋贷方{_total(lines, Side.CREDIT)}－借方{_total(lines, Side.DEBIT)}"
        f"＝{_computed(head, lines)}，与期末余额{head.closing}相差{abs(difference)}",
        why="发生额与余额不平，文件可能缺笔或有误",
        remedy="请与银行核对后重新取得对账单",
    )

"""What came from the bank and what became of it. Nouns; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hpf.kernel import Fen, normalise_name
from hpf.storage import Query, keyring
from hpf.treasury import cases
from hpf.treasury.candidates import PAYER_CLUES, Candidates
from hpf.treasury.cases import statements
from hpf.treasury.rules import Finding, LineState, Reason, payer_marks, plain_account, plain_name
from hpf.treasury.statement import Side, Statement, StatementLine

_LAST_ID = 2**63 - 1
BRINGING = (LineState.MATCHED, LineState.BOOKED, LineState.SHORT, LineState.COUNTED)
"""The states of a line whose money goes, or went, into its case."""


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """A statement as it was taken. ``gap`` is what is missing between it and the statement before, 0 if nothing.

    ``unidentified`` lines wait at the desk; ``on_their_way`` lines are still to be taken to their cases.
    """

    id: int
    account_no: str
    bank: str
    starts_on: date
    ends_on: date
    opening: Fen
    closing: Fen
    line_count: int
    imported_at: datetime
    imported_by: str
    gap: Fen
    credited: Fen
    debited: Fen
    unidentified: int
    on_their_way: int


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line and what became of it; ``findings`` say why it did not book by itself. For staff."""

    id: int
    statement_id: int
    bank_account_id: int
    line: StatementLine
    state: LineState
    findings: tuple[Finding, ...]
    case_no: int | None
    employer_id: int | None
    employer_name: str | None
    unit_account_id: int | None


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What an employer is told of a line that names it. The payer, its account masked, only where it paid itself."""

    id: int
    flow_no: str
    booked_on: date
    amount: Fen
    state: LineState
    findings: tuple[Finding, ...]
    case_no: int | None
    unit_account_id: int | None
    payer_name: str
    payer_account: str


@dataclass(frozen=True, slots=True)
class WaitingMoney:
    """A receipt without an owner (未识别款), as it is told about the employer that seems to have paid it."""

    id: int
    flow_no: str
    booked_on: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit account that a line's payer is known as; ``clues`` say in Chinese by what."""

    unit_account_id: int
    unit_account_no: str
    employer_name: str
    clues: tuple[str, ...]


def bank_statements(limit: int = 50) -> list[ImportedStatement]:
    """The statements taken last, newest first."""
    return _bank_statements(None, limit)


def bank_statement(statement_id: int) -> ImportedStatement:
    """One statement. Raises ``LookupError``."""
    found = _bank_statements(statement_id, 1)
    if not found:
        raise LookupError(f"no bank statement {statement_id}")
    return found[0]


def of_same_days(statement: Statement) -> list[tuple[int, date, date]]:
    """The latest statements that were taken of its account and tell of one of its days: number, first and last day."""
    days = {"starts_on": statement.starts_on, "ends_on": statement.ends_on}
    rows = statements("of_same_days", account=plain_account(statement.account_no), **days).rows()
    return [(int(number), starts_on, ends_on) for number, starts_on, ends_on in rows]


def of_digest(digest: bytes) -> int | None:
    """The number of the statement that is known by a digest, ``None`` while it has not been taken."""
    rows = statements("of_digest", digest=digest).rows()
    return int(rows[0][0]) if rows else None


def of_handed_in(handed_in_id: int) -> int | None:
    """The statement that was taken from what two persons handed in, ``None`` while it is none."""
    rows = statements("of_handed_in", handed_in_id=handed_in_id).rows()
    return int(rows[0][0]) if rows else None


def outcomes(
    statement_id: int | None = None, states: Sequence[LineState] | None = None
) -> dict[LineState, tuple[int, Fen]]:
    """Number and sum of the lines in each state, or in each of some: of one statement, or of all."""
    rows = statements("outcomes", statement_id=statement_id, states=_names(states)).rows()
    return {LineState(state): (count, Fen(fen)) for state, count, fen in rows}


def lines(
    *,
    statement_id: int | None = None,
    states: Sequence[LineState] | None = None,
    after: int = 0,
    before: int | None = None,
    limit: int = 50,
) -> list[BankLine]:
    """Lines in the order in which they came: of one statement or all, in some states or any.

    The first ones after a line or, with ``before``, the last ones before it.
    """
    picked = statements(
        "lines",
        statement_id=statement_id,
        states=_names(states),
        after=0 if before else after,
        before=before or _LAST_ID,
        direction=-1 if before else 1,
        limit=limit,
    )
    return _shown(picked)


def case_lines(case_no: int) -> list[BankLine]:
    """The lines whose reference names a case, in the order in which they came."""
    return _shown(statements("case_lines", case_no=case_no))


def line(line_id: int) -> BankLine:
    """One line. Raises ``LookupError``."""
    found = _shown(statements("line", line_id=line_id))
    if not found:
        raise LookupError(f"no bank line {line_id}")
    return found[0]


def receipts(bank_account_id: int, amounts: Collection[int], through: date) -> list[StatementLine]:
    """What came to a bank account in one of these sums through a day, whatever became of it."""
    return [one.line for one in _receipts(bank_account_id, amounts, through)]


def receipts_like(taken_back: BankLine) -> list[BankLine]:
    """The receipts that a line may take back and that none has taken back yet, by their marks; the latest first."""
    line, marks = taken_back.line, set(payer_marks(taken_back.line))
    found = _receipts(taken_back.bank_account_id, [int(line.amount)], line.booked_on)
    return [
        one for one in reversed(found) if one.state is not LineState.REVERSED and marks & set(payer_marks(one.line))
    ]


def sums_paid_out(bank_account_id: int, since: date) -> set[int]:
    """The sums of what went out of a bank account since a day, as `paid_out` gives it."""
    return {fen for (fen,) in statements("sums_paid_out", bank_account_id=bank_account_id, since=since).rows()}


def paid_out(bank_account_id: int, amounts: Collection[int], since: date) -> list[BankLine]:
    """What went out of a bank account in one of these sums since a day, and takes nothing back as far as is known."""
    return _shown(statements("paid_out", bank_account_id=bank_account_id, amounts=sorted(amounts), since=since))


def _receipts(bank_account_id: int, amounts: Collection[int], through: date) -> list[BankLine]:
    return _shown(statements("receipts", bank_account_id=bank_account_id, amounts=sorted(amounts), through=through))


def _shown(picked: Query) -> list[BankLine]:
    """Some lines in the order in which they came."""
    return [_line(row) for row in statements("shown").over(picked=picked).records()]


def candidates() -> Candidates:
    """Whose money a waiting line might be, among all cases that wait for money now: ``candidates().of(row.line)``."""
    return Candidates(cases.awaiting())


def owners(line: StatementLine) -> list[Owner]:
    """Unit accounts that a line's payer is known as, whether or not they wait for money: by account, then by name."""
    account, name = plain_account(line.payer_account), line.payer_name
    query = statements(
        "units_of_payer",
        digest=keyring().digest("bank_account", account) if account else None,
        names=[name, normalise_name(name)] if plain_name(name) else [],
    )
    return [
        Owner(unit_id, number, employer, tuple(clue for clue, holds in zip(PAYER_CLUES, facts, strict=True) if holds))
        for unit_id, number, employer, *facts in query.rows()
    ]


def unidentified_of(employer_id: int, name: str) -> list[WaitingMoney]:
    """Receipts that wait for an owner and come from an employer, by its registered account, its name or a reference."""
    own = plain_name(name)
    return [
        WaitingMoney(line_id, flow_no, day, Fen(fen))
        for line_id, flow_no, day, fen, payer, is_known in statements("unidentified", employer_id=employer_id).rows()
        if is_known or plain_name(payer) == own
    ]


def own_lines(case_no: int | None = None, limit: int = 50) -> list[OwnLine]:
    """The lines that name the handler's employer, newest first: all, or those of one case."""
    return _own_lines(statements("own_lines", case_no=case_no, limit=limit))


def claimed_lines(unit_account_id: int, *, since: datetime, before_entry: int | None, besides: int) -> list[OwnLine]:
    """Lines given to a unit account (认领) after a moment and before an entry, ``besides`` those that name a case."""
    between = {"since": since, "before_entry": before_entry}
    return _own_lines(statements("claimed_lines", unit_account_id=unit_account_id, besides=besides, **between))


def _own_lines(query: Query) -> list[OwnLine]:
    return [
        OwnLine(line_id, flow_no, day, Fen(fen), LineState(state), _findings(found), case, unit, name, account)
        for line_id, flow_no, day, fen, state, found, case, unit, name, account in query.rows()
    ]


def brought(case_nos: Sequence[int]) -> dict[int, Fen]:
    """What the bank's lines brought into each of some cases; those to which they brought nothing are not in it."""
    rows = statements("brought", case_numbers=list(case_nos), states=_names(BRINGING)).rows()
    return {case_no: Fen(fen) for case_no, fen in rows}


def short_cases(through: int) -> dict[int, Fen]:
    """Cases with money still to be counted, and all that has come for each, up to and including a statement."""
    return {case_no: Fen(fen) for case_no, fen in statements("short_cases", through=through).rows()}


def counted_cases() -> list[int]:
    """Cases that money was counted for as far as it went, whatever became of them since."""
    return [case_no for (case_no,) in statements("counted_cases").rows()]


def on_its_way(case_no: int) -> Fen:
    """What the bank has brought for a case and the batch has not yet taken there."""
    return Fen(statements("on_its_way", case_no=case_no).row()[0])


def cases_on_their_way() -> list[int]:
    """Cases for which the bank has brought money that the batch has not yet taken there."""
    return [case_no for (case_no,) in statements("cases_on_their_way").rows()]


def covered_through() -> date | None:
    """The day through which the bank's statements are in, of every collecting account; ``None`` while one has none."""
    (day,) = statements("covered_through").row()
    return day  # type: ignore[no-any-return]


def last_day() -> date | None:
    """The last day of which a statement tells; ``None`` before the first one."""
    (day,) = statements("last_day").row()
    return day  # type: ignore[no-any-return]


def last_unsettled() -> int | None:
    """The latest statement with lines that are still to be taken to their cases; ``None`` when all have arrived."""
    (statement_id,) = statements("last_unsettled").row()
    return statement_id  # type: ignore[no-any-return]


def matched_cases(through: int = _LAST_ID) -> list[int]:
    """Cases whose exact sum has come and that are still to be booked, in the order in which the money came: all, or
    those up to and including a statement."""
    return [case_no for (case_no,) in statements("matched_cases", through=through).rows()]


def _bank_statements(statement_id: int | None, limit: int) -> list[ImportedStatement]:
    query = statements("bank_statements", statement_id=statement_id, limit=limit)
    return [
        ImportedStatement(
            id=row["id"],
            account_no=row["number"],
            bank=row["bank"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            opening=Fen(row["opening_fen"]),
            closing=Fen(row["closing_fen"]),
            line_count=row["line_count"],
            imported_at=row["imported_at"],
            imported_by=row["imported_by"],
            gap=Fen(row["gap_fen"]),
            credited=Fen(row["credited_fen"]),
            debited=Fen(row["debited_fen"]),
            unidentified=row["unidentified"],
            on_their_way=row["on_their_way"],
        )
        for row in query.records()
    ]


def _line(row: Mapping[str, Any]) -> BankLine:
    account = row["payer_account"]
    return BankLine(
        id=row["id"],
        statement_id=row["statement_id"],
        bank_account_id=row["bank_account_id"],
        line=StatementLine(
            line_no=row["line_no"],
            flow_no=row["flow_no"],
            booked_on=row["booked_on"],
            side=Side(row["side"]),
            amount=Fen(row["amount_fen"]),
            payer_name=row["payer_name"],
            payer_account=keyring().decrypt("bank_account", bytes(account)) if account else "",
            payer_bank=row["payer_bank"],
            summary=row["summary"],
            remark=row["remark"],
        ),
        state=LineState(row["state"]),
        findings=_findings(row["findings"]),
        case_no=row["case_no"],
        employer_id=row["employer_id"],
        employer_name=row["employer_name"],
        unit_account_id=row["unit_account_id"],
    )


def _names(states: Sequence[LineState] | None) -> list[str] | None:
    return None if states is None else [state.value for state in states]


def _findings(found: str) -> tuple[Finding, ...]:
    return tuple(Finding(**{**one, "reason": Reason(one["reason"])}) for one in json.loads(found))

"""Declaring a month, withdrawing it, paying it from unallocated money, booking it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hpf import evidence, ledger, policy
from hpf.casework import cases
from hpf.casework.models import CaseKind, CaseState
from hpf.evidence import Receipt
from hpf.kernel import Actor, Fen, Key, Month, Refusal, Refused
from hpf.ledger import EntryDraft, EntryKind, LinesChanged
from hpf.ledger.accounts import unallocated
from hpf.registry import timeline
from hpf.registry.models import Center, UnitAccount
from hpf.remittance import queries, rules, telling
from hpf.remittance.models import Sheet
from hpf.remittance.queries import statements
from hpf.storage import durable
from hpf.storage.queue import defer
from hpf.treasury.queries import cases_on_their_way, covered_through, matched_cases, on_its_way

_MANY = 20_000  # people from which on accounts are moved in one pass instead of one by one
PAYABLE = (CaseState.AWAITING_PAYMENT, CaseState.AWAITING_REST, CaseState.WORKING)


def submit_sheet(
    *, unit_account_id: int, month: Month, digest: bytes, use_unallocated: bool, by: Actor, today: date, key: Key
) -> Receipt:
    """Declare a month (核定) as it was previewed, and issue its payment notice; pay it at once if that is enough.

    ``digest`` is the preview's. Raises ``Refused`` with every reason: month not due, unit cannot remit, another case in
    the way, bases outside the limits, or a sheet that would come out differently from the preview.
    Basis: 条例2026 §16, §19; domain H-01…H-10.
    """
    content = {"unit": unit_account_id, "month": month, "digest": digest.hex(), "use_unallocated": use_unallocated}
    with durable(by):
        if done := evidence.receipt(key, content, by, "submit_sheet"):
            return done
        unit = timeline.lock_unit_account(unit_account_id)
        preview = queries.preview(unit, month, today, Center.objects.get().place)
        _refuse_unless_agreed(preview, digest, unit)
        sheet = _declare(unit, preview, use_unallocated, by, today)
        if not sheet.due_fen:
            defer("book_sheet", lock=f"unit-{unit.pk}", case_no=sheet.pk)
        result = {"case_no": sheet.pk, "due_fen": int(sheet.due_fen), "people": sheet.people}
        return evidence.record(
            "submit_sheet",
            by=by,
            today=today,
            subject=f"case:{sheet.pk}",
            key=key,
            content=content,
            employer_id=unit.employer_id,
            detail={"month": month, "total_fen": int(sheet.total_fen), "digest": digest.hex()},
            result=result,
        )


def withdraw_sheet(*, case_no: int, by: Actor, today: date, key: Key) -> Receipt:
    """Withdraw a declared month while no money has come (撤销核定, H-17).

    A bank line that waits for its batch is money that has come. One that is judged in this very moment finds the case
    withdrawn when it is handed over, and stays in 暂存款 with the reason.
    """
    content = {"withdraw": case_no}
    with durable(by):
        if done := evidence.receipt(key, content, by, "withdraw_sheet"):
            return done
        sheet = _locked_sheet(case_no)
        if refusals := rules.withdrawal_refusals(sheet.received_fen, on_its_way(case_no)):
            raise Refused(refusals)
        cases.move(case_no, CaseState.WITHDRAWN, origins=[CaseState.AWAITING_PAYMENT])
        Sheet.objects.filter(pk=case_no).update(live=False)
        return _record("withdraw_sheet", sheet, by, today, key, content)


def pay_from_unallocated(*, case_no: int, by: Actor, today: date, key: Key) -> Receipt:
    """Pay a declared month from unallocated money (用暂存款缴款): the worker books it at once.

    Raises ``Refused`` if money of its own is on its way to it, the unallocated money does not suffice, or the case is
    no longer payable. A bank line that is judged in this very moment finds it booked, and its money stays in 暂存款.
    """
    content = {"pay_from_unallocated": case_no}
    with durable(by):
        if done := evidence.receipt(key, content, by, "pay_from_unallocated"):
            return done
        sheet = _locked_sheet(case_no)
        if refusals := rules.other_money_refusals(on_its_way(case_no)):
            raise Refused(refusals)
        _, available = unallocated(sheet.unit_account_id)
        if available < sheet.total_fen:
            raise Refused(rules.shortfall(sheet.total_fen, available))
        cases.move(case_no, CaseState.WORKING, origins=PAYABLE)  # WORKING too: its job may have been given up
        defer("book_sheet", lock=f"unit-{sheet.unit_account_id}", case_no=case_no)
        return _record("pay_from_unallocated", sheet, by, today, key, content)


@dataclass(frozen=True, slots=True)
class Booking:
    """What became of one case: booked under an entry, or left as it was with the reason."""

    case_no: int
    entry_id: int | None
    refusal: Refusal | None
    repeated: bool = False


def book(*, case_nos: Sequence[int], by: Actor, today: date) -> list[Booking]:
    """Book declared months (汇缴入账): from unallocated money to the members' accounts.

    One transaction for all cases, a fixed number of statements. A case that cannot be booked waits again and says why:
    it does not hold up the others. Safe to repeat: a booked case gives its first entry.
    Basis: 条例2026 §19, §20; domain H-11, H-14, H-15.
    """
    changed: set[Key] = set()
    while True:
        try:
            with durable(by):
                return _book(case_nos, changed, by, today)
        except LinesChanged as lines:
            changed.add(lines.key)
        except Refused as refused:  # the whole posting, by the books: a closed day
            with durable(by):
                _stand_back(dict.fromkeys(case_nos, refused.refusals[0]), by, today)
            return [Booking(case_no, None, refused.refusals[0]) for case_no in case_nos]


@dataclass(frozen=True, slots=True)
class Counting:
    """What became of money that came short: counted for its case, or not, with the reason."""

    case_no: int
    refusal: Refusal | None


def receive(*, received: Mapping[int, Fen], by: Actor, today: date) -> list[Counting]:
    """Count money that came under notices' references without completing them: the cases wait for the rest (H-11).

    ``received`` is all that has come for a case so far, not what came last: told again it changes nothing. A case that
    takes no money any more refuses; the money stays in the unit account's unallocated money. Nobody is asked for a rest
    that has come too and is on its way.
    """
    with durable(by):
        case_nos = sorted(received)
        statements("lock_sheets", case_numbers=case_nos).rows()
        rows = statements(
            "receive", case_numbers=case_nos, totals=[int(received[case_no]) for case_no in case_nos]
        ).rows()
        news = [(case_no, employer_id) for case_no, employer_id, _, is_new, _ in rows if is_new]
        acts = [
            (f"case:{case_no}", employer_id, {"received_fen": int(received[case_no])}) for case_no, employer_id in news
        ]
        evidence.record_all("receive_money", by=by, today=today, acts=acts)
        completed = set(matched_cases())
        telling.short_money([case_no for case_no, _ in news if case_no not in completed], by=by, today=today)
        return [Counting(row[0], None if row[4] else queries.not_payable(row[0], row[2])) for row in rows]


def hand_back(*, case_no: int, by: Actor, today: date) -> None:
    """Let a month wait again that the worker tried to book and could not, and say so. Safe to repeat."""
    with durable(by):
        statements("lock_sheets", case_numbers=[case_no]).rows()
        _stand_back({case_no: rules.not_done()}, by, today)


def lapse(*, by: Actor, today: date) -> int:
    """End the notices whose last day is over and whose bank statements are in (H-10); returns how many.

    The bank's date decides, so a notice waits for the statements that cover its last day, of every collecting account;
    where they do not come, for ``notice_wait_days`` at most. A case that a line is on its way to keeps its notice: the
    batch that takes it there may be late.
    """
    with durable(by):
        longest = policy.law_on(today, Center.objects.get().place).notice_wait_days
        covered = min(covered_through() or date.min, today - timedelta(days=1))
        through = max(covered, today - timedelta(days=longest + 1))
        lapsed = statements("lapse", through=through, besides=cases_on_their_way()).rows()
        for case_no, employer_id in lapsed:
            cases.move(case_no, CaseState.LAPSED, origins=[CaseState.AWAITING_PAYMENT, CaseState.AWAITING_REST])
            evidence.record("lapse_sheet", by=by, today=today, subject=f"case:{case_no}", employer_id=employer_id)
        telling.lapsed([case_no for case_no, _ in lapsed], by=by, today=today)
        return len(lapsed)


def remind(*, by: Actor, today: date) -> int:
    """Tell employers of notices that end within two days and whose money has not come, once; returns how many."""
    with durable(by):
        ending = [case_no for (case_no,) in statements("remind", today=today, until=today + rules.REMINDED).rows()]
        telling.lapsing(ending, by=by, today=today)
        return len(ending)


def _book(case_nos: Sequence[int], changed: set[Key], by: Actor, today: date) -> list[Booking]:
    statements("lock_sheets", case_numbers=list(case_nos)).rows()
    rows = statements("sheets_to_book", case_numbers=list(case_nos)).rows()
    judged = [_judge(_Candidate(*row), changed) for row in rows]
    done = [booking for booking in judged if isinstance(booking, Booking)]
    _stand_back({booking.case_no: booking.refusal for booking in done if booking.refusal}, by, today)
    return done + _post([sheet for sheet in judged if isinstance(sheet, _Candidate)], by, today)


def _stand_back(refused: Mapping[int, Refusal], by: Actor, today: date) -> None:
    """Let cases that could not be booked wait again, and say in their history why."""
    waiting = statements("stand_back", case_numbers=list(refused)).rows() if refused else []
    acts = [
        (f"case:{case_no}", employer_id, {"code": refused[case_no].code, "reason": refused[case_no].sentence})
        for case_no, employer_id in waiting
    ]
    evidence.record_all("refuse_booking", by=by, today=today, acts=acts)


def _refuse_unless_agreed(preview: queries.Preview, digest: bytes, unit: UnitAccount) -> None:
    kinds = [CaseKind.REMITTANCE]
    blocking = [other.refusal for other in cases.in_the_way([f"unit:{unit.pk}"], kinds)]
    if refusals := [*blocking, *preview.reasons]:
        raise Refused(refusals)
    if preview.digest != digest:
        raise Refused(rules.changed([]))


def _declare(unit: UnitAccount, preview: queries.Preview, use_unallocated: bool, by: Actor, today: date) -> Sheet:
    shape = preview.sheet
    law = policy.law_on(today, Center.objects.get().place)
    reserved, due = rules.payment(preview.unit, shape.total, use_unallocated)
    case = cases.open_case(
        CaseKind.REMITTANCE,
        CaseState.AWAITING_PAYMENT if due else CaseState.WORKING,
        employer_id=unit.employer_id,
        unit_account_id=unit.pk,
        title=f"{shape.month.chinese}汇缴",
        month=shape.month,
        by=by,
        today=today,
        holds=[f"unit:{unit.pk}"],
        people=shape.people,
        amount=shape.total,
    )
    sheet = Sheet.objects.create(
        case=case,
        employer_id=unit.employer_id,
        unit_account=unit,
        month=shape.month,
        unit_rate=shape.unit_rate,
        personal_rate=shape.personal_rate,
        events_through=preview.through,
        lines_digest=preview.digest,
        last_people=shape.last_people,
        last_fen=shape.last_fen,
        added_people=shape.added[0],
        added_fen=shape.added[1],
        removed_people=shape.removed[0],
        removed_fen=shape.removed[1],
        people=shape.people,
        unit_fen=shape.unit_fen,
        personal_fen=shape.personal_fen,
        total_fen=shape.total,
        reserved_fen=reserved,
        due_fen=due,
        last_day=rules.notice_last_day(today, law.notice_valid_days),
        declared_on=today,
        declared_by=by.name,
    )
    statements("keep_lines", case_no=case.pk, employer_id=unit.employer_id).over(lines=preview.lines).execute()
    return sheet


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sheet about to be booked, as ``sheets_to_book`` gives it."""

    case_no: int
    state: str
    employer_id: int
    unit_account_id: int
    month: date
    total_fen: int
    people: int
    digest: bytes
    paid_through: date | None
    first_month: date
    available_fen: int
    number: str

    @property
    def key(self) -> Key:
        return Key.of("sheet", self.case_no)


def _judge(sheet: _Candidate, changed: set[Key]) -> _Candidate | Booking:
    if sheet.state == CaseState.BOOKED:
        return Booking(sheet.case_no, Sheet.objects.get(pk=sheet.case_no).entry_id, None, repeated=True)
    due = Month.of(sheet.paid_through).next if sheet.paid_through else Month.of(sheet.first_month)
    month, total, available = Month.of(sheet.month), Fen(sheet.total_fen), Fen(sheet.available_fen)
    if sheet.state not in PAYABLE:
        return Booking(sheet.case_no, None, queries.not_payable(sheet.case_no, sheet.state))
    if month != due:
        return Booking(sheet.case_no, None, Refusal("REMIT-MONTH-GAP", f"现应汇缴{due.chinese}", rules.MONTH_BY_MONTH))
    if available < total:
        return Booking(sheet.case_no, None, rules.shortfall(total, available))
    if sheet.key in changed:
        differences = [text for (text,) in statements("sheet_differences", case_no=sheet.case_no).rows()]
        return Booking(sheet.case_no, None, rules.changed(differences))
    return sheet


def _post(sheets: list[_Candidate], by: Actor, today: date) -> list[Booking]:
    if not sheets:
        return []
    entries: dict[int, int | None] = {sheet.case_no: None for sheet in sheets}
    paying = [sheet for sheet in sheets if sheet.total_fen]
    if paying:
        drafts = [
            EntryDraft(
                sheet.key,
                EntryKind.REMITTANCE,
                f"{Month.of(sheet.month).chinese}汇缴入账",
                about=sheet.case_no,
                employer_id=sheet.employer_id,
                unit_account_id=sheet.unit_account_id,
                expected=bytes(sheet.digest),
            )
            for sheet in paying
        ]
        if sum(sheet.people for sheet in paying) >= _MANY:
            statements("no_nested_loops").row()
        postings = statements("sheet_postings", case_numbers=[sheet.case_no for sheet in paying])
        receipts = ledger.post(drafts, postings, on=today, by=by)
        entries |= {sheet.case_no: receipts[sheet.key].entry_id for sheet in paying}
    statements(
        "mark_booked", case_numbers=list(entries), entries=[entries[case_no] for case_no in entries], today=today
    ).execute()
    evidence.record_all(
        "book_sheet",
        by=by,
        today=today,
        acts=[
            (
                f"case:{sheet.case_no}",
                sheet.employer_id,
                {"entry_id": entries[sheet.case_no], "total_fen": sheet.total_fen},
            )
            for sheet in sheets
        ],
    )
    telling.booked([sheet.case_no for sheet in sheets], by=by, today=today)
    return [Booking(sheet.case_no, entries[sheet.case_no], None) for sheet in sheets]


def _locked_sheet(case_no: int) -> Sheet:
    return Sheet.objects.select_for_update(no_key=True).get(pk=case_no)


def _record(act: str, sheet: Sheet, by: Actor, today: date, key: Key, content: Mapping[str, object]) -> Receipt:
    return evidence.record(
        act,
        by=by,
        today=today,
        subject=f"case:{sheet.pk}",
        key=key,
        content=content,
        employer_id=sheet.employer_id,
        result={"case_no": sheet.pk},
    )

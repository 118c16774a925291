"""A month declared, paid and booked on a real database; and what gets in its way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from hpf import ledger
from hpf.casework.models import CaseState
from hpf.kernel import Actor, Fen, Key, Month, Rate, Refused
from hpf.ledger import EntryDraft, EntryKind, Line
from hpf.ledger.accounts import balance, unallocated
from hpf.ledger.invariants import checks
from hpf.registry.codes import TimelineKind
from hpf.registry.models import Account, BankAccount
from hpf.remittance import operations, queries
from hpf.remittance.models import Sheet
from hpf.remittance.rules import Part
from hpf.storage import durable, reading
from tests.office import PLACE, SYSTEM, Unit, add_event, add_member, open_center, open_unit

JULY, AUGUST, SEPTEMBER = Month(2026, 7), Month(2026, 8), Month(2026, 9)
DAY = date(2026, 8, 10)


@pytest.fixture
def unit(center) -> Unit:
    open_center()
    return open_unit()


@pytest.fixture
def trio(unit: Unit) -> tuple[int, int, int]:
    """The three of the worked scenario: bases within the limits, at the cap, at the floor."""
    people = (("甲", "6000.00"), ("乙", "26495.50"), ("丙", "2200.00"))
    a, b, c = (add_member(unit, name, base, JULY) for name, base in people)
    return a, b, c


def preview(unit: Unit, month: Month, today: date = DAY) -> queries.Preview:
    with reading(unit.handler):
        return queries.preview(unit.row, month, today, PLACE)


def declare(unit: Unit, month: Month, *, key: str = "", use_unallocated: bool = False, today: date = DAY) -> int:
    digest = preview(unit, month, today).digest
    receipt = operations.submit_sheet(
        unit_account_id=unit.unit_account_id,
        month=month,
        digest=digest,
        use_unallocated=use_unallocated,
        by=unit.handler,
        today=today,
        key=Key(key) if key else Key.fresh(),
    )
    return int(receipt.result["case_no"])


def money(unit: Unit, yuan: str, key: str = "") -> None:
    draft = EntryDraft(
        Key(key) if key else Key.fresh(),
        EntryKind.MONEY_IN,
        "到账",
        employer_id=unit.employer_id,
        unit_account_id=unit.unit_account_id,
    )
    fen = Fen.from_yuan(yuan)
    with durable(SYSTEM):
        bank = BankAccount.objects.get().ledger_account_id
        lines = (Line(bank, "D", fen), Line(unit.unallocated_account_id, "C", fen))
        ledger.post([draft], ledger.lines_query([lines]), on=DAY, by=SYSTEM)


def book(case_no: int) -> operations.Booking:
    (booking,) = operations.book(case_nos=[case_no], by=SYSTEM, today=DAY)
    return booking


def sheet(case_no: int) -> Sheet:
    with reading(SYSTEM):
        return Sheet.objects.select_related("case", "unit_account").get(pk=case_no)


def balances(*accounts: int) -> list[str]:
    with reading(SYSTEM):
        return [balance(account).yuan for account in accounts]


def assert_sound() -> None:
    with reading(SYSTEM):
        assert [check for check in checks() if not check.sound] == []


def remit(unit: Unit, month: Month) -> int:
    case_no = declare(unit, month)
    money(unit, sheet(case_no).total_fen.plain_yuan)
    assert book(case_no).entry_id
    return case_no


def test_the_first_month_is_all_increase(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    row = sheet(case_no)
    assert (row.last_people, row.last_fen, row.removed_people, row.removed_fen) == (0, 0, 0, 0)
    assert (row.added_people, row.added_fen.yuan, row.people, row.total_fen.yuan) == (3, "5,551.28", 3, "5,551.28")
    assert (row.case.state, row.last_day) == (CaseState.AWAITING_PAYMENT, date(2026, 8, 15))


def test_a_booked_month_reaches_every_member_and_moves_the_pointer(unit: Unit, trio) -> None:
    remit(unit, JULY)
    assert balances(*trio) == ["960.00", "4,239.28", "352.00"]
    with reading(SYSTEM):
        row = unit.row
    assert (row.paid_through, row.state) == (JULY, "01")
    assert_sound()


def test_the_bridge_names_who_came_and_who_left(unit: Unit, trio) -> None:
    remit(unit, JULY)
    add_member(unit, "丁", "5333.33", AUGUST)
    with durable(SYSTEM):
        add_event(unit, trio[2], TimelineKind.SEALING, AUGUST)
    shape = preview(unit, AUGUST).sheet
    assert {(line.part, line.people, line.fen.yuan) for line in shape.bridge} == {
        (Part.OPENED, 1, "853.34"),
        (Part.LEFT, -1, "-352.00"),
    }
    assert (shape.last_fen.yuan, shape.total.yuan) == ("5,551.28", "6,052.62")


def test_a_higher_rate_and_base_are_an_increase_of_money_without_people(unit: Unit, trio) -> None:
    remit(unit, JULY)
    remit(unit, AUGUST)
    with durable(SYSTEM):
        twelve = Rate.from_percent("12")
        add_event(unit, None, TimelineKind.RATE, SEPTEMBER, unit_rate=twelve, personal_rate=twelve)
        add_event(unit, trio[0], TimelineKind.BASE, SEPTEMBER, base_fen=Fen.from_yuan("6500"))
    shape = preview(unit, SEPTEMBER, date(2026, 9, 10)).sheet
    assert (shape.added, shape.removed[0]) == ((0, shape.total - shape.last_fen), 0)
    assert {line.part for line in shape.bridge} == {Part.BASE, Part.RATE}


def test_too_little_money_leaves_the_month_waiting(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    money(unit, "5551.27")
    booking = book(case_no)
    assert (booking.entry_id, booking.refusal.code) == (None, "REMIT-SHORT")
    assert balances(*trio) == ["0.00", "0.00", "0.00"]


def test_booking_twice_books_once(unit: Unit, trio) -> None:
    case_no = remit(unit, JULY)
    money(unit, "9999.00")
    booking = book(case_no)
    assert booking.repeated
    assert balances(*trio) == ["960.00", "4,239.28", "352.00"]


def test_a_month_is_not_skipped_repeated_or_paid_in_advance(unit: Unit, trio) -> None:
    remit(unit, JULY)
    for month, code in (
        (SEPTEMBER, ["REMIT-MONTH-GAP", "REMIT-MONTH-ADVANCE"]),
        (JULY, ["REMIT-MONTH-PAID"]),
    ):
        with pytest.raises(Refused) as refused:
            declare(unit, month)
        assert list(refused.value.codes) == code


def test_a_second_declaration_names_the_first(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    with pytest.raises(Refused) as refused:
        declare(unit, JULY)
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.case_no) == ("CASE-IN-THE-WAY", case_no)


def test_the_same_click_twice_declares_once(unit: Unit, trio) -> None:
    assert declare(unit, JULY, key="the-same-click") == declare(unit, JULY, key="the-same-click")


def test_a_withdrawn_month_can_be_declared_again(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    operations.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    assert sheet(case_no).case.state == CaseState.WITHDRAWN
    assert declare(unit, JULY) != case_no


def test_a_month_for_which_money_came_is_not_withdrawn(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    operations.receive(received={case_no: Fen(100)}, by=SYSTEM, today=DAY)
    with pytest.raises(Refused) as refused:
        operations.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    assert refused.value.codes == ("REMIT-MONEY-CAME",)


def test_a_change_between_preview_and_submit_stops_the_submit(unit: Unit, trio) -> None:
    digest = preview(unit, JULY).digest
    add_member(unit, "丁", "5333.33", JULY)
    with pytest.raises(Refused) as refused:
        operations.submit_sheet(
            unit_account_id=unit.unit_account_id,
            month=JULY,
            digest=digest,
            use_unallocated=False,
            by=unit.handler,
            today=DAY,
            key=Key.fresh(),
        )
    assert refused.value.codes == ("REMIT-SHEET-CHANGED",)


def test_what_becomes_known_after_the_declaration_does_not_change_the_sheet(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    add_member(unit, "丁", "5333.33", JULY)
    money(unit, "5551.28")
    assert book(case_no).entry_id
    assert balances(*trio) == ["960.00", "4,239.28", "352.00"]


def test_a_member_who_is_gone_stops_the_booking_and_is_named(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    money(unit, "5551.28")
    with durable(SYSTEM):
        Account.objects.filter(pk=trio[1]).update(state="05")
    booking = book(case_no)
    assert booking.refusal.code == "REMIT-SHEET-CHANGED"
    assert "乙" in booking.refusal.what
    assert balances(unit.unallocated_account_id) == ["5,551.28"]


def test_unallocated_money_pays_first_and_the_notice_asks_for_the_rest(unit: Unit, trio) -> None:
    money(unit, "352.00")
    row = sheet(declare(unit, JULY, use_unallocated=True))
    assert (row.reserved_fen.yuan, row.due_fen.yuan) == ("352.00", "5,199.28")
    with reading(unit.handler):
        assert queries.unit_shape(unit.row).free == 0


def test_enough_unallocated_money_books_without_a_transfer(unit: Unit, trio) -> None:
    money(unit, "6000.00")
    case_no = declare(unit, JULY, use_unallocated=True)
    assert sheet(case_no).case.state == CaseState.WORKING
    assert book(case_no).entry_id
    with reading(SYSTEM):
        assert unallocated(unit.unit_account_id)[1].yuan == "448.72"


def test_a_base_outside_the_limits_of_the_month_refuses_it_by_name(unit: Unit, trio) -> None:
    add_member(unit, "戊", "2199.99", JULY)
    with pytest.raises(Refused) as refused:
        declare(unit, JULY)
    (refusal,) = refused.value.refusals
    assert refusal.code == "REMIT-BASE-LIMITS"
    assert "戊" in refusal.what


def test_a_notice_without_any_statement_lapses_at_last_and_the_month_can_be_declared_again(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    assert operations.lapse(by=SYSTEM, today=date(2026, 9, 14)) == 0
    assert operations.lapse(by=SYSTEM, today=date(2026, 9, 15)) == 1
    assert sheet(case_no).case.state == CaseState.LAPSED
    assert declare(unit, JULY, today=date(2026, 9, 15)) != case_no


def test_a_booking_that_fails_lets_the_month_wait_again_and_says_why(unit: Unit, trio) -> None:
    money(unit, "6000.00")
    case_no = declare(unit, JULY, use_unallocated=True)
    with durable(SYSTEM):
        Account.objects.filter(pk=trio[1]).update(state="05")
    assert book(case_no).refusal.code == "REMIT-SHEET-CHANGED"
    assert sheet(case_no).case.state == CaseState.AWAITING_PAYMENT
    with reading(unit.handler), connection.cursor() as cursor:
        cursor.execute("SELECT result->>'code' FROM evidence_event WHERE act = 'refuse_booking'")
        assert cursor.fetchall() == [("REMIT-SHEET-CHANGED",)]
    operations.withdraw_sheet(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())


def test_a_month_without_people_moves_the_pointer_and_books_nothing(unit: Unit) -> None:
    case_no = declare(unit, JULY)
    assert sheet(case_no).case.state == CaseState.WORKING
    assert book(case_no).entry_id is None
    with reading(SYSTEM):
        assert unit.row.paid_through == JULY


def test_another_employers_handler_sees_and_declares_nothing(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    stranger = open_unit("另一单位", "12511100451268006X").handler
    with reading(stranger):
        assert not Sheet.objects.filter(pk=case_no).exists()
        assert queries.sheet_lines(case_no) == []
    with pytest.raises(LookupError):
        operations.submit_sheet(
            unit_account_id=unit.unit_account_id,
            month=JULY,
            digest=b"",
            use_unallocated=False,
            by=stranger,
            today=DAY,
            key=Key.fresh(),
        )


def test_fifty_windows_declaring_at_once_declare_once(unit: Unit, trio) -> None:
    digest = preview(unit, JULY).digest

    def submit(number: int) -> str:
        try:
            operations.submit_sheet(
                unit_account_id=unit.unit_account_id,
                month=JULY,
                digest=digest,
                use_unallocated=False,
                by=unit.handler,
                today=DAY,
                key=Key.of("window", "number", number),
            )
        except Refused as refused:
            return refused.codes[0]
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(submit, range(50)))
    assert sorted(set(outcomes)) == ["CASE-IN-THE-WAY", "done"]
    assert outcomes.count("done") == 1
    with reading(SYSTEM):
        assert Sheet.objects.count() == 1


def test_booking_from_many_workers_at_once_books_once(unit: Unit, trio) -> None:
    case_no = declare(unit, JULY)
    money(unit, "5551.28")

    def run(_: int) -> bool:
        try:
            return bool(operations.book(case_nos=[case_no], by=Actor.SYSTEM, today=DAY)[0].entry_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(16)))
    assert balances(*trio, unit.unallocated_account_id) == ["960.00", "4,239.28", "352.00", "0.00"]
    assert_sound()

"""Rosters from the upload to open accounts on a real database, one person by form, and what gets in their way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from hpf.account_opening import opening, operations, queries, staging
from hpf.account_opening.models import Choice, Roster, RosterRow, Verdict
from hpf.account_opening.queries import RosterShape
from hpf.casework import attachments
from hpf.casework.models import Case, CaseState
from hpf.kernel import Fen, Key, Month, Refused
from hpf.kernel.identity import mask_identity
from hpf.ledger.invariants import checks
from hpf.papers.reading import Formula, read_workbook
from hpf.papers.roster_columns import ROSTER_COLUMNS
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.registry.codes import AccountState, TimelineKind
from hpf.registry.models import Account, IdentityLookup, Member, NameToken, TimelineEvent, UnitAccount
from hpf.registry.queries import count_members, members
from hpf.remittance.operations import withdraw_sheet
from hpf.storage import durable, reading
from tests.integration.test_remittance import declare, preview
from tests.office import CLERK, SYSTEM, Unit, open_center, open_unit
from tests.unit.account_opening.people import HEADER, LETTERS, citizen_number, person, roster

JULY, AUGUST = Month(2026, 7), Month(2026, 8)
DAY = date(2026, 8, 10)
BAD = citizen_number(500)[:17] + ("0" if citizen_number(500)[17] != "0" else "1")

Row = list[object]


@pytest.fixture
def unit(center: Any) -> Unit:
    open_center()
    return open_unit()


@pytest.fixture
def stranger(unit: Unit) -> Unit:
    return open_unit("另一单位", "12511100451268006X")


def upload(unit: Unit, file: Path, key: str = "") -> int:
    receipt = operations.upload_roster(
        unit_account_id=unit.unit_account_id,
        chunks=[file.read_bytes()],
        name=file.name,
        by=unit.handler,
        today=DAY,
        key=Key(key) if key else Key.fresh(),
    )
    return int(receipt.result["case_no"])


def check(case_no: int, today: date = DAY) -> None:
    operations.check_roster(case_no=case_no, by=SYSTEM, today=today)


def checked(unit: Unit, folder: Path, *rows: Row, header: list[str] | None = None) -> int:
    """A roster with these rows, uploaded and checked."""
    case_no = upload(unit, roster(folder / "花名册.xlsx", *rows, header=header))
    check(case_no)
    return case_no


def choose(unit: Unit, case_no: int, choice: Choice = Choice.GOOD_ROWS, **more: Any) -> None:
    operations.open_roster(case_no=case_no, choice=choice, by=unit.handler, today=DAY, **{"key": Key.fresh()} | more)


def open_now(case_no: int) -> operations.Opening:
    return operations.open_accounts(case_no=case_no, by=SYSTEM, today=DAY)


def shape(unit: Unit, case_no: int) -> RosterShape:
    with reading(unit.handler):
        return queries.roster(case_no)


def codes(unit: Unit, case_no: int) -> dict[int, list[str]]:
    """The codes of the findings of each row that has any."""
    with reading(unit.handler):
        rows = queries.rows(case_no)
    return {row.row_no: [finding.code for finding in row.findings] for row in rows if row.findings}


def refused(act: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.codes


def form(unit: Unit, key: str = "", accept_mended: bool = False, **changes: str) -> dict[str, Any]:
    """One person opened by form; what the receipt says."""
    typed = {
        "name": "张三",
        "document_type": "身份证",
        "document_number": citizen_number(1),
        "mobile": "13800000001",
        "monthly_wage": "6000.00",
        "first_month": "202607",
    }
    receipt = operations.open_account(
        unit_account_id=unit.unit_account_id,
        person=typed | changes,
        accept_mended=accept_mended,
        by=unit.handler,
        today=DAY,
        key=Key(key) if key else Key.fresh(),
    )
    return dict(receipt.result)


def many(count: int, begin: int = 0) -> list[Row]:
    """So many different people with valid numbers."""
    return [
        person(
            at + 1,
            document_number=citizen_number(at % 900 + 1, f"1990{at // 900 % 12 + 1:02d}{at // 10_800 + 1:02d}"),
            monthly_wage=3000 + at % 100,
        )
        for at in range(begin, begin + count)
    ]


def standing(unit: Unit) -> tuple[int, ...]:
    """What opening leaves behind, counted: members, accounts, events, ledger accounts, the unit's count."""
    with reading(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM registry_member), (SELECT count(*) FROM registry_account),"
            " (SELECT count(*) FROM registry_timelineevent WHERE kind = 'opening'),"
            " (SELECT count(*) FROM ledger_account WHERE kind = 'member'),"
            " (SELECT active_count FROM registry_unitaccount WHERE id = %s)",
            [unit.unit_account_id],
        )
        return tuple(cursor.fetchone())


def assert_sound() -> None:
    with reading(SYSTEM):
        assert [one for one in checks() if not one.sound] == []


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What several acts give or raise that begin in the same moment, each on a connection of its own."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


# The main line


def test_three_people_get_the_accounts_of_the_worked_scenario(unit: Unit, tmp_path: Path) -> None:
    form(unit, name="甲", document_number=citizen_number(1), base="6000.00", monthly_wage="")
    case_no = checked(
        unit, tmp_path, person(2, name="欧阳乙", monthly_wage=40000), person(3, name="诸葛丙", monthly_wage=1500)
    )
    assert codes(unit, case_no) == {4: ["OPEN-BASE-CLIPPED"], 5: ["OPEN-BASE-CLIPPED"]}
    choose(unit, case_no, Choice.ALL_OR_NOTHING)
    assert open_now(case_no) == operations.Opening(case_no, opened=2)
    with reading(unit.handler):
        rows = members(unit.unit_account_id)
        events = TimelineEvent.objects.filter(kind=TimelineKind.OPENING).order_by("account_id")
        declared = [(event.wage_fen, event.base_fen.yuan, event.effective_month) for event in events]
        row = unit.row
    assert [(one.name, one.base.yuan, one.unit.yuan, one.personal.yuan, one.monthly.yuan) for one in rows] == [
        ("甲", "6,000.00", "480.00", "480.00", "960.00"),
        ("欧阳乙", "26,495.50", "2,119.64", "2,119.64", "4,239.28"),
        ("诸葛丙", "2,200.00", "176.00", "176.00", "352.00"),
    ]
    assert declared == [
        (None, "6,000.00", JULY),
        (Fen.from_yuan("40000"), "26,495.50", JULY),
        (Fen.from_yuan("1500"), "2,200.00", JULY),
    ]
    assert (row.state, row.active_count) == ("02", 3)
    sheet = preview(unit, JULY).sheet
    assert (sheet.people, sheet.total.yuan) == (3, "5,551.28")
    assert_sound()


def test_an_account_has_a_number_and_a_person_behind_it(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1, bank_card="6222000000000000001"))
    choose(unit, case_no)
    open_now(case_no)
    with reading(unit.handler):
        account = Account.objects.select_related("member").get()
        [row] = queries.rows(case_no)
        tokens = set(NameToken.objects.values_list("token", flat=True))
    member = account.member
    assert account.number == row.account_no == f"5111{account.pk:010d}"
    assert (member.name, member.identity_number, member.mobile) == ("张三", citizen_number(1), "13800000001")
    assert (member.sex, member.birthday, member.bank_card) == ("1", date(1990, 3, 7), "6222000000000000001")
    assert (account.state, account.opened_on, account.first_month) == (AccountState.ACTIVE, DAY, JULY)
    assert tokens == {"张", "张三"}


def test_a_worker_does_what_the_handler_asks_for(unit: Unit, tmp_path: Path) -> None:
    case_no = upload(unit, roster(tmp_path / "r.xlsx", *many(3)))
    work()
    assert shape(unit, case_no).state is CaseState.READY
    choose(unit, case_no)
    work()
    done = shape(unit, case_no)
    assert (done.state, done.opened) == (CaseState.DONE, 3)


def work() -> None:
    """Let a worker do all that is due. Its days are today's: the roster's months are not in its future."""
    from procrastinate.contrib.django import app

    from hpf.faces.batch.worker import worker_connector

    async def run(worker: Any) -> None:
        async with worker.open_async():
            await worker.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    with app.replace_connector(worker_connector()) as worker:
        asyncio.run(run(worker))


# Good rows in, or all wait


def test_one_bad_row_of_two_thousand_stays_out_and_the_rest_go_in(unit: Unit, tmp_path: Path) -> None:
    rows = many(2_000)
    rows[1_234] = person(1_235, document_number=BAD)
    case_no = checked(unit, tmp_path, *rows)
    totals = shape(unit, case_no).totals
    assert (totals.people, totals.ready.people, totals.refused) == (2_000, 1_999, 1)
    choose(unit, case_no)
    assert open_now(case_no).opened == 1_999
    assert standing(unit) == (1_999,) * 5
    with reading(unit.handler):
        [left] = queries.rows(case_no, verdict=Verdict.REFUSED)
    assert (left.row_no, left.account_no) == (1_238, None)
    assert_sound()


def test_one_bad_row_of_two_thousand_keeps_all_waiting_if_that_was_chosen(unit: Unit, tmp_path: Path) -> None:
    rows = many(2_000)
    rows[1_234] = person(1_235, document_number=BAD)
    case_no = checked(unit, tmp_path, *rows)
    assert refused(lambda: choose(unit, case_no, Choice.ALL_OR_NOTHING)) == ("ROSTER-NOT-ALL-GOOD",)
    assert shape(unit, case_no).state is CaseState.READY
    assert standing(unit) == (0,) * 5


def test_rows_to_mend_go_in_once_their_proposals_are_accepted(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1), person(2, name="李 四"))
    assert shape(unit, case_no).totals.to_mend.people == 1
    assert refused(lambda: choose(unit, case_no, Choice.ALL_OR_NOTHING)) == ("ROSTER-NOT-ALL-GOOD",)
    choose(unit, case_no, Choice.ALL_OR_NOTHING, accept_mended=True)
    assert open_now(case_no).opened == 2
    with reading(unit.handler):
        assert {member.name for member in members(unit.unit_account_id)} == {"张三", "李四"}


def test_rows_to_mend_stay_out_without_a_word(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1), person(2, name="李 四"))
    choose(unit, case_no)
    assert open_now(case_no).opened == 1


def test_a_roster_of_bad_rows_opens_nobody(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1, document_number=BAD))
    assert refused(lambda: choose(unit, case_no)) == ("ROSTER-NOBODY-TO-OPEN",)


def test_doubled_rows_are_refused_both_and_name_each_other(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1), person(2), person(1, name="李四", mobile="13900000009"))
    assert codes(unit, case_no) == {4: ["OPEN-TWICE-IN-FILE"], 6: ["OPEN-TWICE-IN-FILE"]}
    choose(unit, case_no)
    assert open_now(case_no).opened == 1


# People who have an account


def test_people_with_an_account_are_refused_with_what_to_do_instead(unit: Unit, stranger: Unit, tmp_path: Path) -> None:
    form(unit, name="张三", document_number=citizen_number(1))
    form(stranger, name="李四", document_number=citizen_number(2))
    form(stranger, name="王五", document_number=citizen_number(3))
    with durable(SYSTEM):
        Account.objects.filter(member__name="王五").update(state=AccountState.SEALED)
    case_no = checked(
        unit,
        tmp_path,
        person(1),
        person(2, name="李四"),
        person(3, name="王五"),
        person(1, name="张山", mobile="13911111111"),
        person(9),
    )
    found = codes(unit, case_no)
    assert found[4] == ["OPEN-TWICE-IN-FILE", "OPEN-OPEN-HERE"]
    assert found[5] == ["OPEN-OPEN-ELSEWHERE"]
    assert found[6] == ["OPEN-SEALED-ELSEWHERE"]
    assert found[7] == ["OPEN-TWICE-IN-FILE", "OPEN-OPEN-HERE", "OPEN-NAME-DIFFERS"]
    assert shape(unit, case_no).totals.ready.people == 1


def test_every_question_about_numbers_is_logged_in_the_employers_name(unit: Unit, tmp_path: Path) -> None:
    checked(unit, tmp_path, *many(30))
    with reading(SYSTEM):
        assert list(IdentityLookup.objects.values_list("employer_id", "number_count")) == [(unit.employer_id, 30)]


def test_an_employer_that_asks_too_much_is_told_so(unit: Unit, tmp_path: Path, center: Any) -> None:
    with center.connect("owner") as owner:
        owner.execute(
            "INSERT INTO registry_identitylookup (employer_id, number_count) VALUES (%s, 500000)", [unit.employer_id]
        )
    case_no = checked(unit, tmp_path, person(1))
    answer = shape(unit, case_no)
    assert answer.state is CaseState.REFUSED
    assert [finding.code for finding in answer.findings] == ["ROSTER-TOO-MANY-QUESTIONS"]


def test_of_two_employers_who_open_the_same_people_in_one_moment_each_person_gets_one(
    unit: Unit, stranger: Unit, tmp_path: Path
) -> None:
    people = many(300)
    ours = checked(unit, tmp_path, *people)
    theirs = checked(stranger, tmp_path, *reversed(people))
    choose(unit, ours)
    choose(stranger, theirs)
    answers = at_once(lambda: open_now(ours), lambda: open_now(theirs))
    assert sorted((answer.opened, answer.late) for answer in answers) == [(0, 300), (300, 0)]
    assert standing(unit)[:4] == (300,) * 4
    loser, case_no = (unit, ours) if answers[0].late else (stranger, theirs)
    assert set(map(tuple, codes(loser, case_no).values())) == {("OPEN-OPEN-ELSEWHERE",)}
    assert shape(loser, case_no).totals.refused == 300
    assert_sound()


def test_a_form_loses_to_another_employer_with_the_reason(unit: Unit, stranger: Unit) -> None:
    answers = at_once(lambda: form(unit), lambda: form(stranger))
    [late] = [answer for answer in answers if isinstance(answer, Refused)]
    assert late.codes == ("OPEN-OPEN-ELSEWHERE",)
    with reading(SYSTEM):
        assert Account.objects.count() == Case.objects.count() == 1


def test_all_or_nothing_opens_nobody_if_one_was_opened_elsewhere_meanwhile(
    unit: Unit, stranger: Unit, tmp_path: Path
) -> None:
    case_no = checked(unit, tmp_path, *many(3))
    choose(unit, case_no, Choice.ALL_OR_NOTHING)
    form(stranger, document_number=str(many(3)[1][3]))
    answer = open_now(case_no)
    assert (answer.opened, answer.late) == (0, 1)
    assert standing(unit) == (1, 1, 1, 1, 0)
    waiting = shape(unit, case_no)
    assert (waiting.state, waiting.totals.refused) == (CaseState.READY, 1)
    assert [finding.code for finding in waiting.findings] == ["ROSTER-LATE"]
    choose(unit, case_no)
    assert open_now(case_no).opened == 2


# Twice, at once, and killed


def test_the_same_upload_is_one_case(unit: Unit, tmp_path: Path) -> None:
    file = roster(tmp_path / "r.xlsx", person(1))
    assert upload(unit, file, "upload-1") == upload(unit, file, "upload-1")
    other = roster(tmp_path / "other.xlsx", person(2))
    assert refused(lambda: upload(unit, other, "upload-1")) == ("KEY-REUSED",)


def test_a_second_roster_waits_for_the_first(unit: Unit, tmp_path: Path) -> None:
    file = roster(tmp_path / "r.xlsx", person(1))
    answers = at_once(lambda: upload(unit, file), lambda: upload(unit, file))
    [late] = [answer for answer in answers if isinstance(answer, Refused)]
    assert late.codes == ("CASE-IN-THE-WAY",)


def test_a_repeated_check_changes_nothing(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, *many(3))
    before = shape(unit, case_no)
    check(case_no)
    assert shape(unit, case_no) == before


def test_two_workers_who_check_the_same_roster_stage_it_once(unit: Unit, tmp_path: Path) -> None:
    case_no = upload(unit, roster(tmp_path / "r.xlsx", *many(50)))
    assert at_once(lambda: check(case_no), lambda: check(case_no)) == [None, None]
    assert shape(unit, case_no).totals.people == 50


def test_two_workers_who_open_the_same_roster_open_it_once(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, *many(50))
    choose(unit, case_no)
    answers = at_once(lambda: open_now(case_no), lambda: open_now(case_no))
    assert {(answer.opened, answer.late) for answer in answers} == {(50, 0)}
    assert sorted(answer.repeated for answer in answers) == [False, True]
    assert standing(unit) == (50,) * 5


def test_a_double_click_opens_once(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1))
    choose(unit, case_no, key=Key("open-it-1"))
    choose(unit, case_no, key=Key("open-it-1"))
    assert refused(lambda: choose(unit, case_no)) == ("CASE-STATE",)
    assert form(unit, "person-1", document_number=citizen_number(2)) == form(
        unit, "person-1", document_number=citizen_number(2)
    )
    with reading(unit.handler):
        assert Account.objects.count() == 1


class Killed(BaseException):
    """What a process that dies in the middle looks like from inside."""


@pytest.mark.parametrize("step", ["stage", "VERDICTS", "to_json"])
def test_a_check_that_is_killed_leaves_nothing_and_is_done_again(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    case_no = upload(unit, roster(tmp_path / "r.xlsx", *many(20), person(99, document_number=BAD)))
    with monkeypatch.context() as patch:
        patch.setattr(staging, step, Dying())
        with pytest.raises(Killed):
            check(case_no)
    assert shape(unit, case_no).state is CaseState.CHECKING
    with reading(unit.handler):
        assert not RosterRow.objects.exists()
    check(case_no)
    assert (shape(unit, case_no).totals.people, shape(unit, case_no).state) == (21, CaseState.READY)


@pytest.mark.parametrize(
    "place", [(opening.ledger, "open_member_accounts"), (opening, "_late"), (operations, "_finish")]
)
def test_an_opening_that_is_killed_leaves_nothing_and_is_done_again(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str]
) -> None:
    case_no = checked(unit, tmp_path, *many(20))
    choose(unit, case_no)
    with monkeypatch.context() as patch:
        patch.setattr(*place, Dying())
        with pytest.raises(Killed):
            open_now(case_no)
    assert standing(unit) == (0,) * 5
    assert shape(unit, case_no).state is CaseState.WORKING
    assert open_now(case_no).opened == 20
    assert standing(unit) == (20,) * 5
    assert_sound()


class Dying:
    """Ends the process at whatever is asked of it."""

    def __call__(self, *_: object, **__: object) -> None:
        raise Killed

    def __getitem__(self, _: object) -> None:
        raise Killed


# What changes between the check and the opening


def test_nobody_begins_in_a_month_that_is_declared(unit: Unit, tmp_path: Path) -> None:
    form(unit)
    sheet = declare(unit, JULY)
    case_no = checked(unit, tmp_path, person(2), person(3, first_month="202608"))
    assert codes(unit, case_no) == {4: ["OPEN-MONTH-DECLARED"]}
    with reading(unit.handler):
        [finding] = queries.rows(case_no)[0].findings
    assert (finding.case_no, "2026年8月" in finding.remedy) == (sheet, True)


def test_a_check_does_not_outlive_what_it_stood_on(unit: Unit, tmp_path: Path) -> None:
    form(unit)
    case_no = checked(unit, tmp_path, person(2), person(3, first_month="202608"))
    sheet = declare(unit, JULY)
    assert refused(lambda: choose(unit, case_no)) == ("ROSTER-OUTDATED",)
    operations.recheck_roster(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    check(case_no)
    assert codes(unit, case_no) == {4: ["OPEN-MONTH-DECLARED"]}
    withdraw_sheet(case_no=sheet, by=unit.handler, today=DAY, key=Key.fresh())
    assert refused(lambda: choose(unit, case_no)) == ("ROSTER-OUTDATED",)


def test_an_opening_that_comes_too_late_goes_back_to_its_handler(unit: Unit, tmp_path: Path) -> None:
    form(unit)
    case_no = checked(unit, tmp_path, person(2))
    choose(unit, case_no)
    declare(unit, JULY)
    answer = open_now(case_no)
    assert (answer.opened, [finding.code for finding in answer.refusals]) == (0, ["ROSTER-OUTDATED"])
    assert shape(unit, case_no).state is CaseState.READY


def test_what_does_not_concern_the_rows_leaves_the_check_standing(unit: Unit, tmp_path: Path) -> None:
    form(unit)
    case_no = checked(unit, tmp_path, person(3, first_month="202608"))
    declare(unit, JULY)
    choose(unit, case_no)
    assert open_now(case_no).opened == 1


# Files


def test_a_file_that_is_no_workbook_ends_its_case_with_the_reason(unit: Unit, tmp_path: Path) -> None:
    file = tmp_path / "r.xlsx"
    file.write_bytes(b"no workbook")
    case_no = upload(unit, file)
    check(case_no)
    answer = shape(unit, case_no)
    assert (answer.state, [finding.code for finding in answer.findings]) == (CaseState.REFUSED, ["FILE-NOT-WORKBOOK"])
    assert checked(unit, tmp_path, person(1)) != case_no


def test_all_wrong_columns_are_named_at_once(unit: Unit, tmp_path: Path) -> None:
    header = ["姓名" if title.endswith(("手机号码", "证件类型")) else title for title in HEADER]
    case_no = checked(unit, tmp_path, person(1), header=header)
    assert sorted(finding.code for finding in shape(unit, case_no).findings) == [
        "ROSTER-COLUMN-MISSING",
        "ROSTER-COLUMN-MISSING",
        "ROSTER-COLUMN-TWICE",
    ]


def test_a_file_that_is_too_large_is_not_kept(unit: Unit) -> None:
    def chunks() -> Iterable[bytes]:
        while True:
            yield bytes(1024 * 1024)

    def act() -> object:
        return operations.upload_roster(
            unit_account_id=unit.unit_account_id,
            chunks=chunks(),
            name="r.xlsx",
            by=unit.handler,
            today=DAY,
            key=Key.fresh(),
        )

    assert refused(act) == ("FILE-TOO-LARGE",)


def test_a_closed_unit_uploads_nothing(unit: Unit, tmp_path: Path) -> None:
    with durable(SYSTEM):
        UnitAccount.objects.filter(pk=unit.unit_account_id).update(state="05")
    file = roster(tmp_path / "r.xlsx", person(1))
    assert refused(lambda: upload(unit, file)) == ("OPEN-UNIT-STATE",)
    assert refused(lambda: form(unit)) == ("OPEN-UNIT-STATE",)


def test_a_discarded_roster_leaves_no_rows_and_stays_away(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, *many(3))
    operations.discard_roster(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    check(case_no)
    assert refused(lambda: choose(unit, case_no)) == ("CASE-STATE",)
    assert shape(unit, case_no).state is CaseState.WITHDRAWN
    with reading(unit.handler):
        assert not RosterRow.objects.exists()
    assert checked(unit, tmp_path, person(1)) != case_no


def test_the_roster_comes_back_marked_and_goes_in_once_it_is_mended(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1), person(2, document_number=BAD))
    with reading(unit.handler):
        marked = queries.marked_workbook(case_no)
        everything = queries.marked_workbook(case_no, only_left=False)
    [row] = people_of(tmp_path, marked)
    assert (row[1], row[3]) == ("张三", BAD)
    assert row[-1].startswith("不能办理：证件号码990101********5001不能登记：身份证号码校验位不符")
    assert len(people_of(tmp_path, everything)) == 2
    choose(unit, case_no)
    open_now(case_no)
    mended = [str(cell or "") for cell in row[:-1]]
    mended[3] = citizen_number(2)
    again = checked(unit, tmp_path, mended)
    assert codes(unit, again) == {}


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@SUM(A1)", "+86|cmd", "-1"])
def test_a_name_that_would_calculate_is_refused_and_comes_back_as_text(unit: Unit, tmp_path: Path, name: str) -> None:
    file = tmp_path / "r.xlsx"
    typed = dict(zip([column.key for column in ROSTER_COLUMNS], map(str, person(1, name=name)), strict=True))
    file.write_bytes(roster_template(UnitShape("测试单位", "1"), rows=[typed]))
    case_no = upload(unit, file)
    check(case_no)
    assert codes(unit, case_no) == {4: ["OPEN-NAME-FORM"]}
    with reading(unit.handler):
        [row] = people_of(tmp_path, queries.marked_workbook(case_no))
        assert queries.rows(case_no)[0].name == name
    assert row[1] == name


def test_who_types_bases_gets_bases_back(unit: Unit, tmp_path: Path) -> None:
    header = ["缴存基数" if title.endswith("月平均工资") else title for title in HEADER]
    case_no = checked(unit, tmp_path, person(1, monthly_wage="90000.00"), header=header)
    assert codes(unit, case_no) == {4: ["OPEN-BASE-LIMITS"]}
    with reading(unit.handler):
        marked = queries.marked_workbook(case_no)
    (tmp_path / "marked.xlsx").write_bytes(marked)
    operations.discard_roster(case_no=case_no, by=unit.handler, today=DAY, key=Key.fresh())
    again = upload(unit, tmp_path / "marked.xlsx")
    check(again)
    assert codes(unit, again) == {4: ["OPEN-BASE-LIMITS"]}


def people_of(folder: Path, workbook: bytes) -> list[tuple[Any, ...]]:
    """The rows of a marked workbook below its header; nothing in it is a formula."""
    file = folder / "marked.xlsx"
    file.write_bytes(workbook)
    with read_workbook(file) as sheet:
        rows = [row.cells for row in sheet]
    assert not any(isinstance(cell, Formula) for row in rows for cell in row)
    return rows[3:]


# By form


def test_a_form_answers_with_everything_that_is_wrong_at_once(unit: Unit) -> None:
    found = refused(lambda: form(unit, name="3", document_number=BAD, monthly_wage="0", first_month="202601"))
    assert set(found) >= {
        "OPEN-NAME-FORM",
        "OPEN-NUMBER-CITIZEN",
        "OPEN-WAGE-NOT-POSITIVE",
        "OPEN-MONTH-BEFORE-UNIT",
    }


def test_a_form_proposes_and_opens_when_its_proposals_are_accepted(unit: Unit) -> None:
    assert refused(lambda: form(unit, name="李 四")) == ("OPEN-NAME-MENDED",)
    result = form(unit, name="李 四", accept_mended=True)
    with reading(unit.handler):
        account = Account.objects.select_related("member").get(pk=result["account_id"])
    assert (account.member.name, account.number) == ("李四", result["number"])


def test_a_form_in_a_year_without_law_is_refused_by_name(unit: Unit) -> None:
    def act() -> object:
        return operations.open_account(
            unit_account_id=unit.unit_account_id,
            person={
                "name": "张三",
                "document_type": "身份证",
                "document_number": citizen_number(1),
                "monthly_wage": "6000",
                "first_month": "202708",
            },
            by=unit.handler,
            today=date(2027, 8, 10),
            key=Key.fresh(),
        )

    assert "POLICY-NO-LAW" in refused(act)


def test_the_clerk_opens_an_account_for_the_employer(unit: Unit) -> None:
    receipt = operations.open_account(
        unit_account_id=unit.unit_account_id,
        person={
            "name": "张三",
            "document_type": "护照",
            "document_number": "E12345678",
            "sex": "女",
            "birthday": "19900307",
            "monthly_wage": "6000",
            "first_month": "202607",
        },
        by=CLERK,
        today=DAY,
        key=Key.fresh(),
    )
    with reading(unit.handler):
        member = Member.objects.get(account=receipt.result["account_id"])
    assert (member.identity_type, member.sex, member.employer_id) == ("03", "2", unit.employer_id)


# Whose rows, and what stands in them


def test_another_employer_sees_nothing_of_a_roster(unit: Unit, stranger: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, *many(3))
    with reading(stranger.handler):
        assert queries.rows(case_no) == []
        assert queries.rosters(unit.unit_account_id) == []
        with pytest.raises(Roster.DoesNotExist):
            queries.roster(case_no)
    with pytest.raises(Case.DoesNotExist):
        choose(stranger, case_no)
    choose(unit, case_no)
    open_now(case_no)
    with reading(stranger.handler):
        assert members(unit.unit_account_id) == members(stranger.unit_account_id) == []


def test_no_table_holds_a_number_of_a_person_in_clear(unit: Unit, tmp_path: Path, center: Any) -> None:
    numbers = [citizen_number(serial) for serial in range(1, 7)]
    mobile, passport = "13812345678", "E98765432"
    spaced = f"{numbers[3][:6]} {numbers[3][6:14]} {numbers[3][14:]}"
    case_no = checked(
        unit,
        tmp_path,
        person(1, document_number=numbers[0], mobile=mobile),
        person(2, document_number=numbers[1][:17] + "*", name=numbers[2]),
        person(3, document_number=spaced, mobile="+86 138-1234-5678"),
        person(4, document_type=numbers[4], monthly_wage=numbers[5], first_month=mobile, sex=passport),
        person(5, document_type="护照", document_number=passport, name=f"{numbers[0]}\u202e"),
    )
    form(unit, document_number=citizen_number(77), mobile="13899999999")
    choose(unit, case_no, accept_mended=True)
    open_now(case_no)
    secrets = [*numbers, spaced, citizen_number(77), mobile, "138-1234-5678", "13899999999", passport]
    with center.connect("superuser") as admin:
        tables = [
            name for (name,) in admin.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND"
                                              " relnamespace = current_schema::regnamespace")
        ]  # fmt: skip
        dump = {table: str(admin.execute(f"SELECT {table}::text FROM {table}").fetchall()) for table in tables}
    assert len(dump["account_opening_rosterrow"]) > 1_000
    assert [(table, secret) for table, text in dump.items() for secret in secrets if secret in text] == []
    with reading(unit.handler):
        assert mask_identity(numbers[0]) in {row.identity_masked for row in queries.rows(case_no)}


# Pages


def test_a_roster_is_looked_through_by_page_by_verdict_and_by_finding(unit: Unit, tmp_path: Path) -> None:
    rows = many(120)
    rows[10], rows[100] = person(11, document_number=BAD), person(101, monthly_wage=99_999)
    case_no = checked(unit, tmp_path, *rows)
    with reading(unit.handler):
        first = queries.rows(case_no)
        second = queries.rows(case_no, after=first[-1].row_no)
        assert [row.row_no for row in first + second] == list(range(4, 104))
        assert queries.rows(case_no, before=second[0].row_no) == first
        assert [row.row_no for row in queries.rows(case_no, verdict=Verdict.REFUSED)] == [14]
        assert [row.row_no for row in queries.rows(case_no, verdict=Verdict.CHECK)] == [104]
        assert [row.row_no for row in queries.rows(case_no, code="OPEN-BASE-CLIPPED")] == [104]
    groups = shape(unit, case_no).groups
    assert {(group.sample.code, group.rows) for group in groups} == {
        ("OPEN-NUMBER-CITIZEN", 1),
        ("OPEN-BASE-CLIPPED", 1),
    }
    assert groups[0].sample.where == f"第14行 证件号码（{LETTERS['document_number']}14）"


def test_members_are_found_by_name_by_number_and_by_state(unit: Unit, tmp_path: Path) -> None:
    names = ["阿依古丽·买买提", "欧阳江月", "欧阳明", "江月", "张江月明", "JOHN SMITH"]
    case_no = checked(unit, tmp_path, *(person(at + 1, name=name) for at, name in enumerate(names)))
    choose(unit, case_no)
    assert open_now(case_no).opened == len(names)

    def found(search: str, **more: Any) -> list[str]:
        with reading(unit.handler):
            rows = members(unit.unit_account_id, search=search, **more)
            assert count_members(unit.unit_account_id, search=search, state=more.get("state")) == len(rows)
        return [row.name for row in rows]

    assert found("") == names
    assert found("欧") == ["欧阳江月", "欧阳明"]
    assert found("江月") == ["欧阳江月", "江月", "张江月明"]
    assert found("阳江月") == ["欧阳江月"]
    assert found("依古丽・买") == ["阿依古丽·买买提"]
    assert found("SMITH") == ["JOHN SMITH"]
    assert found("月") == found("不存在") == []
    assert found(f" {citizen_number(2)} ") == ["欧阳江月"]
    with reading(unit.handler):
        [row] = members(unit.unit_account_id, search=citizen_number(3).lower())
        page = members(unit.unit_account_id, limit=2)
        rest = members(unit.unit_account_id, after=page[-1].account_id)
        assert members(unit.unit_account_id, before=rest[0].account_id, limit=2) == page
    assert found(row.number) == ["欧阳明"]
    assert row.identity_masked == mask_identity(citizen_number(3))
    with durable(SYSTEM):
        Account.objects.filter(pk=row.account_id).update(state=AccountState.SEALED)
    assert found("欧", state=AccountState.ACTIVE) == ["欧阳江月"]
    assert found("", state=AccountState.SEALED) == ["欧阳明"]


def test_the_uploaded_file_is_kept_with_its_case(unit: Unit, tmp_path: Path) -> None:
    file = roster(tmp_path / "花名册.xlsx", person(1))
    case_no = upload(unit, file)
    with reading(unit.handler):
        attachment = Roster.objects.select_related("attachment").get(pk=case_no).attachment
    with attachments.open_attachment(attachment) as kept:
        assert kept.read() == file.read_bytes()
    assert (attachment.name, attachment.size) == ("花名册.xlsx", file.stat().st_size)

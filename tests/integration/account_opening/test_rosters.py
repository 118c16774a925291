"""Rosters from the upload to open accounts on a real database."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hpf.account_opening import operations, queries
from hpf.account_opening.models import Choice, Verdict
from hpf.casework.models import Case, CaseState
from hpf.kernel import Fen, Refused
from hpf.registry.codes import AccountState, TimelineKind
from hpf.registry.models import Account, IdentityLookup, Member, NameToken, TimelineEvent
from hpf.registry.queries import members
from hpf.storage import durable, keyring, reading
from tests.integration.account_opening.rosters import (
    BAD,
    DAY,
    JULY,
    assert_sound,
    at_once,
    checked,
    choose,
    codes,
    form,
    many,
    open_now,
    refused,
    shape,
    standing,
    upload,
    work,
)
from tests.integration.test_remittance import preview
from tests.office import SYSTEM, Unit
from tests.unit.account_opening.people import citizen_number, person, roster

# The main line


def test_three_people_get_the_accounts_of_the_worked_scenario(unit: Unit, tmp_path: Path) -> None:
    form(unit, name="甲", document_number=citizen_number(1), base="6000.00", monthly_wage="")
    case_no = checked(
        unit, tmp_path, person(2, name="欧阳乙", monthly_wage=40000), person(3, name="诸葛丙", monthly_wage=1500)
    )
    assert codes(unit, case_no) == {4: ["OPEN-BASE-CAPPED"], 5: ["OPEN-BASE-RAISED"]}
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
    case_no = checked(unit, tmp_path, person(1, name="张三三三", bank_card="6222000000000000001"))
    choose(unit, case_no)
    open_now(case_no)
    with reading(unit.handler):
        account = Account.objects.select_related("member").get()
        [row] = queries.rows(case_no)
        tokens = set(NameToken.objects.values_list("token", flat=True))
    member = account.member
    assert account.number == row.account_no == f"5111{account.pk:010d}"
    assert (member.name, member.identity_number, member.mobile) == ("张三三三", citizen_number(1), "13800000001")
    assert (member.sex, member.birthday, member.bank_card) == ("1", date(1990, 3, 7), "6222000000000000001")
    assert (account.state, account.opened_on, account.first_month) == (AccountState.ACTIVE, DAY, JULY)
    assert tokens == {"张", "张三", "三三"}


def test_a_worker_does_what_the_handler_asks_for(unit: Unit, tmp_path: Path) -> None:
    case_no = upload(unit, roster(tmp_path / "r.xlsx", *many(3)))
    work()
    assert shape(unit, case_no).state is CaseState.READY
    choose(unit, case_no)
    work()
    done = shape(unit, case_no)
    assert (done.state, done.opened) == (CaseState.DONE, 3)


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
    form(stranger, name="赵六", document_number=citizen_number(4))
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
        person(4, name="钱七"),
    )
    found = codes(unit, case_no)
    assert found[9] == ["OPEN-OPEN-ELSEWHERE"]  # and no word that another name stands there (ADR 24)
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


def test_numbers_are_kept_the_same_whichever_process_encrypts_them(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hpf.account_opening.roster.HANDFUL", 2)  # two for the second process, one row left
    case_no = checked(unit, tmp_path, *(person(at) for at in range(1, 6)))
    choose(unit, case_no, Choice.ALL_OR_NOTHING)
    assert open_now(case_no) == operations.Opening(case_no, opened=5)
    with reading(SYSTEM):
        kept = sorted(Member.objects.values_list("mobile", "identity_number", "identity_digest"))
    digest = keyring().digest
    assert [(mobile, number, bytes(found)) for mobile, number, found in kept] == [
        (f"138{at:08d}", citizen_number(at), digest("identity", citizen_number(at))) for at in range(1, 6)
    ]

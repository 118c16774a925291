"""Rosters sent twice, killed, overtaken by other acts, or not what they say."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hpf.account_opening import opening, operations, queries, staging
from hpf.account_opening.models import RosterRow
from hpf.casework.models import CaseState
from hpf.kernel import Key, Severity
from hpf.papers.roster_columns import ROSTER_COLUMNS
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from hpf.registry.models import Account, UnitAccount
from hpf.remittance.operations import withdraw_sheet
from hpf.storage import durable, reading
from tests.integration.account_opening.rosters import (
    BAD,
    DAY,
    JULY,
    Dying,
    Killed,
    assert_sound,
    at_once,
    check,
    checked,
    choose,
    codes,
    form,
    many,
    open_now,
    people_of,
    refused,
    shape,
    standing,
    upload,
)
from tests.integration.test_remittance import declare
from tests.office import SYSTEM, Unit
from tests.unit.account_opening.people import HEADER, citizen_number, person, roster

# Twice, at once, and killed


def test_the_same_upload_is_one_case(unit: Unit, tmp_path: Path) -> None:
    file = roster(tmp_path / "r.xlsx", person(1))
    assert upload(unit, file, "upload-1") == upload(unit, file, "upload-1")
    other = roster(tmp_path / "other.xlsx", person(2))
    assert refused(lambda: upload(unit, other, "upload-1")) == ("KEY-REUSED",)


def test_of_two_rosters_at_once_one_takes_the_place_of_the_other(unit: Unit, tmp_path: Path) -> None:
    file = roster(tmp_path / "r.xlsx", person(1))
    numbers = at_once(lambda: upload(unit, file), lambda: upload(unit, file))
    states = sorted(shape(unit, int(str(number))).state for number in numbers)
    assert states == [CaseState.CHECKING, CaseState.WITHDRAWN]


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
    header = ["姓名" if title.endswith(("证件号码", "证件类型")) else title for title in HEADER]
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


def test_a_number_that_lost_its_digits_comes_back_as_nothing(unit: Unit, tmp_path: Path) -> None:
    lost = person(1, document_number=float(citizen_number(1)), bank_card=6222021234567890123.0)
    case_no = checked(unit, tmp_path, lost)
    with reading(unit.handler):
        [row] = people_of(tmp_path, queries.marked_workbook(case_no))
    assert row[1] == "张三"
    assert row[3] in (None, "")
    assert row[9] in (None, "")


def test_what_comes_back_says_the_right_value_and_the_weightiest_first(unit: Unit, tmp_path: Path) -> None:
    case_no = checked(unit, tmp_path, person(1, monthly_wage="600.005"), person(2, document_number=BAD))
    with reading(unit.handler):
        mended, refused = people_of(tmp_path, queries.marked_workbook(case_no))
        groups = [group.sample.severity for group in queries.roster(case_no).groups]
    told = mended[-1].split("\n")
    assert told[0].startswith("需要更正：")
    assert told[0].endswith("建议改为“600.01”。")
    assert told[1].startswith("请核对：月平均工资600.01元低于下限")
    assert refused[-1].startswith("不能办理：")
    assert groups == [Severity.REFUSED, Severity.MEND, Severity.CHECK]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "@SUM(A1)", "+86|cmd", "-1"])
def test_a_name_that_would_calculate_is_refused_and_comes_back_as_text(unit: Unit, tmp_path: Path, name: str) -> None:
    file = tmp_path / "r.xlsx"
    typed = dict(zip([column.key for column in ROSTER_COLUMNS], map(str, person(1, name=name)), strict=True))
    file.write_bytes(roster_template(UnitShape("测试单位", number_of(unit)), rows=[typed]))
    case_no = upload(unit, file)
    check(case_no)
    assert codes(unit, case_no) == {4: ["OPEN-NAME-FORM"]}
    with reading(unit.handler):
        [row] = people_of(tmp_path, queries.marked_workbook(case_no))
        assert queries.rows(case_no)[0].name == name
    assert row[1] == name


def number_of(unit: Unit) -> str:
    with reading(SYSTEM):
        return unit.row.number


def test_the_template_of_another_unit_account_is_refused_and_nobody_opened_at_the_wrong_employer(
    unit: Unit, tmp_path: Path
) -> None:
    file = tmp_path / "r.xlsx"
    typed = dict(zip([column.key for column in ROSTER_COLUMNS], map(str, person(1)), strict=True))
    file.write_bytes(roster_template(UnitShape("别的 单位2", "981000000099"), rows=[typed]))
    case_no = upload(unit, file)
    check(case_no)
    with reading(unit.handler):
        (told,) = queries.roster(case_no).findings
    assert (told.code, told.where) == ("ROSTER-OTHER-UNIT", "A1")
    assert told.what == "这份花名册是“别的 单位2”（单位账号后八位00000099）的"


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

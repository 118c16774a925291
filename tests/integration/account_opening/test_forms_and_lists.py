"""One person by form, who sees a roster, and looking through one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hpf.account_opening import operations, queries
from hpf.account_opening.models import Roster, Verdict
from hpf.casework import attachments
from hpf.casework.models import Case
from hpf.kernel import Key
from hpf.kernel.identity import mask_identity
from hpf.registry.codes import AccountState
from hpf.registry.models import Account, Member
from hpf.registry.queries import count_members, members
from hpf.storage import durable, reading
from tests.integration.account_opening.rosters import (
    BAD,
    DAY,
    checked,
    choose,
    form,
    many,
    open_now,
    refused,
    shape,
    upload,
)
from tests.office import CLERK, SYSTEM, Unit
from tests.unit.account_opening.people import LETTERS, citizen_number, person, roster

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
        assert [row.row_no for row in queries.rows(case_no, code="OPEN-BASE-CAPPED")] == [104]
    groups = shape(unit, case_no).groups
    assert {(group.sample.code, group.rows) for group in groups} == {
        ("OPEN-NUMBER-CITIZEN", 1),
        ("OPEN-BASE-CAPPED", 1),
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
    assert b"".join(attachments.read(attachment)) == file.read_bytes()
    assert (attachment.name, attachment.size) == ("花名册.xlsx", file.stat().st_size)

"""What is said of one person and of a whole roster, before the register is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpf.account_opening.rules import (
    context_findings,
    effective_base,
    missing_mobiles,
    roster_findings,
    standing_finding,
    terms,
)
from hpf.account_opening.shapes import DocumentType, OpeningLaw, Places, RosterRow, Standing
from hpf.kernel import Fen, Month, Rate, Refusal, Refused, Rounding, Severity
from hpf.policy.citations import REGULATION_2026
from tests.unit.account_opening.people import (
    CONTEXT,
    GOOD,
    LAW,
    citizen_number,
    codes,
    findings,
    law_of_every_month,
    with_check_digit,
)


def test_a_person_in_order_is_opened_without_a_word() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("wage", "base", "side", "found"),
    [
        ("6000.00", "6000.00", "480.00", []),
        ("40000.00", "26495.50", "2119.64", ["OPEN-BASE-CAPPED"]),
        ("1500.00", "2200.00", "176.00", ["OPEN-BASE-RAISED"]),
    ],
)
def test_step_one_of_the_worked_scenario(wage: str, base: str, side: str, found: list[str]) -> None:
    row = replace(GOOD, monthly_wage=Fen.from_yuan(wage))
    said = terms(row, LAW)
    assert said is not None
    assert (said.declared, said.base) == (Fen.from_yuan(wage), Fen.from_yuan(base))
    assert said.unit_amount == said.personal_amount == Fen.from_yuan(side)
    assert said.monthly == 2 * Fen.from_yuan(side)
    assert codes(row) == found
    assert all(finding.severity is Severity.CHECK for finding in findings(row))


@pytest.mark.parametrize(("base", "found"), [
    ("26495.50", []), ("26495.51", ["OPEN-BASE-LIMITS"]), ("2200.00", []), ("2199.99", ["OPEN-BASE-LIMITS"]),
])  # fmt: skip
def test_a_typed_base_must_lie_in_the_limits(base: str, found: list[str]) -> None:
    row = replace(GOOD, monthly_wage=None, base=Fen.from_yuan(base))
    assert codes(row) == found
    assert all(finding.severity is Severity.REFUSED for finding in findings(row))


@given(st.integers(1, 10**12))
def test_the_effective_base_is_the_nearest_amount_inside_the_limits(wage: int) -> None:
    base = effective_base(Fen(wage), LAW)
    assert LAW.base_floor <= base <= LAW.base_cap
    assert base == wage or abs(base - wage) == min(abs(LAW.base_floor - wage), abs(LAW.base_cap - wage))


def test_both_sides_are_rounded_by_themselves_as_the_law_names_it() -> None:
    law = replace(LAW, unit_rate=Rate(1200), personal_rate=Rate(500), rounding=Rounding.UP_JIAO)
    said = terms(replace(GOOD, monthly_wage=Fen.from_yuan("5333.33")), law)
    assert said is not None
    assert (said.unit_amount, said.personal_amount) == (Fen.from_yuan("640.00"), Fen.from_yuan("266.70"))


@pytest.mark.parametrize(
    "name", ["张三", "欧阳娜娜", "阿依古丽·买买提", "𠮷田", "Anna Müller", "O'Neil, J.", "Mary-Ann St. Clair"]
)
def test_names_of_people_are_names(name: str) -> None:
    assert codes(replace(GOOD, name=name)) == []


@pytest.mark.parametrize(
    "name",
    [
        '"><img src=x onerror=alert(1)>',
        "=cmd|'/c calc'!A0",
        "+1",
        "@SUM(A1)",
        "-",
        "张三1",
        "张三（大）",
        "张A",
        "·张三",
        "张··三",
        "张\u202e三",
        "张\ue000",
        "Иван",
        "张" * 61,
        "A" * 121,
    ],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    assert codes(replace(GOOD, name=name)) == ["OPEN-NAME-FORM"]


def test_a_name_that_is_only_too_long_is_called_that() -> None:
    [finding] = findings(replace(GOOD, name="长" * 81))
    assert (finding.code, finding.why) == ("OPEN-NAME-FORM", "姓名最长60个汉字，或120个英文字母，现为81个字")
    assert codes(replace(GOOD, name="阿" * 60)) == codes(replace(GOOD, name="A" * 120)) == []


def test_a_name_of_one_character_is_a_question() -> None:
    [finding] = findings(replace(GOOD, name="张"))
    assert (finding.code, finding.severity) == ("OPEN-NAME-SHORT", Severity.CHECK)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("11010519491231002X", ["OPEN-AGE-RETIRED"]),
        ("440524188001010014", ["OPEN-AGE-IMPLAUSIBLE"]),
        ("360426199101010071", []),
        ("44011320141005001X", ["OPEN-AGE-YOUNG"]),
        ("511121197708150021", []),
        ("511102199912318880", []),
        ("51110220000229001X", []),
        ("511102198502290016", ["OPEN-NUMBER-CITIZEN"]),
        ("511102199003071234", ["OPEN-NUMBER-CITIZEN"]),
        ("51110219900307123", ["OPEN-NUMBER-CITIZEN"]),
        ("51110219900307123x", ["OPEN-NUMBER-CITIZEN"]),
        ("511102900307123", ["OPEN-NUMBER-15"]),
        ("511102199003071000", ["OPEN-NUMBER-LOST-DIGITS"]),
        ("990101199001010019", []),
    ],
)
def test_citizen_numbers(number: str, found: list[str]) -> None:
    assert codes(replace(GOOD, document_number=number)) == found


def test_a_residence_permit_has_a_citizen_number_under_either_type() -> None:
    permit = with_check_digit("81000019900307123")
    for kind in (DocumentType.CITIZEN, DocumentType.OTHER):
        assert codes(replace(GOOD, document_type=kind, document_number=permit)) == []
        wrong = permit[:-1] + ("0" if permit[-1] != "0" else "1")
        assert codes(replace(GOOD, document_type=kind, document_number=wrong)) == ["OPEN-NUMBER-CITIZEN"]


def test_a_permanent_resident_has_nine_in_front_or_the_older_form() -> None:
    row = replace(GOOD, document_type=DocumentType.PERMANENT_RESIDENT)
    assert codes(replace(row, document_number=with_check_digit("91115619900307123"))) == []
    assert codes(replace(row, document_number=GOOD.document_number)) == ["OPEN-NUMBER-FORM"]
    older = replace(row, document_number="FRA110090030712", birthday=date(1990, 3, 7), sex="1")
    assert codes(older) == []
    assert codes(replace(older, document_number="FRA1100900307")) == ["OPEN-NUMBER-FORM"]


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        (DocumentType.PASSPORT, "E12345678", []),
        (DocumentType.PASSPORT, "E-1234567", ["OPEN-NUMBER-FORM"]),
        (DocumentType.OFFICER, "军字第1234567号", []),
        (DocumentType.OTHER, "<script>", ["OPEN-NUMBER-FORM"]),
        (DocumentType.OTHER, "AB\u0410\u0412123", ["OPEN-NUMBER-FORM"]),
        (DocumentType.OTHER, "511102900307123", ["OPEN-NUMBER-15"]),
        (DocumentType.OTHER, "511102-900307-123", ["OPEN-NUMBER-15"]),
        (DocumentType.OFFICER, "511102900307123", ["OPEN-NUMBER-15"]),
        (DocumentType.PASSPORT, "511102900307123", ["OPEN-NUMBER-15"]),
        (DocumentType.OTHER, "511102901307123", []),
        (DocumentType.OTHER, "511102199003071236", ["OPEN-NUMBER-LIKE-CITIZEN"]),
        (DocumentType.OFFICER, "511102199003071236", ["OPEN-NUMBER-LIKE-CITIZEN"]),
        (DocumentType.PASSPORT, "51110219900307123X", ["OPEN-NUMBER-LIKE-CITIZEN"]),
        (DocumentType.OTHER, "511102199013071236", []),
    ],
)
def test_other_documents_are_held_to_their_form_only(kind: DocumentType, number: str, found: list[str]) -> None:
    row = replace(GOOD, document_type=kind, document_number=number, birthday=date(1990, 3, 7), sex="2")
    assert codes(row) == found


def test_with_another_document_birthday_and_sex_must_be_given() -> None:
    row = replace(GOOD, document_type=DocumentType.PASSPORT, document_number="E12345678")
    assert codes(row) == ["OPEN-BIRTHDAY-MISSING", "OPEN-SEX-MISSING"]


def test_birthday_and_sex_that_contradict_the_number_come_with_the_numbers_own() -> None:
    row = replace(GOOD, birthday=date(1990, 7, 3), sex="2")
    birthday, sex = findings(row)
    assert (birthday.code, birthday.proposal, birthday.severity) == (
        "OPEN-BIRTHDAY-CONTRADICTS", "1990-03-07", Severity.MEND,
    )  # fmt: skip
    assert (sex.code, sex.proposal, sex.where) == ("OPEN-SEX-CONTRADICTS", "男", "第12行 性别（H12）")
    assert codes(replace(GOOD, birthday=date(1990, 3, 7), sex="1")) == []


@pytest.mark.parametrize(
    ("today", "found"),
    [(date(2026, 8, 9), ["OPEN-AGE-YOUNG"]), (date(2026, 8, 10), []), (date(2026, 8, 11), [])],
)
def test_the_sixteenth_birthday_is_the_first_day(today: date, found: list[str]) -> None:
    row = replace(GOOD, document_number=citizen_number(1, "20100810"))
    assert codes(row, replace(CONTEXT, today=today)) == found


@pytest.mark.parametrize(
    ("born", "found"),
    [
        ("19260810", ["OPEN-AGE-RETIRED"]),
        ("19250811", ["OPEN-AGE-RETIRED"]),
        ("19250810", ["OPEN-AGE-IMPLAUSIBLE"]),
        ("19610811", []),
        ("20270101", ["OPEN-BIRTHDAY-FUTURE"]),
    ],
)
def test_ages_at_the_edges(born: str, found: list[str]) -> None:
    assert codes(replace(GOOD, document_number=citizen_number(1, born))) == found


def test_the_minimum_age_is_the_laws() -> None:
    row = replace(GOOD, document_number=citizen_number(1, "20090101"))
    assert codes(row, law=replace(LAW, minimum_age=18)) == ["OPEN-AGE-YOUNG"]


@pytest.mark.parametrize(
    ("mobile", "found"),
    [("", []), ("12800000001", ["OPEN-MOBILE-FORM"]), ("1380000000", ["OPEN-MOBILE-FORM"])],
)
def test_a_mobile_number_may_be_missing_but_not_wrong(mobile: str, found: list[str]) -> None:
    assert codes(replace(GOOD, mobile=mobile)) == found


def test_missing_mobiles_are_one_remark_for_the_whole_roster() -> None:
    assert list(missing_mobiles([GOOD])) == []
    unread = replace(GOOD, mobile="", unread=frozenset({"mobile"}))
    [remark] = missing_mobiles([GOOD, unread, replace(GOOD, mobile=""), replace(GOOD, mobile="")])
    assert (remark.what, remark.severity) == ("有2人未填手机号码", Severity.CHECK)


@pytest.mark.parametrize("wage", [0, -1])
def test_a_wage_must_be_positive(wage: int) -> None:
    row = replace(GOOD, monthly_wage=Fen(wage))
    assert codes(row) == ["OPEN-WAGE-NOT-POSITIVE"]
    assert terms(row, LAW) is None


@pytest.mark.parametrize(
    ("month", "found"),
    [
        (Month(2026, 6), ["OPEN-MONTH-BEFORE-UNIT"]),
        (Month(2026, 7), ["OPEN-MONTH-PAID"]),
        (Month(2026, 8), []),
        (Month(2026, 9), []),
        (Month(2026, 10), ["OPEN-MONTH-FUTURE"]),
    ],
)
def test_an_account_begins_after_what_is_paid_and_by_next_month(month: Month, found: list[str]) -> None:
    context = replace(CONTEXT, paid_through=Month(2026, 7))
    assert codes(replace(GOOD, first_month=month), context) == found


def test_a_paid_month_points_to_back_payment() -> None:
    [finding] = findings(GOOD, replace(CONTEXT, paid_through=Month(2026, 7)))
    assert "补缴" in finding.remedy
    assert "2026年8月" in finding.remedy


def test_an_empty_row_is_told_all_that_it_lacks_at_once() -> None:
    assert codes(RosterRow(5, Places())) == [
        "OPEN-NAME-MISSING",
        "OPEN-DOCUMENT-TYPE",
        "OPEN-NUMBER-MISSING",
        "OPEN-WAGE-MISSING",
        "OPEN-MONTH-MISSING",
    ]


def test_what_reading_has_already_said_is_not_said_again() -> None:
    unread = frozenset({"name", "document_type", "document_number", "mobile", "monthly_wage", "first_month"})
    assert codes(RosterRow(5, Places(), unread=unread)) == []


def test_a_finding_names_its_cell_on_a_sheet_and_its_field_on_a_form() -> None:
    [on_sheet] = findings(replace(GOOD, document_number="511102199003071234"))
    [on_form] = findings(replace(GOOD, document_number="511102199003071234", places=Places()))
    assert on_sheet.where == "第12行 证件号码（D12）"
    assert on_form.where == "证件号码"


def test_no_finding_shows_a_whole_identity_or_mobile_number() -> None:
    twins = [replace(GOOD, number=n, birthday=date(1991, 1, 1)) for n in (1, 2)]
    wrong = replace(GOOD, number=3, document_number="511102199003071234", mobile="23800000001")
    for found in roster_findings([*twins, wrong], law_of_every_month, CONTEXT).values():
        for finding in found:
            assert not any(secret in finding.sentence for secret in (GOOD.document_number, wrong.document_number))
            assert not any(secret in finding.sentence for secret in (GOOD.mobile, wrong.mobile))


def test_doubled_people_are_refused_in_each_row_and_named_to_each_other() -> None:
    rows = [replace(GOOD, number=n, mobile=f"1380000000{n}") for n in (4, 7)]
    found = roster_findings([*rows, other(9)], law_of_every_month, CONTEXT)
    assert [(number, [f.code for f in fs]) for number, fs in found.items()] == [
        (4, ["OPEN-TWICE-IN-FILE"]),
        (7, ["OPEN-TWICE-IN-FILE"]),
    ]
    assert all("第4行、第7行" in finding.what for finding in (*found[4], *found[7]))


def test_a_shared_mobile_number_is_a_question_to_each_row() -> None:
    rows = [replace(other(n), mobile=GOOD.mobile) for n in (4, 7)]
    found = roster_findings(rows, law_of_every_month, CONTEXT)
    assert {(n, f.code, f.severity) for n, fs in found.items() for f in fs} == {
        (n, "OPEN-MOBILE-TWICE", Severity.CHECK) for n in (4, 7)
    }


def test_a_number_that_fills_the_column_names_a_few_rows_and_the_count() -> None:
    found = roster_findings([replace(GOOD, number=n) for n in range(1, 501)], law_of_every_month, CONTEXT)
    assert found[300][0].what.endswith("第1行、第2行、第3行、第4行、第5行、第300行等500行")


def test_each_row_is_measured_by_the_law_of_its_month() -> None:
    old = replace(LAW, base_floor=Fen.from_yuan("2000.00"))

    def laws(month: Month) -> OpeningLaw:
        return old if month < Month(2026, 8) else LAW

    rows = [replace(other(n), monthly_wage=Fen.from_yuan("2100"), first_month=Month(2026, 6 + n)) for n in (1, 2)]
    found = roster_findings(rows, laws, CONTEXT)
    assert {n: [f.code for f in fs] for n, fs in found.items()} == {2: ["OPEN-BASE-RAISED"]}


def test_a_month_without_law_is_a_finding_of_its_rows_and_asked_once() -> None:
    asked = []

    def laws(month: Month) -> OpeningLaw:
        asked.append(month)
        if month == Month(2026, 9):
            raise Refused(Refusal("POLICY-NO-LAW", "没有生效的缴存基数上限"))
        return LAW

    rows = [replace(other(n), first_month=Month(2026, 7 + n % 3)) for n in range(9)]
    found = roster_findings(rows, laws, CONTEXT)
    assert sorted(asked) == [Month(2026, 7), Month(2026, 8), Month(2026, 9)]
    assert [f.code for f in found[2]] == ["POLICY-NO-LAW"]
    assert found[2][0].where == "第2行 首次缴存年月（G2）"
    assert sorted(found) == [2, 5, 8]


def test_a_month_out_of_reach_never_asks_for_its_law() -> None:
    asked = []

    def laws(month: Month) -> OpeningLaw:
        asked.append(month)
        return LAW

    roster_findings([replace(GOOD, first_month=Month(1900, 1))], laws, CONTEXT)
    assert asked == [Month(2026, 8)]


def test_a_sealed_or_closed_unit_opens_nobody() -> None:
    assert [context_findings(replace(CONTEXT, unit_state=state)) for state in ("01", "02", "03")] == [[], [], []]
    for state in ("04", "05", "99"):
        assert [f.code for f in context_findings(replace(CONTEXT, unit_state=state))] == ["OPEN-UNIT-STATE"]


def test_every_standing_but_free_is_a_refusal_with_a_way_out() -> None:
    assert standing_finding(Standing.FREE, CONTEXT.today) is None
    for standing in set(Standing) - {Standing.FREE}:
        finding = standing_finding(standing, CONTEXT.today, GOOD.where)
        assert finding is not None
        assert finding.severity is Severity.REFUSED
        assert finding.remedy
        assert finding.where.startswith("第12行")


def test_an_open_account_elsewhere_is_sealed_and_transferred_first() -> None:
    finding = standing_finding(Standing.OPEN_ELSEWHERE, CONTEXT.today)
    assert finding is not None
    assert "原单位" in finding.remedy
    assert "封存" in finding.remedy
    assert "转移" in finding.remedy
    assert finding.where == "证件号码"


def test_the_regulation_is_cited_in_the_edition_of_the_day() -> None:
    before = standing_finding(Standing.OPEN_HERE, date(2026, 9, 19))
    after = standing_finding(Standing.OPEN_HERE, REGULATION_2026)
    assert before is not None
    assert after is not None
    assert before.basis == "《住房公积金管理条例》（2019年修订）第十三条"
    assert after.basis == "《住房公积金管理条例》（2026年修订）第十三条"


def other(serial: int) -> RosterRow:
    """Somebody else for each serial."""
    number = citizen_number(serial % 1_000, f"19{70 + serial // 1_000}0307")
    return replace(GOOD, number=serial, document_number=number, mobile=f"139{serial:08d}")

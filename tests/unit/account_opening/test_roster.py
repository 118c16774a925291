"""A whole roster from a file: columns by name, people, totals; and files that are no rosters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from hpf.account_opening.roster import check_file
from hpf.account_opening.shapes import OpeningContext
from hpf.kernel import Fen, Month, Refused, Severity
from hpf.papers.roster_columns import (
    ROSTER_COLUMNS,
    ROSTER_GUIDE_SHEET,
    ROSTER_MAX_ROWS,
    ROSTER_META_SHEET,
    ROSTER_META_UNIT,
    ROSTER_SHEET,
    ROSTER_TITLE,
)
from hpf.papers.shapes import UnitShape
from hpf.papers.workbooks import roster_template
from tests.unit.account_opening.people import CONTEXT, HEADER, citizen_number, law_of_every_month, person, roster
from tests.unit.reading import zoo

MIXED = [
    person(1),
    person(2, name="李 四"),
    person(3, document_number="511102199003071234"),
    person(4, monthly_wage=40000),
    person(5, document_number=511102199003071235),
]


def check(path: Path, context: OpeningContext = CONTEXT):  # type: ignore[no-untyped-def]
    return check_file(path, law_of_every_month, context)


def refused(path: Path) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        check(path)
    return caught.value.codes


def test_every_row_gets_its_verdict_and_the_good_ones_are_summed(tmp_path: Path) -> None:
    found = check(roster(tmp_path / "r.xlsx", *MIXED))
    assert found.sheet == ROSTER_SHEET
    assert [row.verdict for row in found.rows] == [
        None, Severity.MEND, Severity.REFUSED, Severity.CHECK, Severity.REFUSED,
    ]  # fmt: skip
    assert [[f.code for f in row.findings] for row in found.rows] == [
        [],
        ["OPEN-NAME-MENDED"],
        ["OPEN-NUMBER-CITIZEN"],
        ["OPEN-BASE-CAPPED"],
        ["OPEN-NUMBER-LOST-DIGITS"],
    ]
    totals = found.totals
    assert (totals.people, totals.ready.people, totals.to_mend.people, totals.to_check, totals.refused) == (
        5,
        2,
        1,
        1,
        2,
    )
    assert totals.ready.base == Fen.from_yuan("32495.50")
    assert totals.ready.unit_amount == totals.ready.personal_amount == Fen.from_yuan("2599.64")
    assert totals.to_mend.monthly == Fen.from_yuan("960.00")


def test_the_gravest_finding_is_the_verdict(tmp_path: Path) -> None:
    rough = person(1, name="李 四", monthly_wage=40000, first_month="202601")
    [row] = check(roster(tmp_path / "r.xlsx", rough)).rows
    assert {f.severity for f in row.findings} == set(Severity)
    assert row.verdict is Severity.REFUSED


def test_columns_are_found_by_name_in_any_order_and_by_other_names(tmp_path: Path) -> None:
    header = ["首次缴存年月（必填）", "月工资(元)", " 职工 姓名", "身份证号", "证件种类", "手机"]
    rows = [header, ["202607", 6000, "张三", citizen_number(1), "身份证", "13800000001"]]
    found = check(zoo.workbook(tmp_path / "own.xlsx", rows, sheet="Sheet1"))
    [row] = found.rows
    assert (row.findings, found.findings) == ((), ())
    assert row.row.where("document_number") == "第2行 证件号码（D2）"


def test_a_base_may_be_typed_instead_of_the_wage(tmp_path: Path) -> None:
    header = [title.replace("月平均工资", "缴存基数") for title in HEADER]
    found = check(roster(tmp_path / "r.xlsx", person(1), person(2, monthly_wage=30000), header=header))
    assert [[f.code for f in row.findings] for row in found.rows] == [[], ["OPEN-BASE-LIMITS"]]
    assert found.rows[0].row.base == Fen.from_yuan("6000")
    assert found.rows[0].row.monthly_wage is None


def test_missing_columns_are_all_named_at_once(tmp_path: Path) -> None:
    path = roster(tmp_path / "r.xlsx", person(1), header=["序号", "姓名", "x", "证件号码", "手机号码", "y", "z"])
    with pytest.raises(Refused) as caught:
        check(path)
    assert [r.what for r in caught.value.refusals] == [
        "缺少“证件类型”一列",
        "缺少“月平均工资”一列",
        "缺少“首次缴存年月”一列",
    ]
    assert set(caught.value.codes) == {"ROSTER-COLUMN-MISSING"}


def test_a_doubled_column_is_refused_with_its_letters(tmp_path: Path) -> None:
    path = roster(tmp_path / "r.xlsx", person(1), header=[*HEADER, "身份证号"])
    with pytest.raises(Refused) as caught:
        check(path)
    [refusal] = caught.value.refusals
    assert refusal.code == "ROSTER-COLUMN-TWICE"
    assert "（D、K）" in refusal.what


def test_wage_and_base_beside_each_other_are_refused(tmp_path: Path) -> None:
    assert refused(roster(tmp_path / "r.xlsx", person(1), header=[*HEADER, "缴存基数"])) == ("ROSTER-WAGE-AND-BASE",)


def test_a_sheet_without_header_is_refused(tmp_path: Path) -> None:
    assert refused(zoo.workbook(tmp_path / "r.xlsx", [["张三", citizen_number(1)]])) == ("ROSTER-NO-HEADER",)


def test_a_header_without_people_is_refused_and_serial_numbers_are_no_people(tmp_path: Path) -> None:
    empty = [[n] for n in range(1, 50)]
    assert refused(roster(tmp_path / "r.xlsx", *empty)) == ("ROSTER-NO-PEOPLE",)


def test_columns_nobody_asked_for_are_named_and_left_aside(tmp_path: Path) -> None:
    found = check(roster(tmp_path / "r.xlsx", [*person(1), "财务部"], header=[*HEADER, "部门"]))
    [finding] = found.findings
    assert (finding.code, finding.severity) == ("ROSTER-COLUMN-IGNORED", Severity.CHECK)
    assert "部门" in finding.what
    assert found.rows[0].findings == ()


def test_a_file_with_several_sheets_says_which_was_read(tmp_path: Path) -> None:
    def book(*names: str) -> Path:
        path = tmp_path / f"{len(names)}.xlsx"
        workbook = xlsxwriter.Workbook(path)
        for name in names:
            page = workbook.add_worksheet(name)
            page.write_row(0, 0, HEADER)
            page.write_row(1, 0, person(1))
        workbook.close()
        return path

    assert check(book(ROSTER_SHEET, ROSTER_GUIDE_SHEET)).findings == ()
    [finding] = check(book("一月", "二月", ROSTER_GUIDE_SHEET)).findings
    assert finding.code == "ROSTER-OTHER-SHEETS"
    assert "一月" in finding.what


OWN, OTHER = "511100000001", "511100000099"


def titled(path: Path, title: str, unit: str = "") -> Path:
    """A template that somebody retitled; with the hidden sheet that names a unit account."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(ROSTER_SHEET)
    for at, row in enumerate(([title], [], HEADER, person(1))):
        page.write_row(at, 0, row)
    if unit:
        hidden = book.add_worksheet(ROSTER_META_SHEET)
        hidden.write_row(0, 0, [ROSTER_META_UNIT, unit])
        hidden.very_hidden()
    book.close()
    return path


@pytest.mark.parametrize(
    ("title", "unit", "is_other"),
    [
        (f"{ROSTER_TITLE}　别的 单位　{OTHER}", "", True),
        (f"{ROSTER_TITLE}　测试单位　{OWN}", OTHER, False),  # retitled for its own unit
        (f"{ROSTER_TITLE} 测试单位 202608", "", False),
        (f"{ROSTER_TITLE} {OTHER}", "", False),
        (f"{ROSTER_TITLE} 测试单位 202608", OTHER, True),
        ("", OTHER, True),
        ("", OWN, False),
    ],
)
def test_a_roster_of_another_unit_is_known_by_its_title_or_by_its_hidden_sheet(
    tmp_path: Path, title: str, unit: str, is_other: bool
) -> None:
    path, context = titled(tmp_path / "r.xlsx", title, unit), replace(CONTEXT, unit_number=OWN)
    if is_other:
        with pytest.raises(Refused, match="单位账号后八位00000099") as caught:
            check(path, context)
        assert caught.value.codes == ("ROSTER-OTHER-UNIT",)
    else:
        assert len(check(path, context).rows) == 1


def test_formulas_are_refused_where_they_are_read_and_allowed_as_serial_numbers(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(ROSTER_SHEET)
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, person(1))
    page.write_formula("A2", "=ROW()-1", None, 1)
    page.write_row(2, 0, person(2))
    page.write_formula("F3", "=F2", None, 6000)
    page.write_formula("B4", '=IF(D4="","","x")', None, "")
    book.close()
    first, second = check(path).rows
    assert first.findings == ()
    [finding] = second.findings
    assert (finding.code, finding.where) == ("ROSTER-FORMULA", "第3行 月平均工资（F3）")


def test_doubled_people_keep_their_row_numbers_across_blank_rows(tmp_path: Path) -> None:
    found = check(roster(tmp_path / "r.xlsx", person(1), [], person(2, document_number=citizen_number(1))))
    assert [row.row.number for row in found.rows] == [4, 6]
    assert all("第4行、第6行" in row.findings[0].what for row in found.rows)


def test_a_sealed_unit_is_told_so_once(tmp_path: Path) -> None:
    context = OpeningContext("05", Month(2026, 7), None, date(2026, 8, 10))
    found = check(roster(tmp_path / "r.xlsx", person(1)), context)
    assert [f.code for f in found.findings] == ["OPEN-UNIT-STATE"]


def test_a_bad_file_is_refused_as_reading_refuses_it(tmp_path: Path) -> None:
    assert refused(zoo.macros(tmp_path)) == ("FILE-MACROS",)
    assert refused(zoo.corners(tmp_path)) == ("FILE-FAR-CELL",)


def test_one_person_too_many_is_refused(tmp_path: Path) -> None:
    rows = ([f"甲{n}"] for n in range(ROSTER_MAX_ROWS + 1))
    header = [title for title in HEADER if "姓名" in title] + [title for title in HEADER if "姓名" not in title]
    assert refused(zoo.workbook(tmp_path / "many.xlsx", [header, *rows])) == ("ROSTER-TOO-MANY-PEOPLE",)


def test_the_template_filled_and_the_roster_given_back_are_read_without_a_word(tmp_path: Path) -> None:
    unit = UnitShape(name="测试单位", account_no="981000000001")
    people = [{column.key: column.example for column in ROSTER_COLUMNS}]
    for findings in (None, ["请核对"]):
        path = tmp_path / "template.xlsx"
        path.write_bytes(roster_template(unit, rows=people, findings=findings))
        found = check(path)
        [row] = found.rows
        assert (row.findings, found.findings) == ((), ())
        assert row.row.where("name") == "第4行 姓名（B4）"
        assert row.terms is not None
        assert row.terms.base == Fen.from_yuan("6000.00")


def test_the_empty_template_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(roster_template(UnitShape(name="测试单位", account_no="981000000001")))
    assert refused(path) == ("ROSTER-NO-PEOPLE",)

"""Workbooks out, read back by another library."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from hpf.kernel import Fen, Month
from hpf.papers import roster_columns as roster
from hpf.papers.marks import BEIJING
from hpf.papers.workbooks import Field, Kind, Sums, Value, csv_export, roster_template, table_workbook
from tests.unit.papers.specimens import RARE_NAMES, UNIT

MADE_AT = datetime(2026, 8, 10, 9, 12, 33, tzinfo=BEIJING)
WATERMARK = "陈晓梅 & 示范建材 2026-08-10 09:12:33 导出"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=cmd|", "=cmd|'/c calc'!A1", " =1", "＝1", "{=1}")
TABLE = (
    Field("序号", Kind.COUNT, 8),
    Field("姓名"),
    Field("证件号码", width=22),
    Field("月缴存额", Kind.MONEY, total=True),
    Field("缴至年月", Kind.MONTH),
    Field("入账日期", Kind.DAY),
)


def rows(names: Sequence[str]) -> list[tuple[Value, ...]]:
    return [
        (number, name, "990101199001010019", Fen(95_999), Month(2026, 8), date(2026, 8, 14))
        for number, name in enumerate(names, start=1)
    ]


def parts(workbook: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(workbook)) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".xml")}


def listed(names: Sequence[str]) -> bytes:
    return table_workbook("汇缴清册：2026年8月", TABLE, rows(names), watermark=WATERMARK, made_at=MADE_AT)


def test_a_list_reads_back_with_its_types() -> None:
    sheet = load_workbook(BytesIO(listed(RARE_NAMES))).active
    assert [sheet["A1"].value, sheet["A2"].value] == ["汇缴清册：2026年8月", WATERMARK]
    assert [cell.value for cell in sheet[3]] == [field.title for field in TABLE]
    first = [cell.value for cell in sheet[4]]
    assert first == [1, RARE_NAMES[0], "990101199001010019", 959.99, datetime(2026, 8, 1), datetime(2026, 8, 14)]  # noqa: DTZ001
    assert [cell.number_format for cell in sheet[4]] == ["#,##0", "@", "@", "#,##0.00", "yyyy-mm", "yyyy-mm-dd"]
    assert sheet.freeze_panes == "A4"


def test_a_list_ends_with_its_totals_as_numbers() -> None:
    sheet = load_workbook(BytesIO(listed(["张三"] * 7))).active
    assert [cell.value for cell in sheet[11]][:4] == ["合计", None, None, 6719.93]


def test_what_is_summed_apart_has_a_row_of_totals_for_each() -> None:
    table = (Field("姓名"), Field("缴存基数", Kind.MONEY, total=True), Field("状态"))
    rows = [("张三", Fen(100), "正常"), ("李四", Fen(200), "封存"), ("王五", Fen(300), "正常")]
    made = table_workbook("花名册", table, rows, watermark="", made_at=MADE_AT, apart="状态")
    last = [[cell.value for cell in row] for row in load_workbook(BytesIO(made)).active.iter_rows(min_row=7)]
    assert last == [["合计（正常）", 4, None], ["合计（封存）", 2, None]]


def test_a_list_sums_what_counts_and_calls_it_by_its_name() -> None:
    table = (Field("年月"), Field("金额", Kind.MONEY, total=True), Field("状态"))
    rows = [("7月", Fen(100), "已入账"), ("7月", Fen(200), "已撤回")]
    made = table_workbook(
        "记录", table, rows, watermark="", made_at=MADE_AT, sums=Sums("已入账合计", lambda row: row[2] == "已入账")
    )
    assert [cell.value for cell in load_workbook(BytesIO(made)).active[6]] == ["已入账合计", 1, None]


def test_a_list_without_totals_or_rows_is_still_a_list() -> None:
    table = TABLE[:2]
    sheet = load_workbook(BytesIO(table_workbook("空", table, [], watermark="", made_at=MADE_AT))).active
    assert sheet.max_row == 3


def test_an_empty_cell_stays_empty() -> None:
    made = table_workbook("空", TABLE, [(None,) * 6], watermark="", made_at=MADE_AT)
    assert [cell.value for cell in load_workbook(BytesIO(made)).active[4]] == [None] * 6


def test_no_text_becomes_a_formula() -> None:
    """Proof 58: 0 <f> elements, and every text reads back as text."""
    book = listed(FORMULAS)
    template = roster_template(UNIT, rows=[{"name": text, "serial": text, "monthly_wage": text} for text in FORMULAS])
    for made in (book, template):
        assert [name for name, xml in parts(made).items() if re.search(r"<f[\s>/]", xml)] == []
        assert [name for name in parts(made) if "hyperlink" in parts(made)[name]] == []
    sheet = load_workbook(BytesIO(book)).active
    read = [sheet.cell(row, 2) for row in range(4, 4 + len(FORMULAS))]
    assert [unescape(cell.value) for cell in read] == list(FORMULAS)


def test_a_watermark_stands_at_the_foot_of_each_printed_page() -> None:
    sheet = load_workbook(BytesIO(listed(["张三"]))).active
    assert "陈晓梅 && 示范建材" in sheet.oddFooter.left.text


def test_the_same_list_gives_the_same_bytes() -> None:
    assert listed(RARE_NAMES) == listed(RARE_NAMES)


def test_a_text_longer_than_a_cell_is_an_error_and_not_cut() -> None:
    with pytest.raises(ValueError, match="row 4, column 2 does not fit"):
        listed(["长" * 32_768])


def test_a_row_of_the_wrong_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        table_workbook("错", TABLE, [(1, "张三")], watermark="", made_at=MADE_AT)


def test_a_csv_opens_in_excel_and_runs_nothing() -> None:
    made = csv_export(TABLE, rows(FORMULAS))
    assert made.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(made.decode("utf-8-sig"), newline="")))
    assert read[0] == [field.title for field in TABLE]
    assert read[1][3:] == ["959.99", "202608", "2026-08-14"]
    names = [row[1] for row in read[1:]]
    started = [name for name in names if name.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    assert started == []
    assert names[0] == "'=1+1"


def test_a_negative_amount_in_a_csv_is_a_number() -> None:
    made = csv_export((Field("金额", Kind.MONEY),), [(Fen(-35_200),)])
    assert made.decode("utf-8-sig") == "金额\r\n-352.00\r\n"


def test_the_template_has_the_columns_that_the_reader_looks_for() -> None:
    sheet = load_workbook(BytesIO(roster_template(UNIT)))[roster.ROSTER_SHEET]
    header = [cell.value for cell in sheet[roster.ROSTER_HEADER_ROW + 1]]
    assert header == [column.header for column in roster.ROSTER_COLUMNS]
    assert header[1] == "*姓名"
    assert UNIT.name in sheet["A1"].value


def test_the_template_carries_its_version_in_two_hidden_places() -> None:
    book = load_workbook(BytesIO(roster_template(UNIT)))
    assert book.custom_doc_props[roster.ROSTER_PROPERTY].value == roster.ROSTER_VERSION
    hidden = book[roster.ROSTER_META_SHEET]
    assert hidden.sheet_state == "veryHidden"
    assert [hidden["B1"].value, hidden["B2"].value] == [roster.ROSTER_VERSION, UNIT.account_no]


def test_the_template_keeps_identity_numbers_as_text() -> None:
    sheet = load_workbook(BytesIO(roster_template(UNIT)))[roster.ROSTER_SHEET]
    formats = {
        column.key: sheet.column_dimensions[chr(ord("A") + at)].style for at, column in enumerate(roster.ROSTER_COLUMNS)
    }
    assert set(formats) == {column.key for column in roster.ROSTER_COLUMNS}
    text_columns = ("document_number", "mobile", "first_month", "bank_card")
    for at, column in enumerate(roster.ROSTER_COLUMNS):
        if column.key in text_columns:
            assert sheet.column_dimensions[chr(ord("A") + at)].number_format == "@"


def test_the_template_offers_the_document_types() -> None:
    sheet = load_workbook(BytesIO(roster_template(UNIT)))[roster.ROSTER_SHEET]
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offered["C4:C100003"] == '"身份证,军官证,护照,外国人永久居留证,其他"'
    assert offered["H4:H100003"] == '"男,女"'


def test_the_guide_explains_every_column() -> None:
    sheet = load_workbook(BytesIO(roster_template(UNIT)))[roster.ROSTER_GUIDE_SHEET]
    explained = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=4)]
    assert explained == [
        (column.title, "必填" if column.required else "选填", column.note, column.example)
        for column in roster.ROSTER_COLUMNS
    ]


def test_a_roster_is_given_back_with_what_is_to_be_mended() -> None:
    people = [
        {"serial": "1", "name": "𠮷田𬭎", "document_number": "990101199001010019", "monthly_wage": "6000.50"},
        {"serial": "2", "name": "=x", "document_number": "99010119900101001X", "monthly_wage": "约6000"},
    ]
    made = roster_template(UNIT, rows=people, findings=["", "月平均工资“约6000”不是金额，请填写数字。"])
    sheet = load_workbook(BytesIO(made))[roster.ROSTER_SHEET]
    assert sheet.cell(3, 11).value == roster.FINDINGS_TITLE
    assert [cell.value for cell in sheet[4]][:6] == [1, "𠮷田𬭎", None, "990101199001010019", None, 6000.5]
    assert [cell.value for cell in sheet[5]][:6] == [2, "=x", None, "99010119900101001X", None, "约6000"]
    assert sheet.cell(5, 11).value == "月平均工资“约6000”不是金额，请填写数字。"

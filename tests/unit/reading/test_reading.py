"""What an honest workbook gives: every value at its place, days as days, formulas marked as formulas."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from hpf.papers.reading import Formula, Limits, column_letters, read_workbook
from hpf.papers.reading.scan import SheetScan
from tests.unit.reading import zoo


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    cover, roster = book.add_worksheet("封面"), book.add_worksheet("花名册")
    book.add_worksheet("_template").hide()
    cover.write("B2", "封面")
    roster.write("C3", "甲")
    roster.write("D3", "  ")
    roster.write_number("D5", 511102199003071000)
    roster.write_number("E5", 5333.33)
    roster.write_datetime("F5", datetime(2026, 8, 1), day)  # noqa: DTZ001 - a spreadsheet knows no time zones
    roster.write_boolean("G5", True)
    roster.write_formula("H5", "=1+1", None, 2)
    roster.write_formula("I5", '="a"', None, "a")
    book.close()
    return path


def test_the_preferred_sheet_is_read_and_the_other_visible_one_named(mixed: Path) -> None:
    with read_workbook(mixed, prefer="花名册") as sheet:
        assert (sheet.name, sheet.other_sheets) == ("花名册", ("封面",))


def test_without_the_preferred_sheet_the_first_visible_one_is_read(mixed: Path) -> None:
    with read_workbook(mixed, prefer="名单") as sheet:
        assert [row.cells[1] for row in sheet] == ["封面"]


def test_rows_keep_their_numbers_and_cells_their_columns(mixed: Path) -> None:
    with read_workbook(mixed, prefer="花名册") as sheet:
        first, second = sheet
    assert first.number == 3
    assert first.cells[:4] == (None, None, "甲", None)
    assert second.number == 5
    assert second.cells[3:] == (5.11102199003071e17, 5333.33, date(2026, 8, 1), "TRUE", Formula(2), Formula("a"))


def test_one_long_text_is_cut_so_that_a_million_of_it_stay_small(tmp_path: Path) -> None:
    path = zoo.workbook(tmp_path / "long.xlsx", [["长" * 30_000]])
    with read_workbook(path, limits=Limits(text_chars=10)) as sheet:
        assert [row.cells for row in sheet] == [("长" * 10,)]


def test_a_nul_that_a_workbook_writes_as_x0000_comes_to_nobody(tmp_path: Path) -> None:
    path = zoo.workbook(tmp_path / "nul.xlsx", [["张\0三", "\0", "李四"]])
    with read_workbook(path) as sheet:
        assert [row.cells for row in sheet] == [("张三", None, "李四")]


@given(st.integers(0, 16_383))
def test_column_letters_count_as_the_spreadsheet_does(index: int) -> None:
    assert xlsxwriter.utility.xl_col_to_name(index) == column_letters(index)


@given(st.integers(1, 200))
def test_a_formula_is_found_wherever_the_bytes_are_cut(size: int) -> None:
    cells = '<c r="A1"><v>1</v></c><x:c s="1" r=\'AB12\' t="str">\n<x:f>A1</x:f><x:v>1</x:v></x:c><c r="C2"><f/></c>'
    content = zoo.sheet_xml(f"<row>{cells}</row>")
    scan = SheetScan()
    for start in range(0, len(content), size):
        scan.feed(content[start : start + size])
    assert scan.formulas == {(11, 27), (1, 2)}
    assert scan.far_cell == ""
    assert not scan.lost_formula


@given(
    st.integers(1, 200), st.sampled_from(["<c>", '<c r="A2"><!-- -->', "<c q=' r=\"B9\"'>", '<c r="B9"/><c>', "<公:c>"])
)
def test_a_formula_without_a_place_is_found_wherever_the_bytes_are_cut(size: int, cell: str) -> None:
    content = zoo.sheet_xml(f'<row><c r="B2"><f>1</f></c>{cell}<公:f>1</公:f><v>2</v></c></row>')
    scan = SheetScan()
    for start in range(0, len(content), size):
        scan.feed(content[start : start + size])
    assert (scan.formulas, scan.lost_formula) == ({(1, 1)}, True)


@pytest.mark.parametrize("name", ["AAA1", "A200000", "ZZ1048576", "XFD1048576", "AAAA16777217"])
def test_a_far_cell_with_content_is_named(name: str) -> None:
    scan = SheetScan()
    scan.feed(zoo.sheet_xml(f'<row><c r="{name}" s="1"/><c r="{name}"></c></row>'))
    assert scan.far_cell == ""
    scan.feed(zoo.sheet_xml(f'<row><c s="1" r="{name}"><v>1</v></c></row>'))
    assert scan.far_cell == name

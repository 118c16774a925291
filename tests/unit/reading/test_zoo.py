"""Every bad file gets its own clear answer, quickly, and the process that asked lives on."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from hpf.account_opening.masking import to_json
from hpf.kernel import Refused
from hpf.papers.reading import FILE_CODES, Formula, Limits, read_workbook
from tests.unit.reading import zoo

Builder = Callable[[Path], Path]

ZOO: list[tuple[Builder, str]] = [
    (zoo.nothing, "FILE-EMPTY"),
    (zoo.plain_text, "FILE-NOT-WORKBOOK"),
    (zoo.program, "FILE-NOT-WORKBOOK"),
    (zoo.other_archive, "FILE-NOT-WORKBOOK"),
    (zoo.old_document, "FILE-NOT-WORKBOOK"),
    (zoo.old_workbook, "FILE-OTHER-FORMAT"),
    (zoo.open_document, "FILE-OTHER-FORMAT"),
    (zoo.binary_workbook, "FILE-OTHER-FORMAT"),
    (zoo.password, "FILE-PASSWORD"),
    (zoo.locked_parts, "FILE-PASSWORD"),
    (zoo.macros, "FILE-MACROS"),
    (zoo.macro_type, "FILE-MACROS"),
    (zoo.macro_sheet, "FILE-MACROS"),
    (zoo.truncated, "FILE-DAMAGED"),
    (zoo.flipped, "FILE-DAMAGED"),
    (zoo.broken_xml, "FILE-DAMAGED"),
    (zoo.broken_list, "FILE-DAMAGED"),
    (zoo.wide_text, "FILE-DAMAGED"),
    (zoo.straying_name, "FILE-DAMAGED"),
    (zoo.doubled_part, "FILE-DAMAGED"),
    (zoo.lying_bomb, "FILE-DAMAGED"),
    (zoo.nameless, "FILE-DAMAGED"),
    (zoo.other_packing, "FILE-DAMAGED"),
    (zoo.bomb, "FILE-BOMB"),
    (zoo.small_bomb, "FILE-BOMB"),
    (zoo.many_parts, "FILE-BOMB"),
    (zoo.nested, "FILE-NESTED"),
    (zoo.embedded_program, "FILE-NESTED"),
    (zoo.external_entity, "FILE-ENTITIES"),
    (zoo.external_entity_in_list, "FILE-ENTITIES"),
    (zoo.laughs, "FILE-ENTITIES"),
    (zoo.corners, "FILE-FAR-CELL"),
    (zoo.formula_without_place, "FILE-FORMULA"),
    (zoo.formula_behind_comment, "FILE-FORMULA"),
    (zoo.formula_behind_value, "FILE-FORMULA"),
    (zoo.hidden_corners, "FILE-TOO-HEAVY"),
    (zoo.repeated_text, "FILE-TOO-HEAVY"),
    (zoo.wide, "FILE-TOO-WIDE"),
    (zoo.no_rows, "FILE-NO-ROWS"),
    (zoo.only_hidden, "FILE-NO-ROWS"),
]


@pytest.mark.parametrize(("build", "code"), ZOO, ids=[build.__name__ for build, _ in ZOO])
def test_a_bad_file_is_refused_by_name_for_five_seconds_of_work_at_most(
    build: Builder, code: str, tmp_path: Path
) -> None:
    path = build(tmp_path)
    before = work_of_children()
    with pytest.raises(Refused) as caught:
        read(path)
    assert work_of_children() - before < 5
    assert caught.value.codes == (code,)
    refusal = caught.value.refusals[0]
    assert refusal.what == FILE_CODES[code]
    assert refusal.remedy.startswith("请")
    assert refusal.where == "上传的文件"


def test_what_the_bad_files_are_made_of_is_read_when_nothing_is_wrong(tmp_path: Path) -> None:
    assert read(zoo.smallest(tmp_path)) == [(1, ("姓名",))]


def test_a_far_cell_is_named_in_words_that_no_mask_covers(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read(zoo.corners(tmp_path))
    why = "XFD列第1048576行有内容"
    assert to_json(caught.value.refusals[0])["why"] == why


def test_an_empty_formatted_cell_in_the_last_corner_is_no_offence(tmp_path: Path) -> None:
    assert read(zoo.far_blank(tmp_path)) == [(1, ("姓名",))]


def test_a_formula_in_a_name_space_of_another_script_is_one(tmp_path: Path) -> None:
    assert read(zoo.formula_in_disguise(tmp_path)) == [(1, ("姓名",)), (2, (Formula(6000.0),))]


def test_a_formula_that_is_no_cells_is_no_offence(tmp_path: Path) -> None:
    assert read(zoo.formula_elsewhere(tmp_path)) == [(1, ("姓名",))]


def test_a_file_over_the_size_limit_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(31 << 20)
    assert refusal_codes(path) == ("FILE-TOO-LARGE",)


def test_one_row_more_than_the_limit_is_refused_and_the_limit_itself_is_read(tmp_path: Path) -> None:
    path = zoo.workbook(tmp_path / "rows.xlsx", ([str(n)] for n in range(51)))
    assert len(read(path, Limits(rows=51))) == 51
    assert refusal_codes(path, Limits(rows=50)) == ("FILE-TOO-MANY-ROWS",)


def test_a_reader_that_runs_out_of_time_is_ended(tmp_path: Path) -> None:
    path = zoo.workbook(tmp_path / "long.xlsx", ([str(n), "甲" * 50] * 5 for n in range(5_000)))
    assert refusal_codes(path, Limits(seconds=0.005)) == ("FILE-TOO-SLOW",)


def test_long_texts_are_added_up_before_any_reader_pays_for_them(tmp_path: Path) -> None:
    own = zoo.workbook(tmp_path / "own.xlsx", (["长" * 1_500] for _ in range(300)))
    shared = tmp_path / "shared.xlsx"
    with xlsxwriter.Workbook(shared) as book:
        book.add_worksheet("花名册").write_column(0, 0, ["长" * 1_500] * 300)
    for path in (own, shared):
        assert len(read(path, Limits(text_bytes=1_400_000))) == 300
        with pytest.raises(Refused, match="FILE-TOO-HEAVY") as caught:
            read(path, Limits(text_bytes=1_300_000))
        assert "文字过长" in caught.value.refusals[0].why


def test_every_file_code_is_met_in_this_zoo() -> None:
    elsewhere = {"FILE-TOO-LARGE", "FILE-TOO-MANY-ROWS", "FILE-TOO-SLOW", "FILE-UNREADABLE", "FILE-NOT-DOCUMENT"}
    assert {code for _, code in ZOO} | elsewhere == set(FILE_CODES)


def test_no_child_is_left_when_the_caller_stops_in_the_middle(tmp_path: Path) -> None:
    path = zoo.workbook(tmp_path / "rows.xlsx", ([str(n)] for n in range(5_000)))
    before = children()
    with read_workbook(path) as sheet:
        next(iter(sheet))
        assert len(children() - before) == 1
    assert children() == before


def test_the_reader_is_started_without_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "nowhere")
    monkeypatch.setenv("PYTHONHOME", "nowhere")
    assert read(zoo.smallest(tmp_path)) == [(1, ("姓名",))]


def work_of_children() -> float:
    """Seconds of a processor that children took, however long they had to wait for one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def children() -> set[str]:
    """The process ids of this process's children."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def read(path: Path, limits: Limits | None = None) -> list[tuple[int, tuple[object, ...]]]:
    with read_workbook(path, limits=limits or Limits()) as sheet:
        return [(row.number, row.cells) for row in sheet]


def refusal_codes(path: Path, limits: Limits | None = None) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught:
        read(path, limits)
    return caught.value.codes

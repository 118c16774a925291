"""The opening roster (开户花名册) from an uploaded workbook: columns by name, people row by row, everything checked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from hpf.account_opening.cells import as_text, keeps_its_digits, read_row
from hpf.account_opening.rules import (
    Laws,
    context_findings,
    laws_once,
    missing_mobiles,
    roster_findings,
    shown,
    terms,
)
from hpf.account_opening.shapes import BASE_COLUMN, TITLES, OpeningContext, Places, RosterRow, Terms
from hpf.kernel import Fen, Refusal, Refused, Severity
from hpf.kernel.collection import few_collections
from hpf.papers.reading import Cell, Formula, Limits, Row, Sheet, column_letters, read_workbook
from hpf.papers.roster_columns import (
    FINDINGS_TITLE,
    REQUIRED_MARK,
    ROSTER_COLUMNS,
    ROSTER_GUIDE_SHEET,
    ROSTER_MAX_ROWS,
    ROSTER_META_SHEET,
    ROSTER_META_UNIT,
    ROSTER_SHEET,
    ROSTER_TITLE,
)

_HEADER_SEARCH_ROWS = 20
_LIMITS = Limits(rows=ROSTER_MAX_ROWS + _HEADER_SEARCH_ROWS)
HANDFUL = 10_000
_SERIAL_COLUMN = "serial"
_SYNONYMS: Mapping[str, str] = {
    "编号": _SERIAL_COLUMN,
    "职工姓名": "name",
    "员工姓名": "name",
    "缴存人姓名": "name",
    "证件种类": "document_type",
    "身份证件类型": "document_type",
    "身份证号": "document_number",
    "身份证号码": "document_number",
    "公民身份号码": "document_number",
    "身份证件号码": "document_number",
    "证件号": "document_number",
    "手机": "mobile",
    "手机号": "mobile",
    "移动电话": "mobile",
    "联系手机": "mobile",
    "个人联系电话": "mobile",
    "工资": "monthly_wage",
    "月工资": "monthly_wage",
    "上年月平均工资": "monthly_wage",
    "上年度月平均工资": "monthly_wage",
    "上一年度月平均工资": "monthly_wage",
    "基数": BASE_COLUMN,
    "个人缴存基数": BASE_COLUMN,
    "首次缴存时间": "first_month",
    "初次缴存时间": "first_month",
    "初次缴存年月": "first_month",
    "首次汇缴年月": "first_month",
    "起缴年月": "first_month",
    "出生年月日": "birthday",
    "银行账号": "bank_card",
    "银行卡": "bank_card",
}
_NAMES: Mapping[str, str] = {**{title: key for key, title in TITLES.items()}, **_SYNONYMS}
_REQUIRED = tuple(column.key for column in ROSTER_COLUMNS if column.required)
_REMARK = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True, slots=True)
class Header:
    """The header row: its number, the index of each known column by key, the titles of columns nobody asked for.

    ``named`` is the cell above it whose title may name the unit account for which the template was made, with the name
    in it and the number at its end.
    """

    number: int
    columns: Mapping[str, int]
    ignored: tuple[str, ...]
    named: tuple[str, str, str] | None = None

    @property
    def places(self) -> Places:
        return Places({key: column_letters(index) for key, index in self.columns.items()})


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A person, what the account would say, and everything found. ``terms`` is ``None`` where nothing can be said."""

    row: RosterRow
    terms: Terms | None
    findings: tuple[Refusal, ...]

    @property
    def verdict(self) -> Severity | None:
        """The gravest finding: REFUSED stays out, MEND goes in once accepted, CHECK and ``None`` go in."""
        if not self.findings:
            return None
        severities = {finding.severity for finding in self.findings}
        return next((s for s in (Severity.REFUSED, Severity.MEND, Severity.CHECK) if s in severities), None)


@dataclass(frozen=True, slots=True)
class Sum:
    """So many people, and what they would pay in a month."""

    people: int
    base: Fen
    unit_amount: Fen
    personal_amount: Fen

    @property
    def monthly(self) -> Fen:
        return self.unit_amount + self.personal_amount


@dataclass(frozen=True, slots=True)
class RosterTotals:
    """``ready`` go in as they are, ``to_check`` of them with a hint; ``to_mend`` once their proposals are accepted."""

    people: int
    ready: Sum
    to_mend: Sum
    to_check: int
    refused: int


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """A roster checked without the register. ``findings`` are those about the sheet or the unit, not about a row."""

    sheet: str
    rows: tuple[CheckedRow, ...]
    findings: tuple[Refusal, ...]
    totals: RosterTotals


def check_file(
    path: Path, laws: Laws, context: OpeningContext, seen: Callable[[Sequence[RosterRow]], None] | None = None
) -> RosterCheck:
    """Read and check an uploaded roster: the same for the upload's worker and for ``hpf roster check FILE``.

    ``seen`` is given the people while they are read, ten thousand at a time; not those that are left at the end.

    Raises ``Refused`` for a file that cannot be read (FILE- codes) and for one that is no roster (ROSTER- codes), then
    with everything that is wrong with its columns at once.
    """
    with few_collections():
        return _check_file(path, laws, context, seen)


def _check_file(
    path: Path, laws: Laws, context: OpeningContext, seen: Callable[[Sequence[RosterRow]], None] | None
) -> RosterCheck:
    with read_workbook(path, limits=_LIMITS, prefer=ROSTER_SHEET, aside=ROSTER_META_SHEET) as sheet:
        header, rows = _open_sheet(sheet)
        if other := _other_unit(header, sheet, context.unit_number):
            raise Refused(other)
        people = _read_people(rows, header, seen)
    findings = roster_findings([row for row, _ in people], laws, context)
    law_of = laws_once(laws, context)
    checked = []
    for row, found in people:
        law = law_of(row.first_month)
        row_terms = None if isinstance(law, Refused) else terms(row, law)
        checked.append(CheckedRow(row, row_terms, (*found, *findings.get(row.number, ()))))
    about_all = (
        *context_findings(context),
        *_sheet_findings(sheet, header),
        *missing_mobiles(row for row, _ in people),
    )
    return RosterCheck(sheet.name, tuple(checked), about_all, _totals(checked))


def typed_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The people of a roster as they were typed: the row's number and its texts by column key.

    A number that lost its digits comes as nothing: as text it would pass for one that somebody typed.

    For giving a roster back. Raises ``Refused`` as ``check_file`` does for a file that is no roster.
    """
    with read_workbook(path, limits=_LIMITS, prefer=ROSTER_SHEET) as sheet:
        header, rows = _open_sheet(sheet)
        for row in rows:
            cells = _cells(row, header)
            if not _is_blank(cells):
                yield row.number, {key: _typed(cell) for key, cell in cells.items()}


def _open_sheet(sheet: Sheet) -> tuple[Header, Iterator[Row]]:
    """The header of a sheet and the rows below it. Raises ``Refused`` for wrong columns."""
    rows = iter(sheet)
    header, after = _find_header(list(islice(rows, _HEADER_SEARCH_ROWS)))
    return header, chain(after, rows)


def _cells(row: Row, header: Header) -> dict[str, Cell]:
    return {key: row.cells[index] for key, index in header.columns.items()}


def _typed(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    return as_text(value) if keeps_its_digits(value) else ""


def _find_header(rows: Sequence[Row]) -> tuple[Header, Sequence[Row]]:
    """The header among the first rows, and the rows after it. Raises ``Refused`` for wrong columns."""
    counts = [len(_known_keys(row)) for row in rows]
    place = counts.index(max(counts))
    if counts[place] < 2:
        raise Refused(_no_header())
    titles = [_title(cell) for cell in rows[place].cells]
    keys = [_NAMES.get(title) for title in titles]
    if refusals := [*_missing_columns(keys), *_doubled_columns(keys, rows[place].number)]:
        raise Refused(refusals)
    columns = {key: index for index, key in enumerate(keys) if key}
    ours = {"", FINDINGS_TITLE}
    ignored = tuple(title for title, key in zip(titles, keys, strict=True) if not key and title not in ours)
    return Header(rows[place].number, columns, ignored, _named(rows[:place])), rows[place + 1 :]


def _named(rows: Sequence[Row]) -> tuple[str, str, str] | None:
    """Cell, name and number of a title in the template's shape: its words, a name, digits at the end."""
    for row in rows:
        for index, cell in enumerate(row.cells):
            words = unicodedata.normalize("NFKC", _typed(cell)).split()
            if len(words) > 2 and words[0] == ROSTER_TITLE and words[-1].isdecimal():
                return f"{column_letters(index)}{row.number}", " ".join(words[1:-1]), words[-1]
    return None


def _other_unit(header: Header, sheet: Sheet, own: str) -> Refusal | None:
    """That the roster was made for another unit account: its people would be opened at the wrong employer.

    The title says so where it ends in what could be an account's number; where somebody wrote a title of his own, or
    took it out, what the template says of itself does.
    """
    if not own:
        return None
    cell, name, number = header.named or ("", "", "")
    if len(number) != len(own):
        cell, name, number = "", "", sheet.told.get(ROSTER_META_UNIT, own)
    if number == own:
        return None
    whose = f"“{shown(name)}”" if name else "另一单位账户"
    return Refusal(
        code="ROSTER-OTHER-UNIT",
        what=f"这份花名册是{whose}（单位账号后八位{number[-8:]}）的",
        why="不是现在办理的单位账户，其中的职工会开到别的单位名下",
        remedy="请下载本单位的花名册模板，把本单位的职工填进去后上传",
        where=cell,
    )


def _known_keys(row: Row) -> set[str]:
    return {key for cell in row.cells if (key := _NAMES.get(_title(cell)))}


def _title(cell: Cell) -> str:
    """A header's text without the mark of a required column, remarks in brackets, and spaces."""
    text = unicodedata.normalize("NFKC", _typed(cell))
    return re.sub(r"\s+", "", _REMARK.sub("", text)).strip(REQUIRED_MARK)


def _no_header() -> Refusal:
    return Refusal(
        code="ROSTER-NO-HEADER",
        what="没有找到表头",
        why=f"前{_HEADER_SEARCH_ROWS}行中没有“姓名”“证件号码”等列名",
        remedy="请使用从本网厅下载的模板填写，保留表头一行",
    )


def _missing_columns(keys: Sequence[str | None]) -> Iterator[Refusal]:
    for key in _REQUIRED:
        if key not in keys and not (key == "monthly_wage" and BASE_COLUMN in keys):
            yield Refusal(
                code="ROSTER-COLUMN-MISSING",
                what=f"缺少“{TITLES[key]}”一列",
                why="该列必须有",
                remedy=f"请增加一列，列名写“{TITLES[key]}”，或使用从本网厅下载的模板",
            )


def _doubled_columns(keys: Sequence[str | None], row_number: int) -> Iterator[Refusal]:
    for key, count in Counter(key for key in keys if key).items():
        if count > 1:
            letters = "、".join(column_letters(index) for index, other in enumerate(keys) if other == key)
            yield Refusal(
                code="ROSTER-COLUMN-TWICE",
                what=f"“{TITLES[key]}”有{count}列（{letters}）",
                why="不能判断以哪一列为准",
                remedy="请只保留一列",
                where=f"第{row_number}行",
            )
    if BASE_COLUMN in keys and "monthly_wage" in keys:
        yield Refusal(
            code="ROSTER-WAGE-AND-BASE",
            what="同时有“月平均工资”和“缴存基数”两列",
            why="不能判断以哪一列为准",
            remedy="请只保留“月平均工资”一列，缴存基数由系统按上下限确定",
            where=f"第{row_number}行",
        )


def _read_people(
    rows: Iterable[Row], header: Header, seen: Callable[[Sequence[RosterRow]], None] | None
) -> list[tuple[RosterRow, list[Refusal]]]:
    """Everybody on the sheet with what reading found. Raises ``Refused`` for nobody and for too many."""
    places = header.places
    people: list[tuple[RosterRow, list[Refusal]]] = []
    for row in rows:
        cells = _cells(row, header)
        if _is_blank(cells):
            continue
        if len(people) == ROSTER_MAX_ROWS:
            raise Refused(_too_many_people())
        people.append(read_row(row.number, cells, places))
        if seen and not len(people) % HANDFUL:
            seen([person for person, _ in people[-HANDFUL:]])
    if not people:
        raise Refused(_nobody(header))
    return people


def _is_blank(cells: Mapping[str, Cell]) -> bool:
    """Whether a row holds nobody: empty but for its serial number and formulas that came to nothing."""
    for key, cell in cells.items():
        value = cell.value if isinstance(cell, Formula) else cell
        if value is not None and value != "" and key != _SERIAL_COLUMN:
            return False
    return True


def _too_many_people() -> Refusal:
    return Refusal(
        code="ROSTER-TOO-MANY-PEOPLE",
        what=f"名册超过{ROSTER_MAX_ROWS:,}人",
        why=f"一个文件最多{ROSTER_MAX_ROWS:,}人",
        remedy="请分成几个文件，分批上传",
    )


def _nobody(header: Header) -> Refusal:
    return Refusal(
        code="ROSTER-NO-PEOPLE",
        what="名册中没有职工",
        why=f"表头（第{header.number}行）以下没有填写内容",
        remedy="请填写职工后重新上传",
    )


def _sheet_findings(sheet: Sheet, header: Header) -> Iterator[Refusal]:
    if header.ignored:
        yield Refusal(
            code="ROSTER-COLUMN-IGNORED",
            what="以下各列未读取：" + shown("、".join(header.ignored)),
            remedy="请核对列名；不需要的列可以保留",
            where=f"第{header.number}行",
            severity=Severity.CHECK,
        )
    if set(sheet.other_sheets) - {ROSTER_GUIDE_SHEET}:
        yield Refusal(
            code="ROSTER-OTHER-SHEETS",
            what=f"文件有多张工作表，只读取了“{shown(sheet.name)}”",
            remedy="请核对职工是否都填在这张工作表中",
            severity=Severity.CHECK,
        )


def _totals(rows: Sequence[CheckedRow]) -> RosterTotals:
    by_verdict: dict[Severity | None, list[CheckedRow]] = defaultdict(list)
    for row in rows:
        by_verdict[row.verdict].append(row)
    return RosterTotals(
        people=len(rows),
        ready=_sum([*by_verdict[None], *by_verdict[Severity.CHECK]]),
        to_mend=_sum(by_verdict[Severity.MEND]),
        to_check=len(by_verdict[Severity.CHECK]),
        refused=len(by_verdict[Severity.REFUSED]),
    )


def _sum(rows: Sequence[CheckedRow]) -> Sum:
    said = [row.terms for row in rows if row.terms]
    return Sum(
        people=len(rows),
        base=_total(t.base for t in said),
        unit_amount=_total(t.unit_amount for t in said),
        personal_amount=_total(t.personal_amount for t in said),
    )


def _total(amounts: Iterable[Fen]) -> Fen:
    """Their sum, added as plain integers: adding ``Fen`` to ``Fen`` makes one for every row."""
    return Fen(sum(map(int, amounts)))

"""From bytes to a table: encoding, delimiter, head, titles, rows. Knows nothing of money."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

from hpf.kernel import Refusal, Refused
from hpf.treasury.faults import Faults

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = (",", "\t", ";")
_HEAD_LINES = 30  # titles are looked for in this many lines
_LINE_CHARS = 1_000_000
_MOST_ENDS = 3  # for each line that is taken: there are empty ones, and ends within quotes
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MANGLED = ("\ufffd", "锟斤拷")
_BLANK = b"\xef\xbb\xbf \t\r\n,;"
_UNFINISHED = ("unexpected end of data", "incomplete multibyte sequence")


@dataclass(frozen=True, slots=True)
class HeadCell:
    line_no: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line with a cell for every title, without outer spaces. ``line_no`` counts from 1 in the file."""

    line_no: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """``head`` by title, ``columns`` position by title, ``rows``; ``faults`` of lines that do not fit.

    ``left_off`` rows were only counted.
    """

    head: Mapping[str, HeadCell]
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    faults: Faults
    left_off: int = 0


def read_table(
    content: bytes, *, titles: Collection[str], optional: Collection[str], also_called: Mapping[str, str], most: int
) -> Table:
    """Find the line of titles and everything around it. ``also_called`` gives the title for another name of it.

    ``most`` lines are kept: what a file has more of costs no memory. One of far more lines, most of them empty, is not
    read.

    Raises ``Refused`` if the file is no text in UTF-8 or GB18030, or has no line of titles, or lacks or doubles one.
    """
    if (ends := max(content.count(b"\n"), content.count(b"\r"))) > _MOST_ENDS * (most + _HEAD_LINES):
        raise Refused(_too_many_lines(ends))
    if content.startswith(_WORKBOOKS):
        raise Refused(refusal("WORKBOOK", "这是Excel工作簿，不是文本对账单", remedy="请在Excel中另存为CSV后再上传"))
    known = {*titles, *also_called}
    text, delimiter, faults = _decoded(content, known)
    lines = _grid(text, delimiter, faults)
    grid = list(islice(lines, most + _HEAD_LINES))
    left_off = sum(1 for _ in lines)
    start = next((index for index, (_, cells) in enumerate(grid) if _is_titles(cells, known)), None)
    if start is None:
        raise Refused([*faults.refusals(), _no_titles()])
    columns = _columns([also_called.get(cell, cell) for cell in grid[start][1]], titles, optional)
    rows = tuple(_rows(grid[start + 1 :], len(grid[start][1]), faults))
    return Table(_head(grid[:start]), columns, rows, faults, left_off)


def refusal(code: str, what: str, *, why: str = "", remedy: str = "", where: str = "") -> Refusal:
    """A refusal of a statement's file."""
    return Refusal(code=f"STATEMENT-{code}", what=what, why=why, remedy=remedy, where=where)


def _decoded(content: bytes, known: Collection[str]) -> tuple[str, str, Faults]:
    """The text in the encoding in which the titles can be read, with its delimiter.

    Only the titles tell of a wrong encoding: in a remark, the signs of one are what somebody wrote there.
    """
    if not content.strip(_BLANK):
        raise Refused(refusal("EMPTY", "文件是空的", remedy="请核对所选文件，或向银行重新取得对账单"))
    readable = False
    for encoding in _ENCODINGS:
        try:
            text, faults = content.decode(encoding), Faults()
        except UnicodeDecodeError as error:
            if error.reason not in _UNFINISHED or error.end < len(content):
                continue
            text, faults = content[: error.start].decode(encoding), Faults()
            faults.add(_cut_off("文件末尾的汉字不完整"))
        if "\x00" in text:
            continue
        for delimiter in _DELIMITERS:
            if any(_is_titles(_split(line, delimiter), known) for line in islice(_lines(text), _HEAD_LINES)):
                return text, delimiter, faults
        readable = readable or not any(sign in text for sign in _MANGLED)
    raise Refused(_no_titles() if readable else _unreadable())


def _lines(text: str) -> Iterator[str]:
    """The text's lines with their ends, of each no more than the longest that a bank writes.

    What is longer comes in pieces and fits nowhere; as one line of a million cells it would fill the memory.
    """
    source = io.StringIO(text, newline="")
    while line := source.readline(_LINE_CHARS):
        yield line


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def _is_titles(cells: Collection[str], known: Collection[str]) -> bool:
    return sum(cell in known for cell in cells) >= 3


def _grid(text: str, delimiter: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, each with its number, as cells without outer spaces."""
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield begins, stripped
            begins = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            faults.add(_cut_off("最后一行的引号没有结束", begins))
        else:
            faults.add(
                refusal(
                    "QUOTES", "引号使用有误，该行之后无法识别", remedy="请向银行重新取得对账单", where=f"第{begins}行"
                )
            )


def _head(grid: list[tuple[int, list[str]]]) -> dict[str, HeadCell]:
    """Titles before the table, each with the cell to its right; the first of a title counts."""
    head: dict[str, HeadCell] = {}
    for line_no, cells in grid:
        for title, text in pairwise(cells):
            head.setdefault(title.rstrip(":："), HeadCell(line_no, text))
    return head


def _columns(found: list[str], titles: Collection[str], optional: Collection[str]) -> dict[str, int]:
    faults = [
        refusal("NO-COLUMN", f"缺少“{title}”列", remedy="请向银行取得含有该列的对账单")
        for title in titles
        if title not in found and title not in optional
    ]
    faults += [
        refusal("TWO-COLUMNS", f"“{title}”列出现{found.count(title)}次", remedy="请只保留一列")
        for title in titles
        if found.count(title) > 1
    ]
    if faults:
        raise Refused(faults)
    return {title: found.index(title) for title in titles if title in found}


def _rows(grid: list[tuple[int, list[str]]], width: int, faults: Faults) -> Iterator[Row]:
    for index, (line_no, cells) in enumerate(grid):
        if len(cells) < width and index == len(grid) - 1:
            faults.add(_cut_off("最后一行不完整", line_no))
        elif len(cells) < width or any(cells[width:]):
            faults.at(line_no, _narrow(len(cells), width))
        else:
            yield Row(line_no, tuple(cells))


def _narrow(cells: int, width: int) -> Refusal:
    return refusal(
        "WIDTH",
        f"该行有{cells}栏，表头有{width}栏",
        why="栏数不符时各栏内容会错位",
        remedy="请向银行重新取得对账单",
    )


def _too_many_lines(ends: int) -> Refusal:
    return refusal("TOO-LONG", f"文件有{ends:,}行，其中大多不是流水", remedy="请删去空行，或按日期分成几份上传")


def _cut_off(what: str, line_no: int | None = None) -> Refusal:
    return refusal(
        "CUT-OFF",
        what,
        why="文件不完整，可能在传送中被截断",
        remedy="请向银行重新取得对账单",
        where=f"第{line_no}行" if line_no else "",
    )


def _unreadable() -> Refusal:
    return refusal(
        "ENCODING",
        "文件中的文字无法识别（乱码）",
        why="对账单须为UTF-8或GB18030编码的文本",
        remedy="请用网银原始文件上传，不要转换后再上传",
    )


def _no_titles() -> Refusal:
    return refusal(
        "NO-TITLES",
        "没有找到对账单的表头行",
        why="表头须有“银行结算流水号”“交易日期”“借贷标志”“发生额”等列名；编码不对也会找不到",
        remedy="请核对所选文件，或用网银原始文件上传",
    )

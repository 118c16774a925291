"""The package around a workbook or a document, judged part by part before any reader sees it. Runs in the child.

An .xlsx or .docx file is a zip package of XML parts (ECMA-376 part 2). Nothing is ever extracted to disk. Every part is
unpacked once, in small pieces, so that the sizes the package declares are known to be true.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from hpf.papers.reading.limits import Limits
from hpf.papers.reading.refusals import unreadable
from hpf.papers.reading.scan import SheetScan, TextScan, cell_text

_PIECE = 1 << 18
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTAINERS = (_ZIP, _OLE, b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"MZ", b"\x7fELF")
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_FORBIDDEN_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    UnicodeError,
    ElementTree.ParseError,
)
_SMALL_PART = 4 * 1024 * 1024
_SMALL_SHEET = 64 * 1024
_LARGE_PART = 10 * 1024 * 1024
_WORKBOOK, _WORKBOOK_LINKS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_TEXTS = "xl/sharedStrings.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MAIN_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINK_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a package of a kind holds, where code would lie in it, and with which code of ours others are refused."""

    needed: frozenset[str]
    code_folders: tuple[str, ...]
    others: frozenset[str]
    not_this: str


WORKBOOK = Kind(
    frozenset((_TYPES, _WORKBOOK, _WORKBOOK_LINKS)),
    ("xl/macrosheets/", "xl/dialogsheets/", "xl/activex/"),
    frozenset(("mimetype", "xl/workbook.bin")),
    "FILE-NOT-WORKBOOK",
)
DOCUMENT = Kind(
    frozenset((_TYPES, "word/document.xml")), ("word/activex/",), frozenset(("mimetype",)), "FILE-NOT-DOCUMENT"
)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A package found harmless: the sheet to read, the visible sheets left aside, the formula cells of the sheet.

    ``aside`` is the sheet that tells of the file itself, "" where it is not there or not small.
    """

    sheet: str
    other_sheets: tuple[str, ...]
    scan: SheetScan
    aside: str = ""


def inspect(path: Path, limits: Limits, prefer: str, aside: str = "") -> Inspected:
    """Judge a file and choose its sheet: the visible one named ``prefer``, else the first visible one.

    ``aside`` names a sheet, hidden or not, that tells of the file itself. Raises ``Refused`` with a FILE- code.
    """
    _judge_container(path, limits, WORKBOOK)
    with opened(path) as package:
        _judge_entries(package.infolist(), limits, WORKBOOK)
        parts, visible = _sheets(package)
        name = prefer if prefer in visible else visible[0]
        part, part_aside = parts[name], parts.get(aside, "")
        scan, scan_aside, texts = SheetScan(), SheetScan(), TextScan()
        scans: dict[str, SheetScan | TextScan] = {part_aside: scan_aside, part: scan, _TEXTS: texts}
        for info in package.infolist():
            _judge_part(info, package, scans.get(info.filename))
        if scan.far_cell:
            raise unreadable("FILE-FAR-CELL", f"{_place(scan.far_cell)}有内容")
        if scan.lost_formula:
            raise unreadable("FILE-FORMULA", "有公式的单元格没有写明自己的位置")
        sheet = package.getinfo(part)
        if max(sheet.file_size, texts.longest * scan.values) > limits.text_bytes:
            _judge_text(package, sheet, texts, limits)
        sizes = {info.filename: info.file_size for info in package.infolist()}
        is_small = 0 < sizes.get(part_aside, 0) <= _SMALL_SHEET
    others = tuple(other for other in visible if other != name)
    return Inspected(name, others, scan, aside if is_small and not scan_aside.far_cell else "")


def _place(cell: str) -> str:
    """A cell's place in words: as XFD1048576 it would be masked like the number of a document."""
    column = cell.rstrip("0123456789")
    return f"{column}列第{cell.removeprefix(column)}行"


def judge(path: Path, limits: Limits, kind: Kind) -> None:
    """Judge a package of a kind, every part of it. Raises ``Refused`` with a FILE- code."""
    _judge_container(path, limits, kind)
    with opened(path) as package:
        _judge_entries(package.infolist(), limits, kind)
        for info in package.infolist():
            _judge_part(info, package, None)


def _judge_text(package: zipfile.ZipFile, sheet: zipfile.ZipInfo, texts: TextScan, limits: Limits) -> None:
    """Add up the text that the cells would hold: the reader gives each its own copy of a text that many share."""
    held = cell_text(_pieces(package, sheet), texts.lengths)
    if held > limits.text_bytes:
        raise unreadable("FILE-TOO-HEAVY", f"单元格中的文字过长，合计超过{limits.text_bytes >> 20}MB")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The package; whatever turns out broken while it is read is FILE-DAMAGED."""
    try:
        with zipfile.ZipFile(path) as package:
            yield package
    except _BROKEN as error:
        raise unreadable("FILE-DAMAGED", "文件内部结构不完整") from error


def _judge_container(path: Path, limits: Limits, kind: Kind) -> None:
    size = path.stat().st_size
    if not size:
        raise unreadable("FILE-EMPTY", "文件大小为0")
    if size > limits.file_bytes:
        raise unreadable("FILE-TOO-LARGE", f"文件不能超过{limits.file_bytes >> 20}MB")
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OLE):
        _judge_compound_file(path, kind)
    if not head.startswith(_ZIP):
        raise unreadable(kind.not_this, "文件内容与扩展名不符")


def _judge_compound_file(path: Path, kind: Kind) -> None:
    """A compound file is an encrypted one or one of before 2007 (.xls, .et, .doc): neither is read."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content or "EncryptionInfo".encode("utf-16-le") in content:
        raise unreadable("FILE-PASSWORD")
    old = ("Workbook", "Book") if kind is WORKBOOK else ("WordDocument",)
    if any(name.encode("utf-16-le") in content for name in old):
        raise unreadable("FILE-OTHER-FORMAT", "文件是旧版格式（.xls、.et、.doc、.wps）")
    raise unreadable(kind.not_this, "文件是其他程序的文档")


def _judge_entries(entries: list[zipfile.ZipInfo], limits: Limits, kind: Kind) -> None:
    """Judge the list of parts alone, before any of them is unpacked."""
    names = [entry.filename for entry in entries]
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise unreadable("FILE-BOMB", "压缩包展开后的大小超出限制")
    if any(e.file_size > _LARGE_PART and e.file_size > limits.ratio * e.compress_size for e in entries):
        raise unreadable("FILE-BOMB", "压缩比例异常")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise unreadable("FILE-PASSWORD")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise unreadable("FILE-DAMAGED", "文件的压缩方式不是Excel、Word所用的")
    if any(name.lower().endswith("vbaproject.bin") or name.lower().startswith(kind.code_folders) for name in names):
        raise unreadable("FILE-MACROS")
    if kind.others & set(names):
        raise unreadable("FILE-OTHER-FORMAT", "文件是其他格式（.ods、.xlsb、.odt等）")
    if not kind.needed <= set(names):
        raise unreadable(kind.not_this, "文件是压缩包")
    if len(set(names)) != len(names) or any(_strays(name) for name in names):
        raise unreadable("FILE-DAMAGED", "文件内部路径异常")


def _strays(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/")


def _sheets(package: zipfile.ZipFile) -> tuple[dict[str, str], list[str]]:
    """The part that holds each sheet, by name, and which of them are visible."""
    links = {link.get("Id"): link for link in tree(package, _WORKBOOK_LINKS)}
    root = tree(package, _WORKBOOK)
    parts: dict[str, str] = {}
    visible: list[str] = []
    for sheet in [*root.iter(f"{_MAIN}sheet"), *root.iter(f"{_MAIN_STRICT}sheet")]:
        link = links.get(sheet.get(_LINK_ID[0]) or sheet.get(_LINK_ID[1]))
        if link is None or not link.get("Type", "").endswith("/worksheet"):
            continue
        parts[name := sheet.get("name", "")] = posixpath.normpath(posixpath.join("/xl", link.get("Target", "")))[1:]
        if sheet.get("state") in (None, "visible"):
            visible.append(name)
    if not visible:
        raise unreadable("FILE-NO-ROWS", "文件中没有可见的工作表")
    return parts, visible


def tree(package: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A small part as a tree. Document types are refused first, so that no entity is ever expanded."""
    info = package.getinfo(name)
    if info.file_size > _SMALL_PART:
        raise unreadable("FILE-BOMB", "文件内部目录过大")
    content = package.read(info)
    if _FORBIDDEN_XML.search(content):
        raise unreadable("FILE-ENTITIES")
    return ElementTree.fromstring(content)  # noqa: S314 - no document type, bounded size, in the child process


def _judge_part(info: zipfile.ZipInfo, package: zipfile.ZipFile, scan: SheetScan | TextScan | None) -> None:
    """Unpack one part in pieces: its size and checksum hold, it nests nothing, it defines no entities."""
    tail = b""
    for number, piece in enumerate(_pieces(package, info)):
        if number == 0:
            _judge_beginning(info.filename, piece)
        window = tail + piece
        if _FORBIDDEN_XML.search(window):
            raise unreadable("FILE-ENTITIES")
        if info.filename == _TYPES and b"macroEnabled" in window:
            raise unreadable("FILE-MACROS")
        tail = window[-16:]
        if scan is not None:
            scan.feed(piece)


def _judge_beginning(name: str, piece: bytes) -> None:
    if piece.startswith(_CONTAINERS):
        raise unreadable("FILE-NESTED", f"内部文件{posixpath.basename(name)[:40]}是压缩包、程序或文档")
    if name.endswith((".xml", ".rels")) and piece.startswith(_WIDE_TEXT):
        raise unreadable("FILE-DAMAGED", "文件内部编码不是UTF-8")


def _pieces(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(info) as part:
        while piece := part.read(_PIECE):
            yield piece

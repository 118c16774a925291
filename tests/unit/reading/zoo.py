"""Bad workbooks, each built byte by byte. Every builder writes one file into a folder and returns its path."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

Parts = dict[str, bytes]

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ONE_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'


def sheet_xml(rows: str = ONE_ROW, before: str = "") -> bytes:
    """A worksheet part around its rows."""
    return f"{_HEAD}{before}<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def parts(sheet: bytes | None = None, *, main_type: str = "sheet.main+xml") -> Parts:
    """The parts of the smallest workbook that Excel opens, with one sheet named 花名册."""
    return {
        "[Content_Types].xml": (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.{main_type}"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="花名册" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/sheet1.xml": sheet_xml() if sheet is None else sheet,
    }


def package(path: Path, contents: Mapping[str, bytes]) -> Path:
    """Write parts as a zip package."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, rows: Iterable[Sequence[object]], *, sheet: str = "花名册") -> Path:
    """An honest workbook with one sheet, written in constant memory."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return path


def smallest(folder: Path) -> Path:
    """Nothing wrong: shows that the builders below fail for the reason they name."""
    return package(folder / "smallest.xlsx", parts())


def nothing(folder: Path) -> Path:
    """0 bytes."""
    path = folder / "nothing.xlsx"
    path.write_bytes(b"")
    return path


def plain_text(folder: Path) -> Path:
    """A text file with the name of a workbook."""
    path = folder / "text.xlsx"
    path.write_text("姓名,证件号码\n张三,1\n", encoding="gb18030")
    return path


def program(folder: Path) -> Path:
    """A Windows program renamed; a zip archive hangs on its end, as in self-extracting files."""
    path = folder / "program.xlsx"
    path.write_bytes(b"MZ\x90\x00" + bytes(508) + package(folder / "inner.zip", parts()).read_bytes())
    return path


def truncated(folder: Path) -> Path:
    """The first two thirds of a workbook, as a broken upload leaves it."""
    whole = smallest(folder).read_bytes()
    path = folder / "truncated.xlsx"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def flipped(folder: Path) -> Path:
    """One byte of the sheet's compressed data changed: the checksum does not hold."""
    path = smallest(folder)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 20] ^= 0xFF
    path.write_bytes(content)
    return path


def broken_xml(folder: Path) -> Path:
    """A sheet whose XML ends in the middle, in a package that is whole."""
    return package(folder / "broken.xlsx", parts(sheet_xml()[:-30] + b"<<&"))


def broken_list(folder: Path) -> Path:
    """A list of sheets that is not XML."""
    return package(folder / "list.xlsx", parts() | {"xl/workbook.xml": b"<workbook"})


def wide_text(folder: Path) -> Path:
    """A sheet in UTF-16, in which a document type would hide from a search for bytes."""
    wide = sheet_xml(before='<!DOCTYPE x [<!ENTITY a "1">]>').decode().encode("utf-16")
    return package(folder / "wide.xlsx", parts(wide))


def other_archive(folder: Path) -> Path:
    """A zip archive of documents."""
    return package(folder / "archive.xlsx", {"readme.txt": b"1", "photo.jpg": b"2"})


def open_document(folder: Path) -> Path:
    """An .ods file renamed."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return package(folder / "ods.xlsx", {"mimetype": kind, "content.xml": b"<x/>"})


def binary_workbook(folder: Path) -> Path:
    """An .xlsb file renamed."""
    return package(folder / "xlsb.xlsx", {"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"\x83\x01"})


def macros(folder: Path) -> Path:
    """An .xlsm file renamed: a project of code beside the sheets."""
    code = compound_file(["VBA", "PROJECT"])
    return package(folder / "macros.xlsx", parts(main_type="sheet.macroEnabled.main+xml") | {"xl/vbaProject.bin": code})


def macro_type(folder: Path) -> Path:
    """Only the content type says that there is code: the project carries another name."""
    renamed = {"xl/theme/colours.bin": b"code"}
    return package(folder / "type.xlsx", parts(main_type="sheet.macroEnabled.main+xml") | renamed)


def macro_sheet(folder: Path) -> Path:
    """Macros of Excel 4, which need no project."""
    return package(folder / "xlm.xlsx", parts() | {"xl/macrosheets/sheet2.xml": sheet_xml()})


def compound_file(streams: Sequence[str]) -> bytes:
    """A compound file (MS-CFB, version 3) with empty streams of these names: one FAT and one directory sector."""
    end, free, none = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<108I", *([none] * 108))
    fat = struct.pack("<128I", 0xFFFFFFFD, end, *([free] * 126))
    directory = _directory_entry("Root Entry", 5, child=1)
    for number, name in enumerate(streams, start=1):
        directory += _directory_entry(name, 2, right=number + 1 if number < len(streams) else none)
    return header + fat + directory.ljust(512, b"\0")


def _directory_entry(name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, right, child)
    return entry + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)


def password(folder: Path) -> Path:
    """A workbook with an opening password: an encrypted package inside a compound file (MS-OFFCRYPTO)."""
    path = folder / "password.xlsx"
    path.write_bytes(compound_file(["EncryptionInfo", "EncryptedPackage"]))
    return path


def old_workbook(folder: Path) -> Path:
    """An .xls or .et file renamed."""
    path = folder / "old.xlsx"
    path.write_bytes(compound_file(["Workbook"]))
    return path


def old_document(folder: Path) -> Path:
    """A .doc file renamed."""
    path = folder / "document.xlsx"
    path.write_bytes(compound_file(["WordDocument", "1Table"]))
    return path


def locked_parts(folder: Path) -> Path:
    """A zip archive whose parts are marked as encrypted."""
    path = smallest(folder)
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(signature, place + 4)
    path.write_bytes(content)
    return path


def bomb(folder: Path) -> Path:
    """A sheet of 300 MB of spaces in a third of a megabyte."""
    return _spaces(folder / "bomb.xlsx", 300 << 20)


def small_bomb(folder: Path) -> Path:
    """64 MB of spaces: allowed in size, a thousandfold in ratio."""
    return _spaces(folder / "small_bomb.xlsx", 64 << 20)


def _spaces(path: Path, size: int) -> Path:
    contents = parts()
    start, end = contents.pop("xl/worksheets/sheet1.xml").split(b"<sheetData>")
    block = b" " * (1 << 20)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(start + b"<sheetData>")
            for _ in range(size >> 20):
                part.write(block)
            part.write(end)
    return path


def lying_bomb(folder: Path) -> Path:
    """A sheet that unpacks to 64 MB while the directory says 1,000 bytes."""
    path = _spaces(folder / "lying.xlsx", 64 << 20)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    place = content.rfind(b"PK\x01\x02")
    content[place:] = content[place:].replace(size, struct.pack("<I", 1_000))
    path.write_bytes(content)
    return path


def many_parts(folder: Path) -> Path:
    """5,000 empty parts."""
    return package(folder / "many.xlsx", parts() | {f"xl/media/{n}.png": b"" for n in range(5_000)})


def nested(folder: Path) -> Path:
    """Archives in archives, in the manner of 42.zip, beside an honest sheet."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.bin", zlib.compress(bytes(1 << 20)))
    return package(folder / "nested.xlsx", parts() | {"xl/embeddings/book.xlsx": inner.getvalue()})


def embedded_program(folder: Path) -> Path:
    """A program inside, under the name of a picture."""
    return package(folder / "embedded.xlsx", parts() | {"xl/media/image1.png": b"MZ\x90\x00" + bytes(60)})


def external_entity(folder: Path) -> Path:
    """XXE: a document type that names a file of the machine."""
    head = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    rows = ONE_ROW.replace("姓名", "&secret;")
    return package(folder / "xxe.xlsx", parts(sheet_xml(rows, head)))


def external_entity_in_list(folder: Path) -> Path:
    """The same in the list of sheets, which is parsed as a tree."""
    listing = parts()["xl/workbook.xml"].replace(b"<workbook", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook')
    return package(folder / "xxe_list.xlsx", parts() | {"xl/workbook.xml": listing})


def laughs(folder: Path) -> Path:
    """Billion laughs in the shared strings."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    strings = f'{_HEAD}<!DOCTYPE sst [<!ENTITY l0 "哈">{levels}]><sst {_MAIN}><si><t>&l9;</t></si></sst>'
    return package(folder / "laughs.xlsx", parts() | {"xl/sharedStrings.xml": strings.encode()})


def corners(folder: Path) -> Path:
    """Two cells, A1 and XFD1048576: legal, 2 KB, and 550 GB for a reader that lays out the rectangle."""
    far = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return package(folder / "corners.xlsx", parts(sheet_xml(ONE_ROW + far)))


def hidden_corners(folder: Path) -> Path:
    """The rectangle again, hidden from a search for far names: 702 columns by 199,999 rows."""
    far = '<row r="199999"><c r="ZZ199999"><v>2</v></c></row>'
    return package(folder / "hidden_corners.xlsx", parts(sheet_xml(ONE_ROW + far)))


def _with_formula(path: Path, cell: str) -> Path:
    return package(path, parts(sheet_xml(ONE_ROW + f'<row r="2">{cell}</row>')))


def formula_without_place(folder: Path) -> Path:
    """A cell that leaves it to the reader to count where it stands, with a formula."""
    return _with_formula(folder / "formula_without_place.xlsx", "<c><f>1+5999</f><v>6000</v></c>")


def formula_behind_comment(folder: Path) -> Path:
    """A comment between a cell and its formula; another one feigns the end of the cells."""
    cell = '<c r="A2"><!-- </sheetData> --><f>1+5999</f><v>6000</v></c>'
    return _with_formula(folder / "formula_behind_comment.xlsx", cell)


def formula_behind_value(folder: Path) -> Path:
    """The value before the formula that it came from."""
    return _with_formula(folder / "formula_behind_value.xlsx", '<c r="A2"><v>6000</v><f>1+5999</f></c>')


def formula_in_disguise(folder: Path) -> Path:
    """A name space of another script for the formula."""
    rows = '<row r="2"><c r="A2"><公:f>1+5999</公:f><v>6000</v></c></row>'
    sheet = sheet_xml(ONE_ROW + rows).replace(b"<worksheet", f"<worksheet {_MAIN.replace('=', ':公=', 1)}".encode())
    return package(folder / "formula_in_disguise.xlsx", parts(sheet))


def formula_elsewhere(folder: Path) -> Path:
    """Behind the cells, a list of choices that stands on another sheet: no cell's formula."""
    sheet = sheet_xml().replace(b"</worksheet>", b"<extLst><ext><xm:f>Sheet2!$A$1</xm:f></ext></extLst></worksheet>")
    sheet = sheet.replace(b"<worksheet ", b'<worksheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" ')
    return package(folder / "formula_elsewhere.xlsx", parts(sheet))


def far_blank(folder: Path) -> Path:
    """A formatted but empty last cell, as Excel leaves it: harmless."""
    far = '<row r="1048576"><c r="XFD1048576" s="0"/><c r="XFC1048576" s="0"></c></row>'
    return package(folder / "far_blank.xlsx", parts(sheet_xml(ONE_ROW + far)))


def wide(folder: Path) -> Path:
    """A cell in column ZZ."""
    return package(folder / "wide_sheet.xlsx", parts(sheet_xml(ONE_ROW[:-6] + '<c r="ZZ1"><v>1</v></c></row>')))


def repeated_text(folder: Path) -> Path:
    """One text of 32,000 characters in 100,000 cells: 9.6 GB of text from a file of 1 MB."""
    strings = f"{_HEAD}<sst {_MAIN}><si><t>{'长' * 32_000}</t></si></sst>".encode()
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100_001))
    link = f'<Relationship Id="rId2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    listing = parts()["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link.encode())
    contents = {"xl/sharedStrings.xml": strings, "xl/_rels/workbook.xml.rels": listing}
    return package(folder / "repeated.xlsx", parts(sheet_xml(cells)) | contents)


def no_rows(folder: Path) -> Path:
    """A sheet without a cell."""
    return package(folder / "no_rows.xlsx", parts(sheet_xml("")))


def only_hidden(folder: Path) -> Path:
    """A workbook whose only sheet is hidden."""
    listing = parts()["xl/workbook.xml"].replace(b'sheetId="1"', b'sheetId="1" state="veryHidden"')
    return package(folder / "hidden.xlsx", parts() | {"xl/workbook.xml": listing})


def straying_name(folder: Path) -> Path:
    """A part that wants to stand outside the folder it is unpacked into."""
    return package(folder / "stray.xlsx", parts() | {"../../../../etc/cron.d/x": b"* * * * * root true"})


def doubled_part(folder: Path) -> Path:
    """Two parts of one name: what one program checks, another reads."""
    path = smallest(folder)
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore", UserWarning)
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(""))
    return path


def nameless(folder: Path) -> Path:
    """A part whose name claims to be UTF-8 and is not."""
    path = package(folder / "nameless.xlsx", parts() | {"xl/名.xml": b"<a/>"})
    path.write_bytes(path.read_bytes().replace("名".encode(), b"\xff\xfe\xff"))
    return path


def other_packing(folder: Path) -> Path:
    """A part packed as neither Excel nor Word packs, and broken: the reader of that packing raises its own errors."""
    path = folder / "lzma.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content, zipfile.ZIP_LZMA if name.endswith("sheet1.xml") else zipfile.ZIP_STORED)
    return path
